//! `[auth]`: tokens, sessions, passwords.

use std::{num::NonZeroUsize, time::Duration};

use super::{
    key::{Entry, Section},
    shape::{count, seconds},
};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// How long a sign-in lasts and what it costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Auth {
    /// Life of an access token and its cookie.
    pub access: Duration,
    /// Life of a refresh token: a session unused for so long ends.
    pub refresh: Duration,
    /// Life of a session, however much it is used.
    pub session: Duration,
    /// Days after which tokens are made by a new key; 0 for never.
    pub rotate_keys_days: u64,
    /// The shortest password, in characters.
    pub password_min: usize,
    /// Password hashes that are computed at the same time at most.
    pub hashes_at_once: NonZeroUsize,
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            access: Duration::from_secs(HOUR / 4),
            refresh: Duration::from_secs(7 * DAY),
            session: Duration::from_secs(30 * DAY),
            rotate_keys_days: 90,
            password_min: 8,
            hashes_at_once: const { NonZeroUsize::new(2).unwrap() },
        }
    }
}

pub(super) const SECTION: Section = Section {
    name: "auth",
    about: "Tokens, sessions, passwords.",
    keys: &[
        &Entry {
            name: "access_seconds",
            reason: "Life of an access token (15 minutes). Rights and ended sessions are looked \
                     up on every request, so a longer life only delays the next refresh.",
            shape: seconds(60, DAY),
            place: |config| &mut config.auth.access,
        },
        &Entry {
            name: "refresh_seconds",
            reason: "Life of a refresh token (7 days), and of a session that is not used: who stays \
                     away for so long signs in again.",
            shape: seconds(HOUR, 365 * DAY),
            place: |config| &mut config.auth.refresh,
        },
        &Entry {
            name: "session_seconds",
            reason: "Life of a session (30 days), however much it is used, so that a stolen one \
                     ends some day.",
            shape: seconds(HOUR, 365 * DAY),
            place: |config| &mut config.auth.session,
        },
        &Entry {
            name: "rotate_keys_days",
            reason: "Days after which access tokens are made by a new key; 0 means never. Nobody is \
                     signed out by it: old keys stay until the last token made with them is over.",
            shape: count(0, 3650),
            place: |config| &mut config.auth.rotate_keys_days,
        },
        &Entry {
            name: "password_min",
            reason: "The shortest password, in characters. Length is what makes one strong; there \
                     are no rules about its composition.",
            shape: count(8, 1024),
            place: |config| &mut config.auth.password_min,
        },
        &Entry {
            name: "hashes_at_once",
            reason: "Password hashes computed at the same time. Each takes 19 MiB of memory, so \
                     this bounds what a flood of logins can use.",
            shape: count(1, 16),
            place: |config| &mut config.auth.hashes_at_once,
        },
    ],
};
