//! Stead as a service: what systemd hands over and is told, and HTTPS with the operator's
//! certificate. systemd is played by the tests, over the same variables and sockets.

mod directories;
mod https;
mod manager;
mod refused;
mod renewal;
mod socket;
mod unit;

use std::{os::unix::net::UnixDatagram, path::Path, process::Command};

use tempfile::TempDir;

use crate::support::process::{PATIENCE, Stead, unconfigured};

/// The program, listening anywhere, with its log as JSON; not started yet.
fn serve(data: &Path) -> Command {
    let mut command = unconfigured(env!("CARGO_BIN_EXE_stead"));
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(data)
        .env("STEAD_LOG__FORMAT", "json")
        .env("STEAD_RATE_LIMIT__ENABLED", "false");
    command
}

/// The side of systemd that services talk to.
struct Systemd {
    socket: UnixDatagram,
    dir: TempDir,
}

impl Systemd {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let socket = UnixDatagram::bind(dir.path().join("notify")).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Self { socket, dir }
    }

    /// Starts a service that may talk to it.
    fn start(&self, mut command: Command) -> Stead {
        command.env("NOTIFY_SOCKET", self.dir.path().join("notify"));
        Stead::spawn(command)
    }

    /// The next that it is told.
    fn told(&self) -> String {
        let mut bytes = [0; 4096];
        let length = self.socket.recv(&mut bytes).unwrap();
        String::from_utf8(bytes[..length].to_vec()).unwrap()
    }

    /// Waits until it is told `state`, on a line of its own; gives all that came with it.
    fn wait_for(&self, state: &str) -> String {
        loop {
            let told = self.told();
            if told.lines().any(|line| line == state) {
                return told;
            }
        }
    }

    /// All that it was told and has not looked at yet.
    fn rest(&self) -> String {
        self.socket.set_nonblocking(true).unwrap();
        let mut bytes = [0; 4096];
        let mut all = String::new();
        while let Ok(length) = self.socket.recv(&mut bytes) {
            all += std::str::from_utf8(&bytes[..length]).unwrap();
        }
        all
    }
}
