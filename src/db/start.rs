//! From a data directory to a database that answers, also after an unclean end.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use rusqlite::Connection;
use tokio::sync::watch;
use tracing::{error, info, warn};

use super::{
    batch::{Batch, Receipt, WriteError},
    generation::{Generations, Part},
    group::is_disk_full,
    migrate,
    open::{self, DataDir},
    readers::{Readers, names_nothing},
    writer::{Queue, State, Watch, Writer},
};
use crate::{
    base::{Clock, Error, Instant, Result},
    config,
};

/// Why the file could not be opened.
#[derive(Debug)]
pub enum OpenError {
    /// Another process uses the data directory.
    InUse(PathBuf),
    /// The directory cannot be made, read or written.
    Directory(PathBuf, io::Error),
    /// The file is not one of Stead's.
    Foreign(PathBuf),
    /// The file was made by a newer version.
    Newer {
        /// The file's version.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// A migration failed; the file is as it was.
    Migration(String),
    /// What must be known before the first answer could not be read.
    Load(String),
    /// The pool of readers could not be filled.
    Readers(String),
    /// The system gave no thread.
    Thread(String),
    /// SQLite refused the file.
    Sqlite(rusqlite::Error),
}

/// No request that is still answered was begun longer ago.
const OLDEST: Duration = Duration::from_secs(60);

/// The database. Cheap to clone; the file is closed, checkpointed, by [`Db::close`].
#[derive(Clone)]
pub struct Db {
    readers: Readers,
    queue: Queue,
    generations: Generations,
    shared: Arc<Shared>,
}

struct Shared {
    dir: DataDir,
    // True until the check after a failed sync has passed.
    suspect: Arc<AtomicBool>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Db {
    /// Opens the database in `dir`: migrates it, copies what an unclean end left in the WAL, and
    /// starts the writer. `load` reads what must be known before the first answer.
    ///
    /// # Errors
    /// Why it cannot be used; nothing was changed but what a migration did.
    pub fn open<T>(
        dir: DataDir,
        config: &config::Storage,
        clock: &Arc<Clock>,
        load: impl FnOnce(&Connection) -> Result<(T, Vec<Box<dyn Watch>>)>,
    ) -> Result<(Self, T), OpenError> {
        let mut conn = open::writer(&dir.database())?;
        // Before anything is acknowledged: after a failed sync the kernel may hold pages of the
        // WAL as clean that are not on the disk, and only writing them again helps.
        checkpoint(&conn)?;
        migrate::run(&mut conn, dir.path())?;
        if let Some(seen) = last_seen(&conn)? {
            clock.not_before(seen);
        }
        let readers = Readers::open(dir.database(), config)?;
        let (loaded, watches) = load(&conn).map_err(|error| OpenError::Load(error.to_string()))?;
        let generations = Generations::new();
        let (queue, thread) = Writer::start(
            conn,
            config,
            Arc::clone(clock),
            watches,
            generations.clone(),
            dir.marker(),
        )?;
        let suspect = Arc::new(AtomicBool::new(dir.marker().exists()));
        if suspect.load(Ordering::Acquire) {
            check_in_background(dir.database(), dir.marker(), Arc::clone(&suspect))?;
        }
        let shared = Shared {
            dir,
            suspect,
            writer: Mutex::new(Some(thread)),
        };
        Ok((
            Self {
                readers,
                queue,
                generations,
                shared: Arc::new(shared),
            },
            loaded,
        ))
    }

    /// Reads on a reading thread, in one snapshot.
    ///
    /// # Errors
    /// Those of `f`; `SERVICE_UNAVAILABLE` if no connection comes free or `f` takes too long.
    pub async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.readers.read(f).await.map_err(|error| self.told(error))
    }

    /// Runs one query by key, at once where a connection is free.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn read_by_key<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let read = self.readers.read_by_key(f).await;
        read.map_err(|error| self.told(error))
    }

    /// Runs queries that most often end at once, where a connection is free: what takes longer
    /// than a moment begins anew on a reading thread.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn read_soon<T: Send + 'static>(
        &self,
        f: impl Fn(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let read = self.readers.read_soon(f).await;
        read.map_err(|error| self.told(error))
    }

    /// A statement may be one by definitions that somebody has changed since: then it is to be
    /// asked again, and nothing is wrong with the database.
    fn told(&self, error: Error) -> Error {
        if !names_nothing(&error) || !self.generations.were_redefined_within(OLDEST) {
            return error;
        }
        let cause = error.cause().map(ToString::to_string).unwrap_or_default();
        Error::unavailable("The collection has just been changed", 1).caused_by(cause)
    }

    /// Writes a batch; it is on the disk when this returns.
    ///
    /// # Errors
    /// Why it was not applied; after [`WriteError::Unknown`] it may have been.
    pub async fn write(&self, batch: Batch) -> Result<Receipt, WriteError> {
        self.queue.write(batch).await
    }

