//! A page of a list: its statements, read until it is full.

use std::sync::Arc;

use rusqlite::{Connection, params_from_iter};

use super::{
    expand::Expansion,
    query::{ListQuery, Trashed},
    record::{self, Form},
    search::Search,
    selection,
    sight::Mask,
    snippet::Marking,
};
use crate::{
    access::RowFilter,
    base::Result,
    db::{Sql, Value},
    schema::Collection,
};

/// How a page is read.
pub struct Plan {
    collection: Arc<Collection>,
    /// One after another, until the page is full.
    selects: Vec<Sql>,
    form: Form,
    /// Records on a full page.
    size: u64,
    /// Where in a row the values are that the list is sorted by.
    keys: Vec<usize>,
    /// What is put into each record, where anything is.
    expansion: Option<Arc<Expansion>>,
    now: Value,
    /// Which snippets it has.
    marking: Option<Marking>,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Taken {
    /// The records as a JSON array.
    pub items: Vec<u8>,
    /// The snippets of each as a JSON array, where something is looked for.
    pub snippets: Option<Vec<u8>>,
    /// Whether a record stands behind the page; never where nothing but the count tells that.
    pub has_more: bool,
    /// The position of the last record of a full page.
    pub last: Vec<Value>,
}

impl Taken {
    fn ended(mut self) -> Self {
        self.items.push(b']');
        if let Some(snippets) = &mut self.snippets {
            snippets.push(b']');
        }
        self
    }
}

/// Makes the plan of a page of a list, whose statements end with each of `ranges` in turn: behind
/// the conditions, ` AND ...`.
pub fn plan(
    collection: &Arc<Collection>,
    rows: &RowFilter,
    query: &ListQuery<'_>,
    conditions: &Sql,
    ranges: &[Sql],
    now: &Value,
) -> Plan {
    let has_deleted = query.trashed != Trashed::Without;
    let columns = || selection::columns(collection, has_deleted);
    let place = |column: &str| columns().position(|field| field.column == column);
    let keys: Vec<usize> = match query.cursor {
        Some(_) => query
            .sort
            .iter()
            .filter_map(|(key, _)| place(&key.column))
            .collect(),
        None => Vec::new(),
    };
    let mut head = Sql::new("SELECT ");
    let search = query.search.as_ref();
    let marking = search.map(|search| Marking::of(search, collection, place));
    let marked = marking.iter().flat_map(Marking::places);
    let expanded = query
        .expansion
        .iter()
        .flat_map(|expansion| expansion.places());
    let also: Vec<usize> = keys.iter().copied().chain(marked).chain(expanded).collect();
    query
        .fields
        .push_columns(&mut head, collection, has_deleted, &also);
    let mask = Mask::push(&mut head, collection, rows, now, columns().count());
    match search.filter(|search| search.is_ranked) {
        Some(search) => push_ranked(&mut head, search, query, conditions),
        None => push_source(&mut head, collection, query, conditions),
    }
    let selects = ranges.iter().map(|range| {
        let mut sql = head.clone();
        sql.append_kept(range);
        push_order(&mut sql, query);
        sql
    });
    Plan {
        selects: selects.collect(),
        form: Form {
            mask,
            fields: query.fields.clone(),
            has_deleted,
        },
        size: query.page.size,
        keys,
        expansion: query.expansion.clone(),
        now: now.clone(),
        marking,
        collection: Arc::clone(collection),
    }
}

impl Plan {
    /// Reads the page. Several statements need one snapshot.
    ///
    /// # Errors
    /// Those of the database.
    pub fn take(&self, conn: &Connection) -> Result<Taken> {
        let marker = self.marking.as_ref().map(Marking::marker).transpose()?;
        let mut taken = Taken {
            snippets: marker.is_some().then(|| b"[".to_vec()),
            ..Taken::default()
        };
        taken.items.push(b'[');
        let (mut count, mut found) = (0, Vec::new());
        'page: for select in &self.selects {
            let mut query = conn.prepare_cached(select.text())?;
            let mut rows = query.query(params_from_iter(select.args()))?;
            while let Some(row) = rows.next()? {
                if count == self.size {
                    taken.has_more = true;
                    break 'page;
                }
                let (collection, form) = (&self.collection, &self.form);
                match &self.expansion {
                    Some(expansion) => found.push(expansion.read(collection, form, row)?),
                    None => write_next(collection, form, row, &mut taken.items)?,
                }
                if let (Some(marker), Some(snippets)) = (&marker, &mut taken.snippets) {
                    marker.write(row, snippets)?;
                }
                count += 1;
                if count == self.size {
                    taken.last = self.position(row)?;
                }
            }
        }
        if let Some(expansion) = &self.expansion {
            let records = expansion.fill(conn, found, &self.now)?;
            taken.items.extend(records.join(&b','));
        }
        Ok(taken.ended())
    }

