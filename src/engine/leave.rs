//! Requests that find a record as they want it: nothing changes, and the answer may be kept.

use std::sync::Arc;

use super::{
    Engine, Record,
    mutate::{Expected, Further},
};
use crate::{
    base::Result,
    db::{Batch, Expect, Sql, Statement, Tag, Touch, WriteError},
    events::Changes,
    schema::Collection,
};

impl Engine {
    /// Leaves a record as it was `seen`, and writes `once`, if it says anything; nobody keeps in
    /// memory what that changes. None, with nothing written, if the record has changed since.
    ///
    /// # Errors
    /// `PRECONDITION_FAILED` or `CONFLICT` where another version was expected, those of a write.
    pub async fn leave(
        &self,
        collection: &Collection,
        seen: Arc<Record>,
        expected: Expected,
        once: Further,
    ) -> Result<Option<Record>> {
        expected.check(seen.version)?;
        let Further { first, last } = once;
        if !(first.is_empty() && last.is_empty()) {
            let batch = Batch::new()
                .with_all(first)
                .with(is_still(collection, &seen))
                .with_all(last)
                .touching(Touch::Nothing);
            match self.db.write(batch).await {
                Ok(_) => {}
                Err(WriteError::Guard(Tag(Changes::MOVED, _))) => return Ok(None),
                Err(error) => return Err(self.refusal(collection, expected, error)),
            }
        }
        Ok(Some(Arc::unwrap_or_clone(seen)))
    }
}

/// Expects that a record has not changed: whatever changes one raises its version.
fn is_still(collection: &Collection, seen: &Record) -> Statement {
    let mut sql = Sql::new("SELECT 1 FROM ");
    sql.ident(&collection.name)
        .push(" WHERE id = ")
        .bind(seen.id.as_str())
        .push(" AND version = ")
        .bind(seen.version);
    Statement::from(sql).expecting(Expect::Exists, Changes::MOVED)
}
