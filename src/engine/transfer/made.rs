//! Which records an import has made, and how it is taken back.

use std::{sync::Arc, time::Duration};

use rusqlite::OptionalExtension;

use crate::{
    access::RowFilter,
    base::{Code, Error, Id, Instant, Result},
    db::{Batch, Statement, Touch, Value},
    engine::{Engine, Kind},
    events::Origin,
    schema::Collection,
};
/// An import, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRun {
    /// Its id.
    pub id: String,
    /// The name of its collection.
    pub collection: String,
    /// Who imports.
    pub actor: String,
    /// `create` or `upsert`.
    pub mode: String,
    /// `abort` or `skip`.
    pub on_error: String,
}

/// What taking an import back has come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenBack {
    /// Records that are gone.
    pub deleted: usize,
    /// Records that stay, because they were changed or deleted since, or something is in the way.
    pub kept: usize,
}

const BEGIN: &str = "INSERT INTO _imports (id, collection, actor, mode, on_error, is_done, created_at) \
    VALUES (?, ?, ?, ?, ?, 0, ?)";
const KEEP: &str = "INSERT INTO _import_records (import_id, ids) VALUES (?, ?)";
const END: &str = "UPDATE _imports SET is_done = 1 WHERE id = ?";
const DELETE: &str = "DELETE FROM _imports WHERE id = ?";
const DELETE_RECORDS: &str = "DELETE FROM _import_records WHERE _row = ?";
const FIND: &str = "SELECT id, collection, actor, mode, on_error FROM _imports \
    WHERE id = ? AND is_done = 1";
const RUNNING: &str =
    "SELECT id, collection, actor, mode, on_error FROM _imports WHERE is_done = 0";
const RECORDS: &str = "SELECT _row, ids FROM _import_records WHERE import_id = ? \
    ORDER BY _row DESC LIMIT 1";
const OLD_RECORDS: &str = "DELETE FROM _import_records WHERE _row IN (SELECT _row \
    FROM _import_records WHERE import_id IN (SELECT id FROM _imports WHERE created_at <= ? \
    AND is_done = 1) LIMIT 100)";
const OLD: &str = "DELETE FROM _imports WHERE created_at <= ? AND is_done = 1 AND NOT EXISTS \
    (SELECT 1 FROM _import_records WHERE import_id = _imports.id)";
const HAS_OLD: &str =
    "SELECT EXISTS (SELECT 1 FROM _imports WHERE created_at <= ? AND is_done = 1)";
const FREE_IDS: &str = "DELETE FROM _tombstones WHERE collection = ? \
    AND record_id IN (SELECT value FROM json_each(?))";

impl ImportRun {
    /// How long an import can be taken back.
    pub const LIFE: Duration = Duration::from_hours(7 * 24);

    /// The batch that writes down that it begins.
    pub fn begin(&self) -> Batch {
        let args = vec![
            self.id.as_str().into(),
            self.collection.as_str().into(),
            self.actor.as_str().into(),
            self.mode.as_str().into(),
            self.on_error.as_str().into(),
            Value::CommitTime,
        ];
        unseen([Statement::new(BEGIN, args)])
    }

    /// Writes down which records a batch of it makes.
    pub(super) fn keep(&self, ids: &[String]) -> Statement {
        Statement::new(KEEP, vec![self.id.as_str().into(), Value::list(ids)])
    }

    /// The batch that writes down that it has ended, with further statements.
    pub fn end(&self, first: Vec<Statement>, last: Option<Statement>) -> Batch {
        let end = Statement::new(END, vec![self.id.as_str().into()]);
        unseen(first.into_iter().chain([end]).chain(last))
    }

    /// The batch that forgets it.
    pub fn forget(&self) -> Batch {
        unseen([Statement::new(DELETE, vec![self.id.as_str().into()])])
    }
}

