//! Events of many records at once: one statement for all, whatever their number.

use super::Origin;
use crate::{
    base::Id,
    db::{Expect, Sql, Statement, Value},
    schema::{Collection, Field},
};

/// A change of several records of one collection, about to be written down.
///
/// Its statements expect that all the records are there, and the revision of the definition that
/// the batch was built by; else they fail with the tag [`Changes::MOVED`], and the batch is built
/// again.
pub struct Changes<'a> {
    /// The collection of the records.
    pub collection: &'a Collection,
    /// The records' ids, each once.
    pub ids: &'a [String],
    /// Who changes them.
    pub origin: &'a Origin,
}

const EMPTY: &str = "UPDATE _events SET after = NULL, before = NULL";

/// Empties the data of the events with these `seq`.
pub fn emptied(events: &[i64]) -> Statement {
    let mut sql = Sql::new(EMPTY);
    sql.push(" WHERE seq IN (SELECT value FROM json_each(")
        .bind(serde_json::Value::from(events).to_string())
        .push("))");
    sql.into()
}

impl Changes<'_> {
    /// The tag of a batch that was built from records that have changed since.
    pub const MOVED: &'static str = "moved";

    /// Appends `created`; stands behind the inserts.
    pub fn created(&self) -> Statement {
        self.append("created", |sql| {
            sql.append_kept(self.collection.image()).push(", NULL");
        })
    }

    /// Appends `deleted` with all old values; stands before the deletion.
    pub fn deleted(&self) -> Statement {
        self.append("deleted", |sql| {
            sql.push("NULL, ");
            sql.append_kept(self.collection.image());
        })
    }

    /// Appends `purged`, which tells nothing of the records; stands before they are gone.
    pub fn purged(&self) -> Statement {
        self.append("purged", |sql| {
            sql.push("NULL, NULL");
        })
    }

    /// Appends `restored` with when the records were deleted; stands before they are brought back.
    pub fn restored(&self) -> Statement {
        let deleted_at: Vec<&Field> = self.collection.deleted_at().into_iter().collect();
        self.append("restored", |sql| {
            sql.push("NULL, ");
            sql.append(self.stamped(&deleted_at));
        })
    }

    /// Appends `updated` with the old values of `changed`; stands before the update.
    pub fn updated(&self, changed: &[&Field]) -> Statement {
        self.append("updated", |sql| {
            sql.push("NULL, ");
            sql.append(self.stamped(changed));
        })
    }

    /// Completes `restored` or `updated` with the new values; stands behind the change, with no
    /// other event in between. A record that is still deleted says so by its `deleted_at`.
    pub fn completed(&self) -> Statement {
        let mut sql = Sql::new("UPDATE _events SET after = (SELECT ");
        self.push_image(&mut sql);
        sql.push(" FROM ")
            .ident(&self.collection.name)
            .push(" WHERE ")
            .ident(&self.collection.name)
            .push(".id = _events.record_id) WHERE seq > (SELECT max(seq) FROM _events) - ")
            .bind(i64::try_from(self.ids.len()).unwrap_or(i64::MAX));
        self.expecting_all(sql)
    }

    /// Empties the data of all events that the records have had behind `seq`.
    pub fn emptied_behind(&self, seq: i64) -> Statement {
        let mut sql = Sql::new(EMPTY);
        sql.push(" WHERE seq > ")
            .bind(seq)
            .push(" AND record_id")
            .within(self.ids)
            .push(" AND collection = ")
            .bind(self.collection.name.as_str())
            .push(" AND (after IS NOT NULL OR before IS NOT NULL)");
        sql.into()
    }

    fn push_image(&self, sql: &mut Sql) {
        let image = self.collection.image();
        if !self.collection.is_soft() {
            sql.append_kept(image);
            return;
        }
        sql.push("CASE WHEN deleted_at IS NULL THEN ")
            .append_kept(image)
            .push(" ELSE json_set(")
            .append_kept(image)
            .push(", '$.deleted_at', deleted_at) END");
    }

    fn stamped(&self, changed: &[&Field]) -> Sql {
        let system = ["updated_at", "version"];
        let system = system
            .iter()
            .filter_map(|column| self.collection.column(column));
        Collection::image_of(changed.iter().copied().chain(system))
    }

    /// Columns of a definition never begin with `_`, so the names of the list clash with none.
    ///
    /// `images` adds the record as it is and as it was, each NULL where nothing is told of it.
    fn append(&self, what: &'static str, images: impl FnOnce(&mut Sql)) -> Statement {
        let Self {
            collection, origin, ..
        } = self;
        let mut sql = Sql::new("WITH _list (_record, _event) AS ");
        sql.push("(SELECT value ->> 0, value ->> 1 FROM json_each(")
            .bind(self.with_event_ids())
            .push(")) ");
        sql.push(
            "INSERT INTO _events (id, type, collection, record_id, actor, request_id, at, \
             revision, after, before) SELECT _event, ",
        );
        sql.bind(format!("{}.{what}", collection.singular))
            .push(", ")
            .bind(collection.name.as_str())
            .push(", _record, ")
            .bind(origin.actor.as_str())
            .push(", ")
            .bind(origin.request_id.as_str())
            .push(", ")
            .bind(Value::CommitTime)
            .push(", ")
            .bind(collection.revision)
            .push(", ");
        images(&mut sql);
        // In the order of the list, so that it is the same wherever the batch is applied.
        sql.push(" FROM _list CROSS JOIN ")
            .ident(&collection.name)
            .push(" ON id = _record WHERE EXISTS (SELECT 1 FROM _collections WHERE name = ")
            .bind(collection.name.as_str())
            .push(" AND revision = ")
            .bind(collection.revision)
            .push(")");
        self.expecting_all(sql)
    }

    /// `[[record, event], ...]`, with an id for each event.
    fn with_event_ids(&self) -> String {
        let pairs = self
            .ids
            .iter()
            .map(|id| [id.clone(), Id::generate().to_string()]);
        serde_json::Value::from_iter(pairs.map(|pair| pair.to_vec())).to_string()
    }

    fn expecting_all(&self, sql: Sql) -> Statement {
        let all = u64::try_from(self.ids.len()).unwrap_or(u64::MAX);
        Statement::from(sql).expecting(Expect::Changed(all), Self::MOVED)
    }
}
