//! Access tokens: PASETO v4.local, with the id of their key in the footer.
//!
//! The crate's own `Footer` and `Claims` are not used: the one compiles a regular expression for
//! each token, the other asks the system for the time instead of [`Clock`].

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use pasetors::{
    Local,
    token::UntrustedToken,
    version4::{LocalToken, V4},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::keys::{Footer, KeyRing};
use crate::{
    base::{Clock, Code, Error, Id, Instant, Result},
    cache::{Cache, Key},
};

pub use super::keys::FILE;

/// What the tokens of this module are for; no other token of Stead is taken in their place.
const AUDIENCE: &str = "access";
/// More than any token of ours has; longer ones are refused unread.
const MAX_LENGTH: usize = 2_048;

/// Makes and reads access tokens. Cheap to clone.
#[derive(Clone)]
pub struct Tokens {
    keys: Arc<RwLock<Arc<KeyRing>>>,
    // Held while the key file is written, so that no change of it overtakes another.
    changing: Arc<Mutex<()>>,
    dir: Arc<PathBuf>,
    issuer: Arc<str>,
    clock: Arc<Clock>,
    life: Duration,
    // What tokens said that were decrypted before, by their hash. What a token says never changes,
    // and whether its time is over is asked each time; reading it anew costs a tenth of a request.
    known: Cache<Known>,
}

/// A token that was decrypted and is ours.
struct Known {
    access: Access,
    not_before: Instant,
    expires: Instant,
}

/// What all tokens that are known may hold in memory.
const BYTES: u64 = 2 << 20;

/// What a token says: a user, by a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The user's id.
    pub user: String,
    /// The session's id.
    pub session: String,
}

#[derive(Serialize, Deserialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: String,
    sid: String,
    jti: String,
    iat: String,
    nbf: String,
    exp: String,
}

impl Tokens {
    /// Takes the keys from the data directory, and makes them (mode 0600) where there are none.
    /// `instance` is the issuer.
    ///
    /// # Errors
    /// If the file cannot be read or written, or holds no key of ours.
    pub fn open(dir: &Path, instance: &str, clock: Arc<Clock>, life: Duration) -> io::Result<Self> {
        let keys = KeyRing::open(dir, clock.now(), life)?;
        let known = Cache::new(BYTES, life, |known: &Known| {
            known.access.user.len() + known.access.session.len()
        });
        let issuer = format!("stead:{instance}").into();
        Ok(Self {
            keys: Arc::new(RwLock::new(Arc::new(keys))),
            changing: Arc::default(),
            dir: Arc::new(dir.to_owned()),
            issuer,
            clock,
            life,
            known,
        })
    }

    /// How long a token is good for.
    pub fn life(&self) -> Duration {
        self.life
    }

