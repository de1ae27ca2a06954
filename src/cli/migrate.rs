//! `stead migrate ...`: the version of the database, forward and back.

use clap::Subcommand;
use serde_json::json;

use super::{Common, Failure, operator::must_exist, print};
use crate::{
    app::StartError,
    db::{
        self, DATABASE, DataDir, OpenError,
        migrate::{self, Migration},
        shell::{self, Mode},
    },
};

/// Show the version of the database, and move it to another
#[derive(Debug, Subcommand)]
pub(super) enum Migrate {
    /// List the migrations, and which of them the database has seen
    Status {
        /// One JSON object, for programs
        #[arg(long)]
        json: bool,
    },
    /// Bring the database to the version of this program, as a start of the server does
    ///
    /// A copy is made before, in the folder `snapshots`. Refused while a server runs.
    Up,
    /// Take the database back, so that an older Stead can use it
    ///
    /// A copy is made before, in the folder `snapshots`: what later versions have stored beside is
    /// lost with their tables and columns. Refused while a server runs. A start of this Stead
    /// would move the database forward again.
    Down {
        /// The version to go back to, as `stead migrate status` shows it; 0 takes everything away
        #[arg(long, value_name = "VERSION")]
        to: u32,
    },
}

impl Migrate {
    pub(super) fn run(&self, common: &Common) -> Result<(), Failure> {
        let dir = crate::config::load(&common.flags(None))?.data_dir;
        if let Self::Status { json } = self {
            let exists = dir.join(DATABASE).exists();
            let conn = exists.then(|| shell::open_shell(&dir, Mode::Read));
            let conn = conn.transpose().map_err(StartError::Open)?;
            let all = migrate::status(conn.as_ref()).map_err(failed)?;
            print(&if *json { as_json(&all) } else { told(&all) });
            return Ok(());
        }
        must_exist(&dir, false)?;
        let dir = DataDir::open(&dir).map_err(StartError::Open)?;
        match self {
            Self::Down { to } => down(&dir, i64::from(*to)),
            Self::Up | Self::Status { .. } => up(&dir),
        }
    }
}

fn up(dir: &DataDir) -> Result<(), Failure> {
    let mut conn = db::open_alone(dir).map_err(StartError::Open)?;
    let before = migrate::version(&conn).map_err(failed)?;
    migrate::run(&mut conn, dir.path()).map_err(StartError::Open)?;
    let after = migrate::version(&conn).map_err(failed)?;
    db::checkpoint(&conn).map_err(|_| Failure::SyncFailed)?;
    print(&if before == after {
        format!("The database has version {after} already.")
    } else {
        format!("Brought the database from version {before} to {after}.")
    });
    Ok(())
}

fn down(dir: &DataDir, to: i64) -> Result<(), Failure> {
    let mut conn = db::open_alone(dir).map_err(StartError::Open)?;
    let (undone, copy) = migrate::down(&mut conn, dir.path(), to)
        .map_err(|error| Failure::Other(error.to_string()))?;
    db::checkpoint(&conn).map_err(|_| Failure::SyncFailed)?;
    let Some(copy) = copy else {
        print(&format!("The database has version {to} already."));
        return Ok(());
    };
    let mut text = format!("Copied the database to {}.\n", copy.display());
    for migration in undone {
        text += &format!("Took back {:04} {}.\n", migration.version, migration.name);
    }
    text += "Start the older Stead now: this one would move the database forward again.";
    print(&text);
    Ok(())
}

fn told(all: &[Migration]) -> String {
    let line = |one: &Migration| {
        let state = match (&one.applied_at, one.is_known) {
            (Some(at), true) => format!("applied {at}"),
            (Some(at), false) => format!("applied {at}, not known to this Stead"),
            (None, _) => "pending".to_owned(),
        };
        format!("{:04}  {:20}  {state}", one.version, one.name)
    };
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn as_json(all: &[Migration]) -> String {
    let applied = all.iter().filter(|one| one.applied_at.is_some());
    let version = applied.map(|one| one.version).max().unwrap_or(0);
    let known = migrate::known();
    format!(
        "{:#}",
        json!({ "version": version, "known": known, "migrations": all })
    )
}

fn failed(error: rusqlite::Error) -> Failure {
    StartError::Open(OpenError::from(error)).into()
}
