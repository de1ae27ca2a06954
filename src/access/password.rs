//! Passwords: what they must be like, and their hashes (argon2id, 19 MiB, 2 passes, 1 lane).

use std::sync::Arc;

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    base::{
        Error, Issue, IssueCode, Result,
        secret::{ExposeSecret, SecretString},
    },
    config,
    telemetry::blocking,
};

/// Most characters of a password.
const MAX: usize = 1_024;

/// A hash that no password has, of the same cost as any other: who tries an address that has no
/// account waits as long as one who has the wrong password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c3RlYWQtbm9ib2R5LXNhbHQ$\
                      LRaNXcUiMvpTrzBKhRLqjZoVFAtwRnyxX26ayBKcFcA";

/// Hashes passwords, a bounded number at once: each takes 19 MiB, and a flood of sign-ins must
/// not take up the memory.
#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    min: usize,
}

/// Leave to compute one hash. Whoever has waited for it may ask once more whether the hash is
/// still worth its cost.
pub struct Turn(OwnedSemaphorePermit);

impl Passwords {
    /// With the bounds of the configuration.
    pub fn new(config: &config::Auth) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(config.hashes_at_once.get())),
            min: config.password_min,
        }
    }

    /// What is wrong with `password` as a new one, under the name of its field.
    pub fn check(&self, field: &str, password: &SecretString) -> Option<Issue> {
        let length = password.expose_secret().chars().count();
        if length < self.min {
            let message = format!("Must have at least {} characters", self.min);
            return Some(Issue::new(field, IssueCode::TooShort, message).with("min", self.min));
        }
        let message = format!("Must have at most {MAX} characters");
        (length > MAX).then(|| Issue::new(field, IssueCode::TooLong, message).with("max", MAX))
    }

    /// Waits until one of those few is free that may compute a hash at the same time.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` if there will be none, which is never so.
    pub async fn turn(&self) -> Result<Turn> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        permit.map(Turn).map_err(Error::internal)
    }

    /// The hash of a new password.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` if the system has no memory or randomness to give.
    pub async fn hash(&self, password: SecretString) -> Result<String> {
        self.turn()
            .await?
            .run(move || {
                let hash = Argon2::default().hash_password(password.expose_secret().as_bytes());
                hash.map(|hash| hash.to_string())
                    .map_err(|error| Error::internal(error.to_string()))
            })
            .await
    }

    /// True if `password` has the hash `stored`. With none stored the answer is no, after the
    /// same time.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` if the system has no memory to give.
    pub async fn matches(
        turn: Turn,
        password: SecretString,
        stored: Option<String>,
    ) -> Result<bool> {
        turn.run(move || {
            let password = password.expose_secret();
            let hash = stored.as_deref().unwrap_or(NOBODY);
            // Too long to have ever been set, and costly to hash: answered like any wrong one.
            let candidate = if password.len() > MAX * 4 {
                ""
            } else {
                password
            };
            let matches = Argon2::default()
                .verify_password(candidate.as_bytes(), hash)
                .is_ok();
            Ok(matches && stored.is_some() && !candidate.is_empty())
        })
        .await
    }
}

impl Turn {
    async fn run<T: Send + 'static>(
        self,
        f: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        blocking::run("password", move || {
            let _permit = self.0;
            f()
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use argon2::{Argon2, PasswordVerifier, password_hash::phc::PasswordHash};

    use super::NOBODY;

    #[test]
    fn the_hash_of_nobody_costs_what_every_hash_costs() {
        let hash = PasswordHash::new(NOBODY).unwrap();
        let default = argon2::Params::default();
        assert_eq!(hash.params.get_decimal("m"), Some(default.m_cost()));
        assert_eq!(hash.params.get_decimal("t"), Some(default.t_cost()));
        assert!(
            Argon2::default()
                .verify_password(b"password", NOBODY)
                .is_err()
        );
    }
}
