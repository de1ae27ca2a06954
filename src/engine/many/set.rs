//! Changing or deleting all records that fit a filter: picked in a read, named in the batch, which
//! expects that each still fits.

use std::sync::Arc;

use rusqlite::params_from_iter;

use super::pick::{MOST, Pick};
use crate::{
    access::RowFilter,
    base::{Code, Error, Issue, IssueCode, Result},
    db::{Batch, Expect, Sql, Statement, Tag, Value, WriteError},
    engine::{
        Engine, Expected, Patch,
        cache::touching,
        delete::{Family, Refused, Removals, TRIES},
        guard, increment,
        mutate::{push_stamps, relations_exist},
    },
    events::{Changes, Origin},
};

impl Engine {
    /// Changes all records of a pick alike. Returns how many.
    ///
    /// # Errors
    /// `CONFLICT` where they are another number than was expected, those of [`Engine::update`] on
    /// any of them.
    pub async fn update_all(
        &self,
        pick: &Pick<'_>,
        rows: &RowFilter,
        patch: &Patch<'_>,
        origin: &Origin,
    ) -> Result<usize> {
        for _ in 0..TRIES {
            let ids = self.pick(pick).await?;
            if ids.is_empty() || patch.is_empty() {
                return Ok(0);
            }
            let batch = self.update_all_batch(pick, rows, (&ids, patch), origin);
            match self.db.write(batch).await {
                Ok(_) => return Ok(ids.len()),
                Err(WriteError::Guard(Tag(Changes::MOVED, _))) => {}
                Err(error) => {
                    let error = self.refusal(pick.collection, Expected::Any, error);
                    return Err(increment::refusal(patch, error));
                }
            }
        }
        Err(Error::unavailable(
            "The records are changed all the time",
            1,
        ))
    }

