//! Deleting records: softly or for good, and never from under a record that points there.

use std::sync::Arc;

use super::{
    Engine,
    cache::touching,
    mutate::{Expected, push_stamps, push_where, tag},
};
use crate::{
    access::RowFilter,
    base::{Error, Id, Result},
    db::{Batch, Expect, Sql, Statement, Tag, Value, WriteError},
    events::{Change, Origin},
    schema::{Collection, Field, Schema},
};

/// How often a deletion is tried again that a change of definitions has overtaken.
const TRIES: usize = 5;

impl Engine {
    /// Deletes a record, softly or for good as its collection says.
    ///
    /// # Errors
    /// `NOT_FOUND`, `PRECONDITION_FAILED`, `CONFLICT` while live records point at it, those of a
    /// write.
    pub async fn delete(
        &self,
        collection: &Arc<Collection>,
        _: RowFilter,
        id: &str,
        expected: Expected,
        origin: &Origin,
    ) -> Result<()> {
        let event = Change {
            collection,
            id,
            origin,
        };
        for _ in 0..TRIES {
            let schema = self.catalog.schema();
            let batch = deletion(&schema, &event, expected);
            let Err(error) = self.db.write(batch).await else {
                return Ok(());
            };
            if !self.was_overtaken(collection, &schema, &error) {
                return Err(self.refusal(collection, expected, &schema, error));
            }
        }
        Err(Error::unavailable(
            "Too many changes of definitions at once",
            1,
        ))
    }

    /// True if other definitions came between a batch and the `schema` that it was built by: it
    /// may name tables that are gone, or miss some that are new.
    fn was_overtaken(&self, collection: &Collection, schema: &Schema, error: &WriteError) -> bool {
        let may_be = matches!(
            error,
            WriteError::Guard(_) | WriteError::Constraint(_) | WriteError::Fault(_)
        );
        let now = self.catalog.schema();
        may_be && !std::ptr::eq(&*now, schema) && self.is_current(collection)
    }
}

fn deletion(schema: &Schema, event: &Change<'_>, expected: Expected) -> Batch {
    let (collection, id) = (event.collection, event.id);
    let delete = delete(collection, id, expected);
    let mut batch = Batch::new()
        .with(nothing_is_newer(schema))
        .with_all(nothing_points_at(schema, collection, id))
        .with(event.deleted())
        .with(delete.expecting(Expect::Changed(1), tag::VERSION));
    if !collection.is_soft() {
        batch.push(bury(collection, id));
    }
    touching(batch, collection, id)
}

/// Expects that no definition came behind those of `schema`, which could point here, too. Those
/// that are gone need no guard: they show as tables that are not there.
fn nothing_is_newer(schema: &Schema) -> Statement {
    let newest = schema.iter().map(|known| known.revision).max();
    let newer = "SELECT 1 FROM _collections WHERE revision > ?";
    Statement::new(newer, vec![newest.unwrap_or(0).into()])
        .expecting(Expect::Absent, tag::OVERTAKEN)
}

/// Expects that no live record points at this one. Where the row itself goes, deleted records
/// that point here are in the way, too: their foreign key would break.
fn nothing_points_at(schema: &Schema, collection: &Collection, id: &str) -> Vec<Statement> {
    let references = schema.references_to(&collection.name).enumerate();
    let guard = |(i, (other, field)): (usize, (&Arc<Collection>, &Field))| {
        let mut sql = Sql::new("SELECT 1 FROM ");
        sql.ident(&other.name)
            .push(" WHERE ")
            .ident(&field.column)
            .push(" = ")
            .bind(id);
        if other.is_soft() && collection.is_soft() {
            sql.push(" AND deleted_at IS NULL");
        }
        if other.name == collection.name {
            // One that points at itself goes together with what it points at.
            sql.push(" AND id <> ").bind(id);
        }
        sql.push(" LIMIT 1");
        Statement::from(sql).expecting(Expect::Absent, Tag(tag::RESTRICTED, i))
    };
    references.map(guard).collect()
}

fn delete(collection: &Collection, id: &str, expected: Expected) -> Statement {
    let mut sql = if collection.is_soft() {
        let mut sql = Sql::new("UPDATE ");
        sql.ident(&collection.name)
            .push(" SET deleted_at = ")
            .bind(Value::CommitTime);
        // Shared by all that one deletion takes along; instants collide.
        sql.push(", _deletion = ").bind(Id::generate()).push(", ");
        push_stamps(&mut sql);
        sql
    } else {
        let mut sql = Sql::new("DELETE FROM ");
        sql.ident(&collection.name);
        sql
    };
    push_where(&mut sql, collection, id, expected);
    Statement::from(sql)
}

fn bury(collection: &Collection, id: &str) -> Statement {
    Statement::new(
        "INSERT INTO _tombstones (collection, record_id, created_at) VALUES (?, ?, ?)",
        vec![
            collection.name.as_str().into(),
            id.into(),
            Value::CommitTime,
        ],
    )
}
