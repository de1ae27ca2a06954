//! Access tokens: PASETO v4.local, with the id of their key in the footer.
//!
//! The crate's own `Footer` and `Claims` are not used: the one compiles a regular expression for
//! each token, the other asks the system for the time instead of [`Clock`].

use std::{
    io::{self, Read, Write},
    path::Path,
    sync::Arc,
    time::Duration,
};

use moka::sync::Cache;
use pasetors::{
    Local,
    keys::{Generate, SymmetricKey},
    paserk::{FormatAsPaserk, Id as KeyId},
    token::UntrustedToken,
    version4::{LocalToken, V4},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    base::{Clock, Code, Error, Id, Instant, Result},
    db::private_file,
};

/// Name of the key file in the data directory.
pub const FILE: &str = "keys.json";
/// What the tokens of this module are for; no other token of Stead is taken in their place.
const AUDIENCE: &str = "access";
/// More than any token of ours has; longer ones are refused unread.
const MAX_LENGTH: usize = 2_048;

/// Makes and reads access tokens. Cheap to clone.
#[derive(Clone)]
pub struct Tokens {
    keys: Arc<Vec<Key>>,
    issuer: Arc<str>,
    clock: Arc<Clock>,
    life: Duration,
    // What tokens said that were decrypted before, by their hash. What a token says never changes,
    // and whether its time is over is asked each time; reading it anew costs a tenth of a request.
    known: Cache<[u8; 32], Arc<Known>>,
}

/// A token that was decrypted and is ours.
struct Known {
    access: Access,
    not_before: Instant,
    expires: Instant,
}

/// How many tokens are known at most: some megabytes.
const MOST_KNOWN: u64 = 10_000;

struct Key {
    id: String,
    footer: String,
    key: SymmetricKey<V4>,
}

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

#[derive(Serialize, Deserialize)]
struct Footer<'a> {
    kid: &'a str,
}

/// The key file. The first key makes tokens, all of them read some.
#[derive(Serialize, Deserialize)]
struct KeyFile {
    keys: Vec<String>,
}

impl Tokens {
    /// Takes the keys from the data directory, and makes them (mode 0600) where there are none.
    /// `instance` is the issuer.
    ///
    /// # Errors
    /// If the file cannot be read or written, or holds no key of ours.
    pub fn open(dir: &Path, instance: &str, clock: Arc<Clock>, life: Duration) -> io::Result<Self> {
        let keys = read_keys(dir)?;
        let known = Cache::builder()
            .max_capacity(MOST_KNOWN)
            .time_to_idle(life)
            .build();
        let issuer = format!("stead:{instance}").into();
        Ok(Self {
            keys: Arc::new(keys),
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

    /// A token for `user` by `session`.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` if the system has no randomness to give.
    pub fn issue(&self, user: &str, session: &str) -> Result<String> {
        let key = self
            .keys
            .first()
            .ok_or_else(|| Error::internal("no key to issue tokens by"))?;
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
    pub fn read(&self, token: &str) -> Result<Access> {
        if token.len() > MAX_LENGTH {
            return Err(invalid());
        }
        let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let known = match self.known.get(&hash) {
            Some(known) => known,
            None => {
                let known = Arc::new(self.decrypt(token)?);
                self.known.insert(hash, Arc::clone(&known));
                known
            }
        };
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
        let key = self
            .keys
            .iter()
            .find(|key| key.id == footer.kid)
            .ok_or_else(invalid)?;
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

fn read_keys(dir: &Path) -> io::Result<Vec<Key>> {
    let mut file = private_file().truncate(false).open(dir.join(FILE))?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    if text.is_empty() {
        text = new_key_file()?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::File::open(dir)?.sync_all()?;
    }
    let fault = || io::Error::new(io::ErrorKind::InvalidData, "it is damaged");
    let stored: KeyFile = serde_json::from_str(&text).map_err(|_| fault())?;
    let keys: Option<Vec<Key>> = stored.keys.iter().map(|key| Key::parse(key)).collect();
    keys.filter(|keys| !keys.is_empty()).ok_or_else(fault)
}

fn new_key_file() -> io::Result<String> {
    let fault = |error: pasetors::errors::Error| io::Error::other(format!("{error:?}"));
    let key = SymmetricKey::<V4>::generate().map_err(fault)?;
    let mut text = String::new();
    key.fmt(&mut text).map_err(io::Error::other)?;
    Ok(serde_json::to_string_pretty(&KeyFile { keys: vec![text] })?)
}

impl Key {
    fn parse(paserk: &str) -> Option<Self> {
        let key = SymmetricKey::<V4>::try_from(paserk).ok()?;
        let mut id = String::new();
        KeyId::from(&key).fmt(&mut id).ok()?;
        let footer = serde_json::to_string(&Footer { kid: &id }).ok()?;
        Some(Self { id, footer, key })
    }
}

#[cfg(test)]
mod tests {
    use std::{os::unix::fs::PermissionsExt, sync::Arc, time::Duration};

    use super::{Access, FILE, Tokens};
    use crate::base::{Clock, Code, Instant};

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

    fn code(tokens: &Tokens, token: &str) -> Code {
        tokens.read(token).unwrap_err().code()
    }

    #[test]
    fn a_token_says_who_and_is_good_for_its_life() {
        let dir = tempfile::tempdir().unwrap();
        let (tokens, clock) = tokens(dir.path(), "one");
        let token = tokens.issue("ann", "s1").unwrap();
        assert_eq!(
            tokens.read(&token).unwrap(),
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
        again.read(&first.issue("ann", "s1").unwrap()).unwrap();
        let mode = std::fs::metadata(dir.path().join(FILE))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::write(dir.path().join(FILE), "{}").unwrap();
        assert!(Tokens::open(dir.path(), "one", Arc::new(Clock::system()), LIFE).is_err());
    }
}
