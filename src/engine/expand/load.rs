//! The records that others lead to: all of a name by one statement, however many ask for them.

use std::collections::HashMap;

use rusqlite::{Connection, params_from_iter};

use super::{
    Branch, MAX_POINTING, Way,
    place::{self, Found, Room},
    places,
};
use crate::{
    base::Result,
    db::{Sql, Value},
    engine::{record::Form, sight::Mask},
    rules::{Names, Verdict},
};

/// What one of the records that point at another is called while they are counted out. No table
/// is called so, because names of tables begin with a letter.
const POINTING: &str = "_pointing";

/// The records of a name, with what is expanded in them.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    /// Each as JSON.
    pub records: Vec<Vec<u8>>,
    /// Which of them an id leads to, in their order.
    pub by: HashMap<String, Vec<usize>>,
}

/// Reads what these ids lead to.
pub(super) fn load(
    conn: &Connection,
    branch: &Branch,
    ids: &[String],
    now: &Value,
    room: &mut Room,
) -> Result<Loaded> {
    let mut loaded = Loaded::default();
    let select = match ids {
        [] => None,
        ids => select(branch, ids, now),
    };
    let Some((sql, mask)) = select else {
        return Ok(loaded);
    };
    let form = Form {
        mask,
        fields: branch.fields.clone(),
        has_deleted: false,
    };
    let asked = branch.collection.columns().count();
    let mut query = conn.prepare_cached(sql.text())?;
    let mut rows = query.query(params_from_iter(sql.args()))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let by: String = row.get(asked)?;
        loaded.by.entry(by).or_default().push(found.len());
        let record = Found::read(&branch.collection, &branch.branches, &form, row)?;
        room.take(record.len())?;
        found.push(record);
    }
    drop(rows);
    place::fill(conn, &branch.branches, &mut found, now, room)?;
    loaded.records = found.into_iter().map(Found::close).collect();
    Ok(loaded)
}

/// The statement that reads what ids lead to, and what is left out of its rows: the columns of the
/// collection, the id that leads there, and what a mask asks. None if nothing may be seen.
pub(super) fn select(branch: &Branch, ids: &[String], now: &Value) -> Option<(Sql, Mask)> {
    let (collection, rows) = (&branch.collection, &branch.rows);
    let mut sql = Sql::new("SELECT ");
    let also = places(&branch.branches);
    branch
        .fields
        .push_columns(&mut sql, collection, false, &also);
    sql.push(", _ids._id");
    let place = collection.columns().count() + 1;
    let mask = Mask::push(&mut sql, collection, rows, now, place);
    // The ids come first whatever SQLite thinks of the rest, so that each is searched for by an
    // index; and the table of `json_each`, whose columns could be fields, stays within.
    sql.push(" FROM (SELECT value AS _id FROM json_each(")
        .bind(Value::list(ids))
        .push(")) AS _ids CROSS JOIN ")
        .ident(&collection.name)
        .push(" ON ");
    match &branch.way {
        Way::One(_) | Way::List(_) => push_by_id(&mut sql, branch, now)?,
        Way::Here(column) => push_pointing(&mut sql, branch, column, now)?,
    }
    Some((sql, mask))
}

fn push_by_id(sql: &mut Sql, branch: &Branch, now: &Value) -> Option<()> {
    let collection = &branch.collection;
    let names = Names::table(&collection.name);
    sql.ident(&collection.name).push(".id = _ids._id");
    if collection.is_soft() {
        sql.push(" AND ").ident(&collection.name);
        sql.push(".deleted_at IS NULL");
    }
    push_condition(sql, branch.rows.rows(&names, now))
}

/// The newest that point at each, one more than are told: it says whether there are more. They are
/// found by the index of the relation, which has them in their order, so that neither the number
/// of them nor that of the collection matters.
fn push_pointing(sql: &mut Sql, branch: &Branch, column: &str, now: &Value) -> Option<()> {
    let collection = &branch.collection;
    sql.ident(&collection.name)
        .push("._row IN (SELECT _row FROM ");
    sql.ident(&collection.name).push(" AS ").ident(POINTING);
    sql.push(" WHERE ").ident(POINTING).push(".").ident(column);
    sql.push(" = _ids._id");
    if collection.is_soft() {
        sql.push(" AND ").ident(POINTING);
        sql.push(".deleted_at IS NULL");
    }
    let names = Names::table(POINTING);
    push_condition(sql, branch.rows.rows(&names, now))?;
    // One whose relation cannot be read does not point here, for all that anybody may know.
    push_condition(sql, branch.rows.reading(column, &names, now))?;
    push_newest_first(sql, POINTING);
    let most = i64::try_from(MAX_POINTING + 1).unwrap_or(i64::MAX);
    sql.push(" LIMIT ").bind(most).push(")");
    push_newest_first(sql, &collection.name);
    Some(())
}

fn push_newest_first(sql: &mut Sql, of: &str) {
    sql.push(" ORDER BY ").ident(of).push(".created_at DESC, ");
    sql.ident(of).push(".id DESC");
}

/// None if it never holds. By the `+` no index of its own is used for it, and no part of it becomes
/// a join that would come first: what else is found by a rule could be more than is asked for, and
/// would have to be sorted.
fn push_condition(sql: &mut Sql, verdict: Verdict) -> Option<()> {
    match verdict {
        Verdict::Always => {}
        Verdict::Never => return None,
        Verdict::When(condition) => {
            sql.push(" AND +(").append(condition).push(")");
        }
    }
    Some(())
}
