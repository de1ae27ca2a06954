//! `POST /api/batch`: operations on records of any collections, all or none.

use serde_json::value::RawValue;

use super::{
    refs::resolved,
    target::{Names, Target, Verb},
};
use crate::{
    access::{Caller, sight},
    base::{Code, Error, Issue, IssueCode, Result, json::Object},
    db::Statement,
    engine::{
        self, Change, Draft, Expected, Fault, Further, Kept, Made, Once, Operation, Patch, Record,
        SentKey,
    },
    features::records::{Records, service},
};

/// Most operations of one batch.
const MOST: usize = 100;

/// The status of an operation, and the record that it leaves.
pub type Outcome = (u16, Option<Record>);

impl Records {
    /// Does all operations of a batch in their order, or none; once, where `key` says so.
    ///
    /// # Errors
    /// Those of the first operation that is refused, with its place in their fields
    /// (`operations[1].title`); `UNPROCESSABLE` for more than one request may do.
    pub async fn batch(
        &self,
        caller: &Caller,
        body: &[u8],
        key: Option<SentKey>,
    ) -> Result<Made<Vec<Outcome>>> {
        let make = async |once: Option<&Once>| {
            let done = self.do_each(caller, &operations(body)?, once).await;
            done.map_err(|fault| fault.under("operations"))
        };
        let again = async |kept: &Kept| kept.several(&self.engine, caller).await;
        self.idempotency.once(caller, key, body, make, again).await
    }

    async fn do_each(
        &self,
        caller: &Caller,
        sent: &[&RawValue],
        once: Option<&Once>,
    ) -> Result<Vec<Outcome>, Fault> {
        let (targets, unread) = self.targets(caller, sent);
        let operations = read_all(&targets, |target, id, place| {
            let keep = |once: &Once| {
                let permission = sight(caller, &target.collection.name, target.verb.action());
                once.keep_records(&permission, &target.collection, place, &[id.to_owned()])
            };
            let is_kept = target.verb != Verb::Delete;
            once.filter(|_| is_kept).map(keep).into_iter().collect()
        })?;
        // The first that is refused is told: a body that cannot be read before a path behind it.
        if let Some(fault) = unread {
            return Err(fault);
        }
        let statuses: Vec<u16> = targets.iter().map(|target| target.verb.status()).collect();
        let keep = |once: &Once| Further {
            first: once
                .first()
                .into_iter()
                .chain(once.keep_several(200, &statuses))
                .collect(),
            last: Vec::new(),
        };
        let further = once.map(keep).unwrap_or_default();
        let origin = engine::origin(caller);
        let done = self.engine.change_each(&operations, &origin, &further);
        match done.await {
            Ok(records) => Ok(statuses.into_iter().zip(records).collect()),
            Err(fault) => Err(self.told_of(&operations, fault).await),
        }
    }

    /// What the operations are about, up to the first that cannot be read or may not be.
    fn targets<'a>(
        &self,
        caller: &Caller,
        sent: &[&'a RawValue],
    ) -> (Vec<Target<'a>>, Option<Fault>) {
        let mut targets = Vec::with_capacity(sent.len());
        for (place, operation) in sent.iter().enumerate() {
            match Target::read(self, caller, operation) {
                Ok(target) => targets.push(target),
                Err(error) => return (targets, Some(Fault::at(place, error))),
            }
        }
        (targets, None)
    }

    /// What a client is told of a refusal: of a record that it may not see, that it is not there,
    /// unless it has just shown by an operation before that it knows it.
    async fn told_of(&self, operations: &[Operation<'_>], fault: Fault) -> Fault {
        let known = fault
            .place
            .and_then(|place| operations.split_at_checked(place));
        let Some((before, [operation, ..])) = known else {
            return fault;
        };
        let (collection, rows) = (operation.collection, operation.rows);
        let is_same = |other: &Operation<'_>| {
            other.id == operation.id && other.collection.name == collection.name
        };
        let is_new = matches!(operation.change, Change::Create(_));
        let error = if is_new || before.iter().any(is_same) {
            service::refused(rows, fault.error)
        } else {
            let outcome: Result<()> = Err(fault.error);
            let told = self.told(collection, rows, &operation.id, outcome).await;
            told.err()
                .unwrap_or_else(|| Error::internal("a refusal without words"))
        };
        Fault { error, ..fault }
    }
}

/// The operations of a body.
fn operations(body: &[u8]) -> Result<Vec<&RawValue>> {
    let mut object = Object::parse(body)?;
    let sent = object.take("operations");
    let unknown = |(key, _): (&str, _)| Issue::new(key, IssueCode::UnknownField, "Is not known");
    let mut issues: Vec<Issue> = object.iter().map(unknown).collect();
    let list = sent.and_then(|sent| serde_json::from_str::<Vec<&RawValue>>(sent.get()).ok());
    let Some(list) = list.filter(|list| !list.is_empty()) else {
        let message = format!("Must be a list of 1 to {MOST} operations");
        issues.push(Issue::new("operations", IssueCode::InvalidType, message));
        return Err(Error::unreadable(issues));
    };
    if !issues.is_empty() {
        return Err(Error::unreadable(issues));
    }
    if list.len() > MOST {
        let message = format!(
            "A batch does at most {MOST} operations; this one has {}",
            list.len()
        );
        return Err(Error::new(Code::Unprocessable, message));
    }
    Ok(list)
}

/// Reads the bodies in their order; `keep` gives what stands behind an operation.
fn read_all<'a>(
    targets: &'a [Target<'_>],
    keep: impl Fn(&Target<'_>, &str, usize) -> Vec<Statement>,
) -> Result<Vec<Operation<'a>>, Fault> {
    let (mut names, mut operations) = (Names::default(), Vec::with_capacity(targets.len()));
    for (place, target) in targets.iter().enumerate() {
        let read = read(target, &names).and_then(|(id, change)| {
            names.add(target.name.as_ref(), &id)?;
            Ok(Operation {
                collection: &target.collection,
                rows: &target.rows,
                last: keep(target, &id, place),
                id,
                change,
            })
        });
        operations.push(read.map_err(|error| Fault::at(place, error))?);
    }
    Ok(operations)
}

/// The record of an operation, and what happens to it.
fn read<'a>(target: &'a Target<'_>, names: &Names) -> Result<(String, Change<'a>)> {
    let collection = &target.collection;
    let id = target.id.clone().unwrap_or_default();
    if target.verb == Verb::Restore {
        let rows = [Some(&target.rows), target.also.as_ref()];
        let first = rows.into_iter().flatten();
        let first = first.filter_map(|rows| engine::may_act_on(collection, rows, &id));
        let change = Change::Restore(first.collect());
        return Ok((id, change));
    }
    let Some(body) = target.body else {
        return Ok((id, Change::Delete));
    };
    let mut object = Object::within(body)?;
    let resolved = resolved(collection, &object, names)?;
    for (name, value) in &resolved {
        object.set(name, value);
    }
    let patch = match target.verb {
        Verb::Create | Verb::Delete | Verb::Restore => {
            let draft = Draft::read(collection, &object)?;
            return Ok((draft.id.clone(), Change::Create(draft)));
        }
        Verb::Update(service::Change::Patch) => Patch::read(collection, &object)?,
        Verb::Update(service::Change::Replace) => Patch::replacing(collection, &object)?,
    };
    let expected = patch.version.map_or(Expected::Any, Expected::Version);
    Ok((id, Change::Update(patch, expected)))
}
