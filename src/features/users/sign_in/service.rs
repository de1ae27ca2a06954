//! What a caller may do with the sessions of others, and with their lockout.

use std::sync::Arc;

use tracing::info;

use crate::{
    access::{
        Action, Caller, RowFilter, audit, lockout, permit, require, rights, session,
        session_list::{self, Listed},
    },
    base::{Error, Instant, Result, id, page::Page},
    db::{Batch, Expect, Part, Statement, Touch, WriteError},
    engine::{self, Made, Once, Record, SentKey},
    features::users::{Users, service},
};

/// Tag of the expectation that there is such a user.
const USER: &str = "no such user";

impl Users {
    /// A page of the sessions of a user.
    ///
    /// # Errors
    /// Those of [`permit`] for changing users, `NOT_FOUND`.
    pub async fn sessions(&self, caller: &Caller, id: &str, page: Page) -> Result<Listed> {
        let rows = permit(caller, "users", Action::Update)?;
        let users = self.engine.users()?;
        let user = self.engine.load(&users, &rows, id::in_path(id)?).await?;
        let current = caller.user().map(|user| user.session.clone());
        let at = (self.clock.now(), self.lifetimes);
        let list = move |conn: &rusqlite::Connection| {
            session_list::list(conn, &user.id, current.as_deref(), page, at)
        };
        self.engine.db().read(list).await
    }

    /// Ends a session of a user; it is refused from then on.
    ///
    /// # Errors
    /// Those of [`permit`], `NOT_FOUND`, `INSUFFICIENT_PERMISSIONS` for a user who may do more than
    /// the caller, those of a write.
    pub async fn end_session(&self, caller: &Caller, id: &str, session: &str) -> Result<()> {
        let rows = permit(caller, "users", Action::Update)?;
        let id = id::in_path(id)?;
        let done = audit::Outcome::Success;
        let end = |batch: Batch| {
            batch
                .with_all(session::end_of(id, session))
                .with(audit::entry(caller, "session.ended", session, done))
                .touching(Touch::Part(Part::session(session)))
        };
        self.act_on(caller, &rows, id, end).await?;
        info!(user = id, session, by = %caller.actor(), "A session of a user was ended");
        Ok(())
    }

    /// Ends all sessions of a user.
    ///
    /// # Errors
    /// As [`Users::end_session`].
    pub async fn end_sessions(&self, caller: &Caller, id: &str) -> Result<()> {
        let rows = permit(caller, "users", Action::Update)?;
        let id = id::in_path(id)?;
        let done = audit::Outcome::Success;
        let end = |batch: Batch| {
            batch
                .with_all(session::end_others(id, None))
                .with(audit::entry(caller, "sessions.ended", id, done))
        };
        self.act_on(caller, &rows, id, end).await?;
        info!(user = id, by = %caller.actor(), "The sessions of a user were ended");
        Ok(())
    }

    /// Until when somebody has to wait who would sign in to a user's account, from one network or
    /// from any; none where nobody has to.
    ///
    /// # Errors
    /// Those of [`permit`] for seeing users, `NOT_FOUND`.
    pub async fn locked_until(&self, caller: &Caller, id: &str) -> Result<Option<Instant>> {
        let rows = permit(caller, "users", Action::View)?;
        let users = self.engine.users()?;
        let user = self.engine.load(&users, &rows, id::in_path(id)?).await?;
        let now = self.clock.now();
        let find = move |conn: &rusqlite::Connection| lockout::waits_until(conn, &user.id, now);
        self.engine.db().read(find).await
    }

    /// Forgets the failures to sign in to a user's account, so that nobody has to wait for it;
    /// once, where `key` says so.
    ///
    /// # Errors
    /// `INSUFFICIENT_PERMISSIONS` without `users:write` or for a user who may do more than the
    /// caller, `NOT_FOUND`, those of a write and of a key.
    pub async fn unlock(
        &self,
        caller: &Caller,
        id: &str,
        key: Option<SentKey>,
    ) -> Result<Made<Record>> {
        let make = async |once: Option<&Once>| self.lift_lockout(caller, id, once).await;
        self.act_once(caller, key, make).await
    }

    async fn lift_lockout(&self, caller: &Caller, id: &str, once: Option<&Once>) -> Result<Record> {
        require(caller, "users:write")?;
        let rows = permit(caller, "users", Action::Update)?;
        let id = id::in_path(id)?;
        let once = self.around(caller, id, Action::Update, once)?;
        let done = audit::Outcome::Success;
        let unlock = |batch: Batch| {
            batch
                .with_all(once.first.iter().cloned())
                .with(lockout::unlock(id))
                .with(audit::entry(caller, "user.unlocked", id, done))
                .with_all(once.last.iter().cloned())
                .touching(Touch::Nothing)
        };
        self.act_on(caller, &rows, id, unlock).await?;
        info!(user = id, by = %caller.actor(), "A user was unlocked");
        let record = self.engine.load(&self.engine.users()?, &rows, id).await?;
        Ok(Arc::unwrap_or_clone(record))
    }

    /// Writes what `act` adds to a batch, which concerns the sign-in of a user, who may not do more
    /// than the caller.
    async fn act_on(
        &self,
        caller: &Caller,
        rows: &RowFilter,
        id: &str,
        act: impl Fn(Batch) -> Batch,
    ) -> Result<()> {
        for _ in 0..service::TRIES {
            let seen = self.lesser_roles_of_live(caller, rows, id).await?;
            let user = "SELECT 1 FROM users WHERE id = ? AND deleted_at IS NULL";
            let user = Statement::new(user, vec![id.into()]);
            let batch = Batch::new()
                .with_all(rights::caller_still_has(caller))
                .with(user.expecting(Expect::Exists, USER))
                .with(engine::still_has(id, &seen));
            match self.engine.db().write(act(batch)).await {
                Err(WriteError::Guard(tag)) if tag.0 == engine::SEEN_ROLES => {}
                Err(WriteError::Guard(tag)) if [USER, session::NOT_THERE].contains(&tag.0) => {
                    return Err(Error::not_found());
                }
                outcome => return outcome.map(|_| ()).map_err(Once::refusal),
            }
        }
        Err(service::overtaken())
    }
}
