//! Import and export of a file of records, beside the same rows by plain SQL.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use rusqlite::{Connection, params};
use serde_json::json;

use super::{Server, caller::Caller, data_dir, program};
use crate::{Result, plan::Plan, process::Memory};

/// Rows of one transaction of plain SQL, as many as a batch of an import has.
const BATCH: u64 = 256;

/// What was measured of files.
pub struct Files {
    /// Rows of the file.
    pub rows: u64,
    /// How long the import took.
    pub import: Duration,
    /// The most memory in RAM until its end beside that before it, in bytes.
    pub import_memory: u64,
    /// How long the export took.
    pub export: Duration,
    /// The most memory in RAM of a server that exports beside that before it, in bytes.
    pub export_memory: u64,
    /// How long plain SQL took to insert the same rows.
    pub insert: Duration,
    /// How long plain SQL took to read them into a file.
    pub select: Duration,
}

impl Files {
    /// Imports and exports as many rows as the plan has records.
    pub fn measure(plan: &Plan) -> Result<Self> {
        let (data_dir, here) = (data_dir::with_admin()?, data_dir::empty()?);
        let file = here.path().join("rows.csv");
        write_rows(&file, plan.rows)?;
        let server = Server::start(data_dir.path(), &[])?;
        define(&server)?;
        let (import, import_memory) = by_command(&server, data_dir.path(), "import", &file)?;
        server.stop()?;
        // A peak is never forgotten, so the export has a server of its own.
        let server = Server::start(data_dir.path(), &[])?;
        let out = here.path().join("out.csv");
        let (export, export_memory) = by_command(&server, data_dir.path(), "export", &out)?;
        server.stop()?;
        let (insert, select) = by_sql(here.path(), plan.rows)?;
        Ok(Self {
            rows: plan.rows,
            import,
            import_memory,
            export,
            export_memory,
            insert,
            select,
        })
    }
}

fn define(server: &Server) -> Result<()> {
    let definition = json!({ "name": "rows", "fields": [
        { "name": "code", "type": "integer", "unique": true },
        { "name": "title", "type": "text" },
        { "name": "price", "type": "decimal", "scale": 2 } ] });
    let mut caller = Caller::sign_in(server.address)?;
    caller.ask(
        "POST",
        "/api/system/collections",
        definition.to_string().as_bytes(),
    )?;
    Ok(())
}

fn title(number: u64) -> String {
    format!("row {number}, with a title of some length")
}

fn write_rows(file: &Path, rows: u64) -> Result<()> {
    let mut out = std::io::BufWriter::new(fs::File::create(file)?);
    writeln!(out, "code,title,price")?;
    for number in 0..rows {
        writeln!(out, "{number},\"{}\",{number}.50", title(number))?;
    }
    Ok(out.flush()?)
}

/// Runs `stead import` or `stead export` beside the server.
fn by_command(
    server: &Server,
    data_dir: &Path,
    what: &str,
    file: &Path,
) -> Result<(Duration, u64)> {
    let before = Memory::of(server.pid())?;
    let started = Instant::now();
    let ended = program()
        .args([what, "rows"])
        .arg(file)
        .arg("--data-dir")
        .arg(data_dir)
        .stdout(Stdio::null())
        .status()?;
    let took = started.elapsed();
    if !ended.success() {
        return Err(format!("`stead {what}` ended with {ended}").into());
    }
    let peak = Memory::of(server.pid())?.peak;
    Ok((took, peak.saturating_sub(before.resident)))
}

/// The same rows into a table of SQLite, and out of it into a file.
fn by_sql(dir: &Path, rows: u64) -> Result<(Duration, Duration)> {
    let conn = Connection::open(dir.join("plain.db"))?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE rows (id INTEGER PRIMARY KEY, code INTEGER UNIQUE, title TEXT, price INTEGER)",
    )?;
    let started = Instant::now();
    for first in (0..rows).step_by(usize::try_from(BATCH)?) {
        conn.execute_batch("BEGIN")?;
        let mut insert =
            conn.prepare_cached("INSERT INTO rows (code, title, price) VALUES (?, ?, ?)")?;
        for number in first..rows.min(first + BATCH) {
            let title = title(number);
            let number = i64::try_from(number)?;
            insert.execute(params![number, title, number * 100 + 50])?;
        }
        conn.execute_batch("COMMIT")?;
    }
    let inserted = started.elapsed();
    let started = Instant::now();
    let mut out = std::io::BufWriter::new(fs::File::create(dir.join("plain.csv"))?);
    let mut select = conn.prepare("SELECT code, title, price FROM rows ORDER BY id")?;
    let mut found = select.query([])?;
    while let Some(row) = found.next()? {
        let (code, title, price): (i64, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        writeln!(out, "{code},\"{title}\",{price}")?;
    }
    out.flush()?;
    Ok((inserted, started.elapsed()))
}
