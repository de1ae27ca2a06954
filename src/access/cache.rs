//! Sessions and rights in memory, so that a request asks the database for neither. A change counts
//! from the next request: it has the session read anew.

use std::{sync::Arc, time::Duration};

use super::{caller::SignedIn, session, tokens::Access};
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
    known: Cache<Id, Option<Arc<SignedIn>>>,
}

impl Sessions {
    /// Over the database.
    pub fn new(db: Db) -> Self {
        let known = Cache::new(BYTES, LIFE, |_, user: &Option<Arc<SignedIn>>| {
            user.as_ref().map_or(0, |user| user.size())
        });
        Self { db, known }
    }

    /// Who is signed in by what an access token says, with the rights of this moment. None if the
    /// session has ended or is past its time, or its user is disabled or deleted.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn find(&self, access: &Access, now: Instant) -> Result<Option<Arc<SignedIn>>> {
        let Some(id) = Id::parse(&access.session) else {
            return Ok(None);
        };
        let parts = [Part::session(&access.session), Part::rights()];
        let generation = self.db.generation(&parts);
        let find = move |conn: &rusqlite::Connection| session::find(conn, &id.to_string());
        let load = async { Ok(self.db.read_by_key(find).await?.map(Arc::new)) };
        let found = self.known.get(id, generation, load).await?;
        Ok(found.filter(|user| user.user == access.user && user.expires_at > now))
    }
}
