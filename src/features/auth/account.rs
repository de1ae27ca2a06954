//! One's own account: seen and named.

use serde_json::{Map, Value as Json};

use super::service::Auth;
use crate::{
    access::{Caller, own_account},
    base::{Code, Error, Issue, IssueCode, Result, json::Object},
    engine::{self, Expected, Patch, Record, Update},
};

impl Auth {
    /// The caller's own account, with what its roles allow.
    ///
    /// # Errors
    /// `UNAUTHORIZED` for who is no user.
    pub async fn me(&self, caller: &Caller) -> Result<Json> {
        let (user, rows) = own_account(caller)?;
        let record = self
            .engine
            .load(&self.engine.users()?, &rows, &user.user)
            .await?;
        let mut me = object(&record)?;
        me.insert("permissions".into(), user.permissions.as_slice().into());
        me.insert(
            "mustChangePassword".into(),
            user.must_change_password.into(),
        );
        Ok(me.into())
    }

    /// The account of who has just signed in, by the session that was made.
    ///
    /// # Errors
    /// `TOKEN_INVALID` if that has ended since, those of the database.
    pub async fn signed_in(&self, caller: &Caller, access: &str) -> Result<Json> {
        let access = self.tokens.read(access).await?;
        let user = self.sessions.find(&access, self.clock.now()).await?;
        // A new password or another login may have ended it already.
        let ended = || Error::new(Code::TokenInvalid, "The session has ended");
        let user = user.ok_or_else(ended)?;
        let who = crate::access::Who::User(user);
        self.me(&Caller {
            who,
            ..caller.clone()
        })
        .await
    }

    /// Changes the caller's own name or picture.
    ///
    /// # Errors
    /// `UNAUTHORIZED`, `VALIDATION_ERROR`, those of a write.
    pub async fn update_me(
        &self,
        caller: &Caller,
        body: &[u8],
        expected: impl FnOnce(Option<i64>) -> Result<Expected>,
    ) -> Result<Record> {
        let (user, rows) = own_account(caller)?;
        let users = self.engine.users()?;
        let object = Object::parse(body)?;
        let fixed = ["email", "status"]
            .into_iter()
            .filter(|key| object.get(key).is_some());
        let fixed = fixed.map(|key| Issue::new(key, IssueCode::ReadOnly, "Cannot be changed here"));
        let patch = engine::with_faults(Patch::read(&users, &object), fixed.collect())?;
        let expected = expected(patch.version)?;
        let origin = engine::origin(caller);
        let update = Update {
            patch: &patch,
            expected,
            origin: &origin,
            further: Vec::new(),
        };
        self.engine.update(&users, &rows, &user.user, update).await
    }
}

fn object(record: &Record) -> Result<Map<String, Json>> {
    serde_json::from_slice(&record.json).map_err(Error::internal)
}
