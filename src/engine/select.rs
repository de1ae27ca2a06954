//! Reading records: one by its id, or a page of a list.

use std::sync::Arc;

use rusqlite::{OptionalExtension, params_from_iter};

use super::{
    Engine,
    query::ListQuery,
    record::{self, Record},
};
use crate::{
    access::RowFilter,
    base::{Error, Result, page::Page},
    db::Sql,
    schema::Collection,
};

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
    /// Reads a record.
    ///
    /// # Errors
    /// `NOT_FOUND` if it is absent or deleted; those of the database.
    pub async fn load(
        &self,
        collection: &Arc<Collection>,
        _: RowFilter,
        id: &str,
    ) -> Result<Record> {
        let collection = Arc::clone(collection);
        let statement = by_id(&collection, id);
        let read = move |conn: &rusqlite::Connection| {
            let mut query = conn.prepare_cached(statement.text())?;
            let mut rows = query.query(params_from_iter(statement.args()))?;
            match rows.next()? {
                Some(row) => record::read(&collection, row),
                None => Err(Error::not_found()),
            }
        };
        self.db.read_by_key(read).await
    }

    /// Reads a page of records, and counts them all, in one snapshot.
    ///
    /// # Errors
    /// `SERVICE_UNAVAILABLE` if it takes too long; those of the database.
    pub async fn list(
        &self,
        collection: &Arc<Collection>,
        _: RowFilter,
        query: &ListQuery<'_>,
    ) -> Result<List> {
        let page = query.page;
        let (count, select) = (count(collection, query), page_of(collection, query));
        let collection = Arc::clone(collection);
        self.db
            .read(move |conn| {
                let mut counting = conn.prepare_cached(count.text())?;
                let total: Option<i64> = counting
                    .query_row(params_from_iter(count.args()), |row| row.get(0))
                    .optional()?;
                let mut query = conn.prepare_cached(select.text())?;
                let mut rows = query.query(params_from_iter(select.args()))?;
                let mut items = vec![b'['];
                while let Some(row) = rows.next()? {
                    if items.len() > 1 {
                        items.push(b',');
                    }
                    record::write(&collection, row, &mut items)?;
                }
                items.push(b']');
                let total = u64::try_from(total.unwrap_or(0)).unwrap_or(0);
                Ok(List { items, total, page })
            })
            .await
    }
}

/// The statement that selects a live record by its id.
pub(super) fn by_id(collection: &Collection, id: &str) -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.append_kept(collection.select_list());
    sql.push(" FROM ")
        .ident(&collection.name)
        .push(" WHERE id = ")
        .bind(id);
    if collection.is_soft() {
        sql.push(" AND deleted_at IS NULL");
    }
    sql
}

/// The statement that counts a list.
pub(super) fn count(collection: &Collection, query: &ListQuery<'_>) -> Sql {
    let mut sql = Sql::new("SELECT count(*)");
    push_source(&mut sql, collection, query);
    sql
}

/// The statement that selects a page of a list.
pub(super) fn page_of(collection: &Collection, query: &ListQuery<'_>) -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.append_kept(collection.select_list());
    push_source(&mut sql, collection, query);
    sql.push(" ORDER BY ")
        .join(&query.sort, ", ", |sql, (field, descending)| {
            sql.append(field.sql())
                .push(if *descending { " DESC" } else { " ASC" });
        });
    let number = |number| i64::try_from(number).unwrap_or(i64::MAX);
    sql.push(" LIMIT ").bind(number(query.page.size));
    sql.push(" OFFSET ").bind(number(query.page.offset()));
    sql
}

fn push_source(sql: &mut Sql, collection: &Collection, query: &ListQuery<'_>) {
    sql.push(" FROM ").ident(&collection.name);
    sql.push(if collection.is_soft() {
        " WHERE deleted_at IS NULL"
    } else {
        " WHERE TRUE"
    });
    for (field, value) in &query.equal {
        sql.push(" AND ")
            .append(field.sql())
            .push(" = ")
            .bind(value.clone());
    }
}
