//! An orderly stop, and two servers on one directory.

use super::stage::Stage;
use crate::support::process::Stead;

/// What the documentation of the exit codes says about a directory that is in use.
const EXIT_IN_USE: i32 = 4;

#[test]
fn a_stop_in_the_middle_of_writing_drains_and_leaves_a_whole_file() {
    let mut stage = Stage::new();
    let writers = stage.writers(2);
    stage.ledger.wait_for_acknowledged(200);
    let (status, words) = stage.stead.terminate();
    writers.wait();
    assert_eq!(status.code(), Some(0), "{words}");
    let wal = std::fs::metadata(stage.dir.join("stead.db-wal"));
    assert_eq!(wal.map_or(0, |wal| wal.len()), 0, "the WAL is checkpointed");
    stage.check();
    stage.start_again();
    assert_eq!(stage.get("/api/v1/notes").status, 200);
    stage.stop_and_check();
}

#[test]
fn a_second_server_on_the_same_directory_is_refused_and_harms_nobody() {
    let mut stage = Stage::new();
    let (status, words) = Stead::launch(&stage.dir, &[], &[]).exit();
    assert_eq!(status.code(), Some(EXIT_IN_USE), "{words}");
    let dir = stage.dir.to_str().unwrap();
    assert!(
        words.contains(dir),
        "the message names the directory: {words}"
    );
    stage.client().create();
    assert_eq!(stage.ledger.tally().acknowledged, 2);
    stage.stop_and_check();
}
