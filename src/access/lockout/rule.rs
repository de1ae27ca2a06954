//! When failures become a waiting time, and how long it is. Pure.

use std::time::Duration;

use crate::base::Instant;

/// So many failures within a window begin a wait, and each further one doubles it.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// How many failures begin it.
    pub failures: usize,
    /// Within how long.
    pub window: Duration,
    /// How long the first wait is.
    pub first: Duration,
    /// How long a wait is at most.
    pub most: Duration,
}

impl Rule {
    /// The wait at a level, from 1.
    fn wait(&self, level: u32) -> Duration {
        let doubled = 2u32.checked_pow(level.saturating_sub(1));
        let wait = doubled.and_then(|times| self.first.checked_mul(times));
        wait.map_or(self.most, |wait| wait.min(self.most))
    }

    /// True if waits get longer, and go on to until there was quiet for a whole window.
    fn doubles(&self) -> bool {
        self.most > self.first
    }
}

/// The failures of a subject that still count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// When the last ones were, the oldest first; no more than begin a wait.
    pub recent: Vec<Instant>,
    /// How often the wait has been lengthened; 0 where there is none.
    pub level: u32,
    /// Until when to wait.
    pub wait_until: Option<Instant>,
}

impl Failures {
    /// What they are after one more at the instant `now`.
    pub fn after(&self, rule: Rule, now: Instant) -> Self {
        let counts = |at: &&Instant| now.since(**at) < rule.window;
        let mut recent: Vec<Instant> = self.recent.iter().filter(counts).copied().collect();
        recent.push(now);
        recent.drain(..recent.len().saturating_sub(rule.failures));
        let is_too_many = recent.len() >= rule.failures;
        let waited = self.wait_until.is_some_and(|u| now.since(u) < rule.window);
        let level = match self.level {
            before if before > 0 && waited && rule.doubles() => before.saturating_add(1),
            _ => u32::from(is_too_many),
        };
        let wait_until = (level > 0).then(|| now.after(rule.wait(level)));
        Self {
            recent,
            level,
            wait_until,
        }
    }

    /// From when on they count for nothing.
    pub fn expire_at(&self, rule: Rule) -> Instant {
        let last = self.recent.last().copied();
        let latest = last.max(self.wait_until);
        latest.map_or(Instant::from_millis(0), |at| at.after(rule.window))
    }
}
