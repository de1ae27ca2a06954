//! SIGSTOP and SIGCONT: a machine that sleeps, a debugger, a starved container.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::Duration,
};

use super::{setting, stage::Stage};
use crate::support::process::{PATIENCE, eventually};

#[test]
fn a_server_that_is_stopped_and_continued_loses_nothing_and_goes_on() {
    let mut stage = Stage::new();
    let writers = stage.writers(1);
    for _ in 0..setting("STEAD_STOP_ROUNDS", 5) {
        stage.ledger.wait_for_acknowledged(50);
        stage.stead.signal("STOP");
        eventually("the server stops", || is_stopped(stage.stead.pid()));
        let visitor = unanswered(&stage);
        stage.stead.signal("CONT");
        assert_answered(visitor);
    }
    stage.ledger.wait_for_acknowledged(50);
    writers.stop();
    assert_eq!(
        stage.ledger.tally().unknown,
        0,
        "a stop breaks no connection"
    );
    stage.stop_and_check();
}

/// Whether every thread has come to rest (`proc(5)`: the state follows the name in brackets).
fn is_stopped(pid: u32) -> bool {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    tasks.flatten().all(|task| {
        let stat = std::fs::read_to_string(task.path().join("stat")).unwrap_or_default();
        stat.rsplit(')').next().unwrap().trim().starts_with('T')
    })
}

/// Asks, and sees that nobody answers.
fn unanswered(stage: &Stage) -> TcpStream {
    let mut visitor = TcpStream::connect(stage.stead.address()).unwrap();
    visitor
        .set_read_timeout(Some(Duration::from_millis(200)))
        .unwrap();
    let request = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    visitor.write_all(request).unwrap();
    // A signal to this process, such as that of a child of another story, ends a read early.
    let kind = loop {
        match visitor.read(&mut [0; 1]).map_err(|error| error.kind()) {
            Err(ErrorKind::Interrupted) => {}
            outcome => break outcome,
        }
    };
    let nobody = [Err(ErrorKind::WouldBlock), Err(ErrorKind::TimedOut)];
    assert!(
        nobody.contains(&kind),
        "while the server stands still: {kind:?}"
    );
    visitor
}

/// Sees that the answer comes after all.
fn assert_answered(mut visitor: TcpStream) {
    visitor.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut start = [0; 12];
    visitor.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
}
