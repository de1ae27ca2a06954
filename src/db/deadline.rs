//! A bound on how long a statement may run, checked by SQLite itself between its steps.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use rusqlite::Connection;

/// Steps of SQLite's machine between two looks at the clock: some tens of microseconds.
const STEPS: i32 = 4_000;
const NONE: u64 = u64::MAX;

/// The deadline of one connection.
#[derive(Clone, Debug)]
pub struct Deadline {
    start: Instant,
    millis: Arc<AtomicU64>,
}

impl Deadline {
    /// Has `conn` interrupt what runs past the deadline with `SQLITE_INTERRUPT`.
    pub fn install(conn: &mut Connection) -> rusqlite::Result<Self> {
        let deadline = Self {
            start: Instant::now(),
            millis: Arc::new(AtomicU64::new(NONE)),
        };
        let seen = deadline.clone();
        conn.progress_handler(STEPS, Some(move || seen.has_passed()))?;
        Ok(deadline)
    }

    /// Sets the deadline to `span` from now.
    pub fn set(&self, span: Duration) {
        let millis = self.start.elapsed().saturating_add(span).as_millis();
        self.millis
            .store(u64::try_from(millis).unwrap_or(NONE), Ordering::Relaxed);
    }

    /// Takes the deadline away.
    pub fn clear(&self) {
        self.millis.store(NONE, Ordering::Relaxed);
    }

    /// True if there is a deadline, and it is over.
    pub fn has_passed(&self) -> bool {
        let millis = self.millis.load(Ordering::Relaxed);
        millis != NONE && self.start.elapsed().as_millis() > u128::from(millis)
    }
}
