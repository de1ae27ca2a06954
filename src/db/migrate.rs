//! Migrations of the system tables. They only go forward; each has an undo script beside it.

use std::{
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use rusqlite::Connection;
use tracing::info;

use super::OpenError;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// Folder in the data directory for copies that were made before a migration.
const SNAPSHOTS: &str = "snapshots";
const TABLE: &str = "_migrations";

/// Brings the file to this version of Stead, after a copy of it has been made.
///
/// # Errors
/// [`OpenError::Newer`] if the file was made by a later version; [`OpenError::Migration`] if a
/// migration fails, in which case the file is as it was before.
pub fn run(conn: &mut Connection, dir: &Path) -> Result<(), OpenError> {
    let known = latest();
    let found = version(conn)?;
    if found > known {
        return Err(OpenError::Newer { found, known });
    }
    if found == known {
        return Ok(());
    }
    if found > 0 {
        let copy = snapshot(conn, dir, found)?;
        info!(path = %copy.display(), "Copied the database before migrating it");
    }
    let mut runner = embedded::migrations::runner();
    runner.set_migration_table_name(TABLE);
    runner
        .run(conn)
        .map_err(|error| OpenError::Migration(error.to_string()))?;
    info!(from = found, to = known, "Migrated the database");
    Ok(())
}

/// The version that this program brings a file to.
pub fn latest() -> i64 {
    let runner = embedded::migrations::runner();
    let versions = runner
        .get_migrations()
        .iter()
        .map(|migration| i64::from(migration.version()));
    versions.max().unwrap_or(0)
}

/// The version of the file; 0 for a new one.
fn version(conn: &Connection) -> rusqlite::Result<i64> {
    let exists = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '_migrations')";
    if !conn.query_row(exists, [], |row| row.get(0))? {
        return Ok(0);
    }
    conn.query_row(
        "SELECT coalesce(max(version), 0) FROM _migrations",
        [],
        |row| row.get(0),
    )
}

fn snapshot(conn: &Connection, dir: &Path, version: i64) -> Result<PathBuf, OpenError> {
    let folder = dir.join(SNAPSHOTS);
    let fault = |error| OpenError::Directory(folder.clone(), error);
    let mut builder = std::fs::DirBuilder::new();
    builder
        .recursive(true)
        .mode(0o700)
        .create(&folder)
        .map_err(fault)?;
    let free = (0_u32..).map(|n| match n {
        0 => folder.join(format!("before-migration-from-{version}.db")),
        n => folder.join(format!("before-migration-from-{version}.{n}.db")),
    });
    let path = free
        .into_iter()
        .find(|path| !path.exists())
        .unwrap_or_else(|| folder.clone());
    conn.execute("VACUUM INTO ?", [path.to_string_lossy()])?;
    Ok(path)
}
