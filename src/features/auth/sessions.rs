//! One's own sessions: seen, and ended one by one or all but this one.

use tracing::info;

use super::service::Auth;
use crate::{
    access::{
        Caller, audit, own_account, session,
        session_list::{self, Listed},
    },
    base::{Error, Result, page::Page},
    db::{Batch, Part, Touch, WriteError},
};

impl Auth {
    /// A page of the caller's own sessions.
    ///
    /// # Errors
    /// `UNAUTHORIZED` for who is no user.
    pub async fn sessions(&self, caller: &Caller, page: Page) -> Result<Listed> {
        let (user, _) = own_account(caller)?;
        let (id, current) = (user.user.clone(), user.session.clone());
        let at = (self.clock.now(), self.lifetimes);
        let list = move |conn: &rusqlite::Connection| {
            session_list::list(conn, &id, Some(&current), page, at)
        };
        self.engine.db().read(list).await
    }

    /// Ends one of the caller's own sessions; it is refused from then on. True if it was the one
    /// by which the caller asks.
    ///
    /// # Errors
    /// `UNAUTHORIZED`, `NOT_FOUND` where the caller has no such session, `TOKEN_INVALID` if its own
    /// has ended meanwhile, those of a write.
    pub async fn end_session(&self, caller: &Caller, id: &str) -> Result<bool> {
        let (user, _) = own_account(caller)?;
        let batch = Batch::new()
            .with(session::goes_on(&user.session))
            .with_all(session::end_of(&user.user, id))
            .with(audit::entry(
                caller,
                "session.ended",
                id,
                audit::Outcome::Success,
            ))
            .touching(Touch::Part(Part::session(id)));
        self.write_end(batch).await?;
        info!(user_id = %user.user, session = id, "A session was ended");
        Ok(id == user.session)
    }

    /// Ends all of the caller's own sessions but the one by which it asks.
    ///
    /// # Errors
    /// `UNAUTHORIZED`, `TOKEN_INVALID` if its own has ended meanwhile, those of a write.
    pub async fn end_other_sessions(&self, caller: &Caller) -> Result<()> {
        let (user, _) = own_account(caller)?;
        let batch = Batch::new()
            .with(session::goes_on(&user.session))
            .with_all(session::end_others(&user.user, Some(&user.session)))
            .with(audit::entry(
                caller,
                "sessions.ended",
                &user.user,
                audit::Outcome::Success,
            ));
        self.write_end(batch).await?;
        info!(user_id = %user.user, "All other sessions were ended");
        Ok(())
    }

    async fn write_end(&self, batch: Batch) -> Result<()> {
        match self.engine.db().write(batch).await {
            Err(WriteError::Guard(tag)) if tag.0 == session::NOT_THERE => Err(Error::not_found()),
            Err(WriteError::Guard(tag)) if tag.0 == session::ENDED => Err(session::ended()),
            outcome => Ok(outcome.map(|_| ())?),
        }
    }
}