    /// Makes tokens by a new key from now on, and returns its id. The one before goes on reading
    /// those that it has made, so nobody is signed out. Waits for the disk.
    ///
    /// # Errors
    /// If the key file cannot be written; the keys are then those from before.
    pub fn rotate(&self) -> io::Result<String> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = self
            .keys()
            .rotated(&self.dir, self.clock.now(), self.life)?;
        let id = keys.current().id.clone();
        self.use_from_now_on(keys);
        Ok(id)
    }

    /// The same if the key is older than `age`. Forgets old keys in any case. Waits for the disk
    /// if there is something to do.
    ///
    /// # Errors
    /// As [`Tokens::rotate`].
    pub fn rotate_if_older(&self, age: Duration) -> io::Result<Option<String>> {
        let now = self.clock.now();
        if self.keys().since().after(age) <= now {
            return self.rotate().map(Some);
        }
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(keys) = self.keys().without_old(&self.dir, now)? {
            self.use_from_now_on(keys);
        }
        Ok(None)
    }

    fn keys(&self) -> Arc<KeyRing> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn use_from_now_on(&self, keys: KeyRing) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }

    /// A token for `user` by `session`.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` if the system has no randomness to give.
    pub fn issue(&self, user: &str, session: &str) -> Result<String> {
        let keys = self.keys();
        let key = keys.current();
        let now = self.clock.now();
        let claims = Claims {
            iss: &self.issuer,
            aud: AUDIENCE,
            sub: user.to_owned(),
            sid: session.to_owned(),
            jti: Id::generate().to_string(),
            iat: now.to_string(),
            nbf: now.to_string(),
            exp: now.after(self.life).to_string(),
        };
        let message = serde_json::to_vec(&claims).map_err(Error::internal)?;
        LocalToken::encrypt(&key.key, &message, Some(key.footer.as_bytes()), None)
            .map_err(|error| Error::internal(format!("{error:?}")))
    }

    /// Reads a token and checks all that it claims.
    ///
    /// # Errors
    /// `TOKEN_EXPIRED` past its time, `TOKEN_INVALID` for whatever else is wrong with it.
    pub async fn read(&self, token: &str) -> Result<Access> {
        if token.len() > MAX_LENGTH {
            return Err(invalid());
        }
        let key = Key {
            id: Sha256::digest(token.as_bytes()).into(),
            ..Key::default()
        };
        // What a token says is the same for ever.
        let known = self
            .known
            .get(key, 0, async { self.decrypt(token) })
            .await?;
        let now = self.clock.now();
        if known.not_before > now {
            return Err(invalid());
        }
        if known.expires <= now {
            return Err(Error::new(
                Code::TokenExpired,
                "The access token has expired",
            ));
        }
        Ok(known.access.clone())
    }

    fn decrypt(&self, token: &str) -> Result<Known> {
        let token = UntrustedToken::<Local, V4>::try_from(token).map_err(|_| invalid())?;
        let footer: Footer<'_> =
            serde_json::from_slice(token.untrusted_footer()).map_err(|_| invalid())?;
        let keys = self.keys();
        let key = keys.find(footer.kid).ok_or_else(invalid)?;
        let trusted = LocalToken::decrypt(&key.key, &token, Some(key.footer.as_bytes()), None)
            .map_err(|_| invalid())?;
        let claims: Claims<'_> = serde_json::from_str(trusted.payload()).map_err(|_| invalid())?;
        if claims.iss != &*self.issuer || claims.aud != AUDIENCE {
            return Err(invalid());
        }
        let at = |text: &str| Instant::parse(text).ok_or_else(invalid);
        Ok(Known {
            not_before: at(&claims.nbf)?.max(at(&claims.iat)?),
            expires: at(&claims.exp)?,
            access: Access {
                user: claims.sub,
                session: claims.sid,
            },
        })
    }
}

fn invalid() -> Error {
    Error::new(Code::TokenInvalid, "The access token is not valid")
}

#[cfg(test)]
mod tests {
    use std::{os::unix::fs::PermissionsExt, sync::Arc, time::Duration};

    use super::{Access, FILE, Tokens};
    use crate::base::{Clock, Code, Instant, Result};

    const LIFE: Duration = Duration::from_secs(900);

    fn tokens(dir: &std::path::Path, instance: &str) -> (Tokens, Arc<Clock>) {
        let clock = Arc::new(Clock::manual(
            Instant::parse("2026-01-15T10:30:00Z").unwrap(),
        ));
        (
            Tokens::open(dir, instance, Arc::clone(&clock), LIFE).unwrap(),
            clock,
        )
    }

    impl Tokens {
        fn read_now(&self, token: &str) -> Result<Access> {
            let runtime = tokio::runtime::Builder::new_current_thread().build();
            runtime.unwrap().block_on(self.read(token))
        }
    }

    fn code(tokens: &Tokens, token: &str) -> Code {
        tokens.read_now(token).unwrap_err().code()
    }

