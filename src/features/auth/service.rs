//! Login and logout.

use std::{sync::Arc, time::Duration};

use tracing::info;

use super::{
    setup::SetupLink,
    store::{self, Account, NewSession},
};
use crate::{
    access::{
        Caller, Sessions, Who, audit,
        lockout::{self, Guess},
        password::Passwords,
        session::{self, CsrfBinding, Lifetimes},
        tokens::Tokens,
    },
    base::{
        Clock, Code, Error, Id, Result,
        secret::{self, ExposeSecret, SecretString},
    },
    config,
    db::{Batch, Expect, Part, Touch, WriteError},
    engine::Engine,
    web::{PeerRules, cookies::SentCookies, origin::OriginRules},
};

/// Tag of the expectation that an account is as it was when its password was checked.
const ACCOUNT: &str = "account";

/// The feature. Cheap to clone.
#[derive(Clone)]
pub struct Auth {
    pub(super) engine: Engine,
    pub(super) passwords: Passwords,
    pub(super) tokens: Tokens,
    pub(super) sessions: Sessions,
    pub(super) clock: Arc<Clock>,
    pub(super) origins: OriginRules,
    pub(super) setup: SetupLink,
    pub(super) lifetimes: Lifetimes,
    pub(super) peers: PeerRules,
    pub(super) rotate_keys_days: u64,
}

/// What the feature stands on.
pub struct Parts {
    /// Records and accounts.
    pub engine: Engine,
    /// Passwords.
    pub passwords: Passwords,
    /// Access tokens.
    pub tokens: Tokens,
    /// Who is signed in.
    pub sessions: Sessions,
    /// The time.
    pub clock: Arc<Clock>,
}

/// The tokens of a session.
pub struct Tickets {
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: SecretString,
    /// The CSRF token.
    pub csrf: String,
    /// How long the access token is good for.
    pub expires_in: Duration,
}

/// Who tries to sign in, and from where.
pub struct Attempt<'a> {
    /// The address of the account.
    pub email: &'a str,
    /// The password.
    pub password: SecretString,
    /// The request; its caller is still a guest.
    pub caller: Caller,
    /// By what it comes.
    pub user_agent: Option<&'a str>,
    /// The session whose cookies came with it, which ends with this sign-in.
    pub replaces: Option<&'a str>,
}

impl Auth {
    /// Over its parts, as configured.
    pub fn new(parts: Parts, config: &config::Config) -> Self {
        let Parts {
            engine,
            passwords,
            tokens,
            sessions,
            clock,
        } = parts;
        Self {
            engine,
            passwords,
            tokens,
            sessions,
            clock,
            origins: OriginRules::new(config),
            setup: SetupLink::default(),
            lifetimes: Lifetimes::new(&config.auth),
            peers: PeerRules::new(&config.server),
            rotate_keys_days: config.auth.rotate_keys_days,
        }
    }

    /// The link by which the first admin is made.
    pub fn setup(&self) -> &SetupLink {
        &self.setup
    }

    /// Signs a user in. Returns the user's id and the tokens of a new session.
    ///
    /// # Errors
    /// `INVALID_CREDENTIALS` for a wrong address or password, after the same time; `FORBIDDEN` for
    /// the right password of a disabled account; `RATE_LIMITED` where others have failed too often;
    /// those of a write.
    pub async fn login(&self, attempt: Attempt<'_>) -> Result<(String, Tickets)> {
        let email = attempt.email.to_owned();
        let account = self
            .engine
            .db()
            .read_by_key(move |conn| store::find_account(conn, &email))
            .await?;
        let user = account.as_ref().map(|account| account.id.as_str());
        let guess = self.guess(&attempt.caller, user, attempt.email);
        let hash = account
            .as_ref()
            .map(|account| account.password_hash.clone());
        let matches = self
            .try_password(&guess, attempt.password.clone(), hash)
            .await?;
        let account = match account {
            Some(account) if matches => account,
            _ => {
                self.count_failure(&attempt.caller, &guess, "session.refused", user)
                    .await?;
                return Err(wrong());
            }
        };
        if !account.is_active {
            self.refuse_disabled(&attempt, &account.id).await?;
            return Err(Error::new(Code::Forbidden, "This account is disabled"));
        }
        let tickets = self.begin_session(&account, &guess, &attempt).await?;
        Ok((account.id, tickets))
    }

