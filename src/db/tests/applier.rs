//! Groups at a connection that fails them.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use rusqlite::{
    Connection, ErrorCode,
    hooks::{AuthAction, AuthContext, Authorization, TransactionOperation},
};

use super::{Batch, Expect, WriteError, names, sql, thing};
use crate::{
    base::Instant,
    db::{
        deadline::Deadline,
        group::{Applier, Outcomes, leaves_open},
        open,
    },
};

/// A connection that writes to an empty table `things`.
fn writer(dir: &tempfile::TempDir) -> Connection {
    let conn = open::writer(&dir.path().join("stead.db")).unwrap();
    let table = "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT UNIQUE) STRICT";
    conn.execute_batch(table).unwrap();
    conn
}

fn apply(conn: &mut Connection, batches: &[Batch], hope: bool) -> Outcomes {
    apply_within(conn, batches, hope, Duration::from_secs(60))
}

fn apply_within(
    conn: &mut Connection,
    batches: &[Batch],
    hope: bool,
    group_time: Duration,
) -> Outcomes {
    let deadline = Deadline::install(conn).unwrap();
    let applier = Applier {
        conn,
        deadline: &deadline,
        at: Instant::from_millis(0),
        group_time,
    };
    applier.apply(&batches.iter().collect::<Vec<_>>(), hope)
}

#[test]
fn what_a_group_has_no_time_for_is_left_to_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let mut conn = writer(&dir);
    let batches = ["one", "two", "three"].map(thing);
    let outcomes = apply_within(&mut conn, &batches, true, Duration::ZERO);
    assert_eq!(outcomes.len(), 1);
    assert_eq!(names(&conn).unwrap(), ["one"]);
}

fn refused() -> Batch {
    thing("refused").with(sql("SELECT 1").expecting(Expect::Absent, "guard"))
}

#[test]
fn a_group_waits_only_once_for_another_program_that_writes() {
    static WAITS: AtomicUsize = AtomicUsize::new(0);
    let dir = tempfile::tempdir().unwrap();
    let mut conn = writer(&dir);
    let shell = open::writer(&dir.path().join("stead.db")).unwrap();
    shell.execute_batch("BEGIN IMMEDIATE").unwrap();
    let patience = |_| {
        WAITS.fetch_add(1, Ordering::Relaxed);
        false
    };
    conn.busy_handler(Some(patience)).unwrap();
    let outcomes = apply(&mut conn, &["one", "two", "three"].map(thing), true);
    let late = |outcome: &_| matches!(outcome, Err(WriteError::Overloaded));
    assert!(outcomes.iter().all(late), "{outcomes:?}");
    assert_eq!(WAITS.load(Ordering::Relaxed), 1);
    shell.execute_batch("ROLLBACK").unwrap();
    assert!(apply(&mut conn, &[thing("four")], true)[0].is_ok());
    assert_eq!(names(&conn).unwrap(), ["four"]);
}

#[test]
fn a_batch_that_cannot_be_taken_back_alone_is_not_committed_with_the_others() {
    let dir = tempfile::tempdir().unwrap();
    let mut conn = writer(&dir);
    // Stands for memory or a temporary file that fails while a savepoint is restored.
    let no_way_back = |context: AuthContext<'_>| match context.action {
        AuthAction::Savepoint {
            operation: TransactionOperation::Rollback,
            ..
        } => Authorization::Deny,
        _ => Authorization::Allow,
    };
    conn.authorizer(Some(no_way_back)).unwrap();
    let batches = [thing("one"), refused(), thing("two")];
    let outcomes = apply(&mut conn, &batches, false);
    let is_ok: Vec<bool> = outcomes.iter().map(Result::is_ok).collect();
    assert_eq!(is_ok, [true, false, true], "{outcomes:?}");
    assert_eq!(names(&conn).unwrap(), ["one", "two"]);
}

#[test]
fn a_commit_that_fails_is_told_as_refused_only_where_that_is_sure() {
    let sure = [
        ErrorCode::DiskFull,
        ErrorCode::DatabaseBusy,
        ErrorCode::ConstraintViolation,
    ];
    for code in sure {
        assert!(!leaves_open(Some(code)), "{code:?}");
    }
    // The frames of the commit may be in the WAL already when its index cannot be made longer.
    let open = [
        ErrorCode::SystemIoFailure,
        ErrorCode::OutOfMemory,
        ErrorCode::CannotOpen,
        ErrorCode::DatabaseCorrupt,
    ];
    for code in open {
        assert!(leaves_open(Some(code)), "{code:?}");
    }
    assert!(leaves_open(None));
}
