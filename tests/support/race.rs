//! Several callers at the same moment.

use std::{
    sync::Barrier,
    thread::{self, ScopedJoinHandle},
};

/// Runs `act` on `count` threads that start together. Returns what each has got.
pub fn at_once<T: Send>(count: usize, act: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (start, act) = (Barrier::new(count), &act);
    thread::scope(|scope| {
        let begin = |i| {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                act(i)
            })
        };
        let threads: Vec<ScopedJoinHandle<'_, T>> = (0..count).map(begin).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}
