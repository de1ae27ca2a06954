//! Changing records: each change is one batch with its event inside.

use std::sync::Arc;

use super::{
    Engine,
    cache::touching,
    guard, increment,
    input::{Draft, Patch},
    record::{self, Begun, Record},
    select,
    sight::Mask,
};
use crate::{
    access::RowFilter,
    base::{Error, Instant, Result},
    db::{Batch, Expect, Receipt, Row, Sql, Statement, Tag, Value, WriteError},
    events::{Change, Origin},
    schema::{Collection, Field, Schema},
};

/// Tags of the expectations here; `refusal` says what their failure means.
pub(super) mod tag {
    pub const RELATION: &str = "relation";
    pub const USED_ID: &str = "used id";
    pub const VERSION: &str = "version";
    pub const RESTRICTED: &str = "restricted";
    pub const OVERTAKEN: &str = "overtaken";
}

/// The version that a client believes a record to have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expected {
    /// It did not say: the last writer wins, field by field.
    #[default]
    Any,
    /// By `If-Match`: 412 if it is another.
    Precondition(i64),
    /// By `version` in the body: 409 if it is another.
    Version(i64),
}

impl Expected {
    pub(super) fn version(self) -> Option<i64> {
        match self {
            Self::Any => None,
            Self::Precondition(version) | Self::Version(version) => Some(version),
        }
    }

    /// Checks the version of what was read and is not changed.
    ///
    /// # Errors
    /// `PRECONDITION_FAILED` or `CONFLICT` if it is another.
    pub fn check(self, version: i64) -> Result<()> {
        match self.version() {
            Some(expected) if expected != version => {
                Err(super::refusal::stale(self, Some(version)))
            }
            _ => Ok(()),
        }
    }
}

impl Engine {
    /// Makes a record, with `further` statements of the same batch.
    ///
    /// # Errors
    /// `ALREADY_EXISTS`, `VALIDATION_ERROR`, those of a write.
    pub async fn create(
        &self,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        draft: Draft<'_>,
        origin: &Origin,
        further: impl Into<Further>,
    ) -> Result<Record> {
        let (batch, answer) = self.create_batch(collection, rows, draft, origin, further);
        let receipt = self.write(collection, Expected::Any, batch).await?;
        let at = receipt.at;
        answer.record(collection, at, &mut receipt.rows.into_iter())
    }

    /// The batch of [`Engine::create`], and what it answers.
    pub(super) fn create_batch(
        &self,
        collection: &Collection,
        rows: &RowFilter,
        draft: Draft<'_>,
        origin: &Origin,
        further: impl Into<Further>,
    ) -> (Batch, Answer) {
        let making = self.making(collection, rows, draft);
        let Further { first, last } = further.into();
        let id = making.id;
        let change = Change {
            collection,
            id: &id,
            origin,
        };
        let mut batch = Batch::new()
            .with_all(first)
            .with_all(making.allowed)
            .with_all(making.relations)
            .with_all(making.insert)
            .with(change.created())
            .with_all(last);
        let mask = making.begun.is_none().then(|| {
            let (select, mask) = answer(collection, rows, &id);
            batch.push(select);
            mask
        });
        let batch = touching(batch, [(collection.name.as_str(), &[&id][..])]);
        let answer = match making.begun {
            Some(begun) => Answer::Begun(id, begun),
            None => Answer::Kept(mask.unwrap_or_default()),
        };
        (batch, answer)
    }

    /// What makes a record, all but its event.
    pub(super) fn making(
        &self,
        collection: &Collection,
        rows: &RowFilter,
        mut draft: Draft<'_>,
    ) -> Making {
        // What is made is what was sent, so it need not be looked up again.
        let is_known = !collection.has_computed() && guard::is_seen(collection, rows, &draft);
        let begun = is_known.then(|| Begun::new(&draft));
        let allowed = guard::of_create(collection, rows, &draft);
        let values = draft.values.iter().map(|(field, value)| (*field, value));
        let relations = relations_exist(collection, &self.catalog.schema(), values);
        let id = std::mem::take(&mut draft.id);
        let unused = draft.id_was_sent.then(|| id_is_unused(collection, &id));
        let insert = insert(collection, &id, draft).into();
        Making {
            insert: unused.into_iter().chain([insert]).collect(),
            id,
            begun,
            allowed,
            relations,
        }
    }