    #[test]
    fn a_token_says_who_and_is_good_for_its_life() {
        let dir = tempfile::tempdir().unwrap();
        let (tokens, clock) = tokens(dir.path(), "one");
        let token = tokens.issue("ann", "s1").unwrap();
        assert_eq!(
            tokens.read_now(&token).unwrap(),
            Access {
                user: "ann".into(),
                session: "s1".into()
            }
        );
        clock.advance(LIFE);
        assert_eq!(code(&tokens, &token), Code::TokenExpired);
    }

    #[test]
    fn what_is_not_of_this_instance_is_invalid() {
        let dir = tempfile::tempdir().unwrap();
        let (tokens, _) = tokens(dir.path(), "one");
        let (other_instance, _) = self::tokens(dir.path(), "two");
        let elsewhere = tempfile::tempdir().unwrap();
        let (other_keys, _) = self::tokens(elsewhere.path(), "one");
        assert_eq!(
            code(&tokens, &other_instance.issue("ann", "s1").unwrap()),
            Code::TokenInvalid
        );
        assert_eq!(
            code(&tokens, &other_keys.issue("ann", "s1").unwrap()),
            Code::TokenInvalid
        );
        let token = tokens.issue("ann", "s1").unwrap();
        let (head, footer) = token.rsplit_once('.').unwrap();
        let long = "x".repeat(5_000);
        for bad in [
            "",
            "v4.local.",
            head,
            &format!("{head}x.{footer}"),
            &format!("{token}x"),
            &long,
        ] {
            assert_eq!(code(&tokens, bad), Code::TokenInvalid, "{bad:.40}");
        }
    }

    #[test]
    fn the_keys_are_made_once_and_are_private() {
        let dir = tempfile::tempdir().unwrap();
        let (first, _) = tokens(dir.path(), "one");
        let (again, _) = tokens(dir.path(), "one");
        again.read_now(&first.issue("ann", "s1").unwrap()).unwrap();
        let mode = std::fs::metadata(dir.path().join(FILE))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::write(dir.path().join(FILE), "{}").unwrap();
        assert!(Tokens::open(dir.path(), "one", Arc::new(Clock::system()), LIFE).is_err());
    }

    /// How many keys the file holds.
    fn keys_in(dir: &std::path::Path) -> usize {
        let text = std::fs::read_to_string(dir.join(FILE)).unwrap();
        let file: serde_json::Value = serde_json::from_str(&text).unwrap();
        file["keys"].as_array().unwrap().len()
    }

