//! How many requests were answered, how, and how long they took, by the minute. Counting takes no
//! lock and no memory: every request does it.

use std::{
    array,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use crate::base::Instant;

/// Minutes that are told at most.
const MINUTES: u64 = 60;

/// Minutes whose beginning is kept: more than are told, so that none is overwritten while it is
/// read.
const KEPT: u64 = 64;

const MILLIS_OF_MINUTE: u64 = 60_000;

/// The requests since the start.
#[derive(Debug)]
pub struct Traffic {
    since: Instant,
    all: Counters,
    /// The last minute in which a request came.
    latest: AtomicU64,
    /// By minute, modulo their number.
    beginnings: [Beginning; KEPT as usize],
}

/// What had been counted when a minute began.
#[derive(Debug, Default)]
struct Beginning {
    /// Minutes since 1970; 0 for one that never began.
    minute: AtomicU64,
    before: Counters,
}

#[derive(Debug, Default)]
struct Counters {
    requests: AtomicU64,
    client_errors: AtomicU64,
    server_errors: AtomicU64,
    micros: AtomicU64,
}

/// Requests, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub requests: u64,
    /// Those that were answered with a status from 400 to 499.
    pub client_errors: u64,
    /// Those that were answered with a status from 500 on.
    pub server_errors: u64,
    /// How long they took together, up to the heads of their answers, in microseconds.
    pub micros: u64,
}

impl Traffic {
    /// None so far.
    pub fn new(now: Instant) -> Self {
        Self {
            since: now,
            all: Counters::default(),
            latest: AtomicU64::new(0),
            beginnings: array::from_fn(|_| Beginning::default()),
        }
    }

    /// Counts a request that came at this instant and took so long.
    pub fn count(&self, came: Instant, status: u16, took: Duration) {
        let minute = minute_of(came);
        if self.latest.load(Ordering::Relaxed) < minute {
            self.begin(minute);
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.all.requests.fetch_add(1, Ordering::Relaxed);
        self.all.micros.fetch_add(micros, Ordering::Relaxed);
        match status {
            400..500 => self.all.client_errors.fetch_add(1, Ordering::Relaxed),
            500.. => self.all.server_errors.fetch_add(1, Ordering::Relaxed),
            _ => 0,
        };
    }

    /// When it began to count.
    pub fn since(&self) -> Instant {
        self.since
    }

    /// All requests.
    pub fn total(&self) -> Counts {
        self.all.read()
    }

    /// The last 60 minutes, the running one last, each with when it began; fewer right after the
    /// start.
    pub fn minutes(&self, now: Instant) -> Vec<(Instant, Counts)> {
        let last = minute_of(now);
        let first = minute_of(self.since).max(last.saturating_sub(MINUTES - 1));
        // From the end, because a minute goes up to where the next one with requests began.
        let mut until = self.total();
        let mut minutes = Vec::new();
        for minute in (first..=last).rev() {
            let from = self.before(minute).unwrap_or(until);
            minutes.push((beginning_of(minute), until.less(from)));
            until = from;
        }
        minutes.reverse();
        minutes
    }

    /// Notes what was counted before this minute, unless another thread does.
    fn begin(&self, minute: u64) {
        if self.latest.fetch_max(minute, Ordering::Relaxed) < minute
            && let Some(beginning) = self.beginning(minute)
        {
            beginning.before.set(self.all.read());
            beginning.minute.store(minute, Ordering::Release);
        }
    }

    /// What was counted before this minute; none if no request came in it.
    fn before(&self, minute: u64) -> Option<Counts> {
        if minute == minute_of(self.since) {
            return Some(Counts::default());
        }
        let beginning = self.beginning(minute)?;
        let is_kept = beginning.minute.load(Ordering::Acquire) == minute;
        is_kept.then(|| beginning.before.read())
    }

    fn beginning(&self, minute: u64) -> Option<&Beginning> {
        self.beginnings.get(usize::try_from(minute % KEPT).ok()?)
    }
}

impl Counters {
    fn read(&self) -> Counts {
        Counts {
            requests: self.requests.load(Ordering::Relaxed),
            client_errors: self.client_errors.load(Ordering::Relaxed),
            server_errors: self.server_errors.load(Ordering::Relaxed),
            micros: self.micros.load(Ordering::Relaxed),
        }
    }

    fn set(&self, counts: Counts) {
        self.requests.store(counts.requests, Ordering::Relaxed);
        self.client_errors
            .store(counts.client_errors, Ordering::Relaxed);
        self.server_errors
            .store(counts.server_errors, Ordering::Relaxed);
        self.micros.store(counts.micros, Ordering::Relaxed);
    }
}

impl Counts {
    /// What came after `earlier`.
    fn less(self, earlier: Self) -> Self {
        Self {
            requests: self.requests.saturating_sub(earlier.requests),
            client_errors: self.client_errors.saturating_sub(earlier.client_errors),
            server_errors: self.server_errors.saturating_sub(earlier.server_errors),
            micros: self.micros.saturating_sub(earlier.micros),
        }
    }
}

/// Minutes since 1970.
fn minute_of(at: Instant) -> u64 {
    u64::try_from(at.as_millis()).unwrap_or_default() / MILLIS_OF_MINUTE
}

fn beginning_of(minute: u64) -> Instant {
    Instant::from_millis(i64::try_from(minute * MILLIS_OF_MINUTE).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Traffic;
    use crate::base::Instant;

    fn at(minutes: u64) -> Instant {
        let start = Instant::parse("2026-01-15T10:30:20Z").unwrap();
        start.after(Duration::from_secs(60 * minutes))
    }

    /// How many requests each minute had.
    fn requests(traffic: &Traffic, now: Instant) -> Vec<u64> {
        let minutes = traffic.minutes(now).into_iter();
        minutes.map(|(_, counts)| counts.requests).collect()
    }

    #[test]
    fn each_minute_has_its_own_requests() {
        let traffic = Traffic::new(at(0));
        for minute in [0, 2, 2, 2] {
            traffic.count(at(minute), 200, Duration::from_micros(1_500));
        }
        assert_eq!(requests(&traffic, at(3)), [1, 0, 3, 0]);
        let (began, third) = traffic.minutes(at(3))[2];
        assert_eq!(began.to_string(), "2026-01-15T10:32:00.000Z");
        assert_eq!(third.micros, 4_500);
    }

    #[test]
    fn errors_are_told_apart() {
        let traffic = Traffic::new(at(0));
        for status in [200, 304, 400, 499, 500, 503, 599] {
            traffic.count(at(0), status, Duration::ZERO);
        }
        let all = traffic.total();
        assert_eq!(
            (all.requests, all.client_errors, all.server_errors),
            (7, 2, 3)
        );
    }

    #[test]
    fn what_is_older_than_an_hour_is_in_the_total_alone() {
        let traffic = Traffic::new(at(0));
        for minute in 0..200 {
            traffic.count(at(minute), 200, Duration::ZERO);
        }
        assert_eq!(requests(&traffic, at(199)), [1; 60]);
        assert_eq!(requests(&traffic, at(500)), [0; 60], "long still");
        assert_eq!(traffic.total().requests, 200);
    }

    #[test]
    fn no_request_is_lost_between_threads() {
        let traffic = Traffic::new(at(0));
        let ten_minutes =
            || (0..1_000).for_each(|i| traffic.count(at(i / 100), 200, Duration::ZERO));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(ten_minutes);
            }
        });
        let requests = requests(&traffic, at(9));
        assert_eq!(requests.iter().sum::<u64>(), 4_000, "{requests:?}");
    }
}
