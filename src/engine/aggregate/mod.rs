//! Aggregates: records taken together in groups, with what is computed over each.
//!
//! The database groups and adds up; which groups are shown, and in what order, is decided here,
//! where sums are exact. Owns no rights: the records are those of a list, and `query` lets only
//! fields take part that the caller may read in every record.

mod amount;
mod having;
mod query;
mod term;

use std::{cmp::Ordering, sync::Arc};

use rusqlite::params_from_iter;

pub use query::AggregateQuery;

use self::{
    having::Having,
    term::{Cell, Term},
};
use super::{Engine, list, page};
use crate::{
    access::RowFilter,
    base::{Code, Error, Result},
    cache::Key,
    db::{Sql, Value},
    schema::Collection,
};

/// Most groups of one answer.
const MAX_GROUPS: usize = 1_000;

impl Engine {
    /// Takes records together: a JSON array with an object for each group.
    ///
    /// # Errors
    /// `UNPROCESSABLE` for more than 1,000 groups, and where a sum of doubles is beyond them;
    /// `SERVICE_UNAVAILABLE` if it takes too long; those of the database.
    pub async fn aggregate(
        &self,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        query: AggregateQuery<'_>,
    ) -> Result<Arc<Vec<u8>>> {
        let select = statement(collection, rows, &query, &self.now());
        let parts = list::hangs_on(rows, &query.list);
        let question = format!("{} {:?} {}", select.text(), select.args(), query.written);
        let key = Key {
            revision: collection.revision,
            text: Some(question.into()),
            ..Key::default()
        };
        let groups = Groups {
            terms: query.terms,
            grouped: query.grouped,
            having: query.having,
            sort: query.sort,
        };
        let load = async { self.db.read(move |conn| groups.read(conn, &select)).await };
        let Some(parts) = parts else {
            return load.await.map(Arc::new);
        };
        let generation = self.db.generation(&parts);
        self.caches.aggregates.get(key, generation, load).await
    }
}

/// The statement that groups and computes.
pub(super) fn statement(
    collection: &Collection,
    rows: &RowFilter,
    query: &AggregateQuery<'_>,
    now: &Value,
) -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.join(&query.terms, ", ", |sql, term| term.push(sql));
    let names = list::listing(collection);
    let conditions = list::conditions(&names, rows, &query.list, now);
    let conditions = conditions.unwrap_or_else(list::nothing);
    page::push_source(&mut sql, collection, &query.list, &conditions);
    // By places, because a part of an instant is not the same expression to SQLite when it is
    // written again with a parameter.
    for (place, _) in PLACES.iter().zip(0..query.grouped) {
        sql.push(place);
    }
    sql
}

/// One for each column that may be grouped by.
const PLACES: &[&str] = &[
    " GROUP BY 1",
    ", 2",
    ", 3",
    ", 4",
    ", 5",
    ", 6",
    ", 7",
    ", 8",
];

/// How groups are read.
struct Groups {
    terms: Vec<Term>,
    grouped: usize,
    having: Option<Having>,
    sort: Vec<(usize, bool)>,
}

impl Groups {
    fn read(&self, conn: &rusqlite::Connection, select: &Sql) -> Result<Vec<u8>> {
        let mut query = conn.prepare_cached(select.text())?;
        let mut rows = query.query(params_from_iter(select.args()))?;
        let mut groups = Vec::new();
        while let Some(row) = rows.next()? {
            let cells = self.cells(row)?;
            if self
                .having
                .as_ref()
                .is_some_and(|having| !having.holds(&cells))
            {
                continue;
            }
            if groups.len() == MAX_GROUPS {
                return Err(too_many());
            }
            groups.push(cells);
        }
        groups.sort_by(|a, b| self.order(a, b));
        Ok(self.json(&groups))
    }

    fn cells(&self, row: &rusqlite::Row<'_>) -> Result<Vec<Cell>> {
        let mut at = 0;
        let mut read = |term: &Term| {
            let cell = term.read(row, at);
            at += term.width();
            cell
        };
        self.terms.iter().map(&mut read).collect()
    }

    /// As was asked for, then by what they are grouped by, in rising order.
    fn order(&self, a: &[Cell], b: &[Cell]) -> Ordering {
        let groups = (0..self.grouped).map(|place| (place, false));
        let keys = self.sort.iter().copied().chain(groups);
        keys.map(|(place, descending)| {
            let order = match (a.get(place), b.get(place)) {
                (Some(a), Some(b)) => a.order(b),
                _ => Ordering::Equal,
            };
            if descending { order.reverse() } else { order }
        })
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
    }

    /// Names in the API are letters and digits, and those of functions too, so none needs an escape.
    fn json(&self, groups: &[Vec<Cell>]) -> Vec<u8> {
        let mut out = vec![b'['];
        for (i, cells) in groups.iter().enumerate() {
            out.extend_from_slice(if i > 0 { b",{" } else { b"{" });
            for (place, (term, cell)) in self.terms.iter().zip(cells).enumerate() {
                out.extend_from_slice(if place > 0 { b",\"" } else { b"\"" });
                out.extend_from_slice(term.name.as_bytes());
                out.extend_from_slice(b"\":");
                term.write(cell, &mut out);
            }
            out.push(b'}');
        }
        out.push(b']');
        out
    }
}

fn too_many() -> Error {
    let message = format!("More than {MAX_GROUPS} groups; ask for fewer by a filter or by having");
    Error::new(Code::Unprocessable, message)
}
