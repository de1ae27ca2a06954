//! Deleting records, softly or for good, and bringing them back.
//!
//! What goes along is found by a read (`family`), and named in the batch together with all that
//! must still be so when it is written (`plan`); where that fails, it is all done again.
//! `cascade` marks, `restore` takes the mark away, `purge` removes the rows, `erase` also what
//! events tell of them, and `age` does so for what was deleted long ago.

mod accounts;
mod age;
mod cascade;
mod erase;
mod family;
mod order;
mod plan;
mod purge;
mod restore;
#[cfg(test)]
mod tests;
mod unchanged;

use std::{cell::RefCell, sync::Arc};

pub use age::{Purged, Round};
pub(super) use family::Family;
pub(super) use plan::Words;

use self::{
    erase::{Begun, Purge, histories_of},
    family::{Walk, may_take_along},
    plan::Plan,
    purge::Trace,
};
use super::{
    Engine, Record,
    account::SEEN_ROLES,
    mutate::{Expected, Further},
    record,
    sight::Mask,
};
use crate::{
    access::RowFilter,
    base::{Code, Error, Result},
    db::{Receipt, Statement, Tag, WriteError},
    events::{Changes, Histories, Origin},
    schema::{Collection, Schema},
};

/// How often a change is tried again that others have overtaken.
pub(super) const TRIES: usize = 8;

/// How a record is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Softly or for good, as its collection says.
    AsDefined,
    /// For good, and its events are emptied.
    Purge,
}

/// A deletion, as [`Engine::delete`] takes it.
pub struct Removal<'a> {
    /// The record's id.
    pub id: &'a str,
    /// How it is deleted.
    pub kind: Kind,
    /// The version that it must have.
    pub expected: Expected,
    /// Who deletes it.
    pub origin: &'a Origin,
    /// Statements of the same batch, which stand before the change.
    pub first: Vec<Statement>,
}

/// A deletion of several records.
pub(super) struct Removals<'a> {
    /// Their ids.
    pub ids: &'a [String],
    /// Who deletes them.
    pub origin: &'a Origin,
    /// What is expected of them.
    pub first: Vec<Statement>,
}

/// A restoration, as [`Engine::restore`] takes it.
pub struct Restoration<'a> {
    /// The record's id.
    pub id: &'a str,
    /// The version that it must have.
    pub expected: Expected,
    /// Who brings it back.
    pub origin: &'a Origin,
    /// Statements of the same batch, which stand before the change.
    pub first: Vec<Statement>,
    /// Those around it, which are written also where the record is live and nothing changes.
    pub once: Further,
}

/// Why a deletion or a restoration came to nothing.
pub(super) enum Refused {
    /// The user has other roles than those by which the change was allowed.
    OtherRoles,
    /// As the client is told.
    Error(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::OtherRoles => Self::unavailable("The user's roles have just been changed", 1),
            Refused::Error(error) => error,
        }
    }
}

/// Adds to `plan` what deletes `family`.
fn push(plan: &mut Plan, schema: &Schema, family: &Family, is_soft: bool, origin: &Origin) {
    if is_soft {
        cascade::add(plan, schema, family, origin);
    } else {
        purge::add(plan, schema, family, origin, Trace::Kept);
    }
}

impl Engine {
    /// Deletes a record with all that goes along with it.
    ///
    /// # Errors
    /// `NOT_FOUND`, `PRECONDITION_FAILED`, `CONFLICT` while relations restrict it, `UNPROCESSABLE`
    /// if more goes along than one batch holds, those of a write.
    pub async fn delete(
        &self,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        removal: &Removal<'_>,
    ) -> Result<()> {
        Ok(self.try_delete(collection, rows, removal).await?)
    }

    pub(super) async fn try_delete(
        &self,
        collection: &Arc<Collection>,
        _: &RowFilter,
        removal: &Removal<'_>,
    ) -> Result<(), Refused> {
        if removal.kind == Kind::Purge {
            return self.try_purge(collection, removal).await;
        }
        let attempt = async |schema: &Arc<Schema>| {
            let plan = self.deletion(schema, collection, removal, |_| {});
            plan.await.map(Some)
        };
        self.write_plan(collection, removal.expected, attempt)
            .await
            .map(|_| ())
    }