    fn update_all_batch(
        &self,
        pick: &Pick<'_>,
        rows: &RowFilter,
        (ids, patch): (&[String], &Patch<'_>),
        origin: &Origin,
    ) -> Batch {
        let collection = pick.collection;
        let changes = Changes {
            collection,
            ids,
            origin,
        };
        let fields: Vec<_> = patch.fields.iter().map(|(field, _)| *field).collect();
        let schema = self.catalog.schema();
        let guards = guard::of_updates(collection, rows, ids, patch);
        // By a rule that counts records of its own collection, each change could be right and all
        // together wrong: so each is asked behind those before it.
        let asks_itself =
            !guards.is_empty() && rows.needs_to_write().tables.contains(&collection.name);
        let (at_once, guards, behind) = match ids.split_first_chunk::<1>() {
            Some((first, behind)) if asks_itself => {
                let guards = guard::of_updates(collection, rows, first, patch);
                (&first[..], guards, behind)
            }
            _ => (ids, guards, <&[String]>::default()),
        };
        let mut batch = Batch::new()
            .with(pick.still_holds(ids))
            .with_all(guards)
            .with_all(relations_exist(collection, &schema, patch.relations()))
            .with(changes.updated(&fields))
            .with_all(changes.versions().before())
            .with(update(pick, at_once, patch));
        for id in behind.chunks(1) {
            batch = batch.with_all(guard::of_updates(collection, rows, id, patch));
            batch.push(update(pick, id, patch));
        }
        let batch = batch
            .with_all(changes.versions().after(origin))
            .with(changes.completed());
        touching(batch, [(collection.name.as_str(), ids)])
    }

    /// Deletes all records of a pick as their collection says, with all that goes along. Returns
    /// how many there were of the pick.
    ///
    /// # Errors
    /// `CONFLICT` where they are another number than was expected; those of [`Engine::delete`] on
    /// any of them; `UNPROCESSABLE` where the rule on deletion asks for records that go.
    pub async fn delete_all(
        &self,
        pick: &Pick<'_>,
        rows: &RowFilter,
        origin: &Origin,
    ) -> Result<usize> {
        let collection = pick.collection;
        let count = std::cell::Cell::new(0);
        let attempt = async |schema: &Arc<_>| {
            let ids = self.pick(pick).await?;
            count.set(ids.len());
            if ids.is_empty() {
                return Ok(None);
            }
            let allowed = guard::of_records(collection, rows, &ids);
            let is_asked = allowed.is_some();
            let removals = Removals {
                ids: &ids,
                origin,
                first: [pick.still_holds(&ids)]
                    .into_iter()
                    .chain(allowed)
                    .collect(),
            };
            let check = |family: &Family| match is_asked {
                true => does_not_ask_itself(rows, family),
                false => Ok(()),
            };
            let plan = self.deletion_of_all(schema, collection, removals, check);
            plan.await.map(Some)
        };
        let written = self.write_plan(collection, Expected::Any, attempt).await;
        written.map_err(|refused: Refused| Error::from(refused))?;
        Ok(count.get())
    }

    /// The ids of a pick, in their order.
    async fn pick(&self, pick: &Pick<'_>) -> Result<Vec<String>> {
        let Some(select) = pick.select(&self.now()) else {
            return pick.check(0).map(|()| Vec::new());
        };
        let read = move |conn: &rusqlite::Connection| {
            let mut query = conn.prepare_cached(select.text())?;
            let ids = query.query_map(params_from_iter(select.args()), |row| row.get(0))?;
            Ok(ids.collect::<rusqlite::Result<Vec<String>>>()?)
        };
        let mut ids = self.db.read(read).await?;
        pick.check(ids.len())?;
        ids.sort_unstable();
        Ok(ids)
    }
}

fn update(pick: &Pick<'_>, ids: &[String], patch: &Patch<'_>) -> Statement {
    let mut sql = Sql::new("UPDATE ");
    sql.ident(&pick.collection.name).push(" SET ");
    for (field, assignment) in &patch.fields {
        assignment.push(field, &mut sql);
        sql.push(", ");
    }
    push_stamps(&mut sql);
    sql.push(" WHERE id").within(ids);
    if pick.collection.is_soft() {
        sql.push(" AND deleted_at IS NULL");
    }
    let all = u64::try_from(ids.len()).unwrap_or(u64::MAX);
    Statement::from(sql).expecting(Expect::Changed(all), Changes::MOVED)
}

/// A rule that keeps the last record of something would see all of them until they are gone.
fn does_not_ask_itself(rows: &RowFilter, family: &Family) -> Result<()> {
    let asked = rows.needs_to_write().tables;
    let goes = |table: &String| family.of(table).is_some();
    if !asked.iter().any(goes) {
        return Ok(());
    }
    let message = "The rule on deletion asks for records that would go: delete them one by one, or \
                   by a batch";
    Err(Error::new(Code::Unprocessable, message))
}

impl Pick<'_> {
    /// Refuses another number of records than was expected.
    fn check(&self, count: usize) -> Result<()> {
        if count == self.expect {
            return Ok(());
        }
        let is = match count {
            1 => "1 record fits".to_owned(),
            count if count > MOST => format!("More than {MOST} records fit"),
            count => format!("{count} records fit"),
        };
        let message = format!("{is}, and {} were expected", self.expect);
        let issue = Issue::new("expect", IssueCode::Stale, message.clone());
        Err(Error::new(Code::Conflict, message).with_issues(vec![issue.with("count", count)]))
    }

    /// The ids of all that fit, one more than may be at most; none if nothing can.
    fn select(&self, now: &Value) -> Option<Sql> {
        let mut sql = Sql::new("SELECT id FROM ");
        sql.ident(&self.collection.name)
            .push(" WHERE ")
            .append(self.conditions(now)?)
            .push(" LIMIT ")
            .bind(i64::try_from(MOST + 1).unwrap_or(i64::MAX));
        Some(sql)
    }

    /// Expects that each of `ids` still fits.
    fn still_holds(&self, ids: &[String]) -> Statement {
        let mut sql = Sql::new("SELECT count(*) FROM ");
        sql.ident(&self.collection.name)
            .push(" WHERE id")
            .within(ids)
            .push(" AND ")
            .append(
                self.conditions(&Value::CommitTime)
                    .unwrap_or_else(|| Sql::new("FALSE")),
            )
            .push(" HAVING count(*) = ")
            .bind(i64::try_from(ids.len()).unwrap_or(i64::MAX));
        Statement::from(sql).expecting(Expect::Exists, Changes::MOVED)
    }
}
