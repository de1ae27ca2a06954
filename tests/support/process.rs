//! A real Stead, as a process of its own, and what can be done to it from outside.

use std::{
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::support::http::{Connection, Response};

/// What takes longer than this has failed; nothing that works comes near it.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The admin of every instance that the stories start.
pub const EMAIL: &str = "ann@example.com";
pub const PASSWORD: &str = "correct horse battery staple";

/// A server that is being started, or runs, or has ended. Dropping it kills it.
pub struct Stead {
    child: Child,
    /// The log, a line each; ends when the process does.
    log: Receiver<Value>,
    said: Arc<Mutex<String>>,
    stderr: Option<JoinHandle<()>>,
    address: Option<SocketAddr>,
}

impl Stead {
    /// Starts a server on `dir` and waits until it listens.
    pub fn start(dir: &Path) -> Self {
        Self::launch(dir, &[], &[]).listening()
    }

    /// Starts `wrapper stead serve` with more environment, and waits for nothing.
    ///
    /// The wrapper must become the server, keeping its process id, as `strace -D` does: signals go
    /// to that process alone.
    pub fn launch(dir: &Path, wrapper: &[&str], env: &[(&str, &str)]) -> Self {
        let mut words = wrapper.to_vec();
        words.push(env!("CARGO_BIN_EXE_stead"));
        let mut command = unconfigured(words[0]);
        command
            .args(&words[1..])
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(dir)
            .env("STEAD_LOG__FORMAT", "json")
            .env("STEAD_RATE_LIMIT__ENABLED", "false")
            .envs(env.iter().copied());
        Self::spawn(command)
    }

    /// Starts a server by its command line, and waits for nothing.
    pub fn spawn(command: Command) -> Self {
        Self::spawn_over(command, Stdio::null())
    }

    /// The same, with something on its stdin.
    pub fn spawn_over(mut command: Command, stdin: Stdio) -> Self {
        let mut child = command
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server can be started");
        let stdout = child.stdout.take().unwrap();
        let stderr = child.stderr.take().unwrap();
        let (lines, log) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let line = serde_json::from_str(&line).unwrap_or(Value::String(line));
                // Nobody may be listening any more, but the pipe must not fill up.
                let _ = lines.send(line);
            }
        });
        let said: Arc<Mutex<String>> = Arc::default();
        let saying = Arc::clone(&said);
        let stderr = std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                *saying.lock().unwrap() += &format!("{line}\n");
            }
        });
        Self {
            child,
            log,
            said,
            stderr: Some(stderr),
            address: None,
        }
    }

    /// What it has said on stderr so far.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Waits until the server listens; panics with its words if it ends instead.
    pub fn listening(mut self) -> Self {
        let line = self.line(|line| line["address"].is_string());
        let Some(line) = line else {
            let (status, words) = self.exit();
            panic!("the server ended with {status} before it listened:\n{words}");
        };
        self.address = line["address"].as_str().unwrap().parse().ok();
        self
    }

    /// Waits for a line of the log; none if the process ends without it.
    pub fn line(&self, mut is_it: impl FnMut(&Value) -> bool) -> Option<Value> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.log.recv_timeout(left) {
                Ok(line) if is_it(&line) => return Some(line),
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => {
                    panic!("waited {PATIENCE:?} for a line of the log, or the end of the process")
                }
            }
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address.expect("the server listens")
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills it with SIGKILL and waits until it is gone.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop with SIGTERM, and waits for that; also gives what it said on stderr.
    pub fn terminate(&mut self) -> (ExitStatus, String) {
        self.signal("TERM");
        self.exit()
    }

    /// Waits until it ends by itself; also gives what it said on stderr.
    pub fn exit(&mut self) -> (ExitStatus, String) {
        self.rest_of_log();
        if let Some(thread) = self.stderr.take() {
            thread.join().unwrap();
        }
        (self.child.wait().unwrap(), self.said())
    }

    /// Waits until it ends, and gives the lines of the log that nobody has looked at yet.
    pub fn rest_of_log(&self) -> Vec<Value> {
        let mut lines = Vec::new();
        let end = self.line(|line| {
            lines.push(line.clone());
            false
        });
        assert!(end.is_none());
        lines
    }

    /// Sends a signal by its name without `SIG`.
    pub fn signal(&self, name: &str) {
        let pid = self.pid().to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status();
        assert!(sent.unwrap().success(), "no SIG{name} could be sent");
    }

    pub fn connect(&self) -> Connection {
        Connection::open(self.address()).expect("the server accepts connections")
    }

    /// One request on a connection of its own, signed in with `token`, or as a guest if it is empty.
    pub fn request(&self, token: &str, method: &str, path: &str, body: &Value) -> Response {
        let bearer = format!("Bearer {token}");
        let mut headers = vec![("Content-Type", "application/json")];
        if !token.is_empty() {
            headers.push(("Authorization", &bearer));
        }
        let body = if body.is_null() {
            Vec::new()
        } else {
            body.to_string().into_bytes()
        };
        let answer = self.connect().send(method, path, &headers, &body);
        answer.unwrap_or_else(|error| panic!("{method} {path} has no answer: {error}"))
    }

    /// Signs the admin in; gives the access token.
    pub fn sign_in(&self) -> String {
        let body = json!({ "email": EMAIL, "password": PASSWORD, "delivery": "body" });
        let answer = self.request("", "POST", "/api/auth/login", &body);
        let token = answer.json()["data"]["accessToken"]
            .as_str()
            .map(str::to_owned);
        token.unwrap_or_else(|| panic!("no access token: {} {}", answer.status, answer.text()))
    }
}

impl Drop for Stead {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program without the settings of whoever runs the tests: `STEAD_KILL_ROUNDS` and its like are
/// for the stories, and a server refuses variables that it does not know.
pub fn unconfigured(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("STEAD_") {
            command.env_remove(name);
        }
    }
    // The tests may run as a service themselves.
    for name in [
        "STATE_DIRECTORY",
        "CREDENTIALS_DIRECTORY",
        "NOTIFY_SOCKET",
        "WATCHDOG_USEC",
        "LISTEN_FDS",
    ] {
        command.env_remove(name);
    }
    command
}

/// Makes the admin, by the command line, in a directory on which no server runs.
pub fn create_admin(dir: &Path) {
    let mut child = unconfigured(env!("CARGO_BIN_EXE_stead"))
        .args(["admin", "create", EMAIL, "--password-stdin", "--data-dir"])
        .arg(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command can be started");
    let mut stdin = child.stdin.take().unwrap();
    // If it ended at once, what it says on stderr tells more than a broken pipe.
    let _ = writeln!(stdin, "{PASSWORD}");
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "no admin was made: {words}");
}

/// Probes until the answer is yes; each probe should be a real question, such as a request.
pub fn eventually(what: &str, mut probe: impl FnMut() -> bool) {
    let start = Instant::now();
    while !probe() {
        assert!(start.elapsed() < PATIENCE, "waited {PATIENCE:?}: {what}");
        std::thread::yield_now();
    }
}
