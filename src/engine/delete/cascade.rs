//! Soft deletion: a record and all that goes along with it are marked, and stay in the file.

use super::{accounts, family::Family, plan::Plan};
use crate::{
    base::Id,
    db::{Sql, Value},
    engine::mutate::push_stamps,
    events::{Changes, Origin},
    schema::{Collection, Field, OnDelete, Schema},
};

/// Adds to `plan` what deletes `family` softly, all under one `_deletion`.
///
/// The guards against what points there stand behind the change: who goes along is deleted by
/// then, and in nobody's way.
pub fn add(plan: &mut Plan, schema: &Schema, family: &Family, origin: &Origin) {
    plan.push_all(family.still_hang_together());
    let deletion = Id::generate();
    for members in family.members() {
        let changes = Changes {
            collection: &members.collection,
            ids: &members.ids,
            origin,
        };
        plan.batch.push(changes.deleted());
        let mark = mark(&members.collection, &members.ids, deletion);
        plan.change_all(mark, &members.collection, &members.ids, Changes::MOVED);
    }
    for members in family.members() {
        for (other, field) in schema.references_to(&members.collection.name) {
            expect_no_live_child(plan, other, field, &members.ids);
        }
    }
    if let Some(users) = family.of("users") {
        plan.push_all(accounts::deleted(&users.ids));
    }
}

fn mark(collection: &Collection, ids: &[String], deletion: Id) -> Sql {
    let mut sql = Sql::new("UPDATE ");
    sql.ident(&collection.name)
        .push(" SET deleted_at = ")
        .bind(Value::CommitTime)
        // Shared by all that one deletion takes along; instants collide.
        .push(", _deletion = ")
        .bind(deletion)
        .push(", ");
    push_stamps(&mut sql);
    sql.push(" WHERE id")
        .within(ids)
        .push(" AND deleted_at IS NULL");
    sql
}

/// What waits for the purge may go on pointing here: records that are deleted for good, and those
/// whose relation is set to null then.
fn expect_no_live_child(plan: &mut Plan, other: &Collection, field: &Field, ids: &[String]) {
    let moved = match field.on_delete() {
        Some(OnDelete::Restrict) => None,
        Some(OnDelete::Cascade) if other.is_soft() => Some(Changes::MOVED),
        _ => return,
    };
    plan.expect_nothing_points((other, field), ids, moved, |sql| {
        if other.is_soft() {
            sql.push(" AND deleted_at IS NULL");
        }
    });
}