    /// What deletes a record as its collection says, with all that goes along as `narrow` leaves
    /// it.
    ///
    /// # Errors
    /// `UNPROCESSABLE` if more goes along than one batch holds, those of a read.
    pub(super) async fn deletion(
        &self,
        schema: &Arc<Schema>,
        collection: &Arc<Collection>,
        removal: &Removal<'_>,
        narrow: impl FnOnce(&mut Family),
    ) -> Result<Plan> {
        let is_soft = collection.is_soft();
        let walk = if is_soft { Walk::Live } else { Walk::All };
        let roots = vec![removal.id.to_owned()];
        let mut family = self.family(schema, collection, roots, walk).await?;
        narrow(&mut family);
        let mut plan = Plan::new(schema);
        plan.push_all(removal.first.iter().cloned());
        plan.expect_root(collection, removal.id, removal.expected, |sql| {
            if is_soft {
                sql.push(" AND deleted_at IS NULL");
            }
        });
        push(&mut plan, schema, &family, is_soft, removal.origin);
        Ok(plan)
    }

    /// What deletes several records as their collection says, behind what is expected `first`.
    /// `check` looks at all that goes along.
    ///
    /// # Errors
    /// As [`Engine::deletion`], and those of `check`.
    pub(super) async fn deletion_of_all(
        &self,
        schema: &Arc<Schema>,
        collection: &Arc<Collection>,
        removals: Removals<'_>,
        check: impl FnOnce(&Family) -> Result<()>,
    ) -> Result<Plan> {
        let is_soft = collection.is_soft();
        let walk = if is_soft { Walk::Live } else { Walk::All };
        let roots = removals.ids.to_vec();
        let family = self.family(schema, collection, roots, walk).await?;
        check(&family)?;
        let mut plan = Plan::new(schema);
        plan.push_all(removals.first);
        push(&mut plan, schema, &family, is_soft, removals.origin);
        Ok(plan)
    }

    async fn try_purge(
        &self,
        collection: &Arc<Collection>,
        removal: &Removal<'_>,
    ) -> Result<(), Refused> {
        let begin = async |schema: &Arc<Schema>| {
            let roots = vec![removal.id.to_owned()];
            let family = self.family(schema, collection, roots, Walk::All).await?;
            let mut plan = Plan::new(schema);
            let first = removal.first.iter().cloned();
            let (questions, changes): (Vec<_>, Vec<_>) = first.partition(Statement::is_question);
            plan.push_all(questions);
            plan.expect_root(collection, removal.id, removal.expected, |_| {});
            Ok(Some(Begun {
                plan,
                family,
                changes,
            }))
        };
        let purge = Purge {
            collection,
            expected: removal.expected,
            origin: removal.origin,
        };
        let look = async |family: &Family| Ok(histories_of(family));
        self.erase(&purge, &mut Histories::default(), begin, look)
            .await
            .map(|_| ())
    }

    /// Brings a deleted record back, with all that its deletion took along. One that is live stays
    /// as it is.
    ///
    /// # Errors
    /// `NOT_FOUND`, `PRECONDITION_FAILED`, `ALREADY_EXISTS` where a unique value has been taken
    /// since, `CONFLICT` under a deleted parent, those of a write.
    pub async fn restore(
        &self,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        restoration: &Restoration<'_>,
    ) -> Result<Record> {
        Ok(self.try_restore(collection, rows, restoration).await?)
    }

    pub(super) async fn try_restore(
        &self,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        restoration: &Restoration<'_>,
    ) -> Result<Record, Refused> {
        let (id, expected) = (restoration.id, restoration.expected);
        let mask = RefCell::new(Mask::default());
        let attempt = async |schema: &Arc<Schema>| {
            let found = self.restoration(schema, collection, rows, restoration, |_| {});
            Ok(found.await?.map(|(plan, shown)| {
                mask.replace(shown);
                plan
            }))
        };
        for _ in 0..TRIES {
            let written = self.write_plan(collection, expected, &attempt).await?;
            if let Some(receipt) = written {
                let mask = mask.take();
                return Ok(record::from_kept(collection, &mask, receipt.rows.last())?);
            }
            let seen = match self.load(collection, &rows.to_view(), id).await {
                // It was live a moment ago, and somebody has deleted it since.
                Err(error) if collection.is_soft() && error.code() == Code::NotFound => continue,
                seen => seen?,
            };
            let once = restoration.once.clone();
            if let Some(record) = self.leave(collection, seen, expected, once).await? {
                return Ok(record);
            }
        }
        let moved = WriteError::Guard(Tag(Changes::MOVED, 0));
        Err(self.refusal(collection, expected, moved).into())
    }

