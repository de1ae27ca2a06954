//! What tells this instance from every other.

use rusqlite::OptionalExtension;

use crate::{
    base::{Error, Id, Result},
    db::{Batch, Db, Statement, Value},
};

/// The one row of `_instances`.
pub struct Instance {
    /// Its id, the issuer of its tokens.
    pub id: String,
    /// True if it was filled by `--demo`.
    pub is_demo: bool,
}

/// Reads it, or makes it on the first start.
pub async fn load_or_create(db: &Db) -> Result<Instance> {
    if let Some(instance) = find(db).await? {
        return Ok(instance);
    }
    let insert = Statement::new(
        "INSERT INTO _instances (id, epoch, created_at) VALUES (?, ?, ?)",
        vec![
            Id::generate().into(),
            Id::generate().into(),
            Value::CommitTime,
        ],
    );
    db.write(Batch::new().with(insert)).await?;
    find(db)
        .await?
        .ok_or_else(|| Error::internal("no instance"))
}

async fn find(db: &Db) -> Result<Option<Instance>> {
    let find = |conn: &rusqlite::Connection| {
        let instance = |row: &rusqlite::Row<'_>| {
            Ok(Instance {
                id: row.get(0)?,
                is_demo: row.get(1)?,
            })
        };
        Ok(conn
            .query_row("SELECT id, demo FROM _instances", [], instance)
            .optional()?)
    };
    db.read(find).await
}
