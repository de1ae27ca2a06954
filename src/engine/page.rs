//! A page of a list: its statements, read until it is full.

use std::sync::Arc;

use rusqlite::{Connection, params_from_iter};

use super::{
    query::{ListQuery, Trashed},
    record::{self, Form},
    selection,
    sight::Mask,
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
}

/// What was read.
#[derive(Debug, Default)]
pub struct Taken {
    /// The records as a JSON array.
    pub items: Vec<u8>,
    /// Whether a record stands behind the page; never where nothing but the count tells that.
    pub has_more: bool,
    /// The position of the last record of a full page.
    pub last: Vec<Value>,
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
    push_columns(&mut head, collection, query, &keys);
    let mask = Mask::push(&mut head, collection, rows, now, columns().count());
    push_source(&mut head, collection, query, conditions);
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
        collection: Arc::clone(collection),
    }
}

impl Plan {
    /// Reads the page. Several statements need one snapshot.
    ///
    /// # Errors
    /// Those of the database.
    pub fn take(&self, conn: &Connection) -> Result<Taken> {
        let mut taken = Taken::default();
        taken.items.push(b'[');
        let mut count = 0;
        for select in &self.selects {
            let mut query = conn.prepare_cached(select.text())?;
            let mut rows = query.query(params_from_iter(select.args()))?;
            while let Some(row) = rows.next()? {
                if count == self.size {
                    taken.has_more = true;
                    taken.items.push(b']');
                    return Ok(taken);
                }
                if count > 0 {
                    taken.items.push(b',');
                }
                record::write(&self.collection, &self.form, row, &mut taken.items)?;
                count += 1;
                if count == self.size {
                    taken.last = self.position(row)?;
                }
            }
        }
        taken.items.push(b']');
        Ok(taken)
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

/// What is not asked for is not read either, but keeps its place in the row.
fn push_columns(sql: &mut Sql, collection: &Collection, query: &ListQuery<'_>, keys: &[usize]) {
    let has_deleted = query.trashed != Trashed::Without;
    if query.fields.is_all() {
        sql.append_kept(collection.select_list());
        if has_deleted {
            sql.push(", deleted_at");
        }
        return;
    }
    let columns = selection::columns(collection, has_deleted).enumerate();
    sql.join(columns, ", ", |sql, (place, field)| {
        if query.fields.has(place) || keys.contains(&place) {
            sql.append(field.shown_sql(&collection.name));
        } else {
            sql.push("NULL");
        }
    });
}

/// ` FROM ... WHERE ...`: the records of a list.
pub fn push_source(
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

fn push_order(sql: &mut Sql, query: &ListQuery<'_>) {
    sql.push(" ORDER BY ")
        .join(&query.sort, ", ", |sql, (field, descending)| {
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
