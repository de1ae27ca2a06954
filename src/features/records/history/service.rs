//! Who may see records as they were, and take them back to that.

use std::sync::Arc;

use crate::{
    access::{Action, Caller, sight},
    base::{Error, Instant, Result, id, page::Page},
    engine::{
        self, Expected, Kept, List, Made, Once, Record, Selection, SentKey, Update, wanted_version,
    },
    features::records::service::{Place, Records},
};

impl Records {
    /// A page of the versions of a record, the newest first.
    ///
    /// # Errors
    /// `NOT_FOUND`, those of [`crate::access::decide`].
    pub async fn history(&self, caller: &Caller, place: Place<'_>, page: Page) -> Result<List> {
        let (collection, rows) = self.decide(caller, place.path, Action::View)?;
        let id = id::in_path(place.id)?;
        self.engine.history(&collection, &rows, id, page).await
    }

    /// One record as it was at an instant, or at the beginning of a day, of which `fields` names
    /// what is told.
    ///
    /// # Errors
    /// `INVALID_INPUT` for what is no instant, or for a field that is not there; `NOT_FOUND`, those
    /// of [`crate::access::decide`].
    pub async fn load_at(
        &self,
        caller: &Caller,
        place: Place<'_>,
        at: &str,
        fields: Option<&str>,
    ) -> Result<Arc<Record>> {
        let (collection, rows) = self.decide(caller, place.path, Action::View)?;
        let fields = Selection::of_one(&collection, fields)?;
        let id = id::in_path(place.id)?;
        let midnight = || Instant::parse(&format!("{at}T00:00:00Z"));
        let Some(at) = Instant::parse(at).or_else(midnight) else {
            let message = "Must be an instant such as 2026-01-15T10:30:00Z";
            return Err(Error::invalid_input("at", message));
        };
        let record = self.engine.load_at(&collection, &rows, id, at).await?;
        fields.of(&collection, Arc::new(record))
    }

    /// Gives a record the fields that it had in a version that its caller may see; once, where
    /// `key` says so.
    ///
    /// # Errors
    /// Those of [`crate::access::decide`], for updating and for viewing, of a body, of
    /// [`engine::Engine::restored`] and [`engine::Engine::update`], and of a key.
    pub async fn revert(
        &self,
        caller: &Caller,
        place: Place<'_>,
        body: &[u8],
        expected: Expected,
        key: Option<SentKey>,
    ) -> Result<Made<Record>> {
        let make =
            async |once: Option<&Once>| self.put_back(caller, place, body, expected, once).await;
        let again = async |kept: &Kept| kept.record(&self.engine, caller).await;
        self.idempotency.once(caller, key, body, make, again).await
    }

    async fn put_back(
        &self,
        caller: &Caller,
        place: Place<'_>,
        body: &[u8],
        expected: Expected,
        once: Option<&Once>,
    ) -> Result<Record> {
        let (collection, rows) = self.decide(caller, place.path, Action::Update)?;
        let seen = self.decide(caller, place.path, Action::View)?.1;
        let id = id::in_path(place.id)?;
        let version = wanted_version(&collection, body)?;
        let restored = self
            .engine
            .restored(&collection, &seen, id, version)
            .await?;
        let patch = restored.patch(&collection)?;
        let permission = || sight(caller, &collection.name, Action::Update);
        let kept = once.map(|once| once.around(200, permission(), &collection, id));
        let kept = kept.map(|kept| kept.first.into_iter().chain(kept.last));
        let update = Update {
            expected,
            patch: &patch,
            origin: &engine::origin(caller),
            further: kept.into_iter().flatten().collect(),
        };
        let updated = self.engine.update(&collection, &rows, id, update).await;
        self.told(&collection, &rows, id, updated).await
    }
}
