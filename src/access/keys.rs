//! The keys of access tokens, and the file in the data directory that holds them.
//!
//! The first key makes tokens, the others only read those that they have made, until all of these
//! are past their time. The file is never changed in place: a new one takes its name once it is on
//! the disk, so that a crash leaves the keys from before or those from after.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
    time::Duration,
};

use pasetors::{
    keys::{Generate, SymmetricKey},
    paserk::{FormatAsPaserk, Id as KeyId},
    version4::V4,
};
use serde::{Deserialize, Serialize};

use crate::{base::Instant, db::private_file};

/// Name of the key file in the data directory.
pub const FILE: &str = "keys.json";

/// Name of the one that will take its place. What a crash has left of it counts for nothing.
const NEXT: &str = "keys.json.new";

/// A key, with what a token says of it.
#[derive(Clone)]
pub struct Key {
    /// Its id, a hash of the key (PASERK `k4.lid`).
    pub id: String,
    /// The footer of its tokens, which names it.
    pub footer: String,
    /// The key itself.
    pub key: SymmetricKey<V4>,
    stored: StoredKey,
}

/// The footer of a token.
#[derive(Serialize, Deserialize)]
pub struct Footer<'a> {
    /// The id of the key.
    pub kid: &'a str,
}

/// The keys of an instance: never none of them.
#[derive(Clone)]
pub struct KeyRing {
    current: Key,
    retired: Vec<Key>,
}

#[derive(Serialize, Deserialize)]
struct KeyFile<K> {
    keys: Vec<K>,
}

/// A key of the file, as it is written now or as it was at first.
#[derive(Deserialize)]
#[serde(untagged)]
enum AnyKey {
    Stored(StoredKey),
    Bare(String),
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoredKey {
    key: String,
    created_at: String,
    // The longest life of a token that it has made, in seconds.
    token_seconds: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retired_at: Option<String>,
}

impl KeyRing {
    /// Takes the keys from the data directory, and makes a first one at the instant `now` where
    /// there is no file. `life` is the life of tokens from now on.
    ///
    /// # Errors
    /// If the file cannot be read or written, or holds no key of ours.
    pub fn open(dir: &Path, now: Instant, life: Duration) -> io::Result<Self> {
        let text = match fs::read_to_string(dir.join(FILE)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let ring = Self {
                    current: Key::generate(now, life)?,
                    retired: Vec::new(),
                };
                ring.store(dir)?;
                return Ok(ring);
            }
            text => text?,
        };
        let (mut ring, is_upgraded) = Self::parse(&text, now, life)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "it is damaged"))?;
        let is_longer = ring.current.stored.token_seconds < life.as_secs();
        if is_longer {
            ring.current.stored.token_seconds = life.as_secs();
        }
        if is_longer || is_upgraded {
            ring.store(dir)?;
        }
        Ok(ring)
    }

    /// The same keys with a new one in front, on the disk. Those that no living token was made with
    /// are left out.
    ///
    /// # Errors
    /// If the file cannot be written, and then it holds the keys from before; or if the system has
    /// no randomness to give.
    pub fn rotated(&self, dir: &Path, now: Instant, life: Duration) -> io::Result<Self> {
        let mut last = self.current.clone();
        last.stored.retired_at = Some(now.to_string());
        let retired = self.retired.iter().filter(|key| key.is_needed(now));
        let ring = Self {
            current: Key::generate(now, life)?,
            retired: std::iter::once(&last).chain(retired).cloned().collect(),
        };
        ring.store(dir)?;
        Ok(ring)
    }

    /// The same keys without those that no living token was made with, on the disk; none if all of
    /// them are needed.
    ///
    /// # Errors
    /// As [`KeyRing::rotated`].
    pub fn without_old(&self, dir: &Path, now: Instant) -> io::Result<Option<Self>> {
        let (needed, old): (Vec<_>, Vec<_>) = self
            .retired
            .iter()
            .cloned()
            .partition(|key| key.is_needed(now));
        if old.is_empty() {
            return Ok(None);
        }
        let ring = Self {
            current: self.current.clone(),
            retired: needed,
        };
        ring.store(dir)?;
        Ok(Some(ring))
    }

    /// The key that makes tokens.
    pub fn current(&self) -> &Key {
        &self.current
    }

    /// When that key was made.
    pub fn since(&self) -> Instant {
        instant(&self.current.stored.created_at)
    }

    /// Finds a key by its id.
    pub fn find(&self, id: &str) -> Option<&Key> {
        self.all().find(|key| key.id == id)
    }

    fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.current).chain(&self.retired)
    }

    /// Reads the file; and true if it has to be written anew, because its keys stand alone, as the
    /// first versions wrote them.
    fn parse(text: &str, now: Instant, life: Duration) -> Option<(Self, bool)> {
        let file: KeyFile<AnyKey> = serde_json::from_str(text).ok()?;
        let is_bare = |key: &AnyKey| matches!(key, AnyKey::Bare(_));
        let is_old = file.keys.iter().any(is_bare);
        let keys = file.keys.into_iter().enumerate();
        let mut keys = keys.map(|(place, key)| Key::parse(key.known_since(now, life, place > 0)));
        let current = keys.next()??;
        let retired = keys.collect::<Option<_>>()?;
        Some((Self { current, retired }, is_old))
    }

    /// Has a new file take the place of the present one.
    fn store(&self, dir: &Path) -> io::Result<()> {
        let keys = self.all().map(|key| key.stored.clone()).collect();
        let text = serde_json::to_string_pretty(&KeyFile { keys })?;
        let next = dir.join(NEXT);
        // One that is there already might have another mode.
        match fs::remove_file(&next) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = private_file().create_new(true).open(&next)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&next, dir.join(FILE))?;
        File::open(dir)?.sync_all()
    }
}

