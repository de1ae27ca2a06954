//! One record by a unique field: made where none has the value, replaced where one has.
//!
//! Which it is, a read says, and the batch expects that it is still so; else it is done again.

use std::sync::Arc;

use rusqlite::OptionalExtension;

use crate::{
    access::RowFilter,
    base::{Error, Result},
    db::{Batch, Constraint, Expect, Sql, Statement, Tag, Touch, Value, WriteError},
    engine::{
        Draft, Engine, Expected, Patch, Record, Update, delete::TRIES, mutate::Answer, refusal,
    },
    events::{Changes, Origin},
    schema::{Collection, Field},
};

/// A record to be made or replaced.
pub struct Upsert<'a> {
    /// Of which collection.
    pub collection: &'a Arc<Collection>,
    /// The unique field.
    pub field: &'a Field,
    /// Its value.
    pub value: Value,
    /// The record, where it is made.
    pub draft: Draft<'a>,
    /// What becomes of one that is there.
    pub patch: Patch<'a>,
    /// The version that it must have, which also says that it is there.
    pub expected: Expected,
}

impl Engine {
    /// Makes or replaces a record; true if it was made. `create` and `update` say what the caller
    /// may do, or why it may not.
    ///
    /// # Errors
    /// Those of `create` or `update`, of [`Engine::create`] or of [`Engine::update`].
    pub async fn upsert(
        &self,
        upsert: &Upsert<'_>,
        create: &Result<RowFilter>,
        update: &Result<RowFilter>,
        origin: &Origin,
    ) -> Result<(Record, bool)> {
        let collection = upsert.collection;
        for _ in 0..TRIES {
            let found = self.find_by(upsert).await?;
            let rows = if found.is_some() { update } else { create };
            let rows = rows.as_ref().map_err(Clone::clone)?;
            let (batch, answer) = match &found {
                Some(id) => self.replace_found(upsert, rows, id, origin),
                None if upsert.expected.version().is_some() => {
                    return Err(refusal::stale(upsert.expected, None));
                }
                None => {
                    let draft = upsert.draft.clone();
                    self.create_batch(collection, rows, draft, origin, Vec::new())
                }
            };
            let error = match self.db.write(batch).await {
                Ok(receipt) => {
                    let (at, mut kept) = (receipt.at, receipt.rows.into_iter());
                    let record = answer.record(collection, at, &mut kept)?;
                    return Ok((record, found.is_none()));
                }
                Err(error) => error,
            };
            if !upsert.is_overtaken(&error) {
                return Err(self.refusal(collection, upsert.expected, error));
            }
        }
        Err(Error::unavailable("The record is changed all the time", 1))
    }

    /// The live record that has the value, whoever may see it.
    async fn find_by(&self, upsert: &Upsert<'_>) -> Result<Option<String>> {
        let mut sql = Sql::new("SELECT id");
        upsert.push_source(&mut sql);
        let find = move |conn: &rusqlite::Connection| {
            let mut query = conn.prepare_cached(sql.text())?;
            let args = rusqlite::params_from_iter(sql.args());
            Ok(query.query_row(args, |row| row.get(0)).optional()?)
        };
        self.db.read_by_key(find).await
    }

    fn replace_found(
        &self,
        upsert: &Upsert<'_>,
        rows: &RowFilter,
        id: &str,
        origin: &Origin,
    ) -> (Batch, Answer) {
        let update = Update {
            patch: &upsert.patch,
            expected: upsert.expected,
            origin,
            further: Vec::new(),
        };
        let (batch, mask) = self.update_batch(upsert.collection, rows, id, update);
        let mut sql = Sql::new("SELECT 1");
        upsert.push_source(&mut sql);
        sql.push(" AND id = ").bind(id);
        let still = Statement::from(sql).expecting(Expect::Exists, Changes::MOVED);
        let still = Batch::new().with(still).touching(Touch::Nothing);
        (Batch::of_parts([still, batch]), Answer::Kept(mask))
    }
}

impl Upsert<'_> {
    fn push_source(&self, sql: &mut Sql) {
        sql.push(" FROM ")
            .ident(&self.collection.name)
            .push(" WHERE ")
            .ident(&self.field.column)
            .push(" = ")
            .bind(self.value.clone());
        if self.collection.is_soft() {
            sql.push(" AND deleted_at IS NULL");
        }
    }

    /// True where the record has come or gone since it was looked for.
    fn is_overtaken(&self, error: &WriteError) -> bool {
        let path = || format!("{}.{}", self.collection.name, self.field.column);
        match error {
            WriteError::Part(_, error) => self.is_overtaken(error),
            WriteError::Guard(Tag(word, _)) => *word == Changes::MOVED,
            WriteError::Constraint(Constraint::Unique(columns)) => *columns == [path()],
            _ => false,
        }
    }
}