    /// Gives the records of a page to `take`, one by one, until it says that this is enough. The
    /// position of the last one, if others may stand behind it.
    ///
    /// # Errors
    /// Those of the database, and of `take`.
    pub fn each(
        &self,
        conn: &Connection,
        mut take: impl FnMut(&Form, &rusqlite::Row<'_>) -> Result<bool>,
    ) -> Result<Option<Vec<Value>>> {
        let mut count = 0;
        for select in &self.selects {
            let mut query = conn.prepare_cached(select.text())?;
            let mut rows = query.query(params_from_iter(select.args()))?;
            while let Some(row) = rows.next()? {
                count += 1;
                if !take(&self.form, row)? || count == self.size {
                    return self.position(row).map(Some);
                }
            }
        }
        Ok(None)
    }

    /// What of a row is told.
    pub fn form(&self) -> &Form {
        &self.form
    }

    fn position(&self, row: &rusqlite::Row<'_>) -> Result<Vec<Value>> {
        let values = self.keys.iter();
        values
            .map(|place| Value::from_row(row.get_ref(*place)?))
            .collect()
    }

    /// The statements, in their order.
    #[cfg(test)]
    pub fn into_statements(self) -> Vec<Sql> {
        self.selects
    }
}

/// Writes a record behind those that stand in an array already.
fn write_next(
    collection: &Collection,
    form: &Form,
    row: &rusqlite::Row<'_>,
    items: &mut Vec<u8>,
) -> Result<()> {
    if items.len() > 1 {
        items.push(b',');
    }
    record::write(collection, form, row, items)
}

/// ` FROM ... WHERE ...`: the records of a list.
pub fn push_source(
    sql: &mut Sql,
    collection: &Collection,
    query: &ListQuery<'_>,
    conditions: &Sql,
) {
    sql.push(" FROM ").ident(&collection.name).push(" WHERE ");
    push_fitting(sql, query, conditions);
}

/// The same with what they are ranked by.
fn push_ranked(sql: &mut Sql, search: &Search, query: &ListQuery<'_>, conditions: &Sql) {
    sql.push(" FROM ");
    search.push_ranked(query.collection, sql);
    // Those that were found are looked up, never the other way round.
    sql.push(" AS _found CROSS JOIN ")
        .ident(&query.collection.name);
    sql.push(" ON ").ident(&query.collection.name);
    sql.push("._row = _found._hit WHERE ");
    push_fitting(sql, query, conditions);
}

fn push_fitting(sql: &mut Sql, query: &ListQuery<'_>, conditions: &Sql) {
    sql.push(match query.trashed {
        Trashed::Without if query.collection.is_soft() => "deleted_at IS NULL",
        Trashed::Only => "deleted_at IS NOT NULL",
        Trashed::Without | Trashed::With => "TRUE",
    });
    sql.append_kept(conditions);
}

fn push_order(sql: &mut Sql, query: &ListQuery<'_>) {
    sql.push(" ORDER BY ");
    if query.is_ranked() {
        sql.push("_found._rank, ");
    }
    sql.join(&query.sort, ", ", |sql, (field, descending)| {
        sql.append(field.sql())
            .push(if *descending { " DESC" } else { " ASC" });
    });
    let number = |number| i64::try_from(number).unwrap_or(i64::MAX);
    // Where nothing counts the list, one record more says whether another page follows.
    let is_told_by_count = query.cursor.is_none() && query.is_counted;
    let limit = query.page.size + u64::from(!is_told_by_count);
    sql.push(" LIMIT ").bind(number(limit));
    if query.cursor.is_none() {
        sql.push(" OFFSET ").bind(number(query.page.offset()));
    }
}
