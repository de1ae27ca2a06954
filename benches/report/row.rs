//! One workload: how it is measured, and its figures.

use std::net::SocketAddr;

use crate::{
    Result,
    driver::{Driver, Outcome},
    plan::{Plan, Workload},
    process::{Memory, Usage},
};

/// What one workload took.
pub struct Row {
    pub workload: Workload,
    pub outcome: Outcome,
    /// Of the server, while the workload ran.
    pub usage: Usage,
    /// Of the server, when it had run.
    pub memory: Memory,
}

impl Row {
    /// Drives the process at `address`, first for a while that is not counted.
    ///
    /// `write` puts the bytes of the request with that number into an empty buffer.
    pub fn measure(
        plan: &Plan,
        workload: Workload,
        pid: u32,
        address: SocketAddr,
        write: impl Fn(u64, &mut Vec<u8>),
    ) -> Result<Self> {
        let (until, connections) = plan.extent(workload);
        let mut driver = Driver::connect(address, connections)?;
        let warm_up = driver.run(plan.warm_up(workload), &write)?;
        let before = Usage::of(pid)?;
        let mut outcome = driver.run(until, &write)?;
        let usage = Usage::of(pid)?.since(before);
        // A refusal in the warm-up is a failure, too; its times are nobody's business.
        outcome.absorb(Outcome {
            latencies: Vec::new(),
            ..warm_up
        });
        Ok(Self {
            workload,
            outcome,
            usage,
            memory: Memory::of(pid)?,
        })
    }

    /// Joins a second run of the same workload with this one.
    pub fn absorb(&mut self, other: Self) {
        self.outcome.elapsed += other.outcome.elapsed;
        self.outcome.absorb(other.outcome);
        self.usage.cpu += other.usage.cpu;
        self.usage.written += other.usage.written;
        self.memory.resident = self.memory.resident.max(other.memory.resident);
        self.memory.peak = self.memory.peak.max(other.memory.peak);
    }

    /// Answers a second.
    pub fn per_second(&self) -> f64 {
        self.answers() / self.outcome.elapsed.as_secs_f64()
    }

    /// The latency that this share of the answers kept to, in milliseconds.
    pub fn latency_ms(&self, share: f64) -> f64 {
        let mut latencies = self.outcome.latencies.clone();
        let Some(last) = latencies.len().checked_sub(1) else {
            return f64::NAN;
        };
        let at = (last as f64 * share).round() as usize;
        let (_, latency, _) = latencies.select_nth_unstable(at);
        f64::from(*latency) / 1_000.0
    }

    /// CPU time of the server per answer, in microseconds.
    pub fn cpu_us(&self) -> f64 {
        self.usage.cpu.as_secs_f64() * 1e6 / self.answers()
    }

    /// Bytes that the server caused to be written to the disk, per answer.
    pub fn written(&self) -> f64 {
        self.usage.written as f64 / self.answers()
    }

    fn answers(&self) -> f64 {
        self.outcome.latencies.len() as f64
    }
}
