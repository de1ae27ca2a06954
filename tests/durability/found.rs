//! What a database file says, read with plain SQLite and not through the server.

use std::{collections::HashMap, path::Path};

use rusqlite::{Connection, OpenFlags, Row};

/// The records of `notes` and their events.
#[derive(Default)]
pub struct Found {
    /// By request id: type and record of each event.
    pub events: HashMap<String, Vec<(String, String)>>,
    /// By id, softly deleted ones included.
    pub notes: HashMap<String, Note>,
    /// What SQLite's own checks object to.
    pub faults: Vec<String>,
}

/// One record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    pub total: i64,
    pub version: i64,
    pub deleted: bool,
}

impl Found {
    /// Reads all from one snapshot; the server may be running.
    pub fn read(file: &Path) -> Self {
        let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        conn.execute_batch("BEGIN").unwrap();
        let mut found = Self::default();
        let events = "SELECT coalesce(request_id, ''), type, record_id FROM _events
             WHERE type IN ('note.created', 'note.updated', 'note.deleted') ORDER BY seq";
        for (request_id, kind, record) in rows(&conn, events, |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        }) {
            found
                .events
                .entry(request_id)
                .or_default()
                .push((kind, record));
        }
        let notes = "SELECT id, total, version, deleted_at IS NOT NULL FROM notes";
        found.notes = rows(&conn, notes, |row| {
            let [total, version] = [row.get(1)?, row.get(2)?];
            let deleted = row.get(3)?;
            Ok((
                row.get(0)?,
                Note {
                    total,
                    version,
                    deleted,
                },
            ))
        })
        .collect();
        let objections = rows(&conn, "PRAGMA integrity_check", |row| row.get(0));
        found
            .faults
            .extend(objections.filter(|line: &String| line != "ok"));
        let orphans = rows(&conn, "PRAGMA foreign_key_check", |row| row.get(0));
        let orphans =
            orphans.map(|table: String| format!("a foreign key of {table} points nowhere"));
        found.faults.extend(orphans);
        found
    }
}

/// All rows of a query.
fn rows<T>(
    conn: &Connection,
    sql: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> impl Iterator<Item = T> {
    let mut query = conn.prepare(sql).unwrap();
    let rows: Result<Vec<T>, _> = query.query_map([], read).unwrap().collect();
    rows.unwrap().into_iter()
}
