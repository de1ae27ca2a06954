//! Passwords that are tried: who has failed too often waits, and no hash is computed for them.

use tracing::{info, warn};

use super::service::Auth;
use crate::{
    access::{
        Caller, audit,
        lockout::{self, Guess, Standing},
        password::Passwords,
    },
    base::{Error, Result, secret::SecretString},
    db::{Batch, Touch, WriteError},
};

/// How often a failure is counted again that another one has overtaken. With each overtaking one
/// more is counted, so that soon everybody waits.
const TRIES: usize = 30;

impl Auth {
    /// A guess at the password of `user`, or of an `email` that has no account.
    pub(super) fn guess(&self, caller: &Caller, user: Option<&str>, email: &str) -> Guess {
        let is_proxy = self.peers.is_proxy(caller.address);
        Guess::new(user, email, caller.address, is_proxy)
    }

    /// True if `password` has the hash `stored`.
    ///
    /// # Errors
    /// `RATE_LIMITED` if the guess has to wait, before a hash is computed.
    pub(super) async fn try_password(
        &self,
        guess: &Guess,
        password: SecretString,
        stored: Option<String>,
    ) -> Result<bool> {
        self.check(guess).await?;
        let turn = self.passwords.turn().await?;
        // Of many guesses at once, those before this one may have failed while it waited.
        self.check(guess).await?;
        Passwords::matches(turn, password, stored).await
    }

    /// Counts that a guess was wrong, and appends `action` to the audit log.
    ///
    /// # Errors
    /// `RATE_LIMITED` if others were wrong meanwhile, so that this one has to wait and must not
    /// learn that it was; those of a write.
    pub(super) async fn count_failure(
        &self,
        caller: &Caller,
        guess: &Guess,
        action: &'static str,
        user: Option<&str>,
    ) -> Result<()> {
        let user = user.unwrap_or_default();
        info!(address = %caller.address, account = user, "A password was refused");
        for _ in 0..TRIES {
            let standing = self.standing(guess).await?;
            let now = self.clock.now();
            standing.check(now)?;
            let batch = Batch::new()
                .with_all(lockout::failed(guess, &standing, now))
                .with_all(audit::refusal(caller, action, user))
                .touching(Touch::Nothing);
            match self.engine.db().write(batch).await {
                Err(WriteError::Guard(tag)) if tag.0 == lockout::CHANGED => {}
                outcome => {
                    outcome?;
                    if standing.begins_to_wait(now) {
                        warn!(address = %caller.address, account = user,
                            "Too many passwords were refused: further ones have to wait");
                    }
                    return Ok(());
                }
            }
        }
        Err(Error::unavailable("Too many sign-ins at once", 1))
    }

    /// Why a guess whose password was right is not let in: others were wrong while it was tried.
    pub(super) async fn overtaken(&self, guess: &Guess) -> Error {
        let refused = self.check(guess).await;
        refused
            .err()
            .unwrap_or_else(|| Error::unavailable("Too many sign-ins at once", 1))
    }

    async fn check(&self, guess: &Guess) -> Result<()> {
        self.standing(guess).await?.check(self.clock.now())
    }

    pub(super) async fn standing(&self, guess: &Guess) -> Result<Standing> {
        let guess = guess.clone();
        let find = move |conn: &rusqlite::Connection| lockout::find(conn, &guess);
        self.engine.db().read_by_key(find).await
    }
}
