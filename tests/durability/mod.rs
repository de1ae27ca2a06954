//! What was acknowledged stays, and what was refused never comes: through kills, stops, full disks
//! and failing syncs of a real server.
//!
//! Heavier runs, by environment variables:
//! - `STEAD_KILL_ROUNDS`: how often `kill` kills the server (10 where nothing is said);
//! - `STEAD_KILL_SEED`: repeats the moments of an earlier run (random, and shown when it fails);
//! - `STEAD_SYNC_CREATES`: how many creates `sync` measures one after another (10);
//! - `STEAD_IMPORT_ROWS`: how many rows `import` imports (10,000);
//! - `STEAD_STOP_ROUNDS`: how often `stop` stops the server (5).
//!
//! Where a machine lacks what a story needs (`strace`, the right to mount), the story says so on
//! stderr and is left out, but fails where `CI` is set.

mod client;
mod found;
mod full_disk;
mod import;
mod kill;
mod ledger;
mod ledger_tests;
mod rebuild;
mod repeats;
mod restart;
mod slow_readers;
mod stage;
mod stop;
mod strace;
mod sync;
mod writers;

use std::io::Write;

use crate::support::setting;

/// Says that a story is left out, past the capture of the test runner.
pub fn skip(story: &str, lacking: &str) {
    let ci = std::env::var_os("CI").is_some();
    assert!(!ci, "{story} cannot run: {lacking}");
    let line = format!("\nSKIPPED, NOT TESTED: {story}: {lacking}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}
