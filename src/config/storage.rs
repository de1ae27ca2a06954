//! `[storage]`: the readers of the file, and the queue before its one writer.

use std::{num::NonZeroUsize, time::Duration};

use super::{
    key::{Entry, Section},
    server::cores,
    shape::{bytes, count, seconds},
};

/// How the file is read and written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Storage {
    /// Reading connections; 0 for as many as cores, see [`Storage::reader_count`].
    pub readers: usize,
    /// How long a read may run before it is interrupted.
    pub read_timeout: Duration,
    /// How long a read waits for a free connection.
    pub read_wait: Duration,
    /// Batches that wait for the writer at most.
    pub queue_batches: NonZeroUsize,
    /// What they may hold in all, in bytes.
    pub queue_bytes: usize,
    /// Batches that share one commit at most.
    pub group_batches: NonZeroUsize,
    /// What records may hold in memory, in bytes.
    pub cache_bytes: usize,
    /// Days after which deleted records are purged; 0 for never, see [`Storage::purge_after`].
    pub purge_after_days: usize,
}

impl Storage {
    /// How long deleted records are kept; none for ever.
    pub fn purge_after(&self) -> Option<Duration> {
        let days = u64::try_from(self.purge_after_days).ok()?;
        (days > 0).then(|| Duration::from_secs(days.saturating_mul(24 * 60 * 60)))
    }

    /// Reading connections, at least two unless one was asked for.
    pub fn reader_count(&self) -> usize {
        match self.readers {
            0 => cores().clamp(2, MAX_READERS),
            readers => readers,
        }
    }
}

const MAX_READERS: usize = 64;

impl Default for Storage {
    fn default() -> Self {
        Self {
            readers: 0,
            read_timeout: Duration::from_secs(5),
            read_wait: Duration::from_secs(5),
            queue_batches: const { NonZeroUsize::new(1024).unwrap() },
            queue_bytes: 16 << 20,
            group_batches: const { NonZeroUsize::new(128).unwrap() },
            cache_bytes: 4 << 20,
            purge_after_days: 0,
        }
    }
}

pub(super) const SECTION: Section = Section {
    name: "storage",
    about: "The readers of the file, and the queue before its one writer.",
    keys: &[
        &Entry {
            name: "readers",
            reason: "Connections that read, each with a page cache of 2 MB. 0 means as many as \
                     cores, at least 2, so that a long read does not keep all others waiting.",
            shape: count(0, MAX_READERS as u64),
            place: |config| &mut config.storage.readers,
        },
        &Entry {
            name: "read_timeout_seconds",
            reason: "How long a read may run before it is interrupted and answered 503. A long \
                     one also keeps the write-ahead log from shrinking.",
            shape: seconds(1, 300),
            place: |config| &mut config.storage.read_timeout,
        },
        &Entry {
            name: "read_wait_seconds",
            reason: "How long a read waits for a free connection before it is answered 503.",
            shape: seconds(1, 60),
            place: |config| &mut config.storage.read_wait,
        },
        &Entry {
            name: "queue_batches",
            reason: "Changes that wait for the writer at most. One more is answered 503 at once, \
                     with Retry-After, which serves clients better than a wait without end.",
            shape: count(1, 65_536),
            place: |config| &mut config.storage.queue_batches,
        },
        &Entry {
            name: "queue_bytes",
            reason: "What the waiting changes may hold in memory, all together. One alone may \
                     take 4 MiB.",
            shape: bytes(4 << 20, 1 << 30),
            place: |config| &mut config.storage.queue_bytes,
        },
        &Entry {
            name: "group_batches",
            reason: "Changes that share one commit, and so one sync of the disk, at most. Groups \
                     form only under load and delay nobody. 1 commits each alone, for measuring.",
            shape: count(1, 4096),
            place: |config| &mut config.storage.group_batches,
        },
        &Entry {
            name: "cache_bytes",
            reason: "Memory for records that were read lately, which are then answered without a \
                     query. A change is seen at once, whatever is kept. 0 keeps none.",
            shape: bytes(0, 1 << 30),
            place: |config| &mut config.storage.cache_bytes,
        },
        &Entry {
            name: "purge_after_days",
            reason: "Days after which records that were deleted softly are gone for good, with the \
                     data of their events. 0 keeps them until somebody purges them: what is gone by \
                     itself cannot be brought back.",
            shape: count(0, 36_500),
            place: |config| &mut config.storage.purge_after_days,
        },
    ],
};
