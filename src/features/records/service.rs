//! What a caller may do with records, decided before it is done.

use std::{path::Path, sync::Arc};

use super::transfer::Running;
use crate::{
    access::{Action, Caller, RowFilter, decide, permit, sight},
    base::{Code, Error, Result, id, json::Object},
    engine::{
        self, AggregateQuery, Draft, Engine, Expected, Further, Idempotency, Kept, Kind, List,
        ListQuery, Made, Once, Parent, Patch, Record, Removal, Restoration, SentKey, Shape,
        Trashed, Update,
    },
    schema::Collection,
    web::Query,
};

/// The feature. Cheap to clone.
#[derive(Clone)]
pub struct Records {
    pub(super) engine: Engine,
    pub(super) idempotency: Idempotency,
    pub(super) running: Running,
}

/// A record in a path, under a parent where the path has one.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The collection as it stands in the path.
    pub path: &'a str,
    /// The record's id.
    pub id: &'a str,
    /// The record that it must be under.
    pub parent: Option<&'a Parent>,
}

impl<'a> Place<'a> {
    /// The record of a path with these parts.
    pub fn of((path, id): &'a (String, String)) -> Self {
        Self {
            path,
            id,
            parent: None,
        }
    }
}

/// How a body changes a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The fields that were sent.
    Patch,
    /// All fields: those that were not sent take their defaults.
    Replace,
}

impl Records {
    /// Over the engine.
    pub fn new(engine: Engine, idempotency: Idempotency) -> Self {
        Self {
            engine,
            idempotency,
            running: Running::default(),
        }
    }

    /// The data directory.
    pub(super) fn dir(&self) -> &Path {
        self.engine.db().dir().path()
    }

    /// A page of the records of a collection, of those under `parent` alone where one is given.
    ///
    /// # Errors
    /// `NOT_FOUND` for an unknown collection, those of [`decide`], `INVALID_INPUT`.
    pub async fn list(
        &self,
        caller: &Caller,
        path: &str,
        query: &Query,
        parent: Option<&Parent>,
    ) -> Result<List> {
        let (collection, rows) = self.decide(caller, path, Action::List)?;
        let definitions = self.engine.catalog().now();
        let mut query = ListQuery::parse(&definitions, &collection, &rows, query.iter())?;
        if query.trashed != Trashed::Without {
            permit(caller, &collection.name, Action::Restore)?;
        }
        if let Some(parent) = parent {
            parent.narrow(&definitions, &collection, &mut query)?;
        }
        self.engine.list(&collection, &rows, &query).await
    }

    /// Records of a collection, taken together in groups: a JSON array.
    ///
    /// # Errors
    /// As [`Self::list`], and those of [`Engine::aggregate`].
    pub async fn aggregate(
        &self,
        caller: &Caller,
        path: &str,
        query: &Query,
    ) -> Result<Arc<Vec<u8>>> {
        let (collection, rows) = self.decide(caller, path, Action::List)?;
        let definitions = self.engine.catalog().now();
        let query = AggregateQuery::parse(&definitions, &collection, &rows, query.iter())?;
        if query.list.trashed != Trashed::Without {
            permit(caller, &collection.name, Action::Restore)?;
        }
        self.engine.aggregate(&collection, &rows, query).await
    }

    /// One record, told as `shape` says.
    ///
    /// # Errors
    /// Those of [`decide`], and of [`Engine::load_as`].
    pub async fn load(
        &self,
        caller: &Caller,
        place: Place<'_>,
        shape: &Shape,
    ) -> Result<Arc<Record>> {
        let (collection, rows) = self.decide(caller, place.path, Action::View)?;
        let id = id::in_path(place.id)?;
        let load = self
            .engine
            .load_as(&collection, &rows, id, shape, place.parent);
        load.await
    }

    /// Makes a record; once, where `key` says so.
    ///
    /// # Errors
    /// Those of [`decide`], of a body, of the definition, of a write, and of a key.
    pub async fn create(
        &self,
        caller: &Caller,
        path: &str,
        body: &[u8],
        key: Option<SentKey>,
    ) -> Result<Made<Record>> {
        let make = async |once: Option<&Once>| self.make(caller, path, body, None, once).await;
        let again = async |kept: &Kept| kept.record(&self.engine, caller).await;
        self.idempotency.once(caller, key, body, make, again).await
    }

    /// Makes a record, under `parent` where one is given.
    pub(super) async fn make(
        &self,
        caller: &Caller,
        path: &str,
        body: &[u8],
        parent: Option<&Parent>,
        once: Option<&Once>,
    ) -> Result<Record> {
        let (collection, rows) = self.decide(caller, path, Action::Create)?;
        let mut object = Object::parse(body)?;
        let fault = parent.and_then(|parent| parent.fault(&object));
        if let Some(parent) = parent {
            parent.complete(&mut object);
        }
        let faults = fault.into_iter().collect();
        let draft = engine::with_faults(Draft::read(&collection, &object), faults)?;
        let keep = |once: &Once| {
            let permission = sight(caller, &collection.name, Action::Create);
            Further {
                first: once.first(),
                last: vec![once.keep_record(201, permission, &collection, &draft.id)],
            }
        };
        let further = once.map(keep).unwrap_or_default();
        let origin = engine::origin(caller);
        let made = self
            .engine
            .create(&collection, &rows, draft, &origin, further);
        made.await.map_err(|error| refused(&rows, error))
    }

