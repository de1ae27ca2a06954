//! Stories about a writer that must not go on.

use std::sync::{Arc, atomic::Ordering};

use rusqlite::Connection;

use super::{Batch, Commit, Queue, State, Watch, WriteError, Writer};
use crate::{
    base::Clock,
    config,
    db::{Statement, open},
};

/// Slips at every commit.
struct Slip;

impl Watch for Slip {
    fn committed(&mut self, _: &Commit<'_>) {
        panic!("a slip");
    }
}

fn start(dir: &std::path::Path, watches: Vec<Box<dyn Watch>>) -> (Queue, impl FnOnce()) {
    let conn = open::writer(&dir.join("stead.db")).unwrap();
    let table = "CREATE TABLE IF NOT EXISTS things (name TEXT) STRICT";
    conn.execute_batch(table).unwrap();
    let storage = config::Storage::default();
    let clock = Arc::new(Clock::system());
    let generations = super::Generations::new();
    let (queue, thread) = Writer::start(
        conn,
        &storage,
        clock,
        watches,
        generations,
        dir.join("unclean"),
    )
    .unwrap();
    let told = queue.clone();
    let end = move || {
        told.stop();
        thread.join().unwrap();
    };
    (queue, end)
}

fn write(queue: &Queue, name: &str) -> Result<(), WriteError> {
    let text = "INSERT INTO things VALUES (?)";
    let batch = Batch::new().with(Statement::new(text, vec![name.into()]));
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(queue.write(batch)).map(|_| ())
}

fn count(dir: &std::path::Path) -> i64 {
    let conn = Connection::open(dir.join("stead.db")).unwrap();
    conn.query_row("SELECT count(*) FROM things", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn a_watcher_that_panics_leaves_the_outcome_open_and_ends_all_writing() {
    let dir = tempfile::tempdir().unwrap();
    let (queue, end) = start(dir.path(), vec![Box::new(Slip)]);
    let outcome = write(&queue, "one");
    // It is committed, so it must not be told as refused.
    assert!(
        matches!(outcome, Err(WriteError::Unknown(_))),
        "{outcome:?}"
    );
    assert_eq!(count(dir.path()), 1);
    assert_eq!(*queue.state().borrow(), State::Failed);
    assert_eq!(write(&queue, "two"), Err(WriteError::Stopped));
    end();
    assert_eq!(count(dir.path()), 1);
    assert!(
        dir.path().join("unclean").exists(),
        "the next start is told"
    );
}

#[test]
fn after_a_failure_what_is_queued_is_refused_and_the_next_start_told() {
    let dir = tempfile::tempdir().unwrap();
    start(dir.path(), Vec::new()).1();
    let conn = open::writer(&dir.path().join("stead.db")).unwrap();
    let (writer, queue) = idle(conn, dir.path());
    let told = queue.clone();
    let writing = std::thread::spawn(move || write(&told, "queued"));
    while queue.bytes.load(Ordering::Acquire) == 0 {
        std::thread::yield_now();
    }
    writer.fail("no more");
    queue.stop();
    writer.run();
    assert_eq!(writing.join().unwrap(), Err(WriteError::Stopped));
    assert_eq!(write(&queue, "late"), Err(WriteError::Stopped));
    let marker = std::fs::read_to_string(dir.path().join("unclean")).unwrap();
    assert_eq!(marker, "no more");
    assert_eq!(count(dir.path()), 0);
}

/// A writer whose thread has not been started.
fn idle(mut conn: Connection, dir: &std::path::Path) -> (Writer, Queue) {
    let (messages, received) = std::sync::mpsc::sync_channel(2);
    let (state, seen) = tokio::sync::watch::channel(State::Running);
    let bytes = Arc::default();
    let queue = Queue {
        messages,
        bytes: Arc::clone(&bytes),
        most_bytes: 1_000,
        state: seen,
    };
    let writer = Writer {
        deadline: super::Deadline::install(&mut conn).unwrap(),
        wal: super::Wal::watch(&mut conn).unwrap(),
        generations: super::Generations::new(),
        foreign: super::Foreign::watch(&conn).unwrap(),
        conn,
        clock: Arc::new(Clock::system()),
        watches: Vec::new(),
        messages: received,
        bytes,
        most_jobs: 1,
        state,
        marker: dir.join("unclean"),
        hope: true,
    };
    (writer, queue)
}
