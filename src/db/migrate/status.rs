//! Which migrations a file has seen.

use refinery::Runner;
use rusqlite::Connection;
use serde::Serialize;

use super::{embedded, version};

/// One migration, of this program or of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Migration {
    /// Its number.
    pub version: i64,
    /// What it is about.
    pub name: String,
    /// When the file has seen it, as refinery writes times; null while it has not.
    pub applied_at: Option<String>,
    /// True if this program has it. What it does not have is of a newer version.
    pub is_known: bool,
}

/// All migrations in their order; without a file, none is applied.
///
/// # Errors
/// Those of SQLite.
pub fn status(conn: Option<&Connection>) -> rusqlite::Result<Vec<Migration>> {
    let applied = conn.map_or_else(|| Ok(Vec::new()), applied)?;
    Ok(joined(&embedded::migrations::runner(), applied))
}

pub(super) fn joined(runner: &Runner, mut applied: Vec<Migration>) -> Vec<Migration> {
    for migration in runner.get_migrations() {
        let number = i64::from(migration.version());
        match applied.iter_mut().find(|one| one.version == number) {
            Some(one) => one.is_known = one.name == migration.name(),
            None => applied.push(Migration {
                version: number,
                name: migration.name().to_owned(),
                applied_at: None,
                is_known: true,
            }),
        }
    }
    applied.sort_by_key(|one| one.version);
    applied
}

/// What the file says of itself.
pub(super) fn applied(conn: &Connection) -> rusqlite::Result<Vec<Migration>> {
    if version(conn)? == 0 {
        return Ok(Vec::new());
    }
    let mut query =
        conn.prepare("SELECT version, name, applied_on FROM _migrations ORDER BY version")?;
    let row = |row: &rusqlite::Row<'_>| {
        Ok(Migration {
            version: row.get(0)?,
            name: row.get(1)?,
            applied_at: row.get(2)?,
            is_known: false,
        })
    };
    query.query_map([], row)?.collect()
}