    /// Changes a record as `change` says. `expected` turns the version in the body into what the
    /// client expects.
    ///
    /// # Errors
    /// Those of [`decide`], of a body, of the definition, and of a write.
    pub async fn update(
        &self,
        caller: &Caller,
        place: Place<'_>,
        change: Change,
        body: &[u8],
        expected: impl FnOnce(Option<i64>) -> Result<Expected>,
    ) -> Result<Record> {
        let (collection, rows) = self.decide(caller, place.path, Action::Update)?;
        let id = id::in_path(place.id)?;
        self.check_parent(&collection, &rows, place).await?;
        let mut object = Object::parse(body)?;
        let patch = read(&collection, &mut object, change, place.parent)?;
        let still_there = place
            .parent
            .filter(|_| !patch.is_empty())
            .map(|parent| parent.still_has(&collection, id));
        let update = Update {
            expected: expected(patch.version)?,
            patch: &patch,
            origin: &engine::origin(caller),
            further: still_there.transpose()?.into_iter().collect(),
        };
        let updated = self.engine.update(&collection, &rows, id, update).await;
        self.told(&collection, &rows, id, updated).await
    }

    /// Deletes a record.
    ///
    /// # Errors
    /// Those of [`decide`], for purging too where that is asked for, and of [`Engine::delete`].
    pub async fn delete(
        &self,
        caller: &Caller,
        place: Place<'_>,
        kind: Kind,
        expected: Expected,
    ) -> Result<()> {
        let (collection, rows) = self.decide(caller, place.path, Action::Delete)?;
        if kind == Kind::Purge {
            permit(caller, &collection.name, Action::Purge)?;
        }
        let id = id::in_path(place.id)?;
        let parent = place
            .parent
            .map(|parent| parent.shows(&collection, &rows, id));
        let allowed = engine::may_act_on(&collection, &rows, id);
        let removal = Removal {
            id,
            kind,
            expected,
            origin: &engine::origin(caller),
            first: allowed.into_iter().chain(parent.transpose()?).collect(),
        };
        let deleted = self.engine.delete(&collection, &rows, &removal).await;
        self.told(&collection, &rows, id, deleted).await
    }

    /// Brings a deleted record back; once, where `key` says so.
    ///
    /// # Errors
    /// Those of [`decide`], for deleting and for restoring, of [`Engine::restore`], and of a key.
    pub async fn restore(
        &self,
        caller: &Caller,
        place: Place<'_>,
        expected: Expected,
        key: Option<SentKey>,
    ) -> Result<Made<Record>> {
        let make = async |once: Option<&Once>| self.undelete(caller, place, expected, once).await;
        let again = async |kept: &Kept| kept.record(&self.engine, caller).await;
        // It reads no body, so none makes it another request.
        self.idempotency.once(caller, key, b"", make, again).await
    }

    async fn undelete(
        &self,
        caller: &Caller,
        place: Place<'_>,
        expected: Expected,
        once: Option<&Once>,
    ) -> Result<Record> {
        let (collection, rows) = self.decide(caller, place.path, Action::Delete)?;
        let again = self.decide(caller, place.path, Action::Restore)?.1;
        let id = id::in_path(place.id)?;
        let sight = || sight(caller, &collection.name, Action::Restore);
        let once = once.map(|once| once.around(200, sight(), &collection, id));
        let restoration = Restoration {
            id,
            expected,
            origin: &engine::origin(caller),
            first: [&rows, &again]
                .into_iter()
                .filter_map(|rows| engine::may_act_on(&collection, rows, id))
                .collect(),
            once: once.unwrap_or_default(),
        };
        let restored = self.engine.restore(&collection, &rows, &restoration).await;
        self.told(&collection, &rows, id, restored).await
    }

    /// Without a parent in the path there is nothing to check, and nothing is read.
    async fn check_parent(
        &self,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        place: Place<'_>,
    ) -> Result<()> {
        let Some(parent) = place.parent else {
            return Ok(());
        };
        let view = rows.to_view();
        let record = self.engine.load(collection, &view, place.id).await?;
        parent.check(&record)
    }

    pub(super) fn decide(
        &self,
        caller: &Caller,
        path: &str,
        action: Action,
    ) -> Result<(Arc<Collection>, RowFilter)> {
        let collection = self.engine.collection(path)?;
        let rules = self.engine.rules(&collection)?;
        let rows = decide(caller, &rules, action)?;
        Ok((collection, rows))
    }

    /// What a client is told of a change of a record that a rule may have refused: that it is not
    /// there, if it may not see it.
    pub(super) async fn told<T>(
        &self,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        id: &str,
        outcome: Result<T>,
    ) -> Result<T> {
        match outcome {
            Err(error) if error.code() == Code::Forbidden && !rows.is_all() => {
                let error = refused(rows, error);
                if error.code() == Code::Forbidden {
                    self.engine.load(collection, &rows.to_view(), id).await?;
                }
                Err(error)
            }
            outcome => outcome,
        }
    }
}

/// A guest whom a rule refuses is told to sign in, where that could help.
pub(super) fn refused(rows: &RowFilter, error: Error) -> Error {
    let refusal = rows.refusal();
    let is_rule = error.code() == Code::Forbidden && !rows.is_all();
    if is_rule && refusal.code() == Code::Unauthorized {
        return refusal;
    }
    error
}

/// Reads the body of a change; one under a parent cannot leave it.
fn read<'a>(
    collection: &'a Collection,
    object: &mut Object<'a>,
    change: Change,
    parent: Option<&'a Parent>,
) -> Result<Patch<'a>> {
    let fault = parent.and_then(|parent| parent.fault(object));
    if let Some(parent) = parent.filter(|_| fault.is_some() || change == Change::Replace) {
        parent.complete(object);
    }
    let patch = match change {
        Change::Patch => Patch::read(collection, object),
        Change::Replace => Patch::replacing(collection, object),
    };
    engine::with_faults(patch, fault.into_iter().collect())
}
