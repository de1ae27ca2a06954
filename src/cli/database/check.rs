//! `stead db check`.

use std::path::Path;

use clap::Args;
use rusqlite::Connection;
use serde::Serialize;

use crate::{
    app::StartError,
    cli::{Failure, print},
    db::{
        OpenError,
        check::{self, Wal},
        migrate,
        shell::{Mode, open_shell},
    },
    engine::check::definitions,
};

/// Check that the database is whole, and its tables are as the definitions say
///
/// Changes nothing, and works beside a running server. Ends with 6 if something is wrong.
#[derive(Args, Debug)]
pub(in crate::cli) struct Check {
    /// Leave out whether indexes agree with their tables, which takes longest
    #[arg(long)]
    quick: bool,
    /// One JSON object, for programs
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    ok: bool,
    checks: Vec<Outcome>,
    /// Tables, indexes and triggers that are not Stead's.
    others: Vec<String>,
    wal: Wal,
}

#[derive(Serialize)]
struct Outcome {
    name: &'static str,
    ok: bool,
    faults: Vec<String>,
}

impl Check {
    pub(super) fn run(&self, dir: &Path) -> Result<(), Failure> {
        let report = self.look(dir)?;
        print(&if self.json {
            format!("{:#}", serde_json::to_value(&report).unwrap_or_default())
        } else {
            told(&report)
        });
        if report.ok {
            Ok(())
        } else {
            Err(Failure::Damaged)
        }
    }

    fn look(&self, dir: &Path) -> Result<Report, Failure> {
        let conn = open_shell(dir, Mode::Read).map_err(StartError::Open)?;
        refuse_newer(&conn)?;
        let (tables, others) = match definitions(&conn) {
            Ok(found) => (found.faults, found.others),
            Err(error) => (vec![error.to_string()], Vec::new()),
        };
        let checks = vec![
            outcome("integrity", check::integrity(&conn, self.quick)),
            outcome("relations", check::foreign_keys(&conn)),
            outcome("definitions", Ok(tables)),
        ];
        let wal = check::wal(dir);
        let ok = checks.iter().all(|check| check.ok) && !wal.is_unclean;
        Ok(Report {
            ok,
            checks,
            others,
            wal,
        })
    }
}

/// What a newer Stead has made, this one cannot judge. A file that does not tell is looked at.
fn refuse_newer(conn: &Connection) -> Result<(), StartError> {
    let known = migrate::known();
    match migrate::version(conn) {
        Ok(found) if found > known => Err(OpenError::Newer { found, known }.into()),
        _ => Ok(()),
    }
}

/// A file that cannot even be read is damaged, too.
fn outcome(name: &'static str, found: rusqlite::Result<Vec<String>>) -> Outcome {
    let faults = found.unwrap_or_else(|error| vec![error.to_string()]);
    let ok = faults.is_empty();
    Outcome { name, ok, faults }
}

fn told(report: &Report) -> String {
    let mut lines = Vec::new();
    for check in &report.checks {
        let verdict = if check.ok { "ok" } else { "NOT OK" };
        lines.push(format!("{:12}  {verdict}", check.name));
        lines.extend(check.faults.iter().map(|fault| format!("  {fault}")));
    }
    let state = if report.wal.is_unclean {
        "a sync has failed; the next start checks the file"
    } else {
        "no failed sync"
    };
    lines.push(format!("wal           {} bytes, {state}", report.wal.bytes));
    if !report.others.is_empty() {
        let others = report.others.join(", ");
        lines.push(format!("not of Stead  {others}"));
    }
    lines.join("\n")
}
