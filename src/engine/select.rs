//! Reading records: one by its id, or a page of a list.

use std::sync::Arc;

use rusqlite::params_from_iter;

use super::{
    Engine,
    query::{ListQuery, Trashed},
    record::{self, Record},
};
use crate::{
    access::RowFilter,
    base::{Error, Id, Result, page::Page},
    db::{Part, Sql},
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
    /// Reads a record, from memory where it is kept.
    ///
    /// # Errors
    /// `NOT_FOUND` if it is absent or deleted; those of the database.
    pub async fn load(
        &self,
        collection: &Arc<Collection>,
        _: RowFilter,
        id: &str,
    ) -> Result<Arc<Record>> {
        let key = Id::parse(id).ok_or_else(Error::not_found)?;
        let key = (collection.revision, key);
        let generation = self.db.generation(&[Part::record(&collection.name, id)]);
        let load = async { self.read(collection, id).await.map(Arc::new) };
        self.caches.records.get(key, generation, load).await
    }

    async fn read(&self, collection: &Arc<Collection>, id: &str) -> Result<Record> {
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

    /// Reads a page of records, and how many there are of them all.
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
        let total = self.total(collection, query).await?;
        let select = page_of(collection, query);
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
                    record::write_trashed(&collection, row, &mut items)?;
                } else {
                    record::write(&collection, row, &mut items)?;
                }
            }
            items.push(b']');
            Ok(List { items, total, page })
        };
        self.db.read(read).await
    }

    /// How many records a list has on all its pages, from memory where it is kept.
    async fn total(&self, collection: &Collection, query: &ListQuery<'_>) -> Result<u64> {
        let generation = self.db.generation(&[Part::records(&collection.name)]);
        let count = count(collection, query);
        let key = format!("{} {:?}", count.text(), count.args()).into();
        let read = move |conn: &rusqlite::Connection| {
            let mut counting = conn.prepare_cached(count.text())?;
            let total: i64 =
                counting.query_row(params_from_iter(count.args()), |row| row.get(0))?;
            Ok(u64::try_from(total).unwrap_or(0))
        };
        let load = async { self.db.read(read).await };
        self.caches.totals.get(key, generation, load).await
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
    if query.trashed != Trashed::Without {
        sql.push(", deleted_at");
    }
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
    sql.push(match query.trashed {
        Trashed::Without if collection.is_soft() => " WHERE deleted_at IS NULL",
        Trashed::Only => " WHERE deleted_at IS NOT NULL",
        Trashed::Without | Trashed::With => " WHERE TRUE",
    });
    for (field, value) in &query.equal {
        sql.push(" AND ")
            .append(field.sql())
            .push(" = ")
            .bind(value.clone());
    }
}
