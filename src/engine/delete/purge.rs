//! Deletion for good: rows go, and only their ids stay, so that none is ever used twice.

use std::sync::Arc;

use super::{
    accounts,
    family::{Family, Members, push_points, sets_null},
    order,
    plan::Plan,
};
use crate::{
    db::{Sql, Statement, Value},
    engine::{account::admin_is_left_without, idempotency, mutate::push_stamps},
    events::{Changes, Histories, Origin, emptied},
    schema::{Collection, Field, OnDelete, Schema},
};

/// What is still told of records that are gone for good.
#[derive(Clone, Copy, Debug)]
pub enum Trace<'a> {
    /// Their events stay as they are, with what the records were.
    Kept,
    /// Their events say that they were there, and nothing else.
    Emptied(&'a Histories),
}

/// Adds to `plan` the expectations that can be met before anything is changed.
pub fn expect(plan: &mut Plan, schema: &Schema, family: &Family) {
    plan.push_all(family.still_hang_together());
    expect_no_children(plan, schema, family, |field| !sets_null(field));
    if let Some(users) = family.of("users") {
        plan.batch.push(admin_is_left_without(&users.ids));
    }
}

/// Adds to `plan` what deletes the rows of `family`, behind what it expects.
pub fn add(plan: &mut Plan, schema: &Schema, family: &Family, origin: &Origin, trace: Trace<'_>) {
    expect(plan, schema, family);
    for (table, fields, ids) in family.orphans() {
        if let Some(collection) = schema.by_name(table) {
            set_null(plan, collection, fields, ids, family, origin);
        }
    }
    expect_no_children(plan, schema, family, sets_null);
    for members in family.members() {
        tell(plan, members, origin, trace);
    }
    if let Some(users) = family.of("users") {
        plan.push_all(accounts::purged(&users.ids));
    }
    for step in order::children_first(family.members()) {
        match step {
            order::Step::Loosen(members, fields) => {
                let sql = clear(&members.collection, &fields, &members.ids, family);
                plan.change_all(sql, &members.collection, &members.ids, Changes::MOVED);
            }
            order::Step::Delete(members) => delete(plan, members),
        }
    }
}

/// Sets the relations to null of what stays.
fn set_null(
    plan: &mut Plan,
    collection: &Collection,
    places: &[usize],
    ids: &[String],
    family: &Family,
    origin: &Origin,
) {
    let fields: Vec<&Field> = places
        .iter()
        .filter_map(|place| collection.fields.get(*place))
        .collect();
    let changes = Changes {
        collection,
        ids,
        origin,
    };
    let mut sql = clear(collection, &fields, ids, family);
    for field in &fields {
        sql.push(" AND ");
        push_points(&mut sql, collection, field, gone(family, field));
    }
    plan.batch.push(changes.updated(&fields));
    plan.change_all(sql, collection, ids, Changes::MOVED);
    plan.batch.push(changes.completed());
}

/// The members that a relation points at.
fn gone<'a>(family: &'a Family, field: &Field) -> &'a [String] {
    let members = field.collection().and_then(|target| family.of(target));
    members
        .map(|members| members.ids.as_slice())
        .unwrap_or_default()
}

/// Takes the family out of these relations, and out of lists of them.
fn clear(collection: &Collection, fields: &[&Field], ids: &[String], family: &Family) -> Sql {
    let mut sql = Sql::new("UPDATE ");
    sql.ident(&collection.name).push(" SET ");
    for field in fields {
        sql.ident(&field.column);
        if field.is_many() {
            sql.push(" = (SELECT json_group_array(value) FROM (SELECT value FROM json_each(");
            sql.ident(&field.column).push(") WHERE value NOT");
            sql.within(gone(family, field)).push(" ORDER BY key)), ");
        } else {
            sql.push(" = NULL, ");
        }
    }
    push_stamps(&mut sql);
    sql.push(" WHERE id").within(ids);
    sql
}

/// Expects that nobody else points at the family by the fields that `are_meant`.
fn expect_no_children(
    plan: &mut Plan,
    schema: &Schema,
    family: &Family,
    are_meant: impl Fn(&Field) -> bool,
) {
    for members in family.members() {
        let references = schema.references_to(&members.collection.name);
        for reference in references.filter(|(_, field)| are_meant(field)) {
            expect_no_child(plan, reference, members, family);
        }
    }
}

/// Deleted records are in the way, too: their foreign keys would break.
fn expect_no_child(
    plan: &mut Plan,
    (other, field): (&Arc<Collection>, &Field),
    members: &Members,
    family: &Family,
) {
    let restricts = field.on_delete() == Some(OnDelete::Restrict);
    let moved = (!restricts).then_some(Changes::MOVED);
    plan.expect_nothing_points((other, field), &members.ids, moved, |sql| {
        if let Some(gone) = family.of(&other.name) {
            sql.push(" AND id NOT").within(&gone.ids);
        }
    });
}

fn tell(plan: &mut Plan, members: &Members, origin: &Origin, trace: Trace<'_>) {
    let changes = Changes {
        collection: &members.collection,
        ids: &members.ids,
        origin,
    };
    match trace {
        Trace::Kept => plan.batch.push(changes.deleted()),
        Trace::Emptied(histories) => {
            let known: Vec<i64> = histories
                .events(&members.collection.name, &members.ids)
                .collect();
            if !known.is_empty() {
                plan.batch.push(emptied(&known));
            }
            // Others may have changed the records since their events were looked for.
            plan.batch.push(changes.emptied_behind(histories.upto()));
            plan.batch.push(changes.purged());
            let kept = idempotency::empty_images(&members.collection, &members.ids);
            plan.batch.push(kept);
        }
    }
}

fn delete(plan: &mut Plan, members: &Members) {
    let mut sql = Sql::new("DELETE FROM ");
    sql.ident(&members.collection.name)
        .push(" WHERE id")
        .within(&members.ids);
    plan.change_all(sql, &members.collection, &members.ids, Changes::MOVED);
    plan.batch.push(bury(members));
}

fn bury(members: &Members) -> Statement {
    Statement::new(
        "INSERT INTO _tombstones (collection, record_id, created_at)
         SELECT ?, value, ? FROM json_each(?)",
        vec![
            members.collection.name.as_str().into(),
            Value::CommitTime,
            Value::list(&members.ids),
        ],
    )
}
