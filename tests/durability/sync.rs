//! Nothing is acknowledged before it is on the disk, nor when it cannot get there.
//!
//! Which call syncs depends on how SQLite was built, so faults go into both.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use super::{
    ledger::State,
    setting,
    stage::Stage,
    strace::{self, Tracer},
};
use crate::support::process::{Stead, eventually};

const SLOW: &[&str] = &[
    "--trace=fsync,fdatasync",
    "--inject=fsync,fdatasync:delay_enter=100000",
];
const SLOWNESS: Duration = Duration::from_millis(100);
const FAILING: &[&str] = &[
    "--trace=fsync,fdatasync",
    "--inject=fsync,fdatasync:error=EIO",
];

/// What the documentation of the exit codes says about a failed sync (`EX_IOERR`).
const EXIT_OUTCOME_UNKNOWN: i32 = 74;

#[test]
fn no_create_is_acknowledged_before_its_sync_has_returned() {
    if !strace::is_installed("no answer comes before its sync") {
        return;
    }
    let mut stage = Stage::new();
    stage.stop_and_check();
    let log = stage.dir.join("strace.log");
    let wrapper = strace::wrapper(&log, SLOW);
    stage.stead = Stead::launch(&stage.dir, &wrapper, &[]).listening();
    let mut client = stage.client();
    for _ in 0..setting("STEAD_SYNC_CREATES", 10) {
        let (before, start) = (syncs(&log), Instant::now());
        assert_eq!(client.create().state, State::Acknowledged);
        // A sync that began after the request takes at least so long: noise cannot break this.
        assert!(start.elapsed() >= SLOWNESS, "the answer did not wait");
        assert!(syncs(&log) > before, "nothing was synced");
    }
    stage.stop_and_check();
}

#[test]
fn a_create_whose_sync_fails_is_not_acknowledged_and_the_server_says_why() {
    let Some((mut stage, _tracer)) = with_failing_syncs("a failed sync is told") else {
        return;
    };
    let answer = stage
        .client()
        .create()
        .answer
        .expect("an answer, not silence");
    assert_eq!(answer.status, 500);
    assert_eq!(answer.json()["error"]["code"], "DATABASE_ERROR");
    assert!(
        answer.text().contains("outcome unknown"),
        "{}",
        answer.text()
    );
    assert_eq!(answer.header("retry-after"), None);
    assert_gives_up(&mut stage);
}

#[test]
fn a_server_whose_syncs_failed_recovers_at_its_next_start() {
    let Some((mut stage, tracer)) = with_failing_syncs("recovery from failed syncs") else {
        return;
    };
    let before = stage.ledger.tally().acknowledged;
    let writers = stage.writers(3);
    assert_gives_up(&mut stage);
    writers.wait();
    drop(tracer);
    assert_eq!(stage.ledger.tally().acknowledged, before);
    stage.start_again();
    eventually("health is healthy again", || {
        stage.get("/health").json()["status"] == "healthy"
    });
    assert!(!stage.dir.join("unclean").exists(), "the marker is gone");
    assert_eq!(stage.client().create().state, State::Acknowledged);
    stage.stop_and_check();
}

#[test]
fn a_checkpoint_whose_sync_fails_ends_the_server_and_loses_nothing() {
    let story = "a failed sync of a checkpoint";
    if !strace::is_installed(story) {
        return;
    }
    let mut stage = Stage::new();
    // Commits sync the WAL, checkpoints alone the database.
    let database = stage.dir.join("stead.db");
    let failing = [FAILING, &["--trace-path", database.to_str().unwrap()]].concat();
    let Some(tracer) = Tracer::attach(story, stage.stead.pid(), &failing) else {
        return;
    };
    let before = stage.ledger.tally().acknowledged;
    let writers = stage.writers(4);
    assert_gives_up(&mut stage);
    writers.wait();
    drop(tracer);
    assert!(
        stage.ledger.tally().acknowledged > before,
        "commits went on"
    );
    stage.start_again();
    stage.stop_and_check();
}

/// A server that has been set up, and of which every sync fails from now on.
fn with_failing_syncs(story: &str) -> Option<(Stage, Tracer)> {
    if !strace::is_installed(story) {
        return None;
    }
    let stage = Stage::new();
    let tracer = Tracer::attach(story, stage.stead.pid(), FAILING)?;
    Some((stage, tracer))
}

/// Waits for the end, with its exit code and its marker.
fn assert_gives_up(stage: &mut Stage) {
    let (status, words) = stage.stead.exit();
    assert_eq!(status.code(), Some(EXIT_OUTCOME_UNKNOWN), "{words}");
    assert!(stage.dir.join("unclean").exists(), "there is a marker");
}

/// How many syncs have returned; `strace` writes the line before it lets the server go on.
fn syncs(log: &Path) -> usize {
    let log = fs::read_to_string(log).unwrap();
    log.lines()
        .filter(|line| line.contains("(DELAYED)"))
        .count()
}