fn unseen(statements: impl IntoIterator<Item = Statement>) -> Batch {
    Batch::new().with_all(statements).touching(Touch::Nothing)
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<ImportRun> {
    Ok(ImportRun {
        id: row.get(0)?,
        collection: row.get(1)?,
        actor: row.get(2)?,
        mode: row.get(3)?,
        on_error: row.get(4)?,
    })
}

impl Engine {
    /// An import that has ended; none if it was taken back, or is too old.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn find_import(&self, id: &str) -> Result<Option<ImportRun>> {
        let Some(id) = Id::parse(id) else {
            return Ok(None);
        };
        let id = id.to_string();
        let find = move |conn: &rusqlite::Connection| {
            Ok(conn
                .prepare_cached(FIND)?
                .query_row([id], read)
                .optional()?)
        };
        self.db.read_by_key(find).await
    }

    /// The imports that have not ended, whether or not somebody still sees to them.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn running_imports(&self) -> Result<Vec<ImportRun>> {
        let find = |conn: &rusqlite::Connection| {
            let mut query = conn.prepare(RUNNING)?;
            let found = query.query_map([], read)?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        };
        self.db.read(find).await
    }

    /// Forgets which records imports of long ago have made, in batches that keep nobody waiting.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn forget_old_imports(&self, now: Instant) -> Result<()> {
        let old = now.before(ImportRun::LIFE).to_string();
        let is_there = |old: String| {
            move |conn: &rusqlite::Connection| {
                Ok(conn.query_row(HAS_OLD, [old], |row| row.get::<_, bool>(0))?)
            }
        };
        while self.db.read(is_there(old.clone())).await? {
            let clear = |sql| Statement::new(sql, vec![old.as_str().into()]);
            self.db
                .write(unseen([clear(OLD_RECORDS), clear(OLD)]))
                .await?;
        }
        Ok(())
    }

    /// Deletes what an import has made and nobody has changed since, and forgets the import.
    /// Purged, they leave nothing behind, and their ids can be used again.
    ///
    /// # Errors
    /// Those of the database. What refuses the deletion of a record keeps that record.
    pub async fn take_back(
        &self,
        (collection, rows): (&Arc<Collection>, &RowFilter),
        run: &ImportRun,
        kind: Kind,
        origin: &Origin,
    ) -> Result<TakenBack> {
        let mut back = TakenBack::default();
        while let Some((row, ids)) = self.last_records(run).await? {
            let deleted = self
                .delete_some((collection, rows), &ids, kind, origin)
                .await?;
            back.deleted += deleted;
            back.kept += ids.len() - deleted;
            let mut statements = vec![Statement::new(DELETE_RECORDS, vec![row.into()])];
            if kind == Kind::Purge && deleted == ids.len() {
                let args = vec![collection.name.as_str().into(), Value::list(&ids)];
                statements.push(Statement::new(FREE_IDS, args));
            }
            self.db.write(unseen(statements)).await?;
        }
        self.db.write(run.forget()).await?;
        Ok(back)
    }

    /// The records of the last batch of an import, with the row that says so.
    async fn last_records(&self, run: &ImportRun) -> Result<Option<(i64, Vec<String>)>> {
        let id = run.id.clone();
        let find = move |conn: &rusqlite::Connection| {
            let mut query = conn.prepare_cached(RECORDS)?;
            let found = query.query_row([id], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)));
            let Some((row, ids)) = found.optional()? else {
                return Ok(None);
            };
            Ok(Some((
                row,
                serde_json::from_str(&ids).map_err(Error::database)?,
            )))
        };
        self.db.read(find).await
    }

    /// Deletes records together, or one by one where something is in the way of one. Those that
    /// were made last go first, because they may point at the others.
    async fn delete_some(
        &self,
        (collection, rows): (&Arc<Collection>, &RowFilter),
        ids: &[String],
        kind: Kind,
        origin: &Origin,
    ) -> Result<usize> {
        // A rule that asks for other records is asked of each as the others have left it.
        let is_asked_alone = !rows.is_all() && !rows.needs_to_write().tables.is_empty();
        if !is_asked_alone {
            let all = self.delete_unchanged((collection, rows), ids, kind, origin);
            match all.await {
                Err(error) if is_in_the_way(&error) => {}
                done => return done,
            }
        }
        let mut deleted = 0;
        for id in ids.iter().rev() {
            let one = std::slice::from_ref(id);
            match self
                .delete_unchanged((collection, rows), one, kind, origin)
                .await
            {
                Ok(count) => deleted += count,
                Err(error) if is_in_the_way(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(deleted)
    }
}

/// True for what refuses the deletion of a record, and not of any.
fn is_in_the_way(error: &Error) -> bool {
    matches!(
        error.code(),
        Code::Conflict
            | Code::Forbidden
            | Code::NotFound
            | Code::Unprocessable
            | Code::Unauthorized
    )
}
