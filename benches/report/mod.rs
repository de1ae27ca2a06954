//! What was measured, as tables in Markdown.

mod promises;
mod row;
mod table;

use std::{fmt::Write as _, thread};

pub use self::row::Row;
use self::{promises::promises, table::Table};
use crate::{
    plan::{BATCH, CONNECTIONS, Plan, Workload},
    server::Starts,
};

/// The figures of one run of the bench.
#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
    /// None where the filter left them out.
    pub starts: Option<Starts>,
}

impl Report {
    /// Adds a workload's figures; a second run of one is joined with the first.
    pub fn add(&mut self, row: Row) {
        match self
            .rows
            .iter_mut()
            .find(|known| known.workload == row.workload)
        {
            Some(known) => known.absorb(row),
            None => self.rows.push(row),
        }
    }

    /// Whether every answer was 2xx.
    pub fn all_succeeded(&self) -> bool {
        self.rows.iter().all(|row| row.outcome.refused.is_empty())
    }

    /// All tables.
    pub fn to_markdown(&self, plan: &Plan) -> String {
        let mut text = format!("{}\n\n{}", setting(plan), self.workloads());
        if let Some(row) = self.row(Workload::Batch) {
            let _ = writeln!(text, "\n{}", per_record(row));
        }
        if let Some(starts) = &self.starts {
            let _ = write!(text, "\n{}", starts_table(starts));
        }
        let promises = promises(self);
        if !promises.is_empty() {
            let _ = write!(text, "\n{promises}");
        }
        for row in &self.rows {
            if let Some(refusal) = &row.outcome.refusal {
                let _ = write!(text, "\n{} was refused: {refusal}\n", row.workload.name());
            }
        }
        text
    }

    fn row(&self, workload: Workload) -> Option<&Row> {
        self.rows.iter().find(|row| row.workload == workload)
    }

    fn workloads(&self) -> Table {
        let mut table = Table::new(&[
            "workload",
            "requests/s",
            "p50 ms",
            "p99 ms",
            "CPU us/request",
            "bytes written/request",
            "RSS MB",
            "peak MB",
            "not 2xx",
        ]);
        for row in &self.rows {
            table.line([
                row.workload.name().to_owned(),
                format!("{:.0}", row.per_second()),
                format!("{:.2}", row.latency_ms(0.5)),
                format!("{:.2}", row.latency_ms(0.99)),
                format!("{:.1}", row.cpu_us()),
                format!("{:.0}", row.written()),
                megabytes(row.memory.resident),
                megabytes(row.memory.peak),
                refused(row),
            ]);
        }
        table
    }
}

/// What a record of a batch takes.
fn per_record(row: &Row) -> String {
    let size = f64::from(BATCH);
    format!(
        "{}, for each record: {:.0} a second, {:.1} us of CPU, {:.0} bytes written",
        row.workload.name(),
        row.per_second() * size,
        row.cpu_us() / size,
        row.written() / size,
    )
}

/// What the figures hang on.
fn setting(plan: &Plan) -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let build = match cfg!(debug_assertions) {
        true => "; NOT OPTIMISED, so the figures mean nothing",
        false => "",
    };
    format!(
        "Stead {}, {cores} cores shared with the driver, {} records, {CONNECTIONS} connections, {} s each{build}",
        env!("CARGO_PKG_VERSION"),
        plan.rows,
        plan.span.as_secs_f64(),
    )
}

fn starts_table(starts: &Starts) -> Table {
    let mut table = Table::new(&["beside", "measured"]);
    let millis = |time: std::time::Duration| format!("{:.1} ms", time.as_secs_f64() * 1_000.0);
    table.line(["start to first answer".to_owned(), millis(starts.cold)]);
    table.line([
        format!(
            "the same after SIGKILL, WAL of {} MB",
            megabytes(starts.wal)
        ),
        millis(starts.after_kill),
    ]);
    table.line([
        "RSS at rest after 20 sign-ins".to_owned(),
        format!("{} MB", megabytes(starts.idle)),
    ]);
    table.line([
        "RSS at its highest in a flood of sign-ins, 32 at once".to_owned(),
        format!("{} MB", megabytes(starts.flood)),
    ]);
    table.line([
        "RSS at rest after that flood".to_owned(),
        format!("{} MB", megabytes(starts.after_flood)),
    ]);
    table.line([
        "size of the program".to_owned(),
        format!("{} MB", megabytes(starts.program)),
    ]);
    table
}

/// `0`, or how many of which status.
fn refused(row: &Row) -> String {
    let parts = row.outcome.refused.iter();
    let parts: Vec<_> = parts
        .map(|(status, count)| format!("{count} x {status}"))
        .collect();
    match parts.is_empty() {
        true => "0".to_owned(),
        false => parts.join(", "),
    }
}

/// Of 1,000,000 bytes.
fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}
