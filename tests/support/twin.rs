//! A twin of the database, to which every batch is applied in its plain SQL form: a guard is an
//! insert that fails, the time of the commit is a text. What can be said so can be sent to another
//! engine over plain SQL.
//!
//! In the twin, the triggers that keep `updated_at` and `version` for foreign shells fail instead:
//! Stead's own statements always see to these columns themselves.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use rusqlite::{Connection, params_from_iter, types::ValueRef};
use stead::db::{Commit, Expect, Statement, Value, Watch};

/// The twin, made when the first commit is seen.
pub struct Twin {
    path: PathBuf,
    conn: Option<Connection>,
}

impl Twin {
    pub fn new(dir: &Path) -> Self {
        Self {
            path: dir.join("twin.db"),
            conn: None,
        }
    }

    /// Compares all rows of all tables, and what tables there are.
    pub fn assert_equals(&mut self, database: &Path) {
        let twin = self.conn.as_ref().expect("the twin has seen a commit");
        let original = Connection::open(database).unwrap();
        assert_eq!(tables(twin), tables(&original));
        for table in tables(twin) {
            assert_eq!(
                dump(twin, &table),
                dump(&original, &table),
                "the rows of {table}"
            );
        }
    }

    /// Runs SQL that a story has run on the original.
    pub fn execute(&mut self, sql: &str) {
        let twin = self.conn.get_or_insert_with(|| migrated(&self.path));
        twin.execute_batch(sql).unwrap();
    }

    fn apply(&mut self, commit: &Commit<'_>) {
        let twin = self.conn.get_or_insert_with(|| migrated(&self.path));
        for batch in commit.batches {
            // A batch that changes tables has a transaction without foreign keys.
            let keys = |on: bool| twin.pragma_update(None, "foreign_keys", on).unwrap();
            keys(!batch.is_alone());
            twin.execute_batch("BEGIN").unwrap();
            for statement in batch.statements() {
                apply(twin, statement, &commit.at.to_string());
            }
            twin.execute_batch("COMMIT").unwrap();
            keys(true);
        }
    }
}

/// The watcher that a server is given.
impl Watch for Shared {
    fn committed(&mut self, commit: &Commit<'_>) {
        self.0.lock().unwrap().apply(commit);
    }
}

/// The twin as the story and the server share it.
pub struct Shared(pub Arc<Mutex<Twin>>);

/// A file that has seen the migrations and nothing else.
fn migrated(path: &Path) -> Connection {
    let conn = Connection::open(path).unwrap();
    for script in migrations() {
        conn.execute_batch(&script).unwrap();
    }
    conn.execute_batch(
        "CREATE TEMP TABLE _guard (ok INTEGER CHECK (ok = 1)); PRAGMA foreign_keys = ON;",
    )
    .unwrap();
    let triggers = strings(
        &conn,
        "SELECT sql FROM sqlite_schema WHERE type = 'trigger'",
    );
    for sql in triggers {
        let name = sql.split('"').nth(1).unwrap();
        conn.execute_batch(&format!("DROP TRIGGER \"{name}\"; {}", failing(&sql)))
            .unwrap();
    }
    conn
}

/// The migrations of the repository, in their order.
fn migrations() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let files = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.retain(|path| path.is_file());
    paths.sort();
    let read = |path: &PathBuf| std::fs::read_to_string(path).unwrap();
    paths.iter().map(read).collect()
}

/// The same trigger, which fails.
fn failing(sql: &str) -> String {
    let begin = sql.find("BEGIN").unwrap();
    format!(
        "{} BEGIN SELECT RAISE(ABORT, 'a statement left it to the trigger'); END",
        &sql[..begin]
    )
}

fn apply(twin: &Connection, statement: &Statement, at: &str) {
    let is_trigger = statement.sql.starts_with("CREATE TRIGGER");
    // Others keep the pairs of lists, and are meant to fire.
    let sql = if is_trigger && statement.sql.contains("_set_updated_at\" AFTER UPDATE") {
        failing(&statement.sql)
    } else {
        statement.sql.to_string()
    };
    let args: Vec<Value> = statement
        .args
        .iter()
        .map(|arg| {
            if *arg == Value::CommitTime {
                Value::from(at)
            } else {
                arg.clone()
            }
        })
        .collect();
    let run = |sql: &str, args: &[Value]| {
        let mut prepared = twin
            .prepare(sql)
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        let mut rows = prepared.query(params_from_iter(args)).unwrap();
        loop {
            match rows.next() {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(error) => panic!("{sql}: {error}"),
            }
        }
    };
    match statement.expect {
        Expect::Any => run(&sql, &args),
        Expect::Changed(rows) => {
            run(&sql, &args);
            // Read before the guard is written, because that has an index of texts put away what it
            // holds in memory, which counts as changes, too.
            let changed = twin.changes();
            run(
                &format!("INSERT INTO _guard SELECT 0 WHERE {changed} <> {rows}"),
                &[],
            );
        }
        Expect::Exists => {
            run(
                &format!("INSERT INTO _guard SELECT 0 WHERE NOT EXISTS ({sql})"),
                &args,
            );
        }
        Expect::Absent => run(
            &format!("INSERT INTO _guard SELECT 0 WHERE EXISTS ({sql})"),
            &args,
        ),
    }
}

/// Every row of every table, each with the table's name.
pub fn rows(conn: &Connection) -> Vec<String> {
    let of = |table: String| {
        dump(conn, &table)
            .into_iter()
            .map(move |row| format!("{table}: {row}"))
    };
    tables(conn).into_iter().flat_map(of).collect()
}

fn tables(conn: &Connection) -> Vec<String> {
    strings(
        conn,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> '_migrations'
         AND name NOT LIKE '\\_search\\_%' ESCAPE '\\' AND name NOT LIKE '\\_contains\\_%' ESCAPE '\\'
         AND name NOT LIKE 'sqlite_stat%' ORDER BY name",
    )
}

fn strings(conn: &Connection, sql: &str) -> Vec<String> {
    let mut query = conn.prepare(sql).unwrap();
    let rows = query.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn dump(conn: &Connection, table: &str) -> Vec<String> {
    let mut query = conn.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
    let columns = query.column_count();
    let mut rows = query.query([]).unwrap();
    let mut dump = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let line = (0..columns).map(|i| match row.get_ref(i).unwrap() {
            ValueRef::Text(text) => format!("{:?}", String::from_utf8_lossy(text)),
            other => format!("{other:?}"),
        });
        dump.push(line.collect::<Vec<_>>().join("|"));
    }
    dump
}
