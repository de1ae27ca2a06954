//! The queue before the writer: its bounds, and its end.

use std::num::NonZeroUsize;

use super::{Stage, WriteError, named, story, thing};
use crate::{config, db::Batch};

#[test]
fn a_queue_that_is_full_by_number_refuses_at_once() {
    story(async {
        let stage = Stage::with(config::Storage {
            queue_batches: NonZeroUsize::new(2).unwrap(),
            ..config::Storage::default()
        })
        .await;
        let held = stage.hold().await;
        let one = stage.queue(thing("one")).await;
        let two = stage.queue(thing("two")).await;
        // The writer stands still, so an answer can only come from the queue itself.
        let outcome = stage.db.write(thing("three")).await;
        assert_eq!(outcome, Err(WriteError::Overloaded));
        stage.release();
        for waiting in [held, one, two] {
            waiting.await.unwrap();
        }
        stage.db.write(thing("four")).await.unwrap();
        assert_eq!(stage.names().await, ["held", "one", "two", "four"]);
    });
}

#[test]
fn a_queue_that_is_full_by_bytes_refuses_at_once_and_frees_what_was_written() {
    story(async {
        let stage = Stage::with(config::Storage {
            queue_bytes: 5_000,
            ..config::Storage::default()
        })
        .await;
        let big = |letter: &str| thing(&letter.repeat(3_000));
        let held = stage.hold().await;
        let first = stage.queue(big("a")).await;
        let outcome = stage.db.write(big("b")).await;
        assert_eq!(outcome, Err(WriteError::Overloaded));
        let small = stage.queue(thing("small")).await;
        stage.release();
        for waiting in [held, first, small] {
            waiting.await.unwrap();
        }
        for letter in ["b", "c", "d"] {
            stage.db.write(big(letter)).await.unwrap();
        }
        let refused = thing("x").with(named("x"));
        stage.db.write(refused).await.unwrap_err();
        stage.db.write(big("e")).await.unwrap();
    });
}

#[test]
fn what_was_queued_before_the_stop_is_written_and_nothing_after_it() {
    story(async {
        let stage = Stage::new().await;
        let held = stage.hold().await;
        let queued = stage.queue(thing("queued")).await;
        let db = stage.db.clone();
        let closing = std::thread::spawn(move || db.close());
        stage.release();
        held.await.unwrap();
        queued.await.unwrap();
        closing.join().unwrap();
        let late = stage.db.write(thing("late")).await;
        assert_eq!(late, Err(WriteError::Stopped));
        assert_eq!(stage.names().await, ["held", "queued"]);
        stage.db.close();
        let wal = std::fs::metadata(stage.dir.path().join("stead.db-wal"));
        assert_eq!(wal.map_or(0, |wal| wal.len()), 0, "the WAL is checkpointed");
    });
}

#[test]
fn an_empty_batch_is_a_batch() {
    story(async {
        let stage = Stage::new().await;
        let receipt = stage.db.write(Batch::new()).await.unwrap();
        assert!(receipt.rows.is_empty());
    });
}
