//! The statements that keep versions of records, where a collection asks for its history. Images
//! are made in SQL from the row as it then is, in the batch of the change.

use super::Origin;
use crate::{
    db::{Expect, Sql, Statement},
    schema::Collection,
};

/// Versions of some records of one collection, about to be kept. Nothing is, where the collection
/// keeps no history.
pub struct Versions<'a> {
    /// The collection of the records.
    pub collection: &'a Collection,
    /// The records' ids, each once.
    pub ids: &'a [String],
}

impl Versions<'_> {
    /// Keeps the version that the records have before a change, where it is not kept yet: of those
    /// that were there before the history began, or were changed by a shell. Nobody knows who did
    /// that.
    pub fn before(&self) -> Option<Statement> {
        self.insert("INSERT OR IGNORE INTO _history ", |sql| {
            sql.push("NULL, NULL");
        })
    }

    /// Keeps the version that the records have behind a change.
    pub fn after(&self, origin: &Origin) -> Option<Statement> {
        // One that is there already was undone by a shell, with the version.
        let statement = self.insert("INSERT OR REPLACE INTO _history ", |sql| {
            sql.bind(origin.actor.as_str()).push(", ");
            sql.bind(origin.request_id.as_str());
        })?;
        let all = u64::try_from(self.ids.len()).unwrap_or(u64::MAX);
        Some(statement.expecting(Expect::Changed(all), super::Changes::MOVED))
    }

    /// Forgets the versions of records whose rows go. They are not kept any more, but may have
    /// been.
    pub fn forgotten(&self) -> Statement {
        let mut sql = Sql::new("DELETE FROM _history WHERE collection = ");
        sql.bind(self.collection.name.as_str())
            .push(" AND record_id")
            .within(self.ids);
        sql.into()
    }

    fn insert(&self, insert: &'static str, who: impl FnOnce(&mut Sql)) -> Option<Statement> {
        let collection = self.collection;
        if !collection.history {
            return None;
        }
        let mut sql = Sql::new(insert);
        sql.push(
            "(collection, record_id, version, at, revision, deleted_at, image, actor, request_id) \
             SELECT ",
        );
        sql.bind(collection.name.as_str())
            .push(", id, version, updated_at, ")
            .bind(collection.revision)
            .push(if collection.is_soft() {
                ", deleted_at, "
            } else {
                ", NULL, "
            })
            .append_kept(collection.image())
            .push(", ");
        who(&mut sql);
        sql.push(" FROM ")
            .ident(&collection.name)
            .push(" WHERE id")
            .within(self.ids);
        Some(sql.into())
    }
}
