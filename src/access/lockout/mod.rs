//! Lockout: who has failed to sign in too often waits, and the right password waits with the
//! wrong ones.
//!
//! Failures are counted for an account together with the network that they come from, for an
//! address over all accounts, and for an account over all networks. The first two lengthen the
//! waiting time with each further failure. The last one only slows strangers down: from a network
//! that its owner has signed in from, an account can always be tried.

mod rule;
mod store;
#[cfg(test)]
mod tests;

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::Duration,
};

use rule::{Failures, Rule};
pub use store::{CHANGED, WAITS, failed, find, is_open, passed, unlock, waits_until};

use crate::base::{Code, Error, Instant, secret};

/// A password that is tried: for which account, and from where.
#[derive(Clone, Debug)]
pub struct Guess {
    /// The user's id; none for an account that does not exist.
    user: Option<String>,
    account: String,
    prefix: String,
    address: Option<String>,
}

impl Guess {
    /// A guess for the account of `user`, or for an `email` that has none, from `address`. Where
    /// that is a proxy's own (`is_proxy`), it stands for everybody behind it and is not counted
    /// by itself.
    pub fn new(user: Option<&str>, email: &str, address: IpAddr, is_proxy: bool) -> Self {
        // What was typed may be anything, a password too: only its hash is kept.
        let nobody = || secret::hash_token(&email.trim().to_lowercase());
        Self {
            user: user.map(str::to_owned),
            account: user.map_or_else(nobody, str::to_owned),
            prefix: network(address, 24),
            address: (!is_proxy).then(|| network(address, 32)),
        }
    }

    /// What the guess counts for, each with its rule.
    fn subjects(&self) -> impl Iterator<Item = (Subject, String)> {
        let (account, prefix) = (&self.account, &self.prefix);
        let pair = (Subject::Pair, format!("account {account} from {prefix}"));
        let address = self.address.as_ref();
        let address = address.map(|address| (Subject::Address, format!("address {address}")));
        let account = (Subject::Account, format!("account {account}"));
        [Some(pair), address, Some(account)].into_iter().flatten()
    }
}

/// What failures are counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    /// An account, from one network.
    Pair,
    /// An address, over all accounts.
    Address,
    /// An account, from everywhere.
    Account,
}

impl Subject {
    const fn rule(self) -> Rule {
        const MINUTE: Duration = Duration::from_secs(60);
        let (failures, window, first, most) = match self {
            Self::Pair => (5, 15, 30, 900),
            Self::Address => (20, 15, 30, 900),
            // Over 50 of them, and always the same short wait.
            Self::Account => (51, 60, 10, 10),
        };
        Rule {
            failures,
            window: MINUTE.saturating_mul(window),
            first: Duration::from_secs(first),
            most: Duration::from_secs(most),
        }
    }
}

/// What is known of a guess before it is tried.
#[derive(Debug)]
pub struct Standing {
    subjects: Vec<Known>,
    /// True if the account was signed in to from this network before.
    is_at_home: bool,
}

/// What is stored of a subject.
#[derive(Debug)]
struct Known {
    subject: Subject,
    name: String,
    failures: Failures,
    /// The version of the stored row; none where there is no row.
    version: Option<i64>,
}

impl Standing {
    /// Refuses a guess that has to wait, at the instant `now`.
    ///
    /// # Errors
    /// `RATE_LIMITED`, with the seconds to wait.
    pub fn check(&self, now: Instant) -> Result<(), Error> {
        let waits = self.subjects.iter().filter(|known| self.holds_up(known));
        let until = waits.filter_map(|known| known.failures.wait_until).max();
        let Some(until) = until.filter(|until| *until > now) else {
            return Ok(());
        };
        let wait = until.since(now);
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let message = "Too many failed attempts, please try again later";
        Err(Error::new(Code::RateLimited, message).retry_after(seconds))
    }

    /// True if one more failure makes somebody wait who did not have to before.
    pub fn begins_to_wait(&self, now: Instant) -> bool {
        self.check(now).is_ok()
            && self.subjects.iter().any(|known| {
                self.holds_up(known)
                    && known.failures.level == 0
                    && known.failures.after(known.subject.rule(), now).level > 0
            })
    }

    /// The account as a whole slows strangers alone.
    fn holds_up(&self, known: &Known) -> bool {
        known.subject != Subject::Account || !self.is_at_home
    }
}

/// The network of an address: its first `bits` for IPv4, its /64 for IPv6, of which one customer
/// has all addresses.
fn network(address: IpAddr, bits: u32) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            format!("{}/{bits}", Ipv4Addr::from(u32::from(v4) & mask))
        }
        IpAddr::V6(v6) => format!("{}/64", Ipv6Addr::from(u128::from(v6) & (u128::MAX << 64))),
    }
}
