//! A socket that systemd has opened.

use std::{
    net::{TcpListener, TcpStream},
    os::{fd::OwnedFd, unix::net::UnixListener},
    path::Path,
    process::Command,
};

use crate::support::{
    http::Connection,
    process::{Stead, unconfigured},
};

/// Starts the server as systemd would: with the socket as its descriptor 3, and told of `count`.
fn activated(data: &Path, socket: impl Into<OwnedFd>, count: &str) -> Stead {
    let mut command: Command = unconfigured("sh");
    // The shell becomes the server, so its process id is the server's.
    let script = "exec 3<&0 0</dev/null; export LISTEN_PID=$$; exec \"$@\"";
    command
        .args(["-c", script, "sh", env!("CARGO_BIN_EXE_stead"), "serve"])
        .args(["--listen", "192.0.2.1:1", "--data-dir"])
        .arg(data)
        .envs([("LISTEN_FDS", count), ("STEAD_LOG__FORMAT", "json")]);
    Stead::spawn_over(command, socket.into().into())
}

#[test]
fn who_has_connected_before_the_start_is_answered() {
    let dir = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let early = TcpStream::connect(address).unwrap();
    // The configured address belongs to nobody: it is not tried.
    let mut stead = activated(dir.path(), listener, "1").listening();
    assert_eq!(stead.address(), address);
    let mut early = Connection::over(early, address);
    let answer = early.send("GET", "/health/ready", &[], b"").unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(stead.terminate().0.code(), Some(0));
}

#[test]
fn what_cannot_be_listened_on_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let unix = UnixListener::bind(dir.path().join("socket")).unwrap();
    let (status, words) = activated(&dir.path().join("data"), unix, "1").exit();
    assert_eq!(status.code(), Some(1));
    assert!(
        words.contains("the passed socket cannot be used"),
        "{words}"
    );
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let (status, words) = activated(&dir.path().join("data"), tcp, "2").exit();
    assert_eq!(status.code(), Some(1));
    assert!(words.contains("one socket at most"), "{words}");
}

#[test]
fn a_demo_takes_no_socket_that_others_reach() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = unconfigured("sh");
    let script = "exec 3<&0 0</dev/null; exec \"$@\"";
    command
        .args(["-c", script, "sh", env!("CARGO_BIN_EXE_stead"), "serve"])
        .args(["--demo", "--data-dir"])
        .arg(dir.path())
        .env("LISTEN_FDS", "1");
    let everywhere = TcpListener::bind("0.0.0.0:0").unwrap();
    let (status, words) = Stead::spawn_over(command, OwnedFd::from(everywhere).into()).exit();
    assert_eq!(status.code(), Some(1));
    assert!(words.contains("loopback only"), "{words}");
}
