//! Writes of other programs, an SQL shell say: noticed within a second.

use std::time::{Duration, Instant};

use rusqlite::Connection;

/// How often to look.
const EVERY: Duration = Duration::from_secs(1);

/// What SQLite says of the file to the connection that writes.
pub struct Foreign {
    version: i64,
    looked: Instant,
}

impl Foreign {
    /// Begins with the file as it is now.
    ///
    /// # Errors
    /// Those of SQLite.
    pub fn watch(conn: &Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            version: version(conn)?,
            looked: Instant::now(),
        })
    }

    /// How long until it is time to look.
    pub fn due_in(&self) -> Duration {
        EVERY.saturating_sub(self.looked.elapsed())
    }

    /// True if it is time to look.
    pub fn is_due(&self) -> bool {
        self.due_in().is_zero()
    }

    /// True if another connection has changed the file since this was last asked, or if SQLite
    /// cannot tell.
    pub fn has_written(&mut self, conn: &Connection) -> bool {
        self.looked = Instant::now();
        let version = version(conn).ok();
        let is_new = version != Some(self.version);
        self.version = version.unwrap_or(self.version);
        is_new
    }
}

/// Changes with each commit of another connection, and with none of this one.
fn version(conn: &Connection) -> rusqlite::Result<i64> {
    conn.prepare_cached("PRAGMA data_version")?
        .query_row([], |row| row.get(0))
}
