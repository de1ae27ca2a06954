//! Answers that hold several records, each kept as one alone would be.
//!
//! So each is emptied when its record is purged, and shown again by the rules on it.

use super::{Kept, Once, store};
use crate::{
    access::{Caller, require},
    base::{Error, Result},
    db::Statement,
    engine::{Engine, Record},
    schema::Collection,
};

impl Once {
    /// Keeps an answer of several parts with these statuses. The records that it holds are kept
    /// behind it, by [`Once::keep_records`].
    pub fn keep_several(&self, status: u16, statuses: &[u16]) -> Vec<Statement> {
        let value = serde_json::Value::from(statuses);
        vec![
            store::clear_records(self),
            store::keep_value(self, status, "", &value),
        ]
    }

    /// Keeps records as they then are, the first of them as the part at the place `first`. The
    /// answer was for holders of `permission`.
    pub fn keep_records(
        &self,
        permission: &str,
        collection: &Collection,
        first: usize,
        ids: &[String],
    ) -> Statement {
        store::keep_records(self, permission, collection, (first, ids))
    }
}

impl Kept {
    /// The parts of an answer: the status of each, and its record, where it had one, as far as
    /// `caller` may see it now.
    ///
    /// # Errors
    /// `NOT_FOUND` if the collection of one is gone, or nothing may be told of it any more; those
    /// of a present read where one may not be given again.
    pub async fn several(
        &self,
        engine: &Engine,
        caller: &Caller,
    ) -> Result<Vec<(u16, Option<Record>)>> {
        let statuses: Vec<u16> = serde_json::from_value(self.value()?).map_err(Error::database)?;
        let mut parts: Vec<_> = statuses.into_iter().map(|status| (status, None)).collect();
        let find = store::find_records(self.caller.clone(), &self.key);
        for (place, kept) in engine.db().read_by_key(find).await? {
            if !kept.permission.is_empty() {
                require(caller, &kept.permission)?;
            }
            if let Some((_, part)) = parts.get_mut(place) {
                *part = Some(kept.record(engine, caller).await?);
            }
        }
        Ok(parts)
    }
}
