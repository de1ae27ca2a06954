//! What systemd is told.

use std::net::SocketAddr;

use super::{Systemd, serve};
use crate::support::{http::Connection, process::unconfigured};

/// The address in what was told with readiness.
fn address(told: &str) -> SocketAddr {
    let status = told.lines().find_map(|line| line.strip_prefix("STATUS="));
    let (_, address) = status.unwrap().split_once("://").unwrap();
    address.parse().unwrap()
}

#[test]
fn readiness_is_told_when_requests_are_answered() {
    let dir = tempfile::tempdir().unwrap();
    let systemd = Systemd::new();
    let _stead = systemd.start(serve(dir.path()));
    let told = systemd.told();
    assert!(told.lines().any(|line| line == "READY=1"), "{told}");
    // At once: nothing is waited for any more.
    let mut connection = Connection::open(address(&told)).unwrap();
    let answer = connection.send("GET", "/health/ready", &[], b"").unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[test]
fn a_start_that_fails_is_never_ready() {
    let dir = tempfile::tempdir().unwrap();
    let systemd = Systemd::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let mut command = unconfigured(env!("CARGO_BIN_EXE_stead"));
    command.args(["serve", "--listen", &taken, "--data-dir"]);
    command.arg(dir.path());
    let (status, _) = systemd.start(command).exit();
    assert_eq!(status.code(), Some(1));
    assert_eq!(systemd.rest(), "");
}

#[test]
fn the_end_is_told_when_it_begins() {
    let dir = tempfile::tempdir().unwrap();
    let systemd = Systemd::new();
    let mut stead = systemd.start(serve(dir.path())).listening();
    systemd.wait_for("READY=1");
    let (status, words) = stead.terminate();
    assert_eq!((status.code(), words.as_str()), (Some(0), ""));
    assert!(systemd.rest().lines().any(|line| line == "STOPPING=1"));
}

#[test]
fn the_watchdog_hears_of_a_server_that_answers_again_and_again() {
    let dir = tempfile::tempdir().unwrap();
    let systemd = Systemd::new();
    let mut command = serve(dir.path());
    command.env("WATCHDOG_USEC", "200000");
    let mut stead = systemd.start(command).listening();
    for _ in 0..3 {
        systemd.wait_for("WATCHDOG=1");
    }
    // An orderly end is none of its business, and nothing to be alarmed at.
    stead.signal("TERM");
    let log = stead.rest_of_log();
    assert!(log.iter().all(|line| line["level"] != "error"), "{log:?}");
    assert_eq!(stead.exit().0.code(), Some(0));
    let rest = systemd.rest();
    let (_, after) = rest.split_once("STOPPING=1").expect("the end is told");
    assert!(!after.contains("WATCHDOG"), "{after}");
}

#[test]
fn a_watchdog_of_another_process_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let systemd = Systemd::new();
    let mut command = serve(dir.path());
    command.envs([("WATCHDOG_USEC", "100000"), ("WATCHDOG_PID", "1")]);
    let mut stead = systemd.start(command).listening();
    assert_eq!(stead.terminate().0.code(), Some(0));
    let told = systemd.rest();
    assert!(
        told.contains("READY=1") && !told.contains("WATCHDOG"),
        "{told}"
    );
}