impl AnyKey {
    /// With what a key that stands alone does not say: its time begins at `now`, and that is also
    /// when it has made its last token if it `is_retired`.
    fn known_since(self, now: Instant, life: Duration, is_retired: bool) -> StoredKey {
        match self {
            Self::Stored(key) => key,
            Self::Bare(key) => StoredKey {
                key,
                created_at: now.to_string(),
                token_seconds: life.as_secs(),
                retired_at: is_retired.then(|| now.to_string()),
            },
        }
    }
}

impl Key {
    fn generate(now: Instant, life: Duration) -> io::Result<Self> {
        let fault = |error: pasetors::errors::Error| io::Error::other(format!("{error:?}"));
        let mut text = String::new();
        SymmetricKey::<V4>::generate()
            .map_err(fault)?
            .fmt(&mut text)
            .map_err(io::Error::other)?;
        let stored = StoredKey {
            key: text,
            created_at: now.to_string(),
            token_seconds: life.as_secs(),
            retired_at: None,
        };
        Self::parse(stored).ok_or_else(|| io::Error::other("a new key cannot be read"))
    }

    fn parse(stored: StoredKey) -> Option<Self> {
        let key = SymmetricKey::<V4>::try_from(stored.key.as_str()).ok()?;
        let mut id = String::new();
        KeyId::from(&key).fmt(&mut id).ok()?;
        let footer = serde_json::to_string(&Footer { kid: &id }).ok()?;
        let instants = std::iter::once(&stored.created_at).chain(&stored.retired_at);
        let are_good = instants.map(|at| Instant::parse(at)).all(|at| at.is_some());
        are_good.then_some(Self {
            id,
            footer,
            key,
            stored,
        })
    }

    /// True while a token that it has made may be good.
    fn is_needed(&self, now: Instant) -> bool {
        let life = Duration::from_secs(self.stored.token_seconds);
        let retired_at = self.stored.retired_at.as_deref().map(instant);
        retired_at.is_none_or(|at| now < at.after(life))
    }
}

/// An instant of the file, which was checked when it was read.
fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap_or(Instant::from_millis(0))
}
