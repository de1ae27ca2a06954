//! Is the file whole? Looked at without changing anything, beside whatever else uses it.

use std::path::Path;

use rusqlite::Connection;
use serde::Serialize;

use super::{DATABASE, open};

/// Most faults of one kind that are told.
const MOST: i64 = 100;

/// What lies beside the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Wal {
    /// Bytes of the write-ahead log: what the next checkpoint copies into the database.
    pub bytes: u64,
    /// True after a sync has failed, until a start has checked the file.
    pub is_unclean: bool,
}

/// What SQLite finds wrong with pages, indexes and constraints; `quick` leaves out whether the
/// indexes agree with their tables.
///
/// # Errors
/// Those of SQLite, for a file that cannot even be looked at.
pub fn integrity(conn: &Connection, quick: bool) -> rusqlite::Result<Vec<String>> {
    let pragma = if quick {
        "quick_check"
    } else {
        "integrity_check"
    };
    let mut query = conn.prepare(&format!("PRAGMA {pragma}({MOST})"))?;
    let found = query.query_map([], |row| row.get::<_, String>(0))?;
    let found: Vec<String> = found.collect::<Result<_, _>>()?;
    Ok(found.into_iter().filter(|line| line != "ok").collect())
}

/// Rows that point at rows that are not there.
///
/// # Errors
/// Those of SQLite.
pub fn foreign_keys(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut query = conn.prepare(
        "SELECT c.\"table\", c.rowid, c.parent, group_concat(l.\"from\", ', ')
         FROM pragma_foreign_key_check AS c
         LEFT JOIN pragma_foreign_key_list(c.\"table\") AS l ON l.id = c.fkid
         GROUP BY 1, 2, 3, c.fkid LIMIT ?",
    )?;
    let fault = |row: &rusqlite::Row<'_>| {
        let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
        let (row_id, columns): (Option<i64>, Option<String>) = (row.get(1)?, row.get(3)?);
        let row_id = row_id.map_or_else(String::new, |id| format!(" row {id}"));
        let columns = columns.unwrap_or_default();
        Ok(format!(
            "{table}{row_id}: {columns} points at nothing in {parent}"
        ))
    };
    query.query_map([MOST], fault)?.collect()
}

/// What lies beside the database in `dir`.
pub fn wal(dir: &Path) -> Wal {
    let file = std::fs::metadata(dir.join(format!("{DATABASE}-wal")));
    Wal {
        bytes: file.map_or(0, |file| file.len()),
        is_unclean: dir.join(open::MARKER).exists(),
    }
}
