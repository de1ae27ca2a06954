//! Bringing back what one soft deletion took along, and nothing else.

use rusqlite::{Connection, OptionalExtension};

use super::{
    Restoration,
    family::{Family, Members},
    plan::Plan,
};
use crate::{
    access::RowFilter,
    base::{Error, Result},
    db::{Sql, Statement, Value},
    engine::{
        mutate::{Further, push_stamps},
        select,
        sight::Mask,
    },
    events::Changes,
    schema::{Collection, OnDelete, Schema},
};

/// What a restoration finds of a record.
pub enum Found {
    /// It is live.
    Live,
    /// It is deleted, by this deletion; a SQL shell may have left that out.
    Deleted(Option<String>),
}

/// Finds the deletion that a record belongs to.
///
/// # Errors
/// `NOT_FOUND` if there is no such record; those of the database.
pub fn find(conn: &Connection, collection: &Collection, id: &str) -> Result<Found> {
    let mut sql = Sql::new("SELECT deleted_at IS NULL, _deletion FROM ");
    sql.ident(&collection.name).push(" WHERE id = ?");
    let mut query = conn.prepare_cached(sql.text())?;
    let found = query.query_row([id], |row| {
        Ok(match row.get(0)? {
            true => Found::Live,
            false => Found::Deleted(row.get(1)?),
        })
    });
    found.optional()?.ok_or_else(Error::not_found)
}

/// The batch that brings back `family`, which is what `deletion` took along below the record, and
/// what is shown of the record in the row that comes back.
pub fn plan(
    schema: &Schema,
    collection: &Collection,
    rows: &RowFilter,
    restoration: &Restoration<'_>,
    deletion: Option<&str>,
    family: &Family,
) -> (Plan, Mask) {
    let mut plan = Plan::new(schema);
    let Further { first, last } = restoration.once.clone();
    plan.push_all(first);
    plan.push_all(restoration.first.iter().cloned());
    plan.expect_root(collection, restoration.id, restoration.expected, |_| {});
    plan.push_all(family.still_hang_together());
    for members in family.members() {
        let changes = Changes {
            collection: &members.collection,
            ids: &members.ids,
            origin: restoration.origin,
        };
        plan.batch.push(changes.restored());
        plan.change_kept(unmark(members, deletion), &changes);
        plan.batch.push(changes.completed());
    }
    for members in family.members() {
        expect_live_parents(&mut plan, schema, members);
    }
    plan.push_all(last);
    let (record, mask) = select::answer(collection, rows, restoration.id, &Value::CommitTime);
    plan.batch.push(Statement::from(record).kept());
    (plan, mask)
}

fn unmark(members: &Members, deletion: Option<&str>) -> Sql {
    let mut sql = Sql::new("UPDATE ");
    sql.ident(&members.collection.name)
        .push(" SET deleted_at = NULL, _deletion = NULL, ");
    push_stamps(&mut sql);
    sql.push(" WHERE id")
        .within(&members.ids)
        .push(" AND deleted_at IS NOT NULL AND _deletion IS ")
        .bind(deletion);
    sql
}

/// A live record may point at a deleted one only where the relation waits to be set to null.
fn expect_live_parents(plan: &mut Plan, schema: &Schema, members: &Members) {
    for field in &members.collection.fields {
        let parent = field.collection().and_then(|name| schema.by_name(name));
        let Some(parent) = parent.filter(|parent| parent.is_soft()) else {
            continue;
        };
        if field.on_delete() != Some(OnDelete::SetNull) {
            plan.expect_no_deleted_parent(members, field, &parent.name);
        }
    }
}
