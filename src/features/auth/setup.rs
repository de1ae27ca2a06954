//! The first admin: made by whoever holds the link that Stead shows when it starts.

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tracing::{info, warn};

use super::{service::Auth, store};
use crate::{
    access::{Action, Caller, audit, permit},
    base::{
        Code, Error, Result,
        json::Object,
        secret::{self, ExposeSecret, SecretString},
    },
    engine::{self, Credentials, Draft, Record},
};

/// The token of the present link, of which only the hash is kept. Cheap to clone.
#[derive(Clone, Default)]
pub struct SetupLink(Arc<Mutex<Option<Pending>>>);

struct Pending {
    hash: String,
    // Not by the wall clock: that of a machine without a battery leaps once it hears the time.
    until: Instant,
    file: Option<PathBuf>,
}

impl SetupLink {
    /// How long the link that Stead shows is good for.
    pub const LIFE: Duration = Duration::from_secs(30 * 60);

    /// Makes a new token, good for so long, in place of any other.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` if the system has no randomness to give.
    pub fn renew(&self, life: Duration) -> Result<SecretString> {
        let token = secret::random_token()?;
        *self.pending() = Some(Pending {
            hash: secret::hash_token(token.expose_secret()),
            until: Instant::now() + life,
            file: None,
        });
        Ok(token)
    }

    /// Has the file that the present link was written to removed once it was used.
    pub fn written_to(&self, file: PathBuf) {
        if let Some(pending) = self.pending().as_mut() {
            pending.file = Some(file);
        }
    }

    /// Ends the present link.
    fn end(&self) {
        let file = self.pending().take().and_then(|pending| pending.file);
        let Some(file) = file else { return };
        if let Err(error) = fs::remove_file(&file) {
            warn!(%error, "{} could not be removed", file.display());
        }
    }

    fn pending(&self) -> MutexGuard<'_, Option<Pending>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check(&self, token: &str) -> Result<()> {
        let pending = self.pending();
        let known = pending
            .as_ref()
            .filter(|p| secret::equal(&p.hash, &secret::hash_token(token)));
        match known {
            None => Err(Error::new(
                Code::TokenInvalid,
                "The setup link is not valid",
            )),
            Some(known) if known.until <= Instant::now() => Err(Error::new(
                Code::TokenExpired,
                "The setup link has expired; restart Stead",
            )),
            Some(_) => Ok(()),
        }
    }
}

/// A first admin, as the form sends it.
pub struct FirstAdmin<'a> {
    /// The token of the link.
    pub token: &'a str,
    /// The chosen password.
    pub password: SecretString,
    /// The account's own fields, as a body.
    pub account: &'a Object<'a>,
}

impl Auth {
    /// True once somebody can administer this instance.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn has_admin(&self) -> Result<bool> {
        self.engine.db().read(store::has_admin).await
    }

    /// Makes the first admin.
    ///
    /// # Errors
    /// `NOT_FOUND` once one exists, `TOKEN_INVALID` or `TOKEN_EXPIRED`, `VALIDATION_ERROR`, those
    /// of a write.
    pub async fn set_up(&self, caller: &Caller, first: FirstAdmin<'_>) -> Result<Record> {
        self.setup.check(first.token)?;
        let operator = Self::as_operator(caller);
        let made = self
            .create_admin(&operator, first.password, first.account, true)
            .await?;
        info!(user_id = %made.id, "The first admin was created");
        Ok(made)
    }

    /// Makes an admin; the first one if `first` is true. Nobody needs the setup link any more.
    ///
    /// # Errors
    /// `VALIDATION_ERROR`, `ALREADY_EXISTS`, `NOT_FOUND` if it is not the first, those of a write.
    pub async fn create_admin(
        &self,
        operator: &Caller,
        password: SecretString,
        account: &Object<'_>,
        first: bool,
    ) -> Result<Record> {
        let rows = permit(operator, "users", Action::Create)?;
        let users = self.engine.users()?;
        let issues = self
            .passwords
            .check("password", &password)
            .into_iter()
            .collect();
        let draft = engine::with_faults(Draft::read(&users, account), issues)?;
        let password_hash = self.passwords.hash(password).await?;
        let roles = vec!["admin".to_owned()];
        let credentials = Credentials {
            password_hash,
            must_change_password: false,
            roles,
            only_if_first: first,
        };
        let entry = audit::entry(
            operator,
            "admin.created",
            &draft.id,
            audit::Outcome::Success,
        );
        let origin = engine::origin(operator);
        let made = self
            .engine
            .create_account(&rows, draft, credentials, &origin, vec![entry])
            .await?;
        self.setup.end();
        Ok(made)
    }
}
