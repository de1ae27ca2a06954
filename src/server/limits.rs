//! Rate limits: a token bucket for each user, or for each address where nobody has signed in.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DashMapStateStore,
};

use crate::{base::Id, config};

/// Whose bucket it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A user's, by its id.
    User(Id),
    /// An IPv4 address.
    V4([u8; 4]),
    /// A /64 of IPv6: one customer has as many addresses as it likes in there.
    V6([u8; 8]),
}

impl Key {
    /// The key of an address.
    pub fn address(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(v4) => Self::V4(v4.octets()),
            IpAddr::V6(v6) => {
                let [a, b, c, d, e, f, g, h, ..] = v6.octets();
                Self::V6([a, b, c, d, e, f, g, h])
            }
        }
    }
}

/// Which limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Requests in general.
    General,
    /// Requests by which a password or a link could be guessed.
    Guessing,
}

/// What is left in a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Requests a minute, and in one go.
    pub limit: u32,
    /// Requests that are left right now.
    pub remaining: u32,
    /// Seconds until the bucket is full again.
    pub full_in: u64,
    /// Seconds to wait, if this request is one too many.
    pub wait: Option<u64>,
}

type Limiter = RateLimiter<Key, DashMapStateStore<Key>, DefaultClock, StateInformationMiddleware>;

/// The buckets.
pub struct RateLimits {
    is_enabled: bool,
    general: Bucket,
    guessing: Bucket,
}

struct Bucket {
    limit: u32,
    limiter: Limiter,
}

impl RateLimits {
    /// As configured, all full.
    pub fn new(config: &config::RateLimit) -> Self {
        Self {
            is_enabled: config.enabled,
            general: Bucket::new(config.per_minute),
            guessing: Bucket::new(config.auth_per_minute),
        }
    }

    /// Takes one request out of a bucket; none if limits are switched off.
    pub fn take(&self, kind: Kind, key: Key) -> Option<Allowance> {
        let bucket = match kind {
            Kind::General => &self.general,
            Kind::Guessing => &self.guessing,
        };
        self.is_enabled.then(|| bucket.take(key))
    }

    /// Forgets the buckets that are full again.
    pub fn forget_full(&self) {
        self.general.limiter.retain_recent();
        self.guessing.limiter.retain_recent();
    }
}

impl Bucket {
    fn new(limit: NonZeroU32) -> Self {
        let limiter = RateLimiter::dashmap(Quota::per_minute(limit))
            .with_middleware::<StateInformationMiddleware>();
        Self {
            limit: limit.get(),
            limiter,
        }
    }

    fn take(&self, key: Key) -> Allowance {
        let (remaining, wait) = match self.limiter.check_key(&key) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(until) => {
                let wait = until.wait_time_from(DefaultClock::default().now());
                (0, Some(seconds_up(wait).max(1)))
            }
        };
        let missing = u64::from(self.limit.saturating_sub(remaining));
        let full_in = (missing * 60).div_ceil(u64::from(self.limit.max(1)));
        Allowance {
            limit: self.limit,
            remaining,
            full_in,
            wait,
        }
    }
}

fn seconds_up(span: Duration) -> u64 {
    span.as_secs() + u64::from(span.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::{Key, Kind, RateLimits};
    use crate::config::Config;

    fn limits(per_minute: u32) -> RateLimits {
        let mut config = Config::default_in("unused".into());
        config.rate_limit.per_minute = per_minute.try_into().unwrap();
        RateLimits::new(&config.rate_limit)
    }

    fn address(text: &str) -> Key {
        Key::address(text.parse().unwrap())
    }

    #[test]
    fn a_bucket_is_emptied_request_by_request() {
        let limits = limits(3);
        let take = || limits.take(Kind::General, address("203.0.113.9")).unwrap();
        let left: Vec<u32> = (0..3).map(|_| take().remaining).collect();
        assert_eq!(left, [2, 1, 0]);
        let refused = take();
        assert!(
            refused.wait.is_some_and(|wait| (1..=20).contains(&wait)),
            "{refused:?}"
        );
    }

    #[test]
    fn buckets_are_apart() {
        let limits = limits(1);
        let is_free = |kind, key| limits.take(kind, key).unwrap().wait.is_none();
        assert!(is_free(Kind::General, address("203.0.113.9")));
        assert!(!is_free(Kind::General, address("203.0.113.9")));
        assert!(is_free(Kind::General, address("203.0.113.10")));
        assert!(is_free(Kind::Guessing, address("203.0.113.9")));
        assert!(is_free(Kind::General, address("2001:db8::1")));
        assert!(
            !is_free(Kind::General, address("2001:db8::2")),
            "the same /64"
        );
    }
}
