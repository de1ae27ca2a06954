//! `Idempotency-Key`: a request that is sent twice is done once.
//!
//! What the first one did is kept in the batch of its change. A second one is answered from that.
//! The table decides; what is held in memory only spares a second request the work while the first
//! is in flight.

mod image;
mod in_flight;
mod several;
mod store;

use std::{sync::Arc, time::Duration};

use crate::{
    access::{Caller, InstanceKey, Who, require, rights, sight_of},
    base::{Code, Error, Instant, Result},
    db::{Batch, Sql, Statement, Tag, Touch, WriteError},
    engine::{Engine, Further, Record, record, sight::Mask},
    rules::Rules,
    schema::Collection,
};

use in_flight::InFlight;
use store::USED_KEY;
pub(super) use store::empty_images;
pub use store::follow as follow_kept_records;

/// How long the first success is given again.
const LIFE: Duration = Duration::from_hours(24);

/// A key as it was sent.
#[derive(Clone, Debug)]
pub struct SentKey {
    /// The key.
    pub key: String,
    /// The path that it was sent to, with its query.
    pub route: String,
    /// When it came.
    pub at: Instant,
}

/// A request that is to be done once.
#[derive(Debug)]
pub struct Once {
    caller: String,
    key: String,
    route: String,
    body: String,
    /// What was kept then or earlier is void.
    void: Instant,
}

/// What came of a request that may have been done before.
#[derive(Debug)]
pub struct Made<T> {
    /// What it made.
    pub value: T,
    /// The status of the first answer, where this gives it again.
    pub replayed: Option<u16>,
}

/// An answer that was kept.
#[derive(Debug)]
pub struct Kept {
    caller: String,
    key: String,
    route: String,
    body: String,
    status: u16,
    permission: String,
    record: Option<KeptRecord>,
    image: Option<String>,
}

#[derive(Debug)]
struct KeptRecord {
    collection: String,
    revision: i64,
}

/// Does requests once. Cheap to clone.
#[derive(Clone)]
pub struct Idempotency {
    engine: Engine,
    key: InstanceKey,
    in_flight: InFlight,
}

impl Idempotency {
    /// Over the engine; bodies are known again by marks of `key`.
    pub fn new(engine: Engine, key: InstanceKey) -> Self {
        Self {
            engine,
            key,
            in_flight: InFlight::default(),
        }
    }

    /// Does what `make` does, or, if `sent` was used for it in the last 24 hours, gives again by
    /// `again` what came of that. Without a key, and for guests, it is done each time.
    ///
    /// `make` puts [`Once::first`] and [`Once::keep_record`] into its batch.
    ///
    /// # Errors
    /// `CONFLICT` while the first request is in flight, `UNPROCESSABLE` if the key was used for
    /// another one, those of a present read where it may not be given again, those of `make`.
    pub async fn once<T>(
        &self,
        caller: &Caller,
        sent: Option<SentKey>,
        body: &[u8],
        make: impl AsyncFnOnce(Option<&Once>) -> Result<T>,
        again: impl AsyncFn(&Kept) -> Result<T>,
    ) -> Result<Made<T>> {
        let sent = sent.filter(|_| !matches!(caller.who, Who::Guest));
        let Some(sent) = sent else {
            return make(None).await.map(Made::first);
        };
        let once = self.request(caller, sent, body);
        let _claim = self.in_flight.claim(&once).ok_or_else(in_flight)?;
        let replay = async |kept: &Kept| {
            kept.check(caller, &once)?;
            Ok(Made {
                value: again(kept).await?,
                replayed: Some(kept.status),
            })
        };
        if let Some(kept) = self.find(&once).await? {
            return replay(&kept).await;
        }
        let error = match make(Some(&once)).await {
            Ok(value) => return Ok(Made::first(value)),
            Err(error) => error,
        };
        // The client of a request may be gone and its change still wait for the writer. Then it is
        // not in flight any more, and its key was not there yet: what refused this one may be what
        // the first has done.
        match self.find(&once).await {
            Ok(Some(kept)) if error.code().status() < 500 => replay(&kept).await,
            _ => Err(error),
        }
    }

    /// Clears away all that is older than 24 hours at `now`, in batches that keep nobody waiting.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn clear_expired(&self, now: Instant) -> Result<()> {
        let (db, void) = (self.engine.db(), now.before(LIFE));
        while db.read(store::has_void(void)).await? {
            let some = store::clear(void, store::CLEARED_BY_JOB);
            db.write(Batch::new().with(some).touching(Touch::Nothing))
                .await?;
        }
        Ok(())
    }

    fn request(&self, caller: &Caller, sent: SentKey, body: &[u8]) -> Once {
        Once {
            caller: caller.actor(),
            key: sent.key,
            route: sent.route,
            body: self.key.sign("idempotency", body),
            void: sent.at.before(LIFE),
        }
    }

    async fn find(&self, once: &Once) -> Result<Option<Kept>> {
        self.engine.db().read_by_key(store::find(once)).await
    }
}