    /// Changes the fields of a record that were sent, with `further` statements of the same batch.
    ///
    /// # Errors
    /// `NOT_FOUND`, `PRECONDITION_FAILED` or `CONFLICT` where another version was expected,
    /// `ALREADY_EXISTS`, `VALIDATION_ERROR`, those of a write.
    pub async fn update(
        &self,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        id: &str,
        change: Update<'_>,
    ) -> Result<Record> {
        if change.patch.is_empty() && change.further.is_empty() {
            return self.unchanged(collection, rows, id, change.expected).await;
        }
        let (expected, patch) = (change.expected, change.patch);
        let (batch, mask) = self.update_batch(collection, rows, id, change);
        let receipt = self.write(collection, expected, batch).await;
        let receipt = receipt.map_err(|error| increment::refusal(patch, error))?;
        record::from_kept(collection, &mask, receipt.rows.last())
    }

    /// The batch of [`Engine::update`], which has the record come back.
    pub(super) fn update_batch(
        &self,
        collection: &Collection,
        rows: &RowFilter,
        id: &str,
        change: Update<'_>,
    ) -> (Batch, Mask) {
        let Update {
            patch,
            expected,
            origin,
            further,
        } = change;
        let event = Change {
            collection,
            id,
            origin,
        };
        let changed: Vec<&Field> = patch.fields.iter().map(|(field, _)| *field).collect();
        let update = Statement::from(update(collection, id, patch, expected));
        let (select, mask) = answer(collection, rows, id);
        let batch = Batch::new()
            .with_all(guard::of_update(collection, rows, id, patch))
            .with_all(relations_exist(
                collection,
                &self.catalog.schema(),
                patch.relations(),
            ))
            .with(event.updated(&changed))
            .with(update.expecting(Expect::Changed(1), tag::VERSION))
            .with_all(further)
            .with(event.completed())
            .with(select);
        let batch = touching(batch, [(collection.name.as_str(), &[id][..])]);
        (batch, mask)
    }

    async fn write(
        &self,
        collection: &Collection,
        expected: Expected,
        batch: Batch,
    ) -> Result<Receipt> {
        let outcome = self.db.write(batch).await;
        outcome.map_err(|error| self.refusal(collection, expected, error))
    }

    /// What a client is told of a batch that was refused.
    pub(super) fn refusal(
        &self,
        collection: &Collection,
        expected: Expected,
        error: WriteError,
    ) -> Error {
        // A batch that was overtaken by a change of its collection may fail in any way.
        if !self.is_current(collection) {
            return match self.catalog.schema().by_name(&collection.name) {
                Some(_) => Error::unavailable("The collection has just been changed", 1),
                None => Error::not_found(),
            };
        }
        super::refusal::of(collection, expected, error)
    }

    pub(super) async fn unchanged(
        &self,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        id: &str,
        expected: Expected,
    ) -> Result<Record> {
        let record = self.load(collection, &rows.to_view(), id).await?;
        expected.check(record.version)?;
        Ok(Arc::unwrap_or_clone(record))
    }
}

/// What is answered to a change, and how it comes to be known.
pub(super) enum Answer {
    /// As it was sent, of the record with this id.
    Begun(String, Begun),
    /// By the row that comes back.
    Kept(Mask),
}

impl Answer {
    /// The record as it was committed `at`; `rows` are those that have come back.
    ///
    /// # Errors
    /// `DATABASE_ERROR` if a row is missing.
    pub fn record(
        self,
        collection: &Collection,
        at: Instant,
        rows: &mut impl Iterator<Item = Row>,
    ) -> Result<Record> {
        match self {
            Self::Begun(id, begun) => Ok(begun.committed(collection, id, at)),
            Self::Kept(mask) => record::from_kept(collection, &mask, rows.next().as_ref()),
        }
    }
}

/// What makes a record, in the order in which it stands in a batch.
pub(super) struct Making {
    /// The record's id.
    pub id: String,
    /// What is answered, where that is known without another look.
    pub begun: Option<Begun>,
    /// Expectations that the rules hold.
    pub allowed: Vec<Statement>,
    /// Expectations that what it points at is there.
    pub relations: Vec<Statement>,
    /// The row itself.
    pub insert: Vec<Statement>,
}

/// Statements of the same batch as a change.
#[derive(Clone, Debug, Default)]
pub struct Further {
    /// Those that stand before it.
    pub first: Vec<Statement>,
    /// Those that stand behind it and its event.
    pub last: Vec<Statement>,
}

impl From<Vec<Statement>> for Further {
    /// Statements behind the change.
    fn from(last: Vec<Statement>) -> Self {
        let first = Vec::new();
        Self { first, last }
    }
}

/// A change of a record, as [`Engine::update`] takes it.
pub struct Update<'a> {
    /// What happens to its fields.
    pub patch: &'a Patch<'a>,
    /// The version that it must have.
    pub expected: Expected,
    /// Who changes it.
    pub origin: &'a Origin,
    /// Statements of the same batch.
    pub further: Vec<Statement>,
}

