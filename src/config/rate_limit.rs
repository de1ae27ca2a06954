//! `[rate_limit]`: how often one may ask.

use std::num::NonZeroU32;

use super::{
    key::{Entry, Section},
    shape::{YesNo, count},
};

/// Requests a minute, for each user, or address where nobody is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Whether the limits hold at all.
    pub enabled: bool,
    /// Requests under `/api`.
    pub per_minute: NonZeroU32,
    /// Attempts to sign in, register, or reset a password.
    pub auth_per_minute: NonZeroU32,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self {
            enabled: true,
            per_minute: const { NonZeroU32::new(300).unwrap() },
            auth_per_minute: const { NonZeroU32::new(10).unwrap() },
        }
    }
}

pub(super) const SECTION: Section = Section {
    name: "rate_limit",
    about: "How often one user, or one address where nobody is signed in, may ask.",
    keys: &[
        &Entry {
            name: "enabled",
            reason: "Whether the limits below hold. Turn them off only for measuring, or where a \
                     proxy limits already.",
            shape: YesNo,
            place: |config| &mut config.rate_limit.enabled,
        },
        &Entry {
            name: "per_minute",
            reason: "Requests a minute under /api: five a second, which no person at a screen \
                     needs for long.",
            shape: count(1, 1_000_000),
            place: |config| &mut config.rate_limit.per_minute,
        },
        &Entry {
            name: "auth_per_minute",
            reason: "Attempts a minute to sign in, register or reset a password. Each costs a \
                     password hash, and guessing must stay slow.",
            shape: count(1, 1_000_000),
            place: |config| &mut config.rate_limit.auth_per_minute,
        },
    ],
};
