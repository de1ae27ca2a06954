//! Migrations of the system tables. A server only goes forward; each migration has an undo script
//! beside it, which `stead migrate down` runs.

use std::{
    fs::File,
    io::ErrorKind,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use refinery::Runner;
use rusqlite::Connection;
use tracing::info;

use super::{OpenError, private_file};

mod status;
mod undo;

pub use status::{Migration, status};
pub use undo::{UndoError, down};

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
    // Nearly every start finds nothing to do, and need not read the migrations for that: refinery
    // keeps half a megabyte of what it reads their names with.
    if version(conn)? == known() {
        return Ok(());
    }
    by(&embedded::migrations::runner(), conn, dir)
}

fn by(runner: &Runner, conn: &mut Connection, dir: &Path) -> Result<(), OpenError> {
    let (known, found) = (latest(runner), version(conn)?);
    if found > known {
        return Err(OpenError::Newer { found, known });
    }
    if found == known {
        return Ok(());
    }
    let copy = match found {
        0 => None,
        found => Some(snapshot(conn, dir, found)?),
    };
    if let Err(cause) = migrate(runner, conn) {
        // The file is its own copy then, and a service manager that starts Stead again and again
        // must not fill the disk with more of them.
        let _ = copy.map(std::fs::remove_file);
        return Err(OpenError::Migration(cause.to_string()));
    }
    if let Some(copy) = copy {
        info!(path = %copy.display(), "Copied the database before migrating it");
    }
    info!(from = found, to = known, "Migrated the database");
    Ok(())
}

/// Applies what is not applied yet, all of it or nothing.
fn migrate(runner: &Runner, conn: &mut Connection) -> Result<(), refinery::Error> {
    let mut runner = Runner::new(runner.get_migrations()).set_grouped(true);
    runner.set_migration_table_name(TABLE);
    runner.run(conn).map(|_| ())
}

/// The version that these migrations bring a file to.
fn latest(runner: &Runner) -> i64 {
    let migrations = runner.get_migrations().iter();
    let versions = migrations.map(|migration| i64::from(migration.version()));
    versions.max().unwrap_or(0)
}

/// The version that this program brings a file to. Each migration has an undo script.
pub fn known() -> i64 {
    undo::latest()
}

/// The version of the file; 0 for a new one.
///
/// # Errors
/// Those of SQLite.
pub fn version(conn: &Connection) -> rusqlite::Result<i64> {
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

/// A file in memory as these migrations make it, up to `version`.
///
/// # Errors
/// [`OpenError::Migration`] if one fails.
pub fn in_memory(version: i64) -> Result<Connection, OpenError> {
    let mut conn = Connection::open_in_memory()?;
    let all = embedded::migrations::runner();
    let known = all.get_migrations().iter().cloned();
    let wanted: Vec<_> = known
        .filter(|migration| i64::from(migration.version()) <= version)
        .collect();
    migrate(&Runner::new(&wanted), &mut conn)
        .map_err(|cause| OpenError::Migration(cause.to_string()))?;
    Ok(conn)
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
    let mut names = (0_u32..).map(|n| match n {
        0 => format!("before-migration-from-{version}.db"),
        n => format!("before-migration-from-{version}.{n}.db"),
    });
    let path = loop {
        let path = folder.join(names.next().unwrap_or_default());
        // SQLite takes an empty file for a new one, and leaves its mode as it is.
        match private_file().create_new(true).open(&path) {
            Ok(_) => break path,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(fault(error)),
        }
    };
    let copied = conn
        .execute("VACUUM INTO ?", [path.to_string_lossy()])
        .map_err(OpenError::from)
        .and_then(|_| {
            File::open(&path)
                .and_then(|file| file.sync_all())
                .map_err(fault)
        });
    if copied.is_err() {
        // What the full disk has left of it.
        let _ = std::fs::remove_file(&path);
    }
    copied.map(|()| path)
}

#[cfg(test)]
mod tests;
