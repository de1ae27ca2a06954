//! The real server, as a process of its own with its defaults, rate limits aside.

mod caller;
mod data_dir;
mod entries;
mod files;
pub mod notes;
pub mod papers;
mod stage;
mod starts;

use std::{
    io::{BufRead as _, BufReader, Read},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    Result,
    driver::{Driver, write_request},
    process,
};

pub use self::{files::Files, stage::Stage, starts::Starts};

/// The program that is measured.
const PROGRAM: &str = env!("CARGO_BIN_EXE_stead");

/// Settings from the environment, as `STEAD_<SECTION>__<KEY>` and value.
type Settings<'a> = &'a [(&'a str, &'a str)];

/// A running server; dropped, it is killed.
pub struct Server {
    child: Child,
    address: SocketAddr,
    /// From its start to its first answer.
    first_answer: Duration,
}

impl Server {
    /// Starts it on a data directory and waits until it answers.
    pub fn start(data_dir: &Path, settings: Settings<'_>) -> Result<Self> {
        let started = Instant::now();
        let mut child = program()
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data_dir)
            .current_dir(data_dir)
            .env("STEAD_LOG__FORMAT", "json")
            .env("STEAD_RATE_LIMIT__ENABLED", "false")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take().ok_or("no output")?;
        match first_answer(output) {
            Ok(address) => Ok(Self {
                child,
                address,
                first_answer: started.elapsed(),
            }),
            Err(error) => {
                process::kill(&mut child);
                Err(error)
            }
        }
    }

    /// Ends it as an operator would. An error if it takes too long or fails.
    pub fn stop(mut self) -> Result<()> {
        process::stop(&mut self.child)
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        process::kill(&mut self.child);
    }
}

/// The program with an environment of its own, so that nobody's settings change the figures.
fn program() -> Command {
    let mut command = Command::new(PROGRAM);
    command.env_clear();
    command
}

/// Reads the log up to the address, then asks there until the server says that it lives.
fn first_answer(output: ChildStdout) -> Result<SocketAddr> {
    let mut log = BufReader::with_capacity(64 * 1024, output);
    let address = listening_at(&mut log)?;
    thread::spawn(|| drain(log));
    let mut request = Vec::new();
    write_request(&mut request, "GET", "/health/live", None, b"");
    let answer = Driver::connect(address, 1)?.ask(&request)?;
    match answer.status {
        200 => Ok(address),
        status => Err(format!("/health/live answered {status}").into()),
    }
}

fn listening_at(log: &mut impl std::io::BufRead) -> Result<SocketAddr> {
    let mut seen = String::new();
    for line in log.lines() {
        let line = line?;
        let entry: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        let listening = entry["message"]
            .as_str()
            .is_some_and(|message| message.starts_with("Listening on "));
        if let Some(address) = entry["address"].as_str().filter(|_| listening) {
            return Ok(address.parse()?);
        }
        seen = line;
    }
    Err(format!("the server ended before it listened; its last line was {seen:?}").into())
}

/// Takes the log away so that the server never waits for us.
///
/// Reading each line as it comes would wake this process once per request, on a core that the
/// server needs; a pause lets lines gather, well before the pipe's 64 KiB are full.
fn drain(mut log: impl Read) {
    let mut lines = vec![0; 64 * 1024];
    while log.read(&mut lines).is_ok_and(|count| count > 0) {
        thread::park_timeout(Duration::from_millis(1));
    }
}
