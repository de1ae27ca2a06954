//! Reading records: one by its id, or a page of a list.

use std::sync::Arc;

use rusqlite::params_from_iter;

use super::{
    Engine, order,
    page::{self, Plan, Taken, push_source},
    query::ListQuery,
    record::{self, Form, Record},
    sight::Mask,
};
use crate::{
    access::RowFilter,
    base::{
        Error, Id, Result,
        page::{Paging, Place},
    },
    cache::Key,
    db::{Part, Row, Sql, Value},
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
        let mut needs = rows.needs();
        for condition in &query.conditions {
            needs.extend(&condition.needs);
        }
        let tables = needs.tables.iter().map(String::as_str);
        let parts: Vec<Part> = tables
            .chain([query.collection.name.as_str()])
            .map(Part::records)
            .collect();
        let generation = self.db.generation(&parts);
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
