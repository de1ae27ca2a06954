//! What a caller may do with records, decided before it is done.

use std::sync::Arc;

use crate::{
    access::{Action, Caller, RowFilter, decide},
    base::{Result, id, json::Object},
    engine::{
        self, Draft, Engine, Expected, Kind, List, ListQuery, Patch, Record, Removal, Restoration,
        Trashed, Update,
    },
    schema::Collection,
    web::Query,
};

/// The feature. Cheap to clone.
#[derive(Clone)]
pub struct Records {
    pub(super) engine: Engine,
}

impl Records {
    /// Over the engine.
    pub fn new(engine: Engine) -> Self {
        Self { engine }
    }

    /// A page of the records of a collection.
    ///
    /// # Errors
    /// `NOT_FOUND` for an unknown collection, those of [`decide`], `INVALID_INPUT`.
    pub async fn list(&self, caller: &Caller, path: &str, query: &Query) -> Result<List> {
        let (collection, rows) = self.decide(caller, path, Action::Read)?;
        let query = ListQuery::parse(&collection, query.iter())?;
        if query.trashed != Trashed::Without {
            decide(caller, &collection.name, Action::Restore)?;
        }
        self.engine.list(&collection, rows, &query).await
    }

    /// One record.
    ///
    /// # Errors
    /// `NOT_FOUND`, those of [`decide`].
    pub async fn load(&self, caller: &Caller, path: &str, id: &str) -> Result<Arc<Record>> {
        let (collection, rows) = self.decide(caller, path, Action::Read)?;
        self.engine.load(&collection, rows, id::in_path(id)?).await
    }

    /// Makes a record.
    ///
    /// # Errors
    /// Those of [`decide`], of a body, of the definition, and of a write.
    pub async fn create(&self, caller: &Caller, path: &str, body: &[u8]) -> Result<Record> {
        let (collection, rows) = self.decide(caller, path, Action::Create)?;
        let object = Object::parse(body)?;
        let draft = Draft::read(&collection, &object)?;
        let origin = engine::origin(caller);
        self.engine
            .create(&collection, rows, draft, &origin, Vec::new())
            .await
    }

    /// Changes the fields of a record that were sent. `expected` turns the version in the body
    /// into what the client expects.
    ///
    /// # Errors
    /// Those of [`decide`], of a body, of the definition, and of a write.
    pub async fn update(
        &self,
        caller: &Caller,
        path: &str,
        id: &str,
        body: &[u8],
        expected: impl FnOnce(Option<i64>) -> Result<Expected>,
    ) -> Result<Record> {
        let (collection, rows) = self.decide(caller, path, Action::Update)?;
        let object = Object::parse(body)?;
        let patch = Patch::read(&collection, &object)?;
        let expected = expected(patch.version)?;
        let origin = engine::origin(caller);
        let update = Update {
            patch: &patch,
            expected,
            origin: &origin,
            further: Vec::new(),
        };
        self.engine
            .update(&collection, rows, id::in_path(id)?, update)
            .await
    }

    /// Deletes a record.
    ///
    /// # Errors
    /// Those of [`decide`], for purging too where that is asked for, and of [`Engine::delete`].
    pub async fn delete(
        &self,
        caller: &Caller,
        path: &str,
        id: &str,
        kind: Kind,
        expected: Expected,
    ) -> Result<()> {
        let (collection, mut rows) = self.decide(caller, path, Action::Delete)?;
        if kind == Kind::Purge {
            rows = decide(caller, &collection.name, Action::Purge)?;
        }
        let removal = Removal {
            id: id::in_path(id)?,
            kind,
            expected,
            origin: &engine::origin(caller),
            first: Vec::new(),
        };
        self.engine.delete(&collection, rows, &removal).await
    }

    /// Brings a deleted record back.
    ///
    /// # Errors
    /// Those of [`decide`], for deleting and for restoring, and of [`Engine::restore`].
    pub async fn restore(
        &self,
        caller: &Caller,
        path: &str,
        id: &str,
        expected: Expected,
    ) -> Result<Record> {
        let (collection, _) = self.decide(caller, path, Action::Delete)?;
        let rows = decide(caller, &collection.name, Action::Restore)?;
        let restoration = Restoration {
            id: id::in_path(id)?,
            expected,
            origin: &engine::origin(caller),
            first: Vec::new(),
        };
        self.engine.restore(&collection, rows, &restoration).await
    }

    fn decide(
        &self,
        caller: &Caller,
        path: &str,
        action: Action,
    ) -> Result<(Arc<Collection>, RowFilter)> {
        let collection = self.engine.collection(path)?;
        let rows = decide(caller, &collection.name, action)?;
        Ok((collection, rows))
    }
}
