//! Records and counts in memory.

use std::{sync::Arc, time::Duration};

use super::record::Record;
use crate::{
    base::Id,
    cache::Cache,
    db::{Batch, Part, Touch},
    schema::Collection,
};

/// What all counts may hold in memory.
const BYTES_OF_COUNTS: u64 = 1 << 20;
/// How long a record or a count is kept without being read anew.
const LIFE: Duration = Duration::from_secs(300);

/// What is kept. Cheap to clone.
#[derive(Clone)]
pub struct Kept {
    /// Records, by the revision of their definition and their id.
    pub records: Cache<(i64, Id), Arc<Record>>,
    /// Totals of lists, by the statement that counts them.
    pub totals: Cache<Arc<str>, u64>,
}

impl Kept {
    /// With room for so many bytes of records.
    pub fn new(bytes_of_records: usize) -> Self {
        let record = |_: &(i64, Id), record: &Arc<Record>| {
            size_of::<Record>() + record.id.len() + record.json.len()
        };
        let bytes = u64::try_from(bytes_of_records).unwrap_or(u64::MAX);
        Self {
            records: Cache::new(bytes, LIFE, record),
            totals: Cache::new(BYTES_OF_COUNTS, LIFE, |statement, _| statement.len()),
        }
    }
}

/// Says that `batch` changes a record and nothing else that is kept. Accounts carry rights, so their
/// batches say nothing, and have everything read anew.
pub fn touching(batch: Batch, collection: &Collection, id: &str) -> Batch {
    if collection.name == "users" {
        return batch;
    }
    batch
        .touching(Touch::Part(Part::records(&collection.name)))
        .touching(Touch::Part(Part::record(&collection.name, id)))
}
