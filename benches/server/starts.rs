//! Starts, memory at rest and the size of the program.

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{
    PROGRAM, Server,
    caller::{ADMIN, Caller, sign_in_request},
    data_dir, notes,
};
use crate::{
    Result,
    driver::{Driver, Until},
    plan::{CONNECTIONS, Plan, SIGN_IN_CONNECTIONS},
    process::Memory,
};

/// Sign-ins before memory at rest is read.
const SIGN_INS: u64 = 20;

/// What was measured beside the workloads.
pub struct Starts {
    /// From start to first answer after an orderly end, the median.
    pub cold: Duration,
    /// The same after SIGKILL under load, the median.
    pub after_kill: Duration,
    /// The largest WAL that such a start found, in bytes.
    pub wal: u64,
    /// Memory in RAM at rest after 20 sign-ins, in bytes.
    pub idle: u64,
    /// The most memory in RAM during a flood of sign-ins, in bytes.
    pub flood: u64,
    /// Memory in RAM at rest after that flood, in bytes.
    pub after_flood: u64,
    /// The program on the disk, in bytes.
    pub program: u64,
}

impl Starts {
    /// Starts servers on this data directory, one after another.
    pub fn measure(data_dir: &TempDir, plan: &Plan) -> Result<Self> {
        let (after_kill, wal) = after_kill(data_dir, plan)?;
        let flood = signed_in(data_dir, plan.flood, CONNECTIONS)?;
        Ok(Self {
            cold: cold(data_dir, plan)?,
            after_kill,
            wal,
            idle: signed_in(data_dir, SIGN_INS, SIGN_IN_CONNECTIONS)?.resident,
            flood: flood.peak,
            after_flood: flood.resident,
            program: fs::metadata(PROGRAM)?.len(),
        })
    }
}

fn cold(data_dir: &TempDir, plan: &Plan) -> Result<Duration> {
    let mut times = Vec::new();
    // The first one ends what a kill has left behind; it is not counted.
    for _ in 0..=plan.starts {
        let server = Server::start(data_dir.path(), &[])?;
        times.push(server.first_answer);
        server.stop()?;
    }
    Ok(median(times.split_off(1)))
}

/// The median, and the largest WAL that a start found.
fn after_kill(data_dir: &TempDir, plan: &Plan) -> Result<(Duration, u64)> {
    let mut times = Vec::new();
    let mut wal = 0;
    for _ in 0..plan.starts {
        let server = Server::start(data_dir.path(), &[])?;
        write_for_a_while(&server)?;
        // Dropped is killed.
        drop(server);
        wal = wal.max(data_dir::size_of(data_dir.path(), "stead.db-wal"));
        let again = Server::start(data_dir.path(), &[])?;
        times.push(again.first_answer);
        again.stop()?;
    }
    Ok((median(times), wal))
}

/// Long enough for the WAL to reach the size where it is copied into the file.
fn write_for_a_while(server: &Server) -> Result<()> {
    let caller = Caller::sign_in(server.address)?;
    let mut driver = Driver::connect(server.address, CONNECTIONS)?;
    driver.run(
        Until::Elapsed(Duration::from_millis(500)),
        |number, buffer| {
            let body = notes::body(number);
            caller.write(buffer, "POST", notes::PATH, body.as_bytes());
        },
    )?;
    Ok(())
}

/// Memory at rest after so many sign-ins.
fn signed_in(data_dir: &TempDir, sign_ins: u64, connections: usize) -> Result<Memory> {
    let server = Server::start(data_dir.path(), &[])?;
    let request = sign_in_request(&ADMIN);
    let mut driver = Driver::connect(server.address, connections)?;
    let outcome = driver.run(Until::Answers(sign_ins), |_, buffer| {
        buffer.extend_from_slice(&request);
    })?;
    if let Some(refusal) = outcome.refusal {
        return Err(format!("a sign-in was refused: {refusal}").into());
    }
    drop(driver);
    rest(Duration::from_secs(1));
    let memory = Memory::of(server.pid())?;
    server.stop()?;
    Ok(memory)
}

/// Lets the server come to rest: what is measured is the state without any request.
fn rest(span: Duration) {
    let end = Instant::now() + span;
    while let Some(left) = end.checked_duration_since(Instant::now()) {
        thread::park_timeout(left);
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