    #[test]
    fn a_new_key_signs_nobody_out_and_goes_on_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let (first, _) = tokens(dir.path(), "one");
        let old = first.issue("ann", "s1").unwrap();
        let id = first.rotate().unwrap();
        let new = first.issue("ann", "s1").unwrap();
        let footer = |token: &str| token.rsplit('.').next().unwrap().to_owned();
        assert_ne!(footer(&old), footer(&new));
        let (again, _) = tokens(dir.path(), "one");
        for token in [&old, &new] {
            first.read_now(token).unwrap();
            again.read_now(token).unwrap();
        }
        assert!(id.starts_with("k4.lid."));
        assert_eq!(footer(&again.issue("ann", "s1").unwrap()), footer(&new));
    }

    #[test]
    fn an_old_key_is_kept_until_every_token_made_with_it_has_expired() {
        let dir = tempfile::tempdir().unwrap();
        let (tokens, clock) = tokens(dir.path(), "one");
        let age = LIFE * 100;
        tokens.rotate().unwrap();
        clock.advance(LIFE - Duration::from_millis(1));
        assert_eq!(tokens.rotate_if_older(age).unwrap(), None);
        assert_eq!(keys_in(dir.path()), 2);
        clock.advance(Duration::from_millis(1));
        assert_eq!(tokens.rotate_if_older(age).unwrap(), None);
        assert_eq!(keys_in(dir.path()), 1);
    }

    #[test]
    fn a_key_is_kept_for_the_longest_life_that_its_tokens_have_had() {
        let dir = tempfile::tempdir().unwrap();
        let (short, clock) = tokens(dir.path(), "one");
        let open = |life| Tokens::open(dir.path(), "one", Arc::clone(&clock), life).unwrap();
        let token = open(LIFE * 10).issue("ann", "s1").unwrap();
        drop(short);
        let short = open(LIFE);
        short.rotate().unwrap();
        clock.advance(LIFE * 9);
        short.rotate().unwrap();
        short.read_now(&token).unwrap();
    }

    #[test]
    fn a_key_of_its_age_is_rotated_by_schedule() {
        let dir = tempfile::tempdir().unwrap();
        let (tokens, clock) = tokens(dir.path(), "one");
        clock.advance(LIFE * 99);
        assert_eq!(tokens.rotate_if_older(LIFE * 100).unwrap(), None);
        clock.advance(LIFE);
        assert!(tokens.rotate_if_older(LIFE * 100).unwrap().is_some());
        assert_eq!(tokens.rotate_if_older(LIFE * 100).unwrap(), None);
    }

    /// Writes the file as the first versions did, with nothing but the keys.
    fn write_bare(dir: &std::path::Path, keys: usize) {
        let path = dir.join(FILE);
        let text = std::fs::read_to_string(&path).unwrap();
        let mut file: serde_json::Value = serde_json::from_str(&text).unwrap();
        let bare = file["keys"].as_array().unwrap().iter().take(keys);
        file["keys"] = bare.map(|key| key["key"].clone()).collect();
        std::fs::write(&path, file.to_string()).unwrap();
    }

    #[test]
    fn the_file_of_the_first_versions_is_read_and_written_anew() {
        let dir = tempfile::tempdir().unwrap();
        let (first, _) = tokens(dir.path(), "one");
        let older = first.issue("ann", "s1").unwrap();
        first.rotate().unwrap();
        let newer = first.issue("ann", "s1").unwrap();
        write_bare(dir.path(), 2);
        let (upgraded, _) = tokens(dir.path(), "one");
        let (again, clock) = tokens(dir.path(), "one");
        for token in [&older, &newer] {
            upgraded.read_now(token).unwrap();
            again.read_now(token).unwrap();
        }
        let footer = |token: &str| token.rsplit('.').next().unwrap().to_owned();
        assert_eq!(footer(&again.issue("ann", "s1").unwrap()), footer(&newer));
        // Its time begins with the upgrade, and a key behind it has made its last token by then.
        clock.advance(LIFE);
        assert_eq!(again.rotate_if_older(LIFE * 2).unwrap(), None);
        assert_eq!(keys_in(dir.path()), 1);
        clock.advance(LIFE);
        assert!(again.rotate_if_older(LIFE * 2).unwrap().is_some());
    }

    #[test]
    fn what_a_crash_has_left_of_a_new_file_counts_for_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let (first, _) = tokens(dir.path(), "one");
        let token = first.issue("ann", "s1").unwrap();
        let next = dir.path().join("keys.json.new");
        for left in ["", "{\"keys\": [{\"key\": \"k4.lo"] {
            std::fs::write(&next, left).unwrap();
            let (again, _) = tokens(dir.path(), "one");
            again.read_now(&token).unwrap();
            again.rotate().unwrap();
            tokens(dir.path(), "one").0.read_now(&token).unwrap();
            assert!(!next.exists());
        }
        let mode = std::fs::metadata(dir.path().join(FILE))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_rotation_that_cannot_be_written_leaves_the_keys_as_they_were() {
        let dir = tempfile::tempdir().unwrap();
        let (tokens, _) = tokens(dir.path(), "one");
        let token = tokens.issue("ann", "s1").unwrap();
        let before = std::fs::read(dir.path().join(FILE)).unwrap();
        std::fs::create_dir(dir.path().join("keys.json.new")).unwrap();
        tokens.rotate().unwrap_err();
        assert_eq!(std::fs::read(dir.path().join(FILE)).unwrap(), before);
        let footer = |token: &str| token.rsplit('.').next().unwrap().to_owned();
        assert_eq!(footer(&tokens.issue("ann", "s1").unwrap()), footer(&token));
    }
}
