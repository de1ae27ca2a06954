//! What `cargo bench` runs: the server as its own process, driven over loopback, beside a yardstick.
//!
//! Costs are CPU time and written bytes per request, read from `/proc`, and speed is judged by
//! ratios within one run, because noise disturbs those least. No timing is asserted: a run fails
//! only where something did not answer, or answered with anything but success.
//! `docs/performance.md` says how to read the tables.
#![expect(clippy::print_stdout, reason = "the tables are what it is for")]
#![expect(
    clippy::indexing_slicing,
    reason = "what a JSON answer lacks reads as null, and a broken bench should stop"
)]

mod driver;
mod plain;
mod plan;
mod process;
mod report;
mod server;
mod yardstick;

use std::{env, error::Error, process::ExitCode};

use crate::{
    plan::{Plan, Workload},
    report::Report,
    server::{Files, Stage},
    yardstick::Yardstick,
};

/// Anything that keeps the bench from going on ends it: the text says what was being done.
type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let done = match arguments.as_slice() {
        [flag, bytes] if flag == yardstick::FLAG => yardstick::serve(bytes).map(|()| true),
        _ => Plan::from_arguments(&arguments).and_then(|plan| run(&plan)),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("The bench stopped: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs what the plan wants and prints it; false if a workload had answers that were no success.
fn run(plan: &Plan) -> Result<bool> {
    let mut report = Report::default();
    let mut stage = match plan.wants_server() {
        true => Some(Stage::set(plan)?),
        false => None,
    };
    let sizes = stage.as_ref().map_or_else(Default::default, Stage::sizes);
    for workload in plan.workloads() {
        eprintln!("{} ...", workload.name());
        let row = match (workload, &mut stage) {
            (Workload::YardstickSmall, _) => Yardstick::measure(plan, workload, sizes.record),
            (Workload::YardstickList, _) => Yardstick::measure(plan, workload, sizes.list),
            (_, Some(stage)) => stage.measure(plan, workload),
            (_, None) => continue,
        };
        report.add(row.map_err(|error| format!("{}: {error}", workload.name()))?);
    }
    if let Some(stage) = &stage {
        for workload in plan.workloads() {
            report.plain.extend(stage.measure_plain(plan, workload)?);
        }
    }
    if let Some(stage) = stage.filter(|_| plan.wants_starts()) {
        eprintln!("{} ...", plan::STARTS);
        report.starts = Some(stage.measure_starts(plan)?);
    }
    if plan.wants_files() {
        eprintln!("{} ...", plan::FILES);
        report.files = Some(Files::measure(plan)?);
    }
    println!("{}", report.to_markdown(plan));
    Ok(report.all_succeeded())
}
