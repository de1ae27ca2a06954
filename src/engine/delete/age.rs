//! Purging what was deleted long ago, in batches that keep nobody waiting.

use std::{cell::Cell, sync::Arc};

use rusqlite::{Connection, params_from_iter};

use super::{
    erase::{Begun, Purge, add_to, histories_of},
    family::{Family, Walk},
    order,
    plan::Plan,
};
use crate::{
    access::RowFilter,
    base::{Code, Instant, Result},
    db::{Expect, Sql, Statement, Value},
    engine::{Engine, mutate::Expected},
    events::{Changes, Histories, Origin},
    schema::{Collection, Schema},
};

/// How many deleted records one batch begins with, beside what goes along with them.
const CHUNK: usize = 200;
/// How many records' events are looked for at once, for which all events are read. Each takes
/// about 150 bytes of memory.
const AHEAD: usize = 50_000;

/// What a purge by age has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Records whose time was over and that are gone, without those that went along.
    pub gone: usize,
    /// Records that had to stay: something still points at them, or too much hangs on them.
    pub kept: usize,
}

/// One look at all that is old enough. What it learns of one collection serves the next.
#[derive(Debug)]
pub struct Round {
    before: Instant,
    collections: Vec<Arc<Collection>>,
    pub(super) histories: Histories,
}

/// Where a deleted record stands in the order in which their time is over: when it was deleted, and
/// its id.
type Place = (String, String);

/// Deleted records in the order in which their time is over.
#[derive(Clone, Debug, Default)]
struct Due {
    ids: Vec<String>,
    /// The place of the last of them.
    last: Place,
}

impl Round {
    /// The collections whose records are deleted softly, those first that point at others.
    pub fn collections(&self) -> Vec<Arc<Collection>> {
        self.collections.clone()
    }
}

impl Engine {
    /// Begins a round over all that was deleted before `before`.
    pub fn round(&self, before: Instant) -> Round {
        Round {
            before,
            collections: self.soft_collections(),
            histories: Histories::default(),
        }
    }

    fn soft_collections(&self) -> Vec<Arc<Collection>> {
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

    /// Purges the records of `collection` whose time is over.
    ///
    /// # Errors
    /// Those of a write that have nothing to do with the records: they are left for another time.
    pub async fn purge_by_age(
        &self,
        collection: &Arc<Collection>,
        _: &RowFilter,
        round: &mut Round,
        origin: &Origin,
    ) -> Result<Purged> {
        let mut total = Purged::default();
        loop {
            let pass = self.purge_pass(collection, round, origin).await?;
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
        round: &mut Round,
        origin: &Origin,
    ) -> Result<Purged> {
        let mut pass = Purged::default();
        let mut place = Place::default();
        loop {
            let due = self.due(collection, round.before, place.clone()).await?;
            if due.ids.is_empty() {
                return Ok(pass);
            }
            let from = (collection, &place);
            if let Some(gone) = self.purge_due(from, &due.ids, round, origin).await? {
                pass.gone += gone;
            } else {
                for id in due.ids {
                    match self.purge_due(from, &[id], round, origin).await? {
                        Some(gone) => pass.gone += gone,
                        None => pass.kept += 1,
                    }
                }
            }
            place = due.last;
        }
    }

    /// Purges those of `ids` that are still due, and tells how many these were. None, with nothing
    /// changed, where something is in the way.
    async fn purge_due(
        &self,
        from: (&Arc<Collection>, &Place),
        ids: &[String],
        round: &mut Round,
        origin: &Origin,
    ) -> Result<Option<usize>> {
        let Round {
            before,
            collections,
            histories,
        } = round;
        let (collection, before) = (from.0, *before);
        let gone = Cell::new(0);
        let begin = async |schema: &Arc<Schema>| {
            let roots = self.still_due(collection, ids, before).await?;
            gone.set(roots.len());
            if roots.is_empty() {
                return Ok(None);
            }
            let mut plan = Plan::new(schema);
            plan.batch.push(are_due(collection, &roots, before));
            let family = self.family(schema, collection, roots, Walk::All).await?;
            Ok(Some(Begun {
                plan,
                family,
                changes: Vec::new(),
            }))
        };
        let look = async |family: &Family| {
            let mut records = histories_of(family);
            self.add_due(&mut records, collections, from, before)
                .await?;
            Ok(records)
        };
        let purge = Purge {
            collection,
            expected: Expected::Any,
            origin,
        };
        let outcome = self.erase(&purge, histories, begin, look).await;
        match outcome.map_err(crate::base::Error::from) {
            Ok(_) => Ok(Some(gone.get())),
            Err(error) if matches!(error.code(), Code::Conflict | Code::Unprocessable) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Adds what is due behind a place and in the collections that follow, with all that goes
    /// along, so that the events are read through once for all of it.
    async fn add_due(
        &self,
        records: &mut Histories,
        collections: &[Arc<Collection>],
        (first, place): (&Arc<Collection>, &Place),
        before: Instant,
    ) -> Result<()> {
        let schema = self.catalog.schema();
        let mut place = place.clone();
        for collection in collections.iter().skip_while(|one| one.name != first.name) {
            while records.count() < AHEAD {
                let due = self.due(collection, before, place).await?;
                if due.ids.is_empty() {
                    break;
                }
                place = due.last;
                self.add_families(records, &schema, collection, due.ids)
                    .await?;
            }
            place = Place::default();
        }
        Ok(())
    }

    /// Adds `ids` and what goes along with them, without those on whom too much hangs to go at all.
    async fn add_families(
        &self,
        records: &mut Histories,
        schema: &Arc<Schema>,
        collection: &Arc<Collection>,
        ids: Vec<String>,
    ) -> Result<()> {
        let mut attempts = vec![ids];
        while let Some(roots) = attempts.pop() {
            let family = self.family(schema, collection, roots.clone(), Walk::All);
            match family.await {
                Ok(family) => add_to(records, &family),
                Err(error) if error.code() == Code::Unprocessable => {
                    if roots.len() > 1 {
                        attempts.extend(roots.into_iter().map(|id| vec![id]));
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn due(
        &self,
        collection: &Arc<Collection>,
        before: Instant,
        after: Place,
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
