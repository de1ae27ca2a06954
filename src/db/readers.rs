//! Reading: a pool of read-only connections, each read under a deadline and in one snapshot.

use std::{path::PathBuf, sync::Arc, time::Duration};

use rusqlite::{Connection, ErrorCode};
use tokio::sync::Semaphore;

use super::{OpenError, deadline::Deadline, open};
use crate::{
    base::{Error, Result},
    config,
    telemetry::blocking,
};

/// How long a read may hold up a thread that others wait for: more than a page of a list takes,
/// and less than anybody notices.
const SOON: Duration = Duration::from_millis(1);

/// A connection that reads, with its deadline.
struct Reader {
    conn: Connection,
    deadline: Deadline,
}

struct Opener(PathBuf);

impl r2d2::ManageConnection for Opener {
    type Connection = Reader;
    type Error = rusqlite::Error;

    fn connect(&self) -> rusqlite::Result<Reader> {
        let mut conn = open::reader(&self.0)?;
        let deadline = Deadline::install(&mut conn)?;
        Ok(Reader { conn, deadline })
    }

    fn is_valid(&self, reader: &mut Reader) -> rusqlite::Result<()> {
        reader.conn.execute_batch("SELECT 1")
    }

    /// A transaction left open would pin its snapshot, and with it the WAL.
    fn has_broken(&self, reader: &mut Reader) -> bool {
        !reader.conn.is_autocommit()
    }
}

/// The pool. Cheap to clone.
#[derive(Clone)]
pub struct Readers {
    pool: r2d2::Pool<Opener>,
    // One permit a connection, so that nobody ever waits for one on a thread.
    permits: Arc<Semaphore>,
    wait: Duration,
    timeout: Duration,
}

impl Readers {
    /// Opens the connections.
    ///
    /// # Errors
    /// If the file cannot be opened.
    pub fn open(path: PathBuf, config: &config::Storage) -> Result<Self, OpenError> {
        let size = config.reader_count();
        let pool = r2d2::Pool::builder()
            .max_size(u32::try_from(size).unwrap_or(64))
            .test_on_check_out(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connection_timeout(config.read_wait)
            .build(Opener(path))
            .map_err(|error| OpenError::Readers(error.to_string()))?;
        let permits = Arc::new(Semaphore::new(size));
        Ok(Self {
            pool,
            permits,
            wait: config.read_wait,
            timeout: config.read_timeout,
        })
    }

    /// Runs `f` on a reading thread, in one snapshot.
    ///
    /// # Errors
    /// `SERVICE_UNAVAILABLE` if no connection comes free in time, or the read takes too long.
    pub async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = tokio::time::timeout(self.wait, Arc::clone(&self.permits).acquire_owned());
        let Ok(Ok(permit)) = permit.await else {
            return Err(Error::unavailable("Too many reads are waiting", 1));
        };
        let readers = self.clone();
        blocking::run("read", move || {
            let _permit = permit;
            let reader = readers.pool.get().map_err(Error::database)?;
            readers.in_snapshot(&reader, readers.timeout, f)
        })
        .await
    }

    /// Runs `f`, one query by key, on the caller's own thread if a connection is free at once:
    /// the way to another thread and back costs more than the query.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn read_by_key<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        if let Ok(_permit) = self.permits.try_acquire()
            && let Some(reader) = self.pool.try_get()
        {
            return self.bounded(&reader, self.timeout, f);
        }
        self.read(f).await
    }

    /// Runs `f`, queries that most often end at once, on the caller's own thread if a connection
    /// is free, in one snapshot. What is not done within [`SOON`] begins anew on a reading thread,
    /// so that nobody else is held up by it.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn read_soon<T: Send + 'static>(
        &self,
        f: impl Fn(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        match self.soon(&f) {
            Some(outcome) => outcome,
            None => self.read(f).await,
        }
    }

    /// None if no connection is free, or one millisecond is not enough.
    fn soon<T>(&self, f: impl Fn(&Connection) -> Result<T>) -> Option<Result<T>> {
        let _permit = self.permits.try_acquire().ok()?;
        let reader = self.pool.try_get()?;
        let mut is_late = false;
        let outcome = self.in_snapshot(&reader, SOON.min(self.timeout), |conn| {
            let outcome = f(conn);
            is_late = outcome.is_err() && reader.deadline.has_passed();
            outcome
        });
        (!is_late).then_some(outcome)
    }

    fn in_snapshot<T>(
        &self,
        reader: &Reader,
        span: Duration,
        f: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        self.bounded(reader, span, |conn| {
            conn.prepare_cached("BEGIN")
                .and_then(|mut begin| begin.raw_execute())?;
            let outcome = f(conn);
            // Nothing was changed; what could fail here is found by `has_broken`.
            let _ = conn
                .prepare_cached("ROLLBACK")
                .and_then(|mut end| end.raw_execute());
            outcome
        })
    }

    fn bounded<T>(
        &self,
        reader: &Reader,
        span: Duration,
        f: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        reader.deadline.set(span);
        let outcome = f(&reader.conn);
        reader.deadline.clear();
        outcome
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => {
                Self::unavailable("The read took too long", 5).caused_by(error)
            }
            Some(ErrorCode::DatabaseBusy) => {
                Self::unavailable("The database is busy", 1).caused_by(error)
            }
            _ => Self::database(error),
        }
    }
}

/// True if a statement names a table or column that is not there.
pub fn names_nothing(error: &Error) -> bool {
    let Some(
        rusqlite::Error::SqlInputError { msg, .. }
        // SQLite does not say of each where it stands.
        | rusqlite::Error::SqliteFailure(_, Some(msg)),
    ) = error.cause().and_then(|cause| cause.downcast_ref())
    else {
        return false;
    };
    msg.starts_with("no such column") || msg.starts_with("no such table")
}