fn insert(collection: &Collection, id: &str, draft: Draft<'_>) -> Sql {
    let mut sql = Sql::new("INSERT INTO ");
    sql.ident(&collection.name).push(" (id, ");
    for (field, _) in &draft.values {
        sql.ident(&field.column).push(", ");
    }
    for (column, _) in &draft.hidden {
        sql.ident(column).push(", ");
    }
    sql.push("created_at, updated_at, version) VALUES (")
        .bind(id)
        .push(", ");
    let hidden = draft.hidden.into_iter().map(|(_, value)| value);
    for value in draft
        .values
        .into_iter()
        .map(|(_, value)| value)
        .chain(hidden)
    {
        sql.bind(value).push(", ");
    }
    sql.bind(Value::CommitTime)
        .push(", ")
        .bind(Value::CommitTime)
        .push(", 1)");
    sql
}

fn update(collection: &Collection, id: &str, patch: &Patch<'_>, expected: Expected) -> Sql {
    let mut sql = Sql::new("UPDATE ");
    sql.ident(&collection.name).push(" SET ");
    for (field, assignment) in &patch.fields {
        assignment.push(field, &mut sql);
        sql.push(", ");
    }
    for (column, value) in &patch.hidden {
        sql.ident(column).push(" = ").bind(value.clone()).push(", ");
    }
    push_stamps(&mut sql);
    push_where(&mut sql, collection, id, expected);
    sql
}

pub(super) fn push_stamps(sql: &mut Sql) {
    sql.push("updated_at = ")
        .bind(Value::CommitTime)
        .push(", version = version + 1");
}

fn push_where(sql: &mut Sql, collection: &Collection, id: &str, expected: Expected) {
    sql.push(" WHERE id = ").bind(id);
    if collection.is_soft() {
        sql.push(" AND deleted_at IS NULL");
    }
    if let Some(version) = expected.version() {
        sql.push(" AND version = ").bind(version);
    }
}

/// Has the record come back as it then is. RETURNING would do, but SQLite opens a temporary table
/// for its rows, which costs more than looking the record up again.
pub(super) fn answer(collection: &Collection, rows: &RowFilter, id: &str) -> (Statement, Mask) {
    let (select, mask) = select::answer(collection, rows, id, &Value::CommitTime);
    (Statement::from(select).kept(), mask)
}

/// Expects that each relation points at a live record: SQLite does not say which foreign key
/// failed, and knows nothing of soft deletion. The tag's number is the field's in its collection.
pub(super) fn relations_exist<'a>(
    collection: &Collection,
    schema: &Schema,
    values: impl Iterator<Item = (&'a Field, &'a Value)>,
) -> Vec<Statement> {
    let guard = |(field, value): (&Field, &Value)| {
        let target = schema
            .by_name(field.collection()?)
            .filter(|_| *value != field.kind.empty())?;
        let (sql, expect) = if field.is_many() {
            (any_is_missing(target, value), Expect::Absent)
        } else {
            (
                is_live(target, |sql| {
                    sql.bind(value.clone());
                }),
                Expect::Exists,
            )
        };
        let place = collection
            .fields
            .iter()
            .position(|known| known.column == field.column)?;
        Some(Statement::from(sql).expecting(expect, Tag(tag::RELATION, place)))
    };
    values.filter_map(guard).collect()
}

/// Asks for a live record by its id.
fn is_live(target: &Collection, push_id: impl FnOnce(&mut Sql)) -> Sql {
    let mut sql = Sql::new("SELECT 1 FROM ");
    sql.ident(&target.name).push(" WHERE id = ");
    push_id(&mut sql);
    if target.is_soft() {
        sql.push(" AND deleted_at IS NULL");
    }
    sql
}

/// Asks for an id on a list that is no live record's. What is on it is called by a name that no
/// column has.
fn any_is_missing(target: &Collection, list: &Value) -> Sql {
    let mut sql = Sql::new("SELECT 1 FROM json_each(");
    sql.bind(list.clone());
    sql.push(") AS _item WHERE NOT EXISTS (");
    sql.append(is_live(target, |sql| {
        sql.push("_item.value");
    }));
    sql.push(")");
    sql
}

/// Expects that an id was not used by a record that is gone for good; one that is there shows in
/// the unique index.
fn id_is_unused(collection: &Collection, id: &str) -> Statement {
    let sql = "SELECT 1 FROM _tombstones WHERE collection = ? AND record_id = ?";
    let args = vec![collection.name.as_str().into(), id.into()];
    Statement::new(sql, args).expecting(Expect::Absent, tag::USED_ID)
}
