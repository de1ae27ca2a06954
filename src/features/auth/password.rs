//! A password: changed by its owner, or set by whoever runs this instance.

use tracing::info;

use super::{service::Auth, store};
use crate::{
    access::{Caller, RowFilter, audit, lockout, operator_rows, own_account, session},
    base::{
        Code, Error, Issue, IssueCode, Result,
        secret::{self, ExposeSecret, SecretString},
    },
    db::{Statement, Value},
    engine::{self, Expected, Patch, Update},
};

/// Whose password becomes another, as the audit log calls it, and what belongs to it.
struct Change<'a> {
    user: &'a str,
    action: &'static str,
    further: Vec<Statement>,
}

impl Auth {
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
        // Of two sessions that change it at the same time, the first one ends the other.
        let mut further = vec![session::goes_on(&user.session)];
        further.extend(session::end_others(&user.user, Some(&user.session)));
        let change = Change {
            user: &user.user,
            action: "password.changed",
            further,
        };
        self.write_password(caller, rows, new, change).await?;
        info!(user_id = %user.user, "A password was changed");
        Ok(())
    }

    /// Gives an account a password that need not be changed. Ends all its sessions, and whoever has
    /// waited for failures to sign in to it need not wait any more.
    ///
    /// # Errors
    /// `FORBIDDEN` for anybody but the operator, `VALIDATION_ERROR` for one that may not be chosen,
    /// `NOT_FOUND` if no account has this address, those of a write.
    pub async fn set_password(
        &self,
        operator: &Caller,
        email: &str,
        new: SecretString,
    ) -> Result<()> {
        let rows = operator_rows(operator)?;
        if let Some(issue) = self.passwords.check("password", &new) {
            return Err(Error::validation(vec![issue]));
        }
        let user = &self.account_of(email).await?.id;
        let mut further = session::end_others(user, None).to_vec();
        further.push(lockout::unlock(user));
        let change = Change {
            user,
            action: "password.set",
            further,
        };
        self.write_password(operator, rows, new, change).await?;
        info!(user_id = user, "The operator set a password");
        Ok(())
    }

    async fn write_password(
        &self,
        caller: &Caller,
        rows: RowFilter,
        new: SecretString,
        change: Change<'_>,
    ) -> Result<()> {
        let hash = self.passwords.hash(new).await?;
        let patch = Patch {
            fields: Vec::new(),
            hidden: vec![
                ("password_hash", hash.into()),
                ("must_change_password", Value::Integer(0)),
            ],
            version: None,
        };
        let Change {
            user,
            action,
            mut further,
        } = change;
        let done = audit::Outcome::Success;
        further.push(audit::entry(caller, action, user, done));
        let origin = engine::origin(caller);
        let update = Update {
            patch: &patch,
            expected: Expected::Any,
            origin: &origin,
            further,
        };
        let users = self.engine.users()?;
        self.engine.update(&users, &rows, user, update).await?;
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
