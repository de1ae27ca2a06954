//! Deleting those of some records that nobody has changed since they were made.

use std::{cell::Cell, sync::Arc};

use rusqlite::params_from_iter;

use super::{
    Begun, Kind, Purge, Removals,
    erase::histories_of,
    family::{Family, Walk},
    plan::Plan,
};
use crate::{
    access::RowFilter,
    base::Result,
    db::{Expect, Sql, Statement},
    engine::{Engine, Expected, guard},
    events::{Changes, Histories, Origin},
    schema::{Collection, Schema},
};

impl Engine {
    /// Deletes those of `ids` that are live and as they were made, all or none. Returns how many.
    ///
    /// # Errors
    /// Those of [`Engine::delete`] on any of them; `FORBIDDEN` where a rule does not allow it.
    pub(in crate::engine) async fn delete_unchanged(
        &self,
        (collection, rows): (&Arc<Collection>, &RowFilter),
        ids: &[String],
        kind: Kind,
        origin: &Origin,
    ) -> Result<usize> {
        let count = Cell::new(0);
        let find = async || {
            let ids = self.still_unchanged(collection, ids).await?;
            count.set(ids.len());
            let expected = are_unchanged(collection, &ids);
            let allowed = guard::of_records(collection, rows, &ids);
            let first: Vec<_> = [expected].into_iter().chain(allowed).collect();
            Result::<_>::Ok((ids, first))
        };
        match kind {
            Kind::AsDefined => {
                let attempt = async |schema: &Arc<Schema>| {
                    let (ids, first) = find().await?;
                    if ids.is_empty() {
                        return Ok(None);
                    }
                    let ids = &ids[..];
                    let removals = Removals { ids, origin, first };
                    let plan = self.deletion_of_all(schema, collection, removals, |_| Ok(()));
                    plan.await.map(Some)
                };
                self.write_plan(collection, Expected::Any, attempt).await?;
            }
            Kind::Purge => {
                let begin = async |schema: &Arc<Schema>| {
                    let (ids, first) = find().await?;
                    if ids.is_empty() {
                        return Ok(None);
                    }
                    let family = self.family(schema, collection, ids, Walk::All).await?;
                    let mut plan = Plan::new(schema);
                    plan.push_all(first);
                    let changes = Vec::new();
                    Ok(Some(Begun {
                        plan,
                        family,
                        changes,
                    }))
                };
                let expected = Expected::Any;
                let purge = Purge {
                    collection,
                    expected,
                    origin,
                };
                let look = async |family: &Family| Ok(histories_of(family));
                self.erase(&purge, &mut Histories::default(), begin, look)
                    .await?;
            }
        }
        Ok(count.get())
    }

    async fn still_unchanged(
        &self,
        collection: &Collection,
        ids: &[String],
    ) -> Result<Vec<String>> {
        let mut sql = Sql::new("SELECT id");
        push_unchanged(&mut sql, collection, ids);
        let find = move |conn: &rusqlite::Connection| {
            let mut query = conn.prepare_cached(sql.text())?;
            let ids = query.query_map(params_from_iter(sql.args()), |row| row.get(0))?;
            Ok(ids.collect::<rusqlite::Result<_>>()?)
        };
        self.db.read(find).await
    }
}

fn are_unchanged(collection: &Collection, ids: &[String]) -> Statement {
    let mut sql = Sql::new("SELECT count(*)");
    push_unchanged(&mut sql, collection, ids);
    let all = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    sql.push(" HAVING count(*) = ").bind(all);
    Statement::from(sql).expecting(Expect::Exists, Changes::MOVED)
}

fn push_unchanged(sql: &mut Sql, collection: &Collection, ids: &[String]) {
    sql.push(" FROM ").ident(&collection.name);
    sql.push(" WHERE version = 1 AND id").within(ids);
    if collection.is_soft() {
        sql.push(" AND deleted_at IS NULL");
    }
}
