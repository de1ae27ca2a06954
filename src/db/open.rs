//! Opening the file: the lock on its directory, and the pragmas of each connection.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig};

use super::OpenError;

/// Name of the database in the data directory.
pub const DATABASE: &str = "stead.db";
/// Name of the lock file in the data directory.
const LOCK: &str = "stead.lock";
/// Name of the marker that a sync has failed.
pub const MARKER: &str = "unclean";

/// Marks a SQLite file as Stead's ("STED"), for `file` and for our own refusal of others.
const APPLICATION_ID: i32 = 0x5354_4544;

/// Prepared statements that one connection keeps.
const STATEMENTS: usize = 256;

/// The data directory, locked for this process until it is dropped.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    /// Makes the directory if it is absent (mode 0700), and takes its lock. One that holds
    /// things already keeps its mode: `--data-dir /tmp` must not close `/tmp` to everybody.
    ///
    /// # Errors
    /// [`OpenError::InUse`] if another process holds the lock; [`OpenError::Directory`] if the
    /// directory cannot be made or used.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let fault = |error: io::Error| OpenError::Directory(path.to_owned(), error);
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .map_err(fault)?;
        if fs::read_dir(path).map_err(fault)?.next().is_none() {
            fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(fault)?;
        }
        let mut options = private_file();
        let lock = options
            .truncate(false)
            .open(path.join(LOCK))
            .map_err(fault)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_owned(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(fault(error)),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The database in it.
    pub fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    /// The marker that a sync has failed.
    pub fn marker(&self) -> PathBuf {
        self.path.join(MARKER)
    }
}

/// Options for a file that only its owner may read or write, made if absent.
pub fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).read(true).write(true).mode(0o600);
    options
}

/// Opens the one connection that writes. On a new file the order of the pragmas counts: page size
/// and vacuum have no effect once the file is in WAL mode or holds a table.
pub fn writer(path: &Path) -> Result<Connection, OpenError> {
    private_file()
        .truncate(false)
        .open(path)
        .map_err(|e| OpenError::Directory(path.into(), e))?;
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    conn.busy_timeout(std::time::Duration::from_secs(5))?;
    // Closing the last connection would checkpoint and delete the WAL, also right after a sync has
    // failed, when the kernel calls pages clean that are not on the disk.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    let is_new = is_new(&conn).map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::Foreign(path.to_owned()),
        _ => error.into(),
    })?;
    if is_new {
        conn.execute_batch("PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL;")?;
        conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    } else {
        refuse_foreign(&conn, path)?;
    }
    // The writer checkpoints by itself, because SQLite hides a failed sync of its own checkpoints.
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;
         PRAGMA journal_size_limit = 8388608; PRAGMA cache_size = -4096;",
    )?;
    common(&conn)?;
    Ok(conn)
}

/// Opens a connection that can only read.
pub fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    conn.busy_timeout(std::time::Duration::from_secs(5))?;
    conn.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -2048;")?;
    common(&conn)?;
    Ok(conn)
}

/// Refuses a file that is not one of Stead's.
pub fn refuse_foreign(conn: &Connection, path: &Path) -> Result<(), OpenError> {
    let id = conn.pragma_query_value(None, "application_id", |row| row.get::<_, i32>(0));
    match id {
        Ok(APPLICATION_ID) => Ok(()),
        Ok(_) => Err(OpenError::Foreign(path.to_owned())),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            Err(OpenError::Foreign(path.to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

/// What holds for every connection.
pub fn common(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch("PRAGMA foreign_keys = ON; PRAGMA temp_store = FILE;")?;
    // A name in double quotes is a name, never a text by mistake.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    // Without it, SQLite plans some statements anew whenever a parameter is bound, which costs more
    // than running them: a sign-in of two joins was planned for each request.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

fn is_new(conn: &Connection) -> rusqlite::Result<bool> {
    conn.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)",
        [],
        |row| row.get(0),
    )
}
