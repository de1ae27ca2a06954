//! How much room the file takes, and how much there is left for it.

use rusqlite::Connection;

use super::{Db, check};
use crate::base::Result;

/// Bytes of the file, and around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Of the database.
    pub bytes: u64,
    /// Of its write-ahead log.
    pub wal: u64,
    /// Of pages within the database that hold nothing, and are used before it grows.
    pub free: u64,
    /// Of its disk; none where the system does not tell.
    pub disk: Option<Disk>,
}

/// Bytes of the disk that the data directory lies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disk {
    /// All of it.
    pub bytes: u64,
    /// What a process without privileges may still fill.
    pub free: u64,
}

impl Db {
    /// Measures the file.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn size(&self) -> Result<Size> {
        let dir = self.dir();
        let (file, path) = (dir.database(), dir.path().to_owned());
        self.read(move |conn| {
            Ok(Size {
                bytes: std::fs::metadata(file).map_or(0, |file| file.len()),
                wal: check::wal(&path).bytes,
                free: free_bytes(conn)?,
                disk: disk(&path),
            })
        })
        .await
    }
}

fn free_bytes(conn: &Connection) -> rusqlite::Result<u64> {
    let number = |pragma: &str| {
        conn.query_row(pragma, [], |row| row.get::<_, i64>(0))
            .map(|number| u64::try_from(number).unwrap_or_default())
    };
    Ok(number("PRAGMA freelist_count")? * number("PRAGMA page_size")?)
}

fn disk(path: &std::path::Path) -> Option<Disk> {
    let found = rustix::fs::statvfs(path).ok()?;
    let bytes = |blocks: u64| blocks.checked_mul(found.f_frsize);
    Some(Disk {
        bytes: bytes(found.f_blocks)?,
        free: bytes(found.f_bavail)?,
    })
}
