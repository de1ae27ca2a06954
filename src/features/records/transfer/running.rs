//! Which imports somebody in this process sees to: what is not among them was cut off.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

/// The ids of the imports that run. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Running(Arc<Mutex<HashSet<String>>>);

/// One that runs, until this is dropped.
pub struct Claim {
    all: Running,
    id: String,
}

impl Running {
    /// Says that somebody sees to an import.
    pub fn claim(&self, id: &str) -> Claim {
        self.with(|all| all.insert(id.to_owned()));
        Claim {
            all: self.clone(),
            id: id.to_owned(),
        }
    }

    /// True if somebody does.
    pub fn has(&self, id: &str) -> bool {
        self.with(|all| all.contains(id))
    }

    fn with<T>(&self, f: impl FnOnce(&mut HashSet<String>) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.all.with(|all| all.remove(&self.id));
    }
}
