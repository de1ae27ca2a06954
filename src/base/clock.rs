//! Time: the instants that are stored and shown, and a clock that never runs back.

use std::{
    fmt,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use time::{OffsetDateTime, UtcDateTime, format_description::well_known::Rfc3339};

/// A point in time, in milliseconds since 1970, written `2026-01-15T10:30:00.000Z`.
///
/// The years 0000 to 9999 can be written; anything beyond is clamped to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

const MIN_MILLIS: i64 = -62_167_219_200_000;
const MAX_MILLIS: i64 = 253_402_300_799_999;

impl Instant {
    /// Length of the written form, in bytes.
    pub const LEN: usize = 24;

    /// From milliseconds since 1970.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(MIN_MILLIS, MAX_MILLIS))
    }

    /// Milliseconds since 1970.
    pub fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down.
    pub fn as_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// `self` and so much later.
    #[must_use]
    pub fn after(self, span: Duration) -> Self {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// `self` and so much earlier.
    #[must_use]
    pub fn before(self, span: Duration) -> Self {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Self::from_millis(self.0.saturating_sub(millis))
    }

    /// How long after `earlier` this is; zero if it is not after it.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// Reads any RFC 3339 instant with an offset; finer than a millisecond is cut off.
    ///
    /// Years past 9999 after the change to UTC are refused.
    pub fn parse(text: &str) -> Option<Self> {
        let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        let millis = i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000_000)).ok()?;
        (MIN_MILLIS..=MAX_MILLIS)
            .contains(&millis)
            .then_some(Self(millis))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.div_euclid(1000);
        let at = UtcDateTime::from_unix_timestamp(seconds).unwrap_or(UtcDateTime::UNIX_EPOCH);
        let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
        let (hour, minute, second) = at.as_hms();
        let millis = self.0.rem_euclid(1000);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z"
        )
    }
}

/// Tells the time: the later of the wall clock and the last time that was told or seen.
///
/// A machine without a battery starts in the past; with this clock `updatedAt` follows the order
/// of commits all the same. Tests set the wall by hand.
#[derive(Debug)]
pub struct Clock {
    wall: Wall,
    latest: AtomicI64,
}

#[derive(Debug)]
enum Wall {
    System,
    Manual(AtomicI64),
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self {
            wall: Wall::System,
            latest: AtomicI64::new(MIN_MILLIS),
        }
    }

    /// A clock that stands until it is advanced, for tests.
    pub fn manual(start: Instant) -> Self {
        let wall = Wall::Manual(AtomicI64::new(start.0));
        Self {
            wall,
            latest: AtomicI64::new(MIN_MILLIS),
        }
    }

    /// The present time, never before one told earlier.
    pub fn now(&self) -> Instant {
        let wall = self.wall.millis();
        Instant(self.latest.fetch_max(wall, Ordering::AcqRel).max(wall))
    }

    /// Keeps the clock from telling a time before `seen`, which the file holds already.
    pub fn not_before(&self, seen: Instant) {
        self.latest.fetch_max(seen.0, Ordering::AcqRel);
    }

    /// Moves a manual clock on; the system's clock is not moved.
    pub fn advance(&self, span: Duration) {
        if let Wall::Manual(millis) = &self.wall {
            let span = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
            millis.fetch_add(span, Ordering::AcqRel);
        }
    }

    /// Sets a manual clock, also back; the system's clock is not set.
    pub fn set(&self, wall: Instant) {
        if let Wall::Manual(millis) = &self.wall {
            millis.store(wall.0, Ordering::Release);
        }
    }
}

impl Wall {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the system for the time"
    )]
    fn millis(&self) -> i64 {
        match self {
            Self::System => {
                let nanos = OffsetDateTime::now_utc().unix_timestamp_nanos();
                i64::try_from(nanos / 1_000_000).unwrap_or(i64::MAX)
            }
            Self::Manual(millis) => millis.load(Ordering::Acquire),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{Clock, Instant, MAX_MILLIS, MIN_MILLIS};

    #[test]
    fn the_clock_never_runs_back() {
        let start = Instant::parse("2026-01-15T10:30:00.000Z").unwrap();
        let clock = Clock::manual(start);
        clock.not_before(start.after(Duration::from_secs(60)));
        assert_eq!(clock.now().to_string(), "2026-01-15T10:31:00.000Z");
        clock.set(Instant::from_millis(0));
        assert_eq!(clock.now().to_string(), "2026-01-15T10:31:00.000Z");
        clock.set(start.after(Duration::from_secs(61)));
        assert_eq!(clock.now().to_string(), "2026-01-15T10:31:01.000Z");
    }

    #[test]
    fn instants_that_do_not_exist_are_refused() {
        for text in [
            "2026-02-29T00:00:00Z",
            "2026-01-15",
            "2026-01-15T24:00:00Z",
            "",
            "now",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
        assert_eq!(Instant::parse("9999-12-31T23:59:59-01:00"), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(millis in MIN_MILLIS..=MAX_MILLIS) {
            let at = Instant::from_millis(millis);
            let text = at.to_string();
            prop_assert_eq!(text.len(), Instant::LEN);
            prop_assert_eq!(Instant::parse(&text), Some(at));
        }

        #[test]
        fn written_instants_sort_by_time(a in MIN_MILLIS..=MAX_MILLIS, b in MIN_MILLIS..=MAX_MILLIS) {
            let (a, b) = (Instant::from_millis(a), Instant::from_millis(b));
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }
    }
}
