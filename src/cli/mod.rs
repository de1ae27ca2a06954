//! The command line: what it reads, and which exit code each end has.

mod admin;
mod config;
mod database;
mod keys;
mod migrate;
mod openapi;
mod operator;
mod rules;
mod schema;
mod serve;
mod signals;
mod socket;
mod systemd;
mod transfer;

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

use crate::{
    app::StartError,
    base::Error,
    config::{ConfigError, Flags},
    db::OpenError,
};

/// A backend in one file.
#[derive(Debug, Parser)]
#[command(name = "stead", version, arg_required_else_help = true, after_help = EXIT_CODES)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What `--help` says of the ends of all commands; `docs/operation.md` has the whole table.
const EXIT_CODES: &str = "\
Exit codes: 0 all is well, 1 a failure (read stderr), 2 wrong arguments, 3 wrong configuration,
4 another process uses the data directory, 5 not a database of this Stead, 6 the database is
damaged, 74 a sync of the disk failed.";

/// What every command takes.
#[derive(Args, Clone, Debug)]
struct Common {
    /// Where the database and its keys are kept [default: ./stead-data]
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The configuration file [default: config.toml in the data directory, or here]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server
    Serve(serve::Serve),
    /// Manage administrators
    #[command(subcommand)]
    Admin(admin::Admin),
    /// Manage the keys of access tokens
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Try rules out
    #[command(subcommand)]
    Rules(rules::Rules),
    /// Export, plan and apply definitions
    #[command(subcommand)]
    Schema(schema::Schema),
    /// Read records from a file into a collection
    Import(transfer::Import),
    /// Write the records of a collection to a file
    Export(transfer::Export),
    /// Print what the API takes and answers, as an OpenAPI document
    #[command(name = "openapi")]
    OpenApi(openapi::OpenApi),
    /// Look at the configuration
    #[command(subcommand)]
    Config(config::Config),
    /// Show the version of the database, and move it to another
    #[command(subcommand)]
    Migrate(migrate::Migrate),
    /// Look into the database with SQL, and check that it is whole
    #[command(subcommand, name = "db")]
    Database(database::Database),
}

/// Why a command has failed. `docs/operation.md` lists the exit codes.
pub(crate) enum Failure {
    /// Something went wrong that the words tell.
    Other(String),
    /// The configuration is wrong.
    Config(ConfigError),
    /// The data directory cannot be used.
    Start(StartError),
    /// The database is damaged, as the output has told.
    Damaged,
    /// A sync has failed: what was being written may or may not be on the disk.
    SyncFailed,
}

impl Failure {
    fn exit_code(&self) -> u8 {
        match self {
            Self::Other(_) => 1,
            Self::Config(_) => 3,
            Self::Start(StartError::Open(OpenError::InUse(_))) => 4,
            Self::Start(StartError::Open(OpenError::Newer { .. } | OpenError::Foreign(_))) => 5,
            Self::Start(_) => 1,
            Self::Damaged => 6,
            Self::SyncFailed => 74,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Other(words) => words.clone(),
            Self::Config(error) => format!("the configuration is wrong\n{error}"),
            Self::Start(error) => error.to_string(),
            Self::Damaged => {
                "the database is not whole, as listed: keep a copy of its directory, then mend it \
                 or restore a backup"
                    .to_owned()
            }
            Self::SyncFailed => {
                "a sync failed, so the last changes may not be on the disk; start again".to_owned()
            }
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self::Start(error)
    }
}

impl From<Error> for Failure {
    /// The operator sees the cause, which clients never do.
    fn from(error: Error) -> Self {
        let faults = error
            .issues()
            .iter()
            .map(|issue| format!("\n  {}: {}", issue.field, issue.message));
        let faults: String = faults.collect();
        let cause = error
            .cause()
            .map(|cause| format!(" ({cause})"))
            .unwrap_or_default();
        Self::Other(format!("{}{faults}{cause}", error.message()))
    }
}

/// Reads the command line and does what it says.
pub fn run() -> ExitCode {
    // Wrong arguments end here, with words on stderr and the exit code 2.
    let cli = Cli::parse();
    let outcome = match cli.command {
        Command::Serve(command) => command.run(&cli.common),
        Command::Admin(command) => command.run(&cli.common),
        Command::Keys(command) => command.run(&cli.common),
        Command::Rules(command) => command.run(&cli.common),
        Command::Schema(command) => command.run(&cli.common),
        Command::Import(command) => command.run(&cli.common),
        Command::Export(command) => command.run(&cli.common),
        Command::OpenApi(command) => command.run(&cli.common),
        Command::Config(command) => command.run(&cli.common),
        Command::Migrate(command) => command.run(&cli.common),
        Command::Database(command) => command.run(&cli.common),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nobody is left to tell if stderr is closed.
            let _ = writeln!(std::io::stderr(), "stead: {}", failure.words());
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Writes what was asked for to stdout.
fn print(text: &str) {
    // Whoever has closed it, such as `head`, has seen enough.
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Text that somebody has stored, so that nothing in it moves the cursor or breaks a line.
fn visible(text: &str) -> String {
    let escape = |c: char| match c.is_control() {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    };
    text.chars().map(escape).collect()
}

impl Common {
    fn flags(&self, listen: Option<String>) -> Flags {
        Flags {
            config: self.config.clone(),
            data_dir: self.data_dir.clone(),
            listen,
        }
    }
}
