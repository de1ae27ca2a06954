//! Sessions and rights in memory, so that a request asks the database for neither. A change counts
//! from the next request: it has the session read anew.

use std::{sync::Arc, time::Duration};

use super::{
    caller::SignedIn,
    session::{self, Lifetimes, Session},
    tokens::Access,
};
use crate::{
    base::{Id, Instant, Result},
    cache::Cache,
    db::{Db, Part},
};

/// What all sessions may hold in memory.
const BYTES: u64 = 2 << 20;
/// How long a session is kept without being read anew.
const LIFE: Duration = Duration::from_secs(60);

/// Who is signed in, by session. Cheap to clone.
#[derive(Clone)]
pub struct Sessions {
    db: Db,
    lifetimes: Lifetimes,
    known: Cache<Option<Session>>,
}

impl Sessions {
    /// Over the database, for sessions that live so long.
    pub fn new(db: Db, lifetimes: Lifetimes) -> Self {
        let known = Cache::new(BYTES, LIFE, |session: &Option<Session>| {
            session.as_ref().map_or(0, Session::size)
        });
        Self {
            db,
            lifetimes,
            known,
        }
    }

    /// Who is signed in by what an access token says, with the rights of this moment. None if the
    /// session has ended or is past its time, also without use, or its user is disabled or deleted.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn find(&self, access: &Access, now: Instant) -> Result<Option<Arc<SignedIn>>> {
        let Some(id) = Id::parse(&access.session) else {
            return Ok(None);
        };
        let parts = [Part::session(&access.session), Part::rights()];
        let generation = self.db.generation(&parts);
        let lifetimes = self.lifetimes;
        let find =
            move |conn: &rusqlite::Connection| session::find(conn, &id.to_string(), lifetimes);
        let load = self.db.read_by_key(find);
        let found = self.known.get(id, generation, load).await?;
        let user = found
            .as_ref()
            .as_ref()
            .and_then(|session| session.user_at(now));
        Ok(user.filter(|user| user.user == access.user))
    }
}
