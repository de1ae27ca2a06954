//! The statements that append events. Images of rows are made in SQL, from the row as it then is.

use crate::{
    base::Id,
    db::{Expect, Sql, Statement, Value},
    schema::{Collection, Field},
};

/// Who changes something, and under which request.
#[derive(Clone, Debug)]
pub struct Origin {
    /// `user:<id>`, `operator` or `guest`.
    pub actor: String,
    /// As in `X-Request-Id`.
    pub request_id: String,
}

/// A change of one record, about to be written down.
///
/// Its statements expect the revision of the definition that the batch was built by: one that was
/// overtaken by a change of its collection fails with the tag [`Change::STALE`] and is built again.
pub struct Change<'a> {
    /// The collection of the record.
    pub collection: &'a Collection,
    /// The record's id.
    pub id: &'a str,
    /// Who changes it.
    pub origin: &'a Origin,
}

const INSERT: &str = "INSERT INTO _events \
    (id, type, collection, record_id, actor, request_id, at, revision, after, before)";

impl Change<'_> {
    /// The tag of a batch that was built by an older definition, or for a record that is gone.
    pub const STALE: &'static str = "stale";

    /// Appends `created`; stands behind the insert.
    ///
    /// With VALUES, because an INSERT from a SELECT may be many rows to SQLite, which then keeps a
    /// copy of every page that it changes. So it is the column that refuses what is overtaken.
    pub fn created(&self) -> Statement {
        let mut sql = Sql::new(INSERT);
        sql.push(" VALUES (");
        self.push_origin("created", &mut sql);
        sql.push("(SELECT revision FROM _collections WHERE name = ")
            .bind(self.collection.name.as_str())
            .push(" AND revision = ")
            .bind(self.collection.revision)
            .push("), (SELECT ")
            .append_kept(self.collection.image())
            .push(" FROM ")
            .ident(&self.collection.name)
            .push(" WHERE id = ")
            .bind(self.id)
            .push("), NULL)");
        Statement::from(sql)
    }

    /// Appends `updated` with the old values of `changed`; stands before the update.
    pub fn updated(&self, changed: &[&Field]) -> Statement {
        let system = ["updated_at", "version"];
        let system = system
            .iter()
            .filter_map(|column| self.collection.column(column));
        self.append("updated", |sql| {
            sql.push("NULL, ");
            sql.append(Collection::image_of(changed.iter().copied().chain(system)));
        })
    }

    /// Completes `updated` with the new values; stands behind the update.
    pub fn completed(&self) -> Statement {
        let mut sql = Sql::new("UPDATE _events SET after = (SELECT ");
        sql.append_kept(self.collection.image());
        sql.push(" FROM ")
            .ident(&self.collection.name)
            .push(" WHERE id = ")
            .bind(self.id);
        sql.push(") WHERE seq = (SELECT max(seq) FROM _events)");
        Statement::from(sql).expecting(Expect::Changed(1), Self::STALE)
    }

    /// Appends `deleted` with all old values; stands before the deletion.
    pub fn deleted(&self) -> Statement {
        self.append("deleted", |sql| {
            sql.push("NULL, ");
            sql.append_kept(self.collection.image());
        })
    }

    fn append(&self, what: &'static str, images: impl FnOnce(&mut Sql)) -> Statement {
        let name = &self.collection.name;
        let mut sql = Sql::new(INSERT);
        sql.push(" SELECT ");
        self.push_origin(what, &mut sql);
        sql.bind(self.collection.revision).push(", ");
        images(&mut sql);
        sql.push(" FROM ")
            .ident(name)
            .push(" WHERE id = ")
            .bind(self.id);
        if self.collection.is_soft() {
            sql.push(" AND deleted_at IS NULL");
        }
        sql.push(" AND EXISTS (SELECT 1 FROM _collections WHERE name = ")
            .bind(name.as_str());
        sql.push(" AND revision = ")
            .bind(self.collection.revision)
            .push(")");
        Statement::from(sql).expecting(Expect::Changed(1), Self::STALE)
    }

    /// What happened, to what, by whom and when.
    fn push_origin(&self, what: &'static str, sql: &mut Sql) {
        sql.bind(Id::generate()).push(", ");
        sql.bind(format!("{}.{what}", self.collection.singular))
            .push(", ");
        sql.bind(self.collection.name.as_str()).push(", ");
        sql.bind(self.id).push(", ");
        sql.bind(self.origin.actor.as_str()).push(", ");
        sql.bind(self.origin.request_id.as_str()).push(", ");
        sql.bind(Value::CommitTime).push(", ");
    }
}
