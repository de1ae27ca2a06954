//! The way back: undo scripts, all of them or none, after a copy of the file has been made.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use rusqlite::Connection;

use super::{Migration, OpenError, TABLE, snapshot, status, version};

/// The undo scripts by the names of their files: `build.rs` makes the table.
static SCRIPTS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/undo_scripts.rs"));

/// Why a file could not be taken back; it is as it was.
#[derive(Debug)]
pub enum UndoError {
    /// The file has not seen that version.
    NotThere {
        /// The version of the file.
        found: i64,
    },
    /// A migration of another program, for which there is no undo script here.
    Unknown(Migration),
    /// What people have made would be left without what it stands on.
    InUse(String),
    /// A script failed.
    Script(String, rusqlite::Error),
    /// The copy or the file itself.
    Open(OpenError),
}

/// Takes the file back to `target`, after a copy has been made. Gives what was undone, the last
/// one first, and the copy; there is none if nothing had to be done.
///
/// # Errors
/// Why it could not be; the file is as it was then.
pub fn down(
    conn: &mut Connection,
    dir: &Path,
    target: i64,
) -> Result<(Vec<Migration>, Option<PathBuf>), UndoError> {
    let script = |migration: &Migration| {
        let name = format!("{:04}_{}.sql", migration.version, migration.name);
        let found = SCRIPTS.iter().find(|(known, _)| *known == name);
        found.map(|(_, script)| *script)
    };
    down_by(script, &status(Some(conn))?, conn, dir, target)
}

/// The latest version that can be taken back.
pub(super) fn latest() -> i64 {
    let version = |(name, _): &(&str, &str)| name.split('_').next()?.parse().ok();
    SCRIPTS.iter().filter_map(version).max().unwrap_or(0)
}

fn down_by(
    script: impl Fn(&Migration) -> Option<&'static str>,
    known: &[Migration],
    conn: &mut Connection,
    dir: &Path,
    target: i64,
) -> Result<(Vec<Migration>, Option<PathBuf>), UndoError> {
    let found = version(conn)?;
    if target < 0 || target > found {
        return Err(UndoError::NotThere { found });
    }
    let applied = known.iter().rev().filter(|one| one.applied_at.is_some());
    let above: Vec<Migration> = applied
        .filter(|one| one.version > target)
        .cloned()
        .collect();
    if above.is_empty() {
        return Ok((above, None));
    }
    let scripts = above.iter().map(|one| match script(one) {
        Some(script) if one.is_known => Ok((one, script)),
        _ => Err(UndoError::Unknown(one.clone())),
    });
    let scripts: Vec<(&Migration, &str)> = scripts.collect::<Result<_, _>>()?;
    if target == 0 {
        refuse_collections(conn)?;
    }
    let copy = snapshot(conn, dir, found)?;
    if let Err(error) = undo(conn, &scripts, target) {
        // The file is its own copy then.
        let _ = std::fs::remove_file(copy);
        return Err(error);
    }
    Ok((above, Some(copy)))
}

/// Without the definitions, tables of collections would be left that nobody knows any more.
fn refuse_collections(conn: &Connection) -> Result<(), UndoError> {
    let collections: Option<String> = conn.query_row(
        "SELECT group_concat(name, ', ') FROM _collections WHERE name <> 'users'",
        [],
        |row| row.get(0),
    )?;
    collections.map_or(Ok(()), |names| Err(UndoError::InUse(names)))
}

/// Runs the scripts in one transaction. Foreign keys are off in it, since a script may build a
/// table anew, and looked through before its end.
fn undo(
    conn: &mut Connection,
    scripts: &[(&Migration, &str)],
    target: i64,
) -> Result<(), UndoError> {
    conn.pragma_update(None, "foreign_keys", false)?;
    let outcome = undo_at_once(conn, scripts, target);
    conn.pragma_update(None, "foreign_keys", true)?;
    outcome
}

fn undo_at_once(
    conn: &mut Connection,
    scripts: &[(&Migration, &str)],
    target: i64,
) -> Result<(), UndoError> {
    let transaction = conn.transaction()?;
    for (migration, script) in scripts {
        transaction
            .execute_batch(script)
            .map_err(|error| UndoError::Script(migration.name.clone(), error))?;
    }
    let forget = match target {
        // As it was before the first.
        0 => format!("DROP TABLE {TABLE}"),
        target => format!("DELETE FROM {TABLE} WHERE version > {target}"),
    };
    transaction.execute_batch(&forget)?;
    let orphan = "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1";
    match transaction.query_row(orphan, [], |row| row.get::<_, String>(0)) {
        Err(rusqlite::Error::QueryReturnedNoRows) => Ok(transaction.commit()?),
        Ok(table) => Err(UndoError::InUse(table)),
        Err(error) => Err(error.into()),
    }
}

impl From<rusqlite::Error> for UndoError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Open(error.into())
    }
}

impl From<OpenError> for UndoError {
    fn from(error: OpenError) -> Self {
        Self::Open(error)
    }
}

impl fmt::Display for UndoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotThere { found } => {
                write!(
                    f,
                    "the database has version {found}; name one from 0 to {found}"
                )
            }
            Self::Unknown(migration) => write!(
                f,
                "the database has seen migration {} ({}), which this Stead does not know; take it \
                 back with the Stead that made it",
                migration.version, migration.name
            ),
            Self::InUse(what) => write!(
                f,
                "these stand on what would be taken away: {what}; delete them first"
            ),
            Self::Script(name, error) => write!(f, "the undo script of {name} failed: {error}"),
            Self::Open(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for UndoError {}

#[cfg(test)]
mod tests;