    async fn begin_session(
        &self,
        account: &Account,
        guess: &Guess,
        attempt: &Attempt<'_>,
    ) -> Result<Tickets> {
        let user = account.id.as_str();
        let now = self.clock.now();
        let binding = CsrfBinding {
            user: user.to_owned(),
            session: Id::generate().to_string(),
            key: secret::random_token()?.expose_secret().to_owned(),
        };
        let id = &binding.session;
        let address = attempt.caller.address.to_string();
        let new = NewSession {
            id,
            user,
            csrf_key: &binding.key,
            expires_at: now.after(self.lifetimes.absolute),
            address: &address,
            user_agent: attempt.user_agent,
        };
        let refresh = secret::random_token()?;
        let expires = now.after(self.lifetimes.idle.min(self.lifetimes.absolute));
        let token = store::insert_refresh_token(refresh.expose_secret(), id, 1, expires);
        let ended = attempt.replaces.into_iter().flat_map(session::end);
        let unchanged = store::is_unchanged(account).expecting(Expect::Exists, ACCOUNT);
        let done = audit::Outcome::Success;
        let batch = Batch::new()
            .with(unchanged)
            .with(lockout::is_open(&self.standing(guess).await?, now))
            .with_all(lockout::passed(guess, user))
            .with_all(session::purge_expired(now, self.lifetimes))
            .with_all(ended)
            .with(store::insert_session(&new))
            .with(token)
            .with(audit::entry(&attempt.caller, "session.created", user, done))
            .touching(Touch::Part(Part::session(id)));
        let batch = attempt.replaces.into_iter().fold(batch, |batch, ended| {
            batch.touching(Touch::Part(Part::session(ended)))
        });
        match self.engine.db().write(batch).await {
            Err(WriteError::Guard(tag)) if tag.0 == ACCOUNT => return Err(wrong()),
            Err(WriteError::Guard(tag)) if tag.0 == lockout::WAITS => {
                return Err(self.overtaken(guess).await);
            }
            outcome => outcome?,
        };
        info!(user_id = user, session = %id, "Signed in");
        self.tickets(&binding, refresh)
    }

    /// The session that a refresh token belongs to, spent or not.
    pub(super) async fn session_of(&self, token: &str) -> Result<Option<CsrfBinding>> {
        let token = token.to_owned();
        let find =
            move |conn: &rusqlite::Connection| session::binding_of_refresh_token(conn, &token);
        self.engine.db().read_by_key(find).await
    }

    pub(super) fn tickets(&self, binding: &CsrfBinding, refresh: SecretString) -> Result<Tickets> {
        Ok(Tickets {
            access: self.tokens.issue(&binding.user, &binding.session)?,
            refresh,
            csrf: binding.token(),
            expires_in: self.tokens.life(),
        })
    }

    /// Which pages may sign in.
    pub fn origins(&self) -> &OriginRules {
        &self.origins
    }

    /// The session of an access token.
    ///
    /// # Errors
    /// `TOKEN_EXPIRED`, `TOKEN_INVALID`, also where the session has ended; those of the database.
    pub async fn session_of_bearer(&self, token: &str) -> Result<CsrfBinding> {
        let access = self.tokens.read(token).await?;
        let user = self.sessions.find(&access, self.clock.now()).await?;
        let user = user.ok_or_else(|| Error::new(Code::TokenInvalid, "The session has ended"))?;
        Ok(CsrfBinding::of(&user))
    }

    /// The session that a browser's cookies belong to: that of the refresh token, else that of an
    /// access token that is still good.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn session_of_cookies(&self, cookies: &SentCookies) -> Result<Option<CsrfBinding>> {
        if let Some(token) = &cookies.refresh
            && let Some(session) = self.session_of(token).await?
        {
            return Ok(Some(session));
        }
        let Some(token) = &cookies.access else {
            return Ok(None);
        };
        let Ok(access) = self.tokens.read(token).await else {
            return Ok(None);
        };
        let found = self.sessions.find(&access, self.clock.now()).await?;
        Ok(found.map(|user| CsrfBinding::of(&user)))
    }

    /// Ends a session; it is refused from then on.
    ///
    /// # Errors
    /// Those of a write.
    pub async fn logout(&self, caller: &Caller, binding: &CsrfBinding) -> Result<()> {
        let CsrfBinding { user, session, .. } = binding;
        let actor = Caller::name_of(user);
        let done = audit::Outcome::Success;
        let batch = Batch::new()
            .with_all(session::end(session))
            .with(audit::entry_by(
                actor,
                caller,
                "session.ended",
                session,
                done,
            ))
            .touching(Touch::Part(Part::session(session)));
        self.engine.db().write(batch).await?;
        info!(user_id = %user, session, "Signed out");
        Ok(())
    }

    async fn refuse_disabled(&self, attempt: &Attempt<'_>, user: &str) -> Result<()> {
        info!(address = %attempt.caller.address, account = user, "A sign-in was refused");
        let entries = audit::refusal(&attempt.caller, "session.refused", user);
        let batch = Batch::new().with_all(entries).touching(Touch::Nothing);
        self.engine.db().write(batch).await?;
        Ok(())
    }

    /// Whoever holds what this feature itself has checked acts with the operator's rights.
    pub(super) fn as_operator(caller: &Caller) -> Caller {
        Caller {
            who: Who::Operator,
            ..caller.clone()
        }
    }
}

fn wrong() -> Error {
    Error::new(Code::InvalidCredentials, "Wrong email or password")
}
