//! One's own account: seen, named, and its password changed.

use serde_json::{Map, Value as Json};
use tracing::info;

use super::{service::Auth, store};
use crate::{
    access::{Caller, audit, own_account, session},
    base::{
        Code, Error, Issue, IssueCode, Result,
        json::Object,
        secret::{self, ExposeSecret, SecretString},
    },
    db::Value,
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
            .load(&self.engine.users()?, rows, &user.user)
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
        let access = self.tokens.read(access)?;
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
        self.engine.update(&users, rows, &user.user, update).await
    }

    /// Changes the caller's own password, and ends all its other sessions.
    ///
    /// # Errors
    /// `UNAUTHORIZED`, `INVALID_CREDENTIALS` for a wrong present password, `RATE_LIMITED` after too
    /// many of them, `VALIDATION_ERROR` for one that may not be chosen or is no other, those of a
    /// write.
    pub async fn change_password(
        &self,
        caller: &Caller,
        current: SecretString,
        new: SecretString,
    ) -> Result<()> {
        let (user, rows) = own_account(caller)?;
        if let Some(issue) = self.passwords.check("newPassword", &new) {
            return Err(Error::validation(vec![issue]));
        }
        // Told only to who knows the present one.
        let is_same = secret::equal(current.expose_secret(), new.expose_secret());
        self.check_password(caller, &user.user, current).await?;
        if is_same {
            let message = "Must be another than the present one";
            let issue = Issue::new("newPassword", IssueCode::Invalid, message);
            return Err(Error::validation(vec![issue]));
        }
        let hash = self.passwords.hash(new).await?;
        let patch = Patch {
            fields: Vec::new(),
            hidden: vec![
                ("password_hash", hash.into()),
                ("must_change_password", Value::Integer(0)),
            ],
            version: None,
        };
        // Of two sessions that change it at the same time, the first one ends the other.
        let mut further = vec![session::goes_on(&user.session)];
        further.extend(session::end_others(&user.user, Some(&user.session)));
        further.push(audit::entry(
            caller,
            "password.changed",
            &user.user,
            audit::Outcome::Success,
        ));
        let origin = engine::origin(caller);
        let update = Update {
            patch: &patch,
            expected: Expected::Any,
            origin: &origin,
            further,
        };
        self.engine
            .update(&self.engine.users()?, rows, &user.user, update)
            .await?;
        info!(user_id = %user.user, "A password was changed");
        Ok(())
    }

    /// Refuses what is not the present password of `user`, and keeps that somebody has guessed.
    async fn check_password(
        &self,
        caller: &Caller,
        user: &str,
        current: SecretString,
    ) -> Result<()> {
        let id = user.to_owned();
        let account = self
            .engine
            .db()
            .read_by_key(move |conn| store::find_account_of(conn, &id))
            .await?;
        let hash = account.map(|account| account.password_hash);
        let guess = self.guess(caller, Some(user), "");
        if self.try_password(&guess, current, hash).await? {
            return Ok(());
        }
        self.count_failure(caller, &guess, "password.refused", Some(user))
            .await?;
        let message = "Is not your password";
        let issue = Issue::new("currentPassword", IssueCode::Invalid, message);
        Err(Error::new(Code::InvalidCredentials, "Wrong password").with_issues(vec![issue]))
    }
}

fn object(record: &Record) -> Result<Map<String, Json>> {
    serde_json::from_slice(&record.json).map_err(Error::internal)
}
