//! The file: how it is made, migrated, refused, and opened again.

mod clock;
mod migrations;
mod refused;
mod undo;
mod users;

use std::path::Path;

use rusqlite::Connection;

/// The migrations as they stand in the repository: number, what, script.
fn migrations() -> Vec<(u32, String, String)> {
    scripts(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"), |stem| {
        let (number, what) = stem.strip_prefix('V')?.split_once("__")?;
        Some((number.parse().ok()?, what.to_owned()))
    })
}

/// The scripts of a folder, by their numbers.
fn scripts(
    folder: &str,
    read: impl Fn(&str) -> Option<(u32, String)>,
) -> Vec<(u32, String, String)> {
    let mut scripts = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let (number, what) = read(stem).unwrap_or_else(|| panic!("{stem} is no migration"));
        scripts.push((number, what, std::fs::read_to_string(&path).unwrap()));
    }
    scripts.sort();
    scripts
}

/// A file in memory that has seen all migrations.
fn migrated() -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    conn.pragma_update(None, "foreign_keys", true).unwrap();
    for (_, _, script) in migrations() {
        conn.execute_batch(&script).unwrap();
    }
    conn
}

/// What a schema is made of, without the table of migrations: type, name, table, SQL.
fn schema(conn: &Connection) -> Vec<[String; 4]> {
    let mut query = conn
        .prepare(
            "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema
             WHERE tbl_name NOT IN ('_migrations', 'sqlite_sequence') ORDER BY type, name",
        )
        .unwrap();
    let rows = query.query_map([], |row| {
        Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?])
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn texts(conn: &Connection, sql: &str) -> Vec<String> {
    let mut query = conn.prepare(sql).unwrap();
    let rows = query.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// A connection of a foreign shell to the database in `dir`.
fn shell(dir: &Path) -> Connection {
    Connection::open(dir.join(stead::db::DATABASE)).unwrap()
}
