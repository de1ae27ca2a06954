//! Reading records: one by its id, or a page of a list.

use std::sync::Arc;

use rusqlite::params_from_iter;

use super::{
    Engine,
    query::{ListQuery, Trashed},
    record::{self, Record},
    sight::Mask,
};
use crate::{
    access::RowFilter,
    base::{Error, Id, Result, page::Page},
    cache::Key,
    db::{Part, Row, Sql, Value},
    rules::{Names, Verdict, Walk},
    schema::Collection,
};

/// Most records that are sorted for a page. As few are found by whatever index fits, and put in
/// order. Of more, a page is found by walking them in their order up to its end, which takes no
/// longer the more there are.
const SORTED: u64 = 1_000;

/// A page of records.
#[derive(Debug)]
pub struct List {
    /// The records as a JSON array.
    pub items: Vec<u8>,
    /// How many there are on all pages.
    pub total: u64,
    /// Which page this is.
    pub page: Page,
}

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
        if rows.is_all() {
            let generation = self.db.generation(&[part]);
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
        let parts: Vec<Part> = tables.chain([part]).collect();
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
        let read = move |conn: &rusqlite::Connection| {
            let mut query = conn.prepare_cached(select.text())?;
            let mut rows = query.query(params_from_iter(select.args()))?;
            match rows.next()? {
                Some(row) => record::read(&collection, &mask, row),
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

    /// Reads a page of records, and how many there are of them all.
    ///
    /// # Errors
    /// `SERVICE_UNAVAILABLE` if it takes too long; those of the database.
    pub async fn list(
        &self,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        query: &ListQuery<'_>,
    ) -> Result<List> {
        let (page, now) = (query.page, self.now());
        let names = Names::table(&collection.name);
        let Some(conditions) = conditions(&names, rows, query, &now) else {
            let items = b"[]".to_vec();
            let total = 0;
            return Ok(List { items, total, page });
        };
        let total = self.total(collection, rows, query, &conditions).await?;
        let (select, mask) = page_of(collection, rows, query, total, &now);
        let is_trashed = query.trashed != Trashed::Without;
        let collection = Arc::clone(collection);
        let read = move |conn: &rusqlite::Connection| {
            let mut query = conn.prepare_cached(select.text())?;
            let mut rows = query.query(params_from_iter(select.args()))?;
            let mut items = vec![b'['];
            while let Some(row) = rows.next()? {
                if items.len() > 1 {
                    items.push(b',');
                }
                if is_trashed {
                    record::write_trashed(&collection, &mask, row, &mut items)?;
                } else {
                    record::write(&collection, &mask, row, &mut items)?;
                }
            }
            items.push(b']');
            Ok(List { items, total, page })
        };
        self.db.read(read).await
    }

    /// How many records a list has on all its pages, from memory where it is kept.
    async fn total(
        &self,
        collection: &Collection,
        rows: &RowFilter,
        query: &ListQuery<'_>,
        conditions: &Sql,
    ) -> Result<u64> {
        let mut needs = rows.needs();
        for condition in &query.conditions {
            needs.extend(&condition.needs);
        }
        let tables = needs.tables.iter().map(String::as_str);
        let parts: Vec<Part> = tables
            .chain([collection.name.as_str()])
            .map(Part::records)
            .collect();
        let generation = self.db.generation(&parts);
        let count = count(collection, query, conditions);
        let question = format!("{} {:?}", count.text(), count.args());
        let key = Key {
            text: Some(question.into()),
            ..Key::default()
        };
        let read = move |conn: &rusqlite::Connection| {
            let mut counting = conn.prepare_cached(count.text())?;
            let total: i64 =
                counting.query_row(params_from_iter(count.args()), |row| row.get(0))?;
            Ok(u64::try_from(total).unwrap_or(0))
        };
        let load = async { self.db.read(read).await };
        if needs.now {
            return load.await;
        }
        let total = self.caches.totals.get(key, generation, load).await?;
        Ok(*total)
    }
}

/// The statements of a list that has `total` records: a page of it, and the count of it all; none
/// if nothing can be on it.
#[cfg(test)]
pub fn statements(
    collection: &Collection,
    rows: &RowFilter,
    query: &ListQuery<'_>,
    total: u64,
    now: &Value,
) -> Option<[Sql; 2]> {
    let conditions = conditions(&Names::table(&collection.name), rows, query, now)?;
    let (page, _) = page_of(collection, rows, query, total, now);
    Some([page, count(collection, query, &conditions)])
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
    let mut sql = Sql::new("SELECT ");
    sql.append_kept(collection.select_list());
    let mask = match rows.is_all() {
        true => Mask::default(),
        false => Mask::push_all(&mut sql, collection, rows, now),
    };
    push_by_id(&mut sql, collection, id);
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

/// What the records of a list must fulfil, as ` AND ...`; none if nothing can.
pub(super) fn conditions(
    names: &Names,
    rows: &RowFilter,
    query: &ListQuery<'_>,
    now: &Value,
) -> Option<Sql> {
    let filters = query.conditions.iter();
    let filters = filters.map(|filter| rows.matching(filter, names, now));
    let mut sql = Sql::default();
    for verdict in [rows.rows(names, now)].into_iter().chain(filters) {
        match verdict {
            Verdict::Always => {}
            Verdict::Never => return None,
            Verdict::When(condition) => {
                sql.push(" AND ").append(condition);
            }
        }
    }
    Some(sql)
}

/// The statement that counts a list.
fn count(collection: &Collection, query: &ListQuery<'_>, conditions: &Sql) -> Sql {
    let mut sql = Sql::new("SELECT count(*)");
    push_source(&mut sql, collection, query, conditions);
    sql
}

/// What the records of a page are called, and which indexes find them.
fn names_of_page(collection: &Collection, query: &ListQuery<'_>, total: u64) -> Names {
    if total > SORTED && query.is_in_default_order() {
        walking(collection)
    } else {
        Names::table(&collection.name)
    }
}

/// What records are called in a statement that walks them in the default order.
pub(super) fn walking(collection: &Collection) -> Names {
    Names {
        walk: Some(Walk {
            by: "created_at".to_owned(),
            equal: collection.equal_in_default_order().to_vec(),
        }),
        ..Names::table(&collection.name)
    }
}

/// The statement that selects a page of a list that has `total` records.
fn page_of(
    collection: &Collection,
    rows: &RowFilter,
    query: &ListQuery<'_>,
    total: u64,
    now: &Value,
) -> (Sql, Mask) {
    let mut sql = Sql::new("SELECT ");
    sql.append_kept(collection.select_list());
    let mut place = collection.columns().count();
    if query.trashed != Trashed::Without {
        sql.push(", deleted_at");
        place += 1;
    }
    let mask = Mask::push(&mut sql, collection, rows, now, place);
    let names = names_of_page(collection, query, total);
    let conditions = conditions(&names, rows, query, now).unwrap_or_else(nothing);
    push_source(&mut sql, collection, query, &conditions);
    sql.push(" ORDER BY ")
        .join(&query.sort, ", ", |sql, (field, descending)| {
            sql.append(field.sql())
                .push(if *descending { " DESC" } else { " ASC" });
        });
    let number = |number| i64::try_from(number).unwrap_or(i64::MAX);
    sql.push(" LIMIT ").bind(number(query.page.size));
    sql.push(" OFFSET ").bind(number(query.page.offset()));
    (sql, mask)
}

/// The condition that no record fulfils.
pub(super) fn nothing() -> Sql {
    Sql::new(" AND FALSE")
}

/// Adds ` FROM ... WHERE ...` of a list.
pub(super) fn push_source(
    sql: &mut Sql,
    collection: &Collection,
    query: &ListQuery<'_>,
    conditions: &Sql,
) {
    sql.push(" FROM ").ident(&collection.name);
    sql.push(match query.trashed {
        Trashed::Without if collection.is_soft() => " WHERE deleted_at IS NULL",
        Trashed::Only => " WHERE deleted_at IS NOT NULL",
        Trashed::Without | Trashed::With => " WHERE TRUE",
    });
    sql.append_kept(conditions);
}
