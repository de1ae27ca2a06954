//! Records and counts in memory.

use std::time::Duration;

use super::record::Record;
use crate::{
    cache::Cache,
    db::{Batch, Part, Touch},
};

/// What all counts may hold in memory.
const BYTES_OF_COUNTS: u64 = 1 << 20;
/// What all aggregates may hold in memory.
const BYTES_OF_AGGREGATES: u64 = 1 << 20;
/// How long a record or a count is kept without being read anew.
const LIFE: Duration = Duration::from_secs(300);

/// What is kept. Cheap to clone.
#[derive(Clone)]
pub struct Caches {
    /// Records, by the revision of their definition, their id, and the question that decides what
    /// is seen of them; none where all is.
    pub records: Cache<Record>,
    /// Totals of lists, by the statement that counts them.
    pub totals: Cache<u64>,
    /// Aggregates, by the statement that computes them and what is made of its rows.
    pub aggregates: Cache<Vec<u8>>,
}

impl Caches {
    /// With room for so many bytes of records.
    pub fn new(bytes_of_records: usize) -> Self {
        let record = |record: &Record| size_of::<Record>() + record.id.len() + record.json.len();
        let bytes = u64::try_from(bytes_of_records).unwrap_or(u64::MAX);
        Self {
            records: Cache::new(bytes, LIFE, record),
            totals: Cache::new(BYTES_OF_COUNTS, LIFE, |_| size_of::<u64>()),
            aggregates: Cache::new(BYTES_OF_AGGREGATES, LIFE, Vec::len),
        }
    }
}

/// Says that `batch` changes these records, by their collections, and nothing else that is kept.
/// Accounts carry rights, so a batch on them says nothing, and has everything read anew.
pub fn touching<'a, S: AsRef<str> + 'a>(
    batch: Batch,
    records: impl IntoIterator<Item = (&'a str, &'a [S])> + Clone,
) -> Batch {
    if records.clone().into_iter().any(|(name, _)| name == "users") {
        return batch;
    }
    records.into_iter().fold(batch, |batch, (name, ids)| {
        let list = batch.touching(Touch::Part(Part::records(name)));
        ids.iter().fold(list, |batch, id| {
            batch.touching(Touch::Part(Part::record(name, id.as_ref())))
        })
    })
}
