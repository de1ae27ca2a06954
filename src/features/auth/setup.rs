//! The first admin: made by whoever holds the link that Stead shows when it starts.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tracing::info;

use super::{service::Auth, store};
use crate::{
    access::{Action, Caller, audit, decide},
    base::{
        Clock, Code, Error, Instant, Result,
        json::Object,
        secret::{self, ExposeSecret, SecretString},
    },
    engine::{self, Credentials, Draft, Record},
};

/// How long a link is good for.
const LIFE: Duration = Duration::from_secs(30 * 60);

/// The token of the present link, of which only the hash is kept. Cheap to clone.
#[derive(Clone)]
pub struct SetupLink {
    pending: Arc<Mutex<Option<Pending>>>,
    clock: Arc<Clock>,
}

struct Pending {
    hash: String,
    until: Instant,
}

impl SetupLink {
    /// None yet.
    pub(super) fn new(clock: Arc<Clock>) -> Self {
        let pending = Arc::default();
        Self { pending, clock }
    }

    /// Makes a new token, in place of any other.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` if the system has no randomness to give.
    pub fn renew(&self) -> Result<SecretString> {
        let token = secret::random_token()?;
        let hash = secret::hash_token(token.expose_secret());
        self.set(Some(Pending {
            hash,
            until: self.clock.now().after(LIFE),
        }));
        Ok(token)
    }

    fn set(&self, pending: Option<Pending>) {
        *self.pending.lock().unwrap_or_else(PoisonError::into_inner) = pending;
    }

    fn check(&self, token: &str) -> Result<()> {
        let pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let known = pending
            .as_ref()
            .filter(|p| secret::equal(&p.hash, &secret::hash_token(token)));
        match known {
            None => Err(Error::new(
                Code::TokenInvalid,
                "The setup link is not valid",
            )),
            Some(known) if known.until <= self.clock.now() => Err(Error::new(
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
    /// Refuses as if nothing were there once an admin exists.
    ///
    /// # Errors
    /// `NOT_FOUND`.
    pub async fn needs_setup(&self) -> Result<()> {
        match self.engine.db().read(store::has_admin).await? {
            true => Err(Error::not_found()),
            false => Ok(()),
        }
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
        self.setup.set(None);
        info!(user_id = %made.id, "The first admin was created");
        Ok(made)
    }

    /// Makes an admin; the first one if `first` is true.
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
        let rows = decide(operator, "users", Action::Create)?;
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
        self.engine
            .create_account(rows, draft, credentials, &origin, vec![entry])
            .await
    }
}
