//! Processes of ours: what they use, as the kernel tells it, and how they end.

use std::{
    fs, io,
    process::Child,
    time::{Duration, Instant},
};

use crate::Result;

/// What a process has used since it began.
#[derive(Clone, Copy, Default)]
pub struct Usage {
    /// CPU time of all its threads, in user and kernel mode.
    pub cpu: Duration,
    /// Bytes that it caused to be written to a disk.
    pub written: u64,
}

/// Memory in RAM, in bytes.
#[derive(Clone, Copy, Default)]
pub struct Memory {
    pub resident: u64,
    /// The most that it ever was.
    pub peak: u64,
}

impl Usage {
    /// Reads the counters of a process. Fails where there is no Linux `/proc`.
    pub fn of(pid: u32) -> Result<Self> {
        // Threads count to the nanosecond, but leave the sum when they end; the whole process
        // counts in ticks and forgets nothing. Neither says too much, so the larger is nearer.
        let cpu = threads_cpu(pid)?.max(process_cpu(pid)?);
        let io = read(pid, "io")?;
        let written = number_after(&io, "write_bytes:").ok_or("no write_bytes")?;
        Ok(Self { cpu, written })
    }

    /// What was used between `earlier` and this.
    pub fn since(self, earlier: Self) -> Self {
        Self {
            cpu: self.cpu.saturating_sub(earlier.cpu),
            written: self.written.saturating_sub(earlier.written),
        }
    }
}

impl Memory {
    /// Reads the memory of a process. Fails where there is no Linux `/proc`.
    pub fn of(pid: u32) -> Result<Self> {
        let status = read(pid, "status")?;
        let bytes = |name| number_after(&status, name).map(|kibibytes| kibibytes * 1024);
        Ok(Self {
            resident: bytes("VmRSS:").ok_or("no VmRSS")?,
            peak: bytes("VmHWM:").ok_or("no VmHWM")?,
        })
    }
}

/// Asks a process to end, and waits for it. An error if it takes more than 30 seconds or fails.
pub fn stop(child: &mut Child) -> Result<()> {
    // The standard library can only kill; every shell can send the signal that asks.
    let asked = std::process::Command::new("sh")
        .args(["-c", &format!("kill -TERM {}", child.id())])
        .status()?;
    let deadline = Instant::now() + Duration::from_secs(30);
    while asked.success() && Instant::now() < deadline {
        match child.try_wait()? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(format!("it ended with {status} when asked to").into()),
            None => std::thread::park_timeout(Duration::from_millis(5)),
        }
    }
    Err("it did not end when asked to".into())
}

/// Kills a process that is left over; one that has ended is fine.
pub fn kill(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

fn threads_cpu(pid: u32) -> Result<Duration> {
    let mut nanos = 0;
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        match fs::read_to_string(thread?.path().join("schedstat")) {
            Ok(text) => nanos += number_after(&text, "").unwrap_or(0),
            // The thread ended meanwhile, or the kernel keeps no such figures.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Duration::from_nanos(nanos))
}

fn process_cpu(pid: u32) -> Result<Duration> {
    /// The length of a tick in `/proc`: the interface says 100 a second on every machine we run on.
    const TICK: Duration = Duration::from_millis(10);
    let stat = read(pid, "stat")?;
    // The second field is the program's name, which may hold anything; user and system time are
    // the 12th and 13th behind it.
    let (_, fields) = stat.rsplit_once(')').ok_or("no name in stat")?;
    let times = fields.split_whitespace().skip(11).take(2);
    let ticks: u32 = times.map_while(|ticks| ticks.parse::<u32>().ok()).sum();
    Ok(TICK * ticks)
}

fn read(pid: u32, name: &str) -> Result<String> {
    let path = format!("/proc/{pid}/{name}");
    Ok(fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?)
}

/// The number behind `name`, which begins its line.
fn number_after(text: &str, name: &str) -> Option<u64> {
    let value = text.lines().find_map(|line| line.strip_prefix(name))?;
    value.split_whitespace().next()?.parse().ok()
}
