//! Purging what was deleted long ago, in batches that keep nobody waiting.

use std::{cell::Cell, sync::Arc};

use rusqlite::{Connection, params_from_iter};

use super::{
    family::Walk,
    order,
    plan::Plan,
    purge::{self, Trace},
};
use crate::{
    access::RowFilter,
    base::{Code, Instant, Result},
    db::{Expect, Sql, Statement, Value},
    engine::{Engine, mutate::Expected},
    events::{Changes, Origin},
    schema::{Collection, Schema},
};

/// How many deleted records one batch begins with, beside what goes along with them.
const CHUNK: usize = 200;

/// What a purge by age has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Records whose time was over and that are gone, without those that went along.
    pub gone: usize,
    /// Records that had to stay: something still points at them, or too much hangs on them.
    pub kept: usize,
}

/// Deleted records in the order in which their time is over.
#[derive(Clone, Debug, Default)]
struct Due {
    ids: Vec<String>,
    /// When the last of them was deleted, and its id.
    last: (String, String),
}

impl Engine {
    /// The collections whose records are deleted softly, those first that point at others.
    pub fn soft_collections(&self) -> Vec<Arc<Collection>> {
        let schema = self.catalog.schema();
        let soft = schema.iter().filter(|collection| collection.is_soft());
        let soft: Vec<Arc<Collection>> = soft.cloned().collect();
        let steps = order::children_first(&soft).into_iter();
        steps
            .filter_map(|step| match step {
                order::Step::Delete(collection) => Some(Arc::clone(collection)),
                order::Step::Loosen(..) => None,
            })
            .collect()
    }

    /// Purges the records of `collection` that were deleted before `before`.
    ///
    /// # Errors
    /// Those of a write that have nothing to do with the records: they are left for another time.
    pub async fn purge_deleted_before(
        &self,
        collection: &Arc<Collection>,
        _: RowFilter,
        before: Instant,
        origin: &Origin,
    ) -> Result<Purged> {
        let mut total = Purged::default();
        loop {
            let pass = self.purge_pass(collection, before, origin).await?;
            total.gone += pass.gone;
            total.kept = pass.kept;
            // What was kept may have waited for what is gone by now.
            if pass.gone == 0 || pass.kept == 0 {
                return Ok(total);
            }
        }
    }

    async fn purge_pass(
        &self,
        collection: &Arc<Collection>,
        before: Instant,
        origin: &Origin,
    ) -> Result<Purged> {
        let mut pass = Purged::default();
        let mut last = (String::new(), String::new());
        loop {
            let due = self.due(collection, before, last).await?;
            if due.ids.is_empty() {
                return Ok(pass);
            }
            last = due.last;
            if let Some(gone) = self.purge_due(collection, &due.ids, before, origin).await? {
                pass.gone += gone;
                continue;
            }
            for id in due.ids {
                match self.purge_due(collection, &[id], before, origin).await? {
                    Some(gone) => pass.gone += gone,
                    None => pass.kept += 1,
                }
            }
        }
    }

    /// Purges those of `ids` that are still due, and tells how many these were. None, with nothing
    /// changed, where something is in the way.
    async fn purge_due(
        &self,
        collection: &Arc<Collection>,
        ids: &[String],
        before: Instant,
        origin: &Origin,
    ) -> Result<Option<usize>> {
        let gone = Cell::new(0);
        let attempt = async |schema: &Arc<Schema>| {
            let roots = self.still_due(collection, ids, before).await?;
            gone.set(roots.len());
            if roots.is_empty() {
                return Ok(None);
            }
            let mut plan = Plan::new(schema);
            plan.batch.push(are_due(collection, &roots, before));
            let family = self.family(schema, collection, roots, Walk::All).await?;
            purge::add(&mut plan, schema, &family, origin, Trace::Emptied);
            Ok(Some(plan))
        };
        let outcome = self.write_plan(collection, Expected::Any, attempt).await;
        match outcome.map_err(crate::base::Error::from) {
            Ok(_) => Ok(Some(gone.get())),
            Err(error) if matches!(error.code(), Code::Conflict | Code::Unprocessable) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn due(
        &self,
        collection: &Arc<Collection>,
        before: Instant,
        after: (String, String),
    ) -> Result<Due> {
        let mut sql = Sql::new("SELECT id, deleted_at FROM ");
        sql.ident(&collection.name)
            .push(" WHERE deleted_at < ")
            .bind(before)
            .push(" AND (deleted_at, id) > (")
            .bind(after.0.as_str())
            .push(", ")
            .bind(after.1.as_str())
            .push(") ORDER BY deleted_at, id LIMIT ")
            .bind(i64::try_from(CHUNK).unwrap_or(i64::MAX));
        let read = move |conn: &Connection| {
            let mut due = Due::default();
            let mut query = conn.prepare_cached(sql.text())?;
            let mut rows = query.query(params_from_iter(sql.args()))?;
            while let Some(row) = rows.next()? {
                let (id, at): (String, String) = (row.get(0)?, row.get(1)?);
                due.last = (at, id.clone());
                due.ids.push(id);
            }
            Ok(due)
        };
        self.db.read(read).await
    }

    /// Those that nobody has restored in the meantime, or taken along.
    async fn still_due(
        &self,
        collection: &Arc<Collection>,
        ids: &[String],
        before: Instant,
    ) -> Result<Vec<String>> {
        let mut sql = Sql::new("SELECT id FROM ");
        sql.ident(&collection.name)
            .push(" WHERE id")
            .within(ids)
            .push(" AND deleted_at < ")
            .bind(before);
        let read = move |conn: &Connection| {
            let mut query = conn.prepare_cached(sql.text())?;
            let ids = query.query_map(params_from_iter(sql.args()), |row| row.get(0))?;
            Ok(ids.collect::<rusqlite::Result<Vec<String>>>()?)
        };
        self.db.read(read).await
    }
}

fn are_due(collection: &Collection, ids: &[String], before: Instant) -> Statement {
    let mut sql = Sql::new("WITH _list (_record) AS (SELECT value FROM json_each(");
    sql.bind(Value::list(ids))
        .push(")) SELECT 1 FROM _list WHERE NOT EXISTS (SELECT 1 FROM ")
        .ident(&collection.name)
        .push(" WHERE id = _record AND deleted_at < ")
        .bind(before)
        .push(")");
    Statement::from(sql).expecting(Expect::Absent, Changes::MOVED)
}
