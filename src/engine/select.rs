//! Reading one record by its id.

use std::sync::Arc;

use rusqlite::params_from_iter;

use super::{
    Engine,
    record::{self, Form, Record},
    sight::Mask,
};
use crate::{
    access::RowFilter,
    base::{Error, Id, Result},
    cache::Key,
    db::{Part, Row, Sql, Value},
    rules::{Names, Verdict},
    schema::Collection,
};

impl Engine {
    /// Reads a record, from memory where it is kept.
    ///
    /// # Errors
    /// `NOT_FOUND` if it is absent, deleted, or out of sight; those of the database.
    pub async fn load(
        &self,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        id: &str,
    ) -> Result<Arc<Record>> {
        let key = Id::parse(id).ok_or_else(Error::not_found)?;
        let part = Part::record(&collection.name, id);
        let shown_by = collection.shown_by().map(Part::records);
        if rows.is_all() {
            let parts: Vec<Part> = shown_by.chain([part]).collect();
            let generation = self.db.generation(&parts);
            let load = self.read(collection, select(collection, rows, id, &Value::Null));
            let key = Key {
                revision: collection.revision,
                ..key.into()
            };
            return self.caches.records.get(key, generation, load).await;
        }
        let needs = rows.needs();
        let select = select(collection, rows, id, &self.now());
        if needs.now {
            return self.read(collection, select).await.map(Arc::new);
        }
        // What one sees of a record hangs on the record, on who asks, and on what its rules read.
        let tables = needs.tables.iter().map(|table| Part::records(table));
        let parts: Vec<Part> = tables.chain(shown_by).chain([part]).collect();
        let generation = self.db.generation(&parts);
        // The statement alone does not tell what is left out of its row: a field that is never
        // shown adds nothing to it, as one that always is.
        let (sql, mask) = &select;
        let question = format!("{} {:?} {mask:?}", sql.text(), sql.args());
        let key = Key {
            revision: collection.revision,
            text: Some(question.into()),
            ..key.into()
        };
        let load = self.read(collection, select);
        self.caches.records.get(key, generation, load).await
    }

    async fn read(
        &self,
        collection: &Arc<Collection>,
        (select, mask): (Sql, Mask),
    ) -> Result<Record> {
        let collection = Arc::clone(collection);
        let form = Form {
            mask,
            ..Form::default()
        };
        let read = move |conn: &rusqlite::Connection| {
            let mut query = conn.prepare_cached(select.text())?;
            let mut rows = query.query(params_from_iter(select.args()))?;
            match rows.next()? {
                Some(row) => record::read(&collection, &form, row),
                None => Err(Error::not_found()),
            }
        };
        self.db.read_by_key(read).await
    }

    /// The record of a row as it once was, as far as it may be seen by what holds now. Of one that
    /// is not seen, or is gone, its id and version are told.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) async fn masked(
        &self,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        mut row: Row,
    ) -> Result<Record> {
        let id = row.first().and_then(Value::as_text).unwrap_or_default();
        let (select, mask) = answer(collection, rows, id, &self.now());
        let width = row.len();
        let bits = move |conn: &rusqlite::Connection| {
            let mut query = conn.prepare_cached(select.text())?;
            let count = query.column_count();
            let mut rows = query.query(params_from_iter(select.args()))?;
            let Some(found) = rows.next()? else {
                return Ok(None);
            };
            let bit = |place| {
                Ok(Value::Integer(
                    found.get::<_, Option<i64>>(place)?.unwrap_or(0),
                ))
            };
            let bits: rusqlite::Result<Row> = (width..count).map(bit).collect();
            Ok(Some(bits?))
        };
        match self.db.read_by_key(bits).await? {
            Some(bits) => {
                row.extend(bits);
                record::from_kept(collection, &mask, Some(&row))
            }
            None => record::from_kept(collection, &Mask::nothing(), Some(&row)),
        }
    }

    /// What `now()` means to a read.
    pub(super) fn now(&self) -> Value {
        self.clock.now().into()
    }
}

/// The statement that selects a live record by its id, if it may be seen.
pub(super) fn select(
    collection: &Collection,
    rows: &RowFilter,
    id: &str,
    now: &Value,
) -> (Sql, Mask) {
    let mut sql = Sql::new("SELECT ");
    sql.append_kept(collection.select_list());
    let place = collection.columns().count();
    let mask = Mask::push(&mut sql, collection, rows, now, place);
    push_by_id(&mut sql, collection, id);
    match rows.rows(&Names::table(&collection.name), now) {
        Verdict::Always => {}
        verdict => {
            sql.push(" AND ").append(verdict.into_sql());
        }
    }
    (sql, mask)
}

/// The statement that selects a live record by its id, in answer to what was done to it.
pub(super) fn answer(
    collection: &Collection,
    rows: &RowFilter,
    id: &str,
    now: &Value,
) -> (Sql, Mask) {
    let (mut sql, mask) = answered(collection, rows, now);
    push_by_id(&mut sql, collection, id);
    (sql, mask)
}

/// The beginning of such a statement, up to what it selects from, with what is shown of its rows.
pub(super) fn answered(collection: &Collection, rows: &RowFilter, now: &Value) -> (Sql, Mask) {
    let mut sql = Sql::new("SELECT ");
    sql.append_kept(collection.select_list());
    let mask = Mask::push_all(&mut sql, collection, rows, now);
    (sql, mask)
}

fn push_by_id(sql: &mut Sql, collection: &Collection, id: &str) {
    sql.push(" FROM ")
        .ident(&collection.name)
        .push(" WHERE id = ")
        .bind(id);
    if collection.is_soft() {
        sql.push(" AND deleted_at IS NULL");
    }
}
