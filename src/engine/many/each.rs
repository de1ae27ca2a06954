//! Single changes of any collections, one behind the other in one batch.
//!
//! Each is decided where it stands, by what those before it have written. Only what goes along with
//! a deletion is found by a read before; where another change of the batch has moved it, the batch
//! is refused.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::{Fault, place_of};
use crate::{
    access::RowFilter,
    base::{Code, Error, Result},
    db::{Batch, Expect, Receipt, Sql, Statement, Tag, Touch, Value, WriteError},
    engine::{
        Draft, Engine, Expected, Further, Kind, Patch, Record, Removal, Restoration, Update,
        delete::{Family, TRIES, Words},
        guard, increment,
        mutate::{Answer, tag},
        select,
    },
    events::{Change as Event, Changes, Origin},
    schema::{Collection, Schema},
};

/// One change among several.
pub struct Operation<'a> {
    /// Of which collection.
    pub collection: &'a Arc<Collection>,
    /// What its caller may do there.
    pub rows: &'a RowFilter,
    /// The record.
    pub id: String,
    /// What happens to it.
    pub change: Change<'a>,
    /// Statements behind it.
    pub last: Vec<Statement>,
}

/// What happens to a record.
pub enum Change<'a> {
    /// It is made.
    Create(Draft<'a>),
    /// Its fields are changed, where it has the version that is expected.
    Update(Patch<'a>, Expected),
    /// It is deleted, as its collection says.
    Delete,
    /// It is brought back, where all of this holds.
    Restore(Vec<Statement>),
}

/// Records, by table.
type Ids = HashMap<String, HashSet<String>>;

/// What the operations so far have done that a read before the batch does not know.
#[derive(Default)]
struct Moved {
    /// Records that are gone.
    gone: Ids,
    /// Records that are back.
    back: Ids,
}

/// An operation, ready to be written.
struct Step {
    batch: Batch,
    /// None where the record is gone.
    answer: Option<Answer>,
    words: Option<Words>,
}

impl Engine {
    /// Does all operations in their order, or none, with `further` statements around them. Returns
    /// the record of each that leaves one.
    ///
    /// # Errors
    /// Those of the first operation that is refused; `UNPROCESSABLE` for a deletion that would take
    /// along what an operation before it has changed.
    pub async fn change_each(
        &self,
        operations: &[Operation<'_>],
        origin: &Origin,
        further: &Further,
    ) -> Result<Vec<Option<Record>>, Fault> {
        let mut last = Fault::from(Error::unavailable("Too much has just been changed", 1));
        for _ in 0..TRIES {
            let schema = self.catalog.schema();
            let (steps, batch) = match self.steps(&schema, operations, origin, further).await {
                Ok(planned) => planned,
                Err(fault) if self.is_overtaken(operations, &fault, &schema) => continue,
                Err(fault) => return Err(fault),
            };
            let error = match self.db.write(batch).await {
                Ok(receipt) => return Ok(answers(operations, steps, receipt)?),
                Err(error) => error,
            };
            let place = place_of(&error, operations.len());
            let Some((place, operation)) = place.and_then(|i| Some((i, operations.get(i)?))) else {
                return Err(self.refusal_of_all(operations, error).into());
            };
            let (error, is_moved) = self.refused(operation, &steps, place, &schema, error);
            last = Fault::at(place, error);
            if !is_moved {
                return Err(last);
            }
        }
        Err(last)
    }

    /// Every operation as a part of one batch.
    async fn steps(
        &self,
        schema: &Arc<Schema>,
        operations: &[Operation<'_>],
        origin: &Origin,
        further: &Further,
    ) -> Result<(Vec<Step>, Batch), Fault> {
        let (mut steps, mut moved) = (Vec::with_capacity(operations.len()), Moved::default());
        // The keys of requests are in nobody's memory.
        let around = |statements: &[Statement]| {
            let batch = Batch::new().with_all(statements.iter().cloned());
            batch.touching(Touch::Nothing)
        };
        let mut parts = vec![around(&further.first)];
        for (place, operation) in operations.iter().enumerate() {
            let step = self.step(schema, operation, origin, &mut moved).await;
            let mut step = step.map_err(|error| Fault::at(place, error))?;
            parts.push(std::mem::take(&mut step.batch));
            steps.push(step);
        }
        parts.push(around(&further.last));
        Ok((steps, Batch::of_parts(parts)))
    }

    async fn step(
        &self,
        schema: &Arc<Schema>,
        operation: &Operation<'_>,
        origin: &Origin,
        moved: &mut Moved,
    ) -> Result<Step> {
        let is_soft = operation.collection.is_soft();
        match &operation.change {
            Change::Create(draft) => {
                let (collection, rows) = (operation.collection, operation.rows);
                let (draft, last) = (draft.clone(), operation.last.clone());
                let (batch, answer) = self.create_batch(collection, rows, draft, origin, last);
                Ok(Step {
                    batch,
                    answer: Some(answer),
                    words: None,
                })
            }
            Change::Update(patch, expected) if patch.is_empty() => {
                Ok(looking_step(operation, *expected))
            }
            Change::Update(patch, expected) => {
                let update = Update {
                    patch,
                    expected: *expected,
                    origin,
                    further: Vec::new(),
                };
                let (collection, rows) = (operation.collection, operation.rows);
                let (batch, mask) = self.update_batch(collection, rows, &operation.id, update);
                Ok(Step {
                    batch: batch.with_all(operation.last.iter().cloned()),
                    answer: Some(Answer::Kept(mask)),
                    words: None,
                })
            }
            // Its family was read before the batch, when it was deleted, and so is none of a live
            // record.
            Change::Delete if holds(&moved.back, operation) => Err(moved_before()),
            Change::Delete => {
                let gone = &mut moved.gone;
                self.deleting_step(schema, operation, origin, gone).await
            }
            Change::Restore(_) if is_soft && holds(&moved.gone, operation) => Err(moved_before()),
            Change::Restore(first) => {
                let restoration = Restoration {
                    id: &operation.id,
                    expected: Expected::Any,
                    origin,
                    first: first.clone(),
                    once: Further::default(),
                };
                let back = &mut moved.back;
                self.restoring_step(schema, operation, &restoration, back)
                    .await
            }
        }
    }

    async fn deleting_step(
        &self,
        schema: &Arc<Schema>,
        operation: &Operation<'_>,
        origin: &Origin,
        gone: &mut Ids,
    ) -> Result<Step> {
        let (collection, id) = (operation.collection, operation.id.as_str());
        let removal = Removal {
            id,
            kind: Kind::AsDefined,
            expected: Expected::Any,
            origin,
            first: guard::of_record(collection, operation.rows, id)
                .into_iter()
                .collect(),
        };
        let narrow = |family: &mut Family| narrowed(family, gone);
        let plan = self.deletion(schema, collection, &removal, narrow).await?;
        let (batch, words) = plan.into_parts();
        Ok(Step {
            batch: batch.with_all(operation.last.iter().cloned()),
            answer: None,
            words: Some(words),
        })
    }

    /// What is back already by an operation before, with the record that it came along with, is not
    /// brought back once more.
    async fn restoring_step(
        &self,
        schema: &Arc<Schema>,
        operation: &Operation<'_>,
        restoration: &Restoration<'_>,
        back: &mut Ids,
    ) -> Result<Step> {
        let (collection, rows) = (operation.collection, operation.rows);
        if holds(back, operation) {
            return Ok(looking_step(operation, Expected::Any));
        }
        let narrow = |family: &mut Family| narrowed(family, back);
        let found = self.restoration(schema, collection, rows, restoration, narrow);
        let Some((plan, mask)) = found.await? else {
            return Ok(looking_step(operation, Expected::Any));
        };
        let (batch, words) = plan.into_parts();
        Ok(Step {
            batch: batch.with_all(operation.last.iter().cloned()),
            answer: Some(Answer::Kept(mask)),
            words: Some(words),
        })
    }

    /// What is told of a refused operation, and whether it may be tried again.
    fn refused(
        &self,
        operation: &Operation<'_>,
        steps: &[Step],
        place: usize,
        schema: &Arc<Schema>,
        error: WriteError,
    ) -> (Error, bool) {
        let error = match error {
            WriteError::Part(_, error) => *error,
            error => error,
        };
        let collection = operation.collection;
        if matches!(error, WriteError::Guard(Tag(Changes::MOVED, _))) && place > 0 {
            return (moved_before(), true);
        }
        let words = steps.get(place).and_then(|step| step.words.as_ref());
        let is_moved = matches!(error, WriteError::Guard(Tag(Changes::MOVED, _)))
            || words.is_some() && self.may_be_overtaken(collection, schema, &error);
        let known = words.and_then(|words| words.of(collection, schema, &error));
        let told = match &operation.change {
            Change::Update(patch, expected) => {
                increment::refusal(patch, self.refusal(collection, *expected, error))
            }
            _ => known.unwrap_or_else(|| self.refusal(collection, Expected::Any, error)),
        };
        (told, is_moved)
    }

    /// What is told of a batch of which no operation is to blame.
    fn refusal_of_all(&self, operations: &[Operation<'_>], error: WriteError) -> Error {
        match operations.first() {
            Some(operation) => self.refusal(operation.collection, Expected::Any, error),
            None => error.into(),
        }
    }

    /// True if a read failed because other definitions have come since.
    fn is_overtaken(
        &self,
        operations: &[Operation<'_>],
        fault: &Fault,
        schema: &Arc<Schema>,
    ) -> bool {
        let operation = fault.place.and_then(|place| operations.get(place));
        operation.is_some_and(|operation| self.has_other_definitions(operation.collection, schema))
    }
}

/// True if the record of an operation is among these.
fn holds(ids: &Ids, operation: &Operation<'_>) -> bool {
    let ids = ids.get(&operation.collection.name);
    ids.is_some_and(|ids| ids.contains(&operation.id))
}

/// Leaves out of a family what has moved already, and notes that the rest of it moves.
fn narrowed(family: &mut Family, moved: &mut Ids) {
    for (table, ids) in moved.iter() {
        family.forget(table, ids);
    }
    for members in family.members() {
        let moved = moved.entry(members.collection.name.clone()).or_default();
        moved.extend(members.ids.iter().cloned());
    }
}

/// A change of nothing: the record comes back as it is, if it may be seen.
fn looking_step(operation: &Operation<'_>, expected: Expected) -> Step {
    let (collection, id) = (operation.collection, operation.id.as_str());
    let view = operation.rows.to_view();
    let (select, mask) = select::select(collection, &view, id, &Value::CommitTime);
    let look = Statement::from(select).expecting(Expect::Exists, Event::STALE);
    let has_version = |version: i64| {
        let mut sql = Sql::new("SELECT 1 FROM ");
        sql.ident(&collection.name).push(" WHERE id = ").bind(id);
        sql.push(" AND version = ").bind(version);
        Statement::from(sql).expecting(Expect::Exists, tag::VERSION)
    };
    Step {
        batch: Batch::new()
            .with(look.kept())
            .with_all(expected.version().map(has_version))
            .with_all(operation.last.iter().cloned())
            .touching(Touch::Nothing),
        answer: Some(Answer::Kept(mask)),
        words: None,
    }
}

fn moved_before() -> Error {
    let message = "What goes along with this record is changed by an operation before it; delete or \
                   restore it by a request of its own";
    Error::new(Code::Unprocessable, message)
}

fn answers(
    operations: &[Operation<'_>],
    steps: Vec<Step>,
    receipt: Receipt,
) -> Result<Vec<Option<Record>>> {
    let (at, mut rows) = (receipt.at, receipt.rows.into_iter());
    let read = |(operation, step): (&Operation<'_>, Step)| {
        let answer = step.answer;
        let read = answer.map(|answer| answer.record(operation.collection, at, &mut rows));
        read.transpose()
    };
    operations.iter().zip(steps).map(read).collect()
}
