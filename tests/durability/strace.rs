//! Faults of the disk, injected by `strace` between server and kernel.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStderr, Command, Stdio},
    sync::mpsc::channel,
};

use super::skip;
use crate::support::process::PATIENCE;

/// Whether `strace` is installed; says that `story` is left out where it is not.
pub fn is_installed(story: &str) -> bool {
    let version = Command::new("strace").arg("-V").output();
    let installed = version.is_ok_and(|output| output.status.success());
    if !installed {
        skip(story, "strace is not installed");
    }
    installed
}

/// The words that start a server under `strace`, which logs into `log`.
///
/// With `-D` the tracer stands aside, and the server is the process that was started.
pub fn wrapper<'a>(log: &'a Path, calls: &'a [&'a str]) -> Vec<&'a str> {
    let log = log.to_str().unwrap();
    [&["strace", "-D", "-f", "-q", "-o", log], calls].concat()
}

/// A tracer beside a running server. Dropping it lets the server go on untraced.
pub struct Tracer {
    child: Child,
}

impl Tracer {
    /// Attaches to all threads of `pid`; returns when it has hold of them.
    ///
    /// None, and `story` is said to be left out, where the system does not allow it.
    pub fn attach(story: &str, pid: u32, arguments: &[&str]) -> Option<Self> {
        let mut child = Command::new("strace")
            .args(["-f", "-o", "/dev/null"])
            .args(arguments)
            .args(["-p", &pid.to_string()])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = child.stderr.take().unwrap();
        let tracer = Self { child };
        match first_line(stderr) {
            line if line.contains(" attached") => Some(tracer),
            line => {
                skip(story, &line);
                None
            }
        }
    }
}

/// The first line; the others are read and dropped, so that the pipe does not fill up.
fn first_line(stderr: ChildStderr) -> String {
    let (send, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            let _ = send.send(line);
        }
    });
    lines.recv_timeout(PATIENCE).expect("strace says something")
}

impl Drop for Tracer {
    fn drop(&mut self) {
        // SIGTERM detaches in order; SIGKILL could leave a thread stopped.
        if matches!(self.child.try_wait(), Ok(None)) {
            let pid = self.child.id().to_string();
            let _ = Command::new("kill").args(["-s", "TERM", &pid]).status();
        }
        let _ = self.child.wait();
    }
}
