//! SIGKILL at random moments.
//!
//! The page cache survives a kill, so this proves that no change is cut in two, done twice or
//! answered too early within the process; `sync` is about the disk.

use ulid::Ulid;

use super::{ledger::State, setting, stage::Stage, writers::Random};
use crate::support::process::Stead;

/// The longest that a round goes on, in acknowledged answers.
const LONGEST: u64 = 600;

#[test]
fn what_was_acknowledged_outlives_a_kill_at_any_moment() {
    let seed = setting("STEAD_KILL_SEED", Ulid::generate().random() as u64);
    eprintln!("STEAD_KILL_SEED={seed}");
    let mut random = Random(seed);
    let mut stage = Stage::new();
    for round in 0..setting("STEAD_KILL_ROUNDS", 10) {
        let answers = random.below(LONGEST);
        let writers = stage.writers(random.below(u64::MAX));
        stage.ledger.wait_for_acknowledged(answers as usize);
        stage.stead.kill();
        writers.wait();
        stage.start_again();
        eprintln!(
            "round {round}, {answers} answers: {:?}",
            stage.ledger.tally()
        );
        stage.check();
    }
    stage.stop_and_check();
}

#[test]
fn a_server_that_was_killed_answers_with_its_data_and_knows_its_sessions() {
    let mut stage = Stage::new();
    let note = stage.client().create().record;
    stage.client().add(&note, 7);
    let (path, token) = (format!("/api/v1/notes/{note}"), stage.token.clone());
    stage.stead.kill();
    stage.start_again();
    stage.token = token;
    assert_eq!(stage.get(&path).json()["data"]["total"], 7);
}

#[test]
fn a_start_after_a_kill_checkpoints_before_it_listens() {
    let mut stage = Stage::new();
    let writers = stage.writers(6);
    stage.ledger.wait_for_acknowledged(200);
    stage.stead.kill();
    writers.wait();
    let wal = stage.dir.join("stead.db-wal");
    let size = || std::fs::metadata(&wal).map_or(0, |file| file.len());
    let left_behind = size();
    assert!(left_behind > 0, "the kill left a WAL");
    stage.stead = Stead::start(&stage.dir);
    // The start may write a little of its own.
    assert!(
        size() < left_behind / 2,
        "{} of {left_behind} bytes",
        size()
    );
    stage.check();
}

#[test]
fn a_start_after_a_kill_may_be_killed_itself_at_any_line_of_its_log() {
    let mut stage = Stage::new();
    let writers = stage.writers(5);
    stage.ledger.wait_for_acknowledged(200);
    stage.stead.kill();
    writers.wait();
    for moment in 0..5 {
        let mut stead = Stead::launch(&stage.dir, &[], &[]);
        let mut lines = 0;
        if moment > 0 {
            stead.line(|line| {
                lines += 1;
                lines == moment || line["address"].is_string()
            });
        }
        stead.kill();
    }
    stage.start_again();
    stage.check();
    assert_eq!(stage.client().create().state, State::Acknowledged);
    stage.stop_and_check();
}