impl Once {
    /// What stands first in the batch: expects that the key is free, and clears away what is
    /// older than 24 hours, a bounded number of rows.
    pub fn first(&self) -> Vec<Statement> {
        vec![
            store::clear_own(self),
            store::clear(self.void, store::CLEARED_BY_REQUEST),
            store::is_free(self),
        ]
    }

    /// What stands last in the batch: keeps the record `id` as it then is. The first answer had
    /// `status`, and was for holders of `permission`.
    pub fn keep_record(
        &self,
        status: u16,
        permission: String,
        collection: &Collection,
        id: &str,
    ) -> Statement {
        store::keep_record(self, status, permission, collection, id)
    }

    /// [`Once::first`] and [`Once::keep_record`], around a change.
    pub fn around(
        &self,
        status: u16,
        permission: String,
        collection: &Collection,
        id: &str,
    ) -> Further {
        Further {
            first: self.first(),
            last: vec![self.keep_record(status, permission, collection, id)],
        }
    }

    /// What a client is told of a refused batch, where nothing else in it has words of its own.
    pub fn refusal(error: WriteError) -> Error {
        match error {
            WriteError::Guard(Tag(USED_KEY, _)) => in_flight(),
            other => rights::refusal(other).unwrap_or_else(Error::from),
        }
    }

    /// [`Once::keep_record`] for what is no record.
    pub fn keep_value(
        &self,
        status: u16,
        permission: &str,
        value: &serde_json::Value,
    ) -> Statement {
        store::keep_value(self, status, permission, value)
    }

    /// [`Once::keep_value`] for one that only the database knows in full: `value` is an expression
    /// that gives it as JSON, with where it comes from.
    pub fn keep_selected(&self, status: u16, permission: &str, value: Sql) -> Statement {
        store::keep_selected(self, status, permission, value)
    }
}

impl<T> Made<T> {
    fn first(value: T) -> Self {
        Self {
            value,
            replayed: None,
        }
    }
}

impl Kept {
    /// Refuses what is not the same request, or is not allowed any more.
    fn check(&self, caller: &Caller, once: &Once) -> Result<()> {
        if (&self.route, &self.body) != (&once.route, &once.body) {
            let message = "This Idempotency-Key was used for another request";
            return Err(Error::new(Code::Unprocessable, message));
        }
        // Where a rule let the caller act, what it sees now is for the rules to say, too.
        if self.permission.is_empty() {
            return Ok(());
        }
        require(caller, &self.permission)
    }

    /// The record as it was when it was made, as far as `caller` may see it now.
    ///
    /// # Errors
    /// `NOT_FOUND` if its collection is gone, or nothing may be told of it any more.
    pub async fn record(&self, engine: &Engine, caller: &Caller) -> Result<Record> {
        let definitions = engine.catalog().now();
        let kept = self.record.as_ref().ok_or_else(Error::not_found)?;
        let collection = definitions
            .schema
            .by_name(&kept.collection)
            .filter(|collection| collection.revision == kept.revision)
            .ok_or_else(Error::not_found)?;
        let row = image::row(collection, self.image()?)?;
        let rules = definitions.book.of(&kept.collection);
        // Where a rule let it act that is gone, no permission was asked yet.
        let is_by_rule = |rules: &&Arc<Rules>| !rules.is_plain() || self.permission.is_empty();
        match rules.filter(is_by_rule) {
            Some(rules) => {
                engine
                    .masked(collection, &sight_of(caller, rules), row)
                    .await
            }
            None => record::from_kept(collection, &Mask::default(), Some(&row)),
        }
    }

    /// The value as it was when it was made.
    ///
    /// # Errors
    /// `NOT_FOUND` if nothing may be told of it any more.
    pub fn value(&self) -> Result<serde_json::Value> {
        serde_json::from_str(self.image()?).map_err(Error::database)
    }

    fn image(&self) -> Result<&str> {
        self.image.as_deref().ok_or_else(Error::not_found)
    }
}

/// The error while the first request with a key is in flight.
fn in_flight() -> Error {
    let message = "A request with this Idempotency-Key is in flight";
    Error::new(Code::Conflict, message)
}
