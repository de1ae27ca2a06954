//! Which keys are in flight. One process writes, so its memory knows them all.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::Once;

/// The keys, each with its caller. Cheap to clone.
#[derive(Clone, Default)]
pub struct InFlight(Arc<Mutex<HashSet<(String, String)>>>);

/// A key that is in flight until this is dropped, also when its client hangs up.
pub struct Claim {
    all: InFlight,
    key: (String, String),
}

impl InFlight {
    /// None if the key is in flight already.
    pub fn claim(&self, once: &Once) -> Option<Claim> {
        let key = (once.caller.clone(), once.key.clone());
        let is_free = self.keys().insert(key.clone());
        is_free.then(|| Claim {
            all: self.clone(),
            key,
        })
    }

    fn keys(&self) -> MutexGuard<'_, HashSet<(String, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.all.keys().remove(&self.key);
    }
}