    /// The number under which to keep in memory what is read of `parts` from now on; another one
    /// after each write that touches them. Ask before reading.
    pub fn generation(&self, parts: &[Part]) -> u64 {
        self.generations.of(parts)
    }

    /// Has the writer look whether another program has written, as it does each second by itself:
    /// what was written is seen when this returns. Waits for all that was queued before, without a
    /// bound; false if the writer has ended.
    pub async fn writer_answers(&self) -> bool {
        self.queue.look().await
    }

    /// How the writer is, and a way to learn of a change.
    pub fn writer_state(&self) -> watch::Receiver<State> {
        self.queue.state()
    }

    /// True while the file is being checked after a failed sync, and if that check failed.
    pub fn is_suspect(&self) -> bool {
        self.shared.suspect.load(Ordering::Acquire)
    }

    /// The data directory.
    pub fn dir(&self) -> &DataDir {
        &self.shared.dir
    }

    /// Waits until all that was queued is written and checkpointed. What is written after that is
    /// refused.
    pub fn close(&self) {
        self.queue.stop();
        let thread = self
            .shared
            .writer
            .lock()
            .ok()
            .and_then(|mut thread| thread.take());
        if thread.is_some_and(|thread| thread.join().is_err()) {
            error!("The writer ended in a panic");
        }
    }
}

/// Opens the database in `dir` for changes of its schema, without anybody else on it.
///
/// # Errors
/// Why it cannot be used; nothing was changed.
pub fn open_alone(dir: &DataDir) -> Result<Connection, OpenError> {
    let conn = open::writer(&dir.database())?;
    checkpoint(&conn)?;
    Ok(conn)
}

/// Copies the whole WAL into the database and empties it.
///
/// # Errors
/// Those of SQLite; a failed sync is one of them.
pub fn checkpoint(conn: &Connection) -> rusqlite::Result<()> {
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
        let busy: bool = row.get(0)?;
        if busy {
            warn!("Another process reads the database, so its WAL was not emptied");
        }
        Ok(())
    })
}

/// The latest time in the file, so that the clock never tells an earlier one.
fn last_seen(conn: &Connection) -> rusqlite::Result<Option<Instant>> {
    let latest: Option<String> = conn.query_row(
        "SELECT max(at) FROM (
           SELECT (SELECT at FROM _events ORDER BY seq DESC LIMIT 1) AS at
           UNION ALL SELECT (SELECT at FROM _audit_entries ORDER BY seq DESC LIMIT 1)
           UNION ALL SELECT (SELECT created_at FROM _refresh_tokens ORDER BY _row DESC LIMIT 1))",
        [],
        |row| row.get(0),
    )?;
    Ok(latest.as_deref().and_then(Instant::parse))
}

fn check_in_background(
    database: PathBuf,
    marker: PathBuf,
    suspect: Arc<AtomicBool>,
) -> Result<(), OpenError> {
    warn!("A sync failed before the last end; checking the database");
    let check = move || match quick_check(&database) {
        Ok(()) => {
            info!("The database is sound");
            if let Err(error) = std::fs::remove_file(&marker) {
                warn!(%error, "The marker of the failed sync could not be removed");
            }
            suspect.store(false, Ordering::Release);
        }
        Err(cause) => error!(cause, "The database is damaged: restore a backup"),
    };
    let thread = std::thread::Builder::new()
        .name("check".to_owned())
        .spawn(check);
    thread
        .map(|_| ())
        .map_err(|error| OpenError::Thread(error.to_string()))
}

fn quick_check(database: &Path) -> Result<(), String> {
    let conn = open::reader(database).map_err(|error| error.to_string())?;
    let found: String = conn
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(|error| error.to_string())?;
    if found == "ok" { Ok(()) } else { Err(found) }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse(dir) => write!(
                f,
                "{} is in use by another Stead; stop it first, or choose another --data-dir",
                dir.display()
            ),
            Self::Directory(path, error) => write!(f, "{} cannot be used: {error}", path.display()),
            Self::Foreign(path) => write!(
                f,
                "{} was not made by Stead; choose another --data-dir",
                path.display()
            ),
            Self::Newer { found, known } => write!(
                f,
                "the database has version {found}, this Stead knows {known} at most; \
                 run the newer Stead, or restore a snapshot from before it"
            ),
            Self::Migration(cause) => write!(f, "the database could not be migrated: {cause}"),
            Self::Load(cause) => write!(f, "the database could not be read: {cause}"),
            Self::Readers(cause) => write!(f, "the database could not be opened: {cause}"),
            Self::Thread(cause) => write!(f, "no thread to be had: {cause}"),
            Self::Sqlite(error) if is_disk_full(error) => write!(
                f,
                "the database could not be opened, because the disk is full; make room on it"
            ),
            Self::Sqlite(error) => write!(f, "the database could not be opened: {error}"),
        }
    }
}

impl std::error::Error for OpenError {}