    /// What brings a record back, with all that its deletion took along as `narrow` leaves it, and
    /// what is shown of the record in the row that comes back. None for one that is live.
    ///
    /// # Errors
    /// `NOT_FOUND`, those of a read.
    pub(super) async fn restoration(
        &self,
        schema: &Arc<Schema>,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        restoration: &Restoration<'_>,
        narrow: impl FnOnce(&mut Family),
    ) -> Result<Option<(Plan, Mask)>> {
        if !collection.is_soft() {
            return Ok(None);
        }
        let found = self.deleted_family(schema, collection, restoration.id);
        Ok(found.await?.map(|(deletion, mut family)| {
            narrow(&mut family);
            let deletion = deletion.as_deref();
            restore::plan(schema, collection, rows, restoration, deletion, &family)
        }))
    }

    /// What one deletion took along, from a record downwards, with the name of the deletion. None
    /// for a live record.
    async fn deleted_family(
        &self,
        schema: &Arc<Schema>,
        collection: &Arc<Collection>,
        id: &str,
    ) -> Result<Option<(Option<String>, Family)>> {
        let (schema, collection) = (Arc::clone(schema), Arc::clone(collection));
        let id = id.to_owned();
        let find = move |conn: &rusqlite::Connection| {
            Ok(match restore::find(conn, &collection, &id)? {
                restore::Found::Live => None,
                restore::Found::Deleted(None) => Some((None, Family::alone(&collection, vec![id]))),
                restore::Found::Deleted(Some(deletion)) => {
                    let walk = Walk::Deletion(deletion.clone());
                    let family = Family::find(conn, &schema, &collection, vec![id], &walk)?;
                    Some((Some(deletion), family))
                }
            })
        };
        self.db.read(find).await
    }

    /// All that goes along with `roots`; without a look at the file where nothing can.
    async fn family(
        &self,
        schema: &Arc<Schema>,
        collection: &Arc<Collection>,
        roots: Vec<String>,
        walk: Walk,
    ) -> Result<Family> {
        if !may_take_along(schema, &collection.name, &walk) {
            return Ok(Family::alone(collection, roots));
        }
        let (schema, collection) = (Arc::clone(schema), Arc::clone(collection));
        let find = move |conn: &rusqlite::Connection| {
            Family::find(conn, &schema, &collection, roots, &walk)
        };
        self.db.read(find).await
    }

    /// Writes what `attempt` plans, and has it planned again where others have come first. None if
    /// there is nothing to do any more.
    pub(super) async fn write_plan(
        &self,
        collection: &Arc<Collection>,
        expected: Expected,
        attempt: impl AsyncFn(&Arc<Schema>) -> Result<Option<Plan>>,
    ) -> Result<Option<Receipt>, Refused> {
        let mut last = WriteError::Guard(Tag(Changes::MOVED, 0));
        for _ in 0..TRIES {
            let schema = self.catalog.schema();
            let plan = match attempt(&schema).await {
                // A table that was there a moment ago.
                Err(_) if self.has_other_definitions(collection, &schema) => continue,
                planned => planned?,
            };
            let Some(plan) = plan else {
                return Ok(None);
            };
            let (batch, words) = plan.into_parts();
            let error = match self.db.write(batch).await {
                Ok(receipt) => return Ok(Some(receipt)),
                Err(WriteError::Guard(Tag(SEEN_ROLES, _))) => return Err(Refused::OtherRoles),
                Err(error) => error,
            };
            let is_moved = matches!(error, WriteError::Guard(Tag(Changes::MOVED, _)));
            if !is_moved && !self.may_be_overtaken(collection, &schema, &error) {
                let known = words.of(collection, &schema, &error);
                return Err(known
                    .unwrap_or_else(|| self.refusal(collection, expected, error))
                    .into());
            }
            last = error;
        }
        Err(self.refusal(collection, expected, last).into())
    }

    /// True if other definitions came between a batch and the `schema` that it was built by: it
    /// may name tables that are gone, or miss some that are new.
    pub(super) fn may_be_overtaken(
        &self,
        collection: &Collection,
        schema: &Arc<Schema>,
        error: &WriteError,
    ) -> bool {
        let may_be = matches!(
            error,
            WriteError::Guard(_) | WriteError::Constraint(_) | WriteError::Fault(_)
        );
        may_be && self.has_other_definitions(collection, schema)
    }

    pub(super) fn has_other_definitions(
        &self,
        collection: &Collection,
        schema: &Arc<Schema>,
    ) -> bool {
        !Arc::ptr_eq(&self.catalog.schema(), schema) && self.is_current(collection)
    }
}
