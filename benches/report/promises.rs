//! What the design promises, beside what was measured.

use std::time::Duration;

use super::{Report, Row, table::Table};
use crate::{
    plan::Workload::{
        self, Create, CreateAlone, CreateOwned, ListByCursor, ListOwnedByCursor, ReadOne,
        ReadOwned, YardstickList, YardstickSmall,
    },
    server::Starts,
};

/// The side of its bound on which a figure has to be.
enum Bound {
    AtMost(f64),
    AtLeast(f64),
}
use Bound::{AtLeast, AtMost};

/// One promise: its name, its bound, the figure where this run has it, a note.
type Promise = (&'static str, Bound, Option<f64>, &'static str);

/// One line for each promise that this run has the figures of.
pub fn promises(report: &Report) -> Table {
    let mut table = Table::new(&["promise", "bound", "measured", "", "note"]);
    let speed = speed(report).into_iter().chain(writing(report));
    for promise in speed.chain(report.starts.iter().flat_map(size)) {
        if let (name, bound, Some(measured), note) = promise {
            table.line(line(name, &bound, measured, note));
        }
    }
    table
}

fn speed(report: &Report) -> [Promise; 7] {
    let cpu = |of, to| ratio(report, Row::cpu_us, of, to);
    [
        (
            "read one by key, CPU / yardstick small",
            AtMost(3.0),
            cpu(ReadOne, YardstickSmall),
            "",
        ),
        (
            "list 20 by cursor, CPU / yardstick list",
            AtMost(6.0),
            cpu(ListByCursor, YardstickList),
            "",
        ),
        (
            "create, CPU / yardstick small",
            AtMost(6.0),
            cpu(Create, YardstickSmall),
            "its event included",
        ),
        (
            "read one, owner rule, CPU / yardstick small",
            AtMost(3.0),
            cpu(ReadOwned, YardstickSmall),
            "",
        ),
        (
            "list 20 by cursor, owner rule, CPU / yardstick list",
            AtMost(6.0),
            cpu(ListOwnedByCursor, YardstickList),
            "",
        ),
        (
            "create, owner rule, CPU / yardstick small",
            AtMost(6.0),
            cpu(CreateOwned, YardstickSmall),
            "its event included",
        ),
        (
            "create, requests/s / one commit each",
            AtLeast(5.0),
            ratio(report, Row::per_second, Create, CreateAlone),
            "full syncs in both",
        ),
    ]
}

fn writing(report: &Report) -> [Promise; 3] {
    let written = |workload| report.row(workload).map(Row::written);
    [
        (
            "create, bytes written / one commit each",
            AtMost(0.25),
            ratio(report, Row::written, Create, CreateAlone),
            "",
        ),
        (
            "read one by key, bytes written",
            AtMost(0.0),
            written(ReadOne),
            "",
        ),
        (
            "list 20 by cursor, bytes written",
            AtMost(0.0),
            written(ListByCursor),
            "",
        ),
    ]
}

fn size(starts: &Starts) -> [Promise; 5] {
    let millis = |time: Duration| Some(time.as_secs_f64() * 1_000.0);
    let megabytes = |bytes: u64| Some(bytes as f64 / 1e6);
    [
        (
            "start to first answer, ms",
            AtMost(100.0),
            millis(starts.cold),
            "",
        ),
        (
            "the same after SIGKILL, ms",
            AtMost(100.0),
            millis(starts.after_kill),
            "",
        ),
        (
            "RSS at rest after sign-ins, MB",
            AtMost(15.0),
            megabytes(starts.idle),
            "",
        ),
        (
            "RSS in a flood of sign-ins, MB",
            AtMost(64.0),
            megabytes(starts.flood),
            "32 at once",
        ),
        (
            "size of the program, MB",
            AtMost(25.0),
            megabytes(starts.program),
            "",
        ),
    ]
}

fn ratio(report: &Report, figure: fn(&Row) -> f64, of: Workload, to: Workload) -> Option<f64> {
    Some(figure(report.row(of)?) / figure(report.row(to)?))
}

fn line(name: &str, bound: &Bound, measured: f64, note: &str) -> [String; 5] {
    let (bound, is_kept) = match *bound {
        AtMost(bound) => (format!("<= {bound}"), measured <= bound),
        AtLeast(bound) => (format!(">= {bound}"), measured >= bound),
    };
    let verdict = match is_kept {
        true => "kept",
        false => "not kept",
    };
    [
        name.to_owned(),
        bound,
        format!("{measured:.2}"),
        verdict.to_owned(),
        note.to_owned(),
    ]
}
