//! Reading a page of a list, and how many records there are of it all.

use std::sync::Arc;

use rusqlite::params_from_iter;

use super::{
    Engine, order,
    page::{self, Plan, Taken, push_source},
    query::ListQuery,
};
use crate::{
    access::RowFilter,
    base::{
        Result,
        page::{Paging, Place},
    },
    cache::Key,
    db::{Part, Sql, Value},
    rules::{Checked, Names, Verdict, Walk, partial},
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
    /// Where the words of a search stand in each of them, as a JSON array; none without a search.
    pub snippets: Option<Vec<u8>>,
    /// Where it stands.
    pub paging: Paging,
}

impl Engine {
    /// Reads a page of records, and how many there are of them all where that is asked for.
    ///
    /// # Errors
    /// `INVALID_INPUT` for a cursor of another list; `UNPROCESSABLE` where none can be made for
    /// the next page; `SERVICE_UNAVAILABLE` if it takes too long; those of the database.
    pub async fn list(
        &self,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        query: &ListQuery<'_>,
    ) -> Result<List> {
        let now = self.now();
        let behind = match &query.cursor {
            Some(cursor) => self.cursors.open(cursor, collection, query)?,
            None => None,
        };
        let Some(all) = conditions(&listing(collection), rows, query, &now) else {
            let items = b"[]".to_vec();
            let snippets = query.search.is_some().then(|| b"[]".to_vec());
            let paging = self.paging(collection, query, query.is_counted.then_some(0), None)?;
            return Ok(List {
                items,
                snippets,
                paging,
            });
        };
        let total = if query.is_counted {
            let count = count(collection, query, &all);
            Some(self.total(rows, query, count).await?)
        } else {
            None
        };
        let walked = walked(collection, rows, query, &now);
        let found = match (total, &walked) {
            (Some(total), _) => total,
            // Where the walk may use all indexes that the conditions name, there is no choice.
            (None, Some(walked)) if *walked != all => self.about(rows, query, &all).await?,
            (None, _) => u64::MAX,
        };
        let conditions = match query.is_ranked() {
            // What is looked for leads there, and need not be asked once more.
            true => filters(&listing(collection), rows, query, &now).unwrap_or_default(),
            false => chosen(all, walked, found),
        };
        let behind = behind.as_deref();
        let plan = page_of(collection, rows, query, &conditions, behind, &now);
        let is_near = query.page.offset() <= SORTED;
        let taken = if is_near && query.is_in_default_order() && query.search.is_none() {
            self.db.read_soon(move |conn| plan.take(conn)).await?
        } else {
            self.db.read(move |conn| plan.take(conn)).await?
        };
        let paging = self.paging(collection, query, total, Some(&taken))?;
        Ok(List {
            items: taken.items,
            snippets: taken.snippets,
            paging,
        })
    }

    /// Where a page stands; nothing was taken for one that can have no records.
    fn paging(
        &self,
        collection: &Collection,
        query: &ListQuery<'_>,
        total: Option<u64>,
        taken: Option<&Taken>,
    ) -> Result<Paging> {
        let more = taken.filter(|taken| taken.has_more);
        let place = match (&query.cursor, total) {
            (None, Some(total)) => return Ok(Paging::counted(query.page, total)),
            (None, None) => Place::Number {
                number: query.page.number,
                has_next: more.is_some(),
            },
            (Some(_), _) => {
                let seal = |taken: &Taken| self.cursors.seal(&taken.last, collection, query);
                Place::Cursor(more.map(seal).transpose()?)
            }
        };
        Ok(Paging {
            size: query.page.size,
            total,
            place,
        })
    }

    /// How many live records of a collection `rows` are, from memory where that is kept.
    ///
    /// # Errors
    /// `SERVICE_UNAVAILABLE` if it takes too long; those of the database.
    pub async fn count(&self, collection: &Arc<Collection>, rows: &RowFilter) -> Result<u64> {
        let definitions = self.catalog.now();
        let query = ListQuery::parse(&definitions, collection, rows, std::iter::empty())?;
        let all = conditions(&listing(collection), rows, &query, &self.now());
        match all {
            Some(all) => {
                let count = count(collection, &query, &all);
                self.total(rows, &query, count).await
            }
            None => Ok(0),
        }
    }

    /// How many records an uncounted list has, up to where it matters for how a page is found.
    async fn about(&self, rows: &RowFilter, query: &ListQuery<'_>, all: &Sql) -> Result<u64> {
        let mut sql = Sql::new("SELECT count(*) FROM (SELECT 1");
        push_source(&mut sql, query.collection, query, all);
        let enough = i64::try_from(SORTED + 1).unwrap_or(i64::MAX);
        sql.push(" LIMIT ").bind(enough).push(")");
        self.total(rows, query, sql).await
    }

