//! How old is what was read? Counters that the writer raises before it answers.
//!
//! Whoever keeps something in memory notes the counter of its part of the content first, then
//! reads, and keeps what it found under that number. A write raises the counter, so what was read
//! under an older one is never found again: not even if it was read before the write and kept
//! behind it.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use super::batch::{Batch, Touch};

/// Parts share counters by their hash; those that meet by chance are only read once more.
const COUNTERS: u16 = 4_096;

/// A part of the content that has a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part(u16);

impl Part {
    /// One record of a collection (the table's name).
    pub fn record(collection: &str, id: &str) -> Self {
        Self::of(("record", collection, id))
    }

    /// Which records a collection has, and what is in them.
    pub fn records(collection: &str) -> Self {
        Self::of(("records", collection))
    }

    /// One session.
    pub fn session(id: &str) -> Self {
        Self::of(("session", id))
    }

    /// Which users there are, what state they are in, and what they may do.
    pub fn rights() -> Self {
        Self::of("rights")
    }

    fn of(what: impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        what.hash(&mut hasher);
        let place = hasher.finish() % u64::from(COUNTERS);
        Self(u16::try_from(place).unwrap_or_default())
    }
}

/// The counters. Cheap to clone.
#[derive(Clone)]
pub struct Generations(Arc<Counters>);

struct Counters {
    all: AtomicU64,
    parts: Box<[AtomicU64]>,
    redefined: Mutex<Redefined>,
}

/// When definitions were changed last.
#[derive(Clone, Copy, Debug)]
enum Redefined {
    Never,
    Now,
    At(Instant),
}

impl Generations {
    pub fn new() -> Self {
        Self(Arc::new(Counters {
            all: AtomicU64::new(0),
            parts: (0..COUNTERS).map(|_| AtomicU64::new(0)).collect(),
            redefined: Mutex::new(Redefined::Never),
        }))
    }

    /// The number under which to keep what is read of `parts` from now on. Both counters only
    /// rise, so their sum rises with either.
    pub fn of(&self, parts: &[Part]) -> u64 {
        let counts = parts.iter().filter_map(|part| self.counter(*part));
        let all = self.0.all.load(Ordering::SeqCst);
        counts
            .map(|counter| counter.load(Ordering::SeqCst))
            .fold(all, u64::wrapping_add)
    }

    /// Raises what a committed batch touches.
    pub fn raise_for(&self, batch: &Batch) {
        if batch.touches().is_empty() {
            return self.raise_all();
        }
        for touch in batch.touches() {
            match touch {
                Touch::Schema => self.raise_all(),
                Touch::Part(part) => self.raise(*part),
                Touch::Nothing => {}
            }
        }
    }

    /// Has nothing found again that was read of `part` until now.
    fn raise(&self, part: Part) {
        if let Some(counter) = self.counter(part) {
            counter.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Has nothing at all found again that was read until now.
    pub fn raise_all(&self) {
        self.0.all.fetch_add(1, Ordering::SeqCst);
    }

    /// Does what changes definitions, which is seen by others before it is known to them.
    pub fn redefining<T>(&self, change: impl FnOnce() -> T) -> T {
        *self.redefined() = Redefined::Now;
        let changed = change();
        *self.redefined() = Redefined::At(Instant::now());
        changed
    }

    /// True if a statement that is not older than `span` may be one by earlier definitions.
    pub fn were_redefined_within(&self, span: Duration) -> bool {
        match *self.redefined() {
            Redefined::Never => false,
            Redefined::Now => true,
            Redefined::At(at) => at.elapsed() < span,
        }
    }

    fn redefined(&self) -> MutexGuard<'_, Redefined> {
        let redefined = self.0.redefined.lock();
        redefined.unwrap_or_else(PoisonError::into_inner)
    }

    fn counter(&self, part: Part) -> Option<&AtomicU64> {
        self.0.parts.get(usize::from(part.0))
    }
}

#[cfg(test)]
mod tests {
    use super::{Generations, Part};

    #[test]
    fn a_part_has_a_new_generation_after_it_was_raised() {
        let generations = Generations::new();
        let (one, other) = (Part::record("notes", "A"), Part::records("notes"));
        let before = (generations.of(&[one]), generations.of(&[other]));
        generations.raise(one);
        assert_eq!(generations.of(&[other]), before.1);
        assert_ne!(generations.of(&[one]), before.0);
        assert_ne!(generations.of(&[one, other]), before.0 + before.1);
    }

    #[test]
    fn all_parts_have_a_new_generation_after_all_were_raised() {
        let generations = Generations::new();
        let parts = [Part::rights(), Part::session("A"), Part::record("a", "A")];
        let before = parts.map(|part| generations.of(&[part]));
        generations.raise_all();
        for (part, before) in parts.into_iter().zip(before) {
            assert_ne!(generations.of(&[part]), before);
        }
    }
}
