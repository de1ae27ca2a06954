//! Being told to stop.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::process::{Stead, create_admin, eventually};

/// Starts a server that lets requests end within so many seconds.
fn with_bound(dir: &std::path::Path, seconds: &str) -> Stead {
    Stead::launch(
        dir,
        &[],
        &[("STEAD_SERVER__SHUTDOWN_TIMEOUT_SECONDS", seconds)],
    )
    .listening()
}

/// True once a new connection is no longer taken.
fn is_closed(stead: &Stead) -> bool {
    std::net::TcpStream::connect(stead.address()).is_err()
}

fn wal_bytes(dir: &std::path::Path) -> u64 {
    std::fs::metadata(dir.join("stead.db-wal")).map_or(0, |wal| wal.len())
}

#[test]
fn each_signal_that_asks_for_an_end_ends_it_well() {
    for signal in ["TERM", "INT"] {
        let dir = tempfile::tempdir().unwrap();
        let mut stead = Stead::start(dir.path());
        stead.signal(signal);
        let log = stead.rest_of_log();
        let (status, words) = stead.exit();
        assert_eq!(status.code(), Some(0), "SIG{signal}: {words}");
        assert_eq!(words, "", "SIG{signal}");
        let told =
            |line: &serde_json::Value| line["message"].as_str().unwrap_or("").contains("Stopping");
        assert!(log.iter().any(told), "SIG{signal}: {log:?}");
        assert_eq!(wal_bytes(dir.path()), 0, "SIG{signal}");
    }
}

#[test]
fn a_request_in_flight_ends_with_its_answer() {
    let dir = tempfile::tempdir().unwrap();
    create_admin(dir.path());
    let mut stead = Stead::start(dir.path());
    let body = json!({ "email": "ann@example.com", "password": "wrong, but long" }).to_string();
    let head = format!(
        "POST /api/auth/login HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        stead.address(),
        body.len()
    );
    let mut connection = stead.connect();
    connection.write(head.as_bytes()).unwrap();
    // Its handler has begun once it asks for the body.
    assert_eq!(connection.read_response(true).unwrap().status, 100);
    stead.signal("TERM");
    eventually("no more connections are taken", || is_closed(&stead));
    connection.write(body.as_bytes()).unwrap();
    let answer = connection.read_response(false).unwrap();
    assert_eq!(answer.status, 401, "{}", answer.text());
    assert_eq!(stead.exit().0.code(), Some(0));
}

#[test]
fn a_connection_that_is_idle_does_not_hold_up_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let mut stead = with_bound(dir.path(), "60");
    let mut connection = stead.connect();
    let answer = connection.send("GET", "/health/live", &[], b"").unwrap();
    assert_eq!(answer.status, 200);
    let begun = Instant::now();
    assert_eq!(stead.terminate().0.code(), Some(0));
    assert!(
        begun.elapsed() < Duration::from_secs(30),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn a_request_that_never_ends_is_cut_off_at_the_bound() {
    let dir = tempfile::tempdir().unwrap();
    let mut stead = with_bound(dir.path(), "1");
    let mut endless = stead.connect();
    let head = format!(
        "POST /api/auth/login HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
         Content-Length: 100\r\nExpect: 100-continue\r\n\r\n",
        stead.address()
    );
    endless.write(head.as_bytes()).unwrap();
    assert_eq!(endless.read_response(true).unwrap().status, 100);
    let begun = Instant::now();
    let (status, words) = stead.terminate();
    assert_eq!(status.code(), Some(0), "{words}");
    // Bodies may take 30 s: only the bound of the end explains less.
    assert!(
        begun.elapsed() < Duration::from_secs(15),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(wal_bytes(dir.path()), 0);
}

#[test]
fn a_second_signal_does_not_break_off_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let mut stead = with_bound(dir.path(), "1");
    let mut endless = stead.connect();
    endless.write(b"GET / HTTP/1.1\r\n").unwrap();
    stead.signal("TERM");
    eventually("no more connections are taken", || is_closed(&stead));
    stead.signal("TERM");
    stead.signal("INT");
    let (status, words) = stead.exit();
    assert_eq!(status.code(), Some(0), "{words}");
    assert_eq!(wal_bytes(dir.path()), 0);
}