    /// What a statement counts of a list, from memory where it is kept.
    async fn total(&self, rows: &RowFilter, query: &ListQuery<'_>, count: Sql) -> Result<u64> {
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
        let Some(parts) = hangs_on(rows, query) else {
            return self.db.read(read).await;
        };
        let generation = self.db.generation(&parts);
        let load = async { self.db.read(read).await };
        let total = self.caches.totals.get(key, generation, load).await?;
        Ok(*total)
    }
}

/// The parts of the content that an answer about many records hangs on; none where it hangs on the
/// time as well, and so cannot be kept.
pub(super) fn hangs_on(rows: &RowFilter, query: &ListQuery<'_>) -> Option<Vec<Part>> {
    let mut needs = rows.needs();
    for condition in &query.conditions {
        needs.extend(&condition.needs);
    }
    let tables = needs.tables.iter().map(String::as_str);
    let tables = tables.chain([query.collection.name.as_str()]);
    (!needs.now).then(|| tables.map(Part::records).collect())
}

/// The statements of a list that has `total` records: the first of a page of it, and the count of
/// it all; none if nothing can be on it.
#[cfg(test)]
pub fn statements(
    collection: &Arc<Collection>,
    rows: &RowFilter,
    query: &ListQuery<'_>,
    total: u64,
    now: &Value,
) -> Option<[Sql; 2]> {
    let all = conditions(&listing(collection), rows, query, now)?;
    let page = statements_behind(collection, rows, query, total, None, now);
    Some([page.into_iter().next()?, count(collection, query, &all)])
}

/// All statements of a page, which begins behind a position where one is given.
#[cfg(test)]
pub fn statements_behind(
    collection: &Arc<Collection>,
    rows: &RowFilter,
    query: &ListQuery<'_>,
    total: u64,
    behind: Option<&[Value]>,
    now: &Value,
) -> Vec<Sql> {
    let names = listing(collection);
    let conditions = match query.is_ranked() {
        true => filters(&names, rows, query, now).unwrap_or_default(),
        false => {
            let all = conditions(&names, rows, query, now).unwrap_or_default();
            chosen(all, walked(collection, rows, query, now), total)
        }
    };
    page_of(collection, rows, query, &conditions, behind, now).into_statements()
}

/// What the records of a list must fulfil, as ` AND ...`; none if nothing can.
pub(super) fn conditions(
    names: &Names,
    rows: &RowFilter,
    query: &ListQuery<'_>,
    now: &Value,
) -> Option<Sql> {
    let mut sql = filters(names, rows, query, now)?;
    if let Some(search) = &query.search {
        sql.push(" AND ");
        search.push_condition(query.collection, names.walk.is_some(), &mut sql);
    }
    Some(sql)
}

/// The same without what is looked for in their texts.
fn filters(names: &Names, rows: &RowFilter, query: &ListQuery<'_>, now: &Value) -> Option<Sql> {
    let mut sql = matching(names, rows, &query.conditions, now)?;
    // A walk takes the index of its order, whatever else there is.
    if names.walk.is_none() {
        let filters = query.conditions.iter().map(|filter| &*filter.condition);
        for part in partial::asked(query.collection, filters) {
            sql.push(" AND ").append_kept(part);
        }
    }
    Some(sql)
}

/// What records fulfil that may be seen and fit all `filters`, as ` AND ...`; none if nothing can.
pub(super) fn matching(
    names: &Names,
    rows: &RowFilter,
    filters: &[Checked],
    now: &Value,
) -> Option<Sql> {
    let filters = filters.iter();
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

/// What records are called in a statement that looks for many.
pub(super) fn listing(collection: &Collection) -> Names {
    Names {
        searches: true,
        ..Names::table(&collection.name)
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

/// The conditions of a statement that walks a list in the default order; none in another order, or
/// if nothing can be on it.
pub(super) fn walked(
    collection: &Collection,
    rows: &RowFilter,
    query: &ListQuery<'_>,
    now: &Value,
) -> Option<Sql> {
    let is_walked = query.is_in_default_order();
    is_walked.then(|| conditions(&walking(collection), rows, query, now))?
}

/// The conditions by which a page is found of a list that has so many records.
fn chosen(all: Sql, walked: Option<Sql>, found: u64) -> Sql {
    walked.filter(|_| found > SORTED).unwrap_or(all)
}

/// How a page of a list is read, `behind` a position where one is given.
pub(super) fn page_of(
    collection: &Arc<Collection>,
    rows: &RowFilter,
    query: &ListQuery<'_>,
    conditions: &Sql,
    behind: Option<&[Value]>,
    now: &Value,
) -> Plan {
    let stretches = behind.map(|behind| order::stretches(&query.sort, behind));
    let ranges = match stretches {
        None => vec![Sql::default()],
        Some(stretches) if query.is_indexed() => stretches,
        Some(stretches) => vec![order::at_once(stretches)],
    };
    page::plan(collection, rows, query, conditions, &ranges, now)
}

/// The condition that no record fulfils.
pub(super) fn nothing() -> Sql {
    Sql::new(" AND FALSE")
}
