//! Records without HTTP: what lists, reads and changes them, under the rights that `access` gave.
//!
//! Reading goes through `select`, changing through `mutate` and `delete`, which make batches, and
//! `many`, which makes one of many changes; `input` turns JSON into values and `record` values into
//! JSON; `expand` puts records into those that lead to them.

mod account;
mod aggregate;
mod cache;
mod catalog;
pub mod check;
mod conditions;
mod costly;
mod cursor;
mod delete;
mod excerpt;
mod expand;
mod guard;
mod history;
mod idempotency;
mod increment;
mod input;
mod leave;
mod list;
mod many;
mod mutate;
mod order;
mod page;
mod parent;
mod query;
mod record;
mod refusal;
mod replace;
mod search;
mod select;
mod selection;
mod sight;
mod snippet;
#[cfg(test)]
mod tests;
mod transfer;
mod trial;

use std::sync::Arc;

pub use account::{Credentials, Roles, SEEN_ROLES, Standing, still_has};
pub use aggregate::AggregateQuery;
pub use catalog::{Catalog, Definitions};
pub use cursor::Cursors;
pub use delete::{Kind, Purged, Removal, Restoration, Round};
pub use expand::{MAX_NAMES as MAX_EXPANDED, MAX_POINTING, Shape};
pub use guard::of_record as may_act_on;
pub use history::{Restored, wanted_version};
pub use idempotency::{Idempotency, Kept, Made, Once, SentKey, follow_kept_records};
pub use input::{Assignment, Draft, Patch, with_faults};
pub use list::List;
pub use many::{Change, Fault, Operation, Pick, Upsert, moved};
pub use mutate::{Expected, Further, Update};
pub use parent::Parent;
pub use query::{ListQuery, Trashed};
pub use record::Record;
pub use selection::Selection;
pub use transfer::{
    Entry, Export, Format, ImportRun, Row, Rows, SeenRow, TakenBack, Target, Unlike, Written,
    together,
};
pub use trial::{Outcome, Tried};

use cache::Caches;

use crate::{
    access::Caller,
    base::{Clock, Error, Result},
    db::Db,
    events::Origin,
    rules::Rules,
    schema::Collection,
};

/// Reads and changes records. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    db: Db,
    catalog: Catalog,
    clock: Arc<Clock>,
    caches: Caches,
    cursors: Cursors,
}

impl Engine {
    /// Over a database and its definitions, with room for `cache_bytes` of records in memory.
    pub fn new(
        db: Db,
        catalog: Catalog,
        clock: Arc<Clock>,
        cache_bytes: usize,
        cursors: Cursors,
    ) -> Self {
        let caches = Caches::new(cache_bytes);
        Self {
            db,
            catalog,
            clock,
            caches,
            cursors,
        }
    }

    /// The collection at a path, `order-items`.
    ///
    /// # Errors
    /// `NOT_FOUND` if there is none.
    pub fn collection(&self, path: &str) -> Result<Arc<Collection>> {
        self.catalog
            .schema()
            .by_path(path)
            .cloned()
            .ok_or_else(Error::not_found)
    }

    /// The rules of a collection.
    ///
    /// # Errors
    /// `NOT_FOUND` if it has just been deleted.
    pub fn rules(&self, collection: &Collection) -> Result<Arc<Rules>> {
        let definitions = self.catalog.now();
        let rules = definitions.book.of(&collection.name);
        rules.cloned().ok_or_else(Error::not_found)
    }

    /// The definitions as they are now.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// True if the definition is still the one in force.
    fn is_current(&self, collection: &Collection) -> bool {
        let schema = self.catalog.schema();
        let current = schema.by_name(&collection.name);
        current.is_some_and(|current| current.revision == collection.revision)
    }
}

/// Who changes something, as events tell it.
pub fn origin(caller: &Caller) -> Origin {
    Origin {
        actor: caller.actor(),
        request_id: (*caller.request_id).to_owned(),
    }
}
