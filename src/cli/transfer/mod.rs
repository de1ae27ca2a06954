//! `stead import` and `stead export`: through the running server where there is one, else here.

mod export;
mod import;
mod progress;
mod served;

pub(super) use export::Export;
pub(super) use import::Import;

use std::{io, path::Path};

use clap::ValueEnum;

use super::Failure;
use crate::engine::Format;

/// How records are written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatName {
    /// A header line, and a row for each record
    Csv,
    /// A JSON object for each record, each on its line
    Ndjson,
}

impl FormatName {
    /// The one that was asked for, else that which the name of the file says, else CSV.
    fn of(given: Option<Self>, file: &Path) -> Format {
        let ending = file.extension().and_then(|ending| ending.to_str());
        match (given, ending) {
            (Some(Self::Ndjson), _) | (None, Some("ndjson" | "jsonl")) => Format::Ndjson,
            _ => Format::Csv,
        }
    }
}

/// True for the name of standard input and output.
fn is_standard(file: &Path) -> bool {
    file == Path::new("-")
}

fn cannot(what: &str, file: &Path, error: &io::Error) -> Failure {
    Failure::Other(format!("{} cannot be {what}: {error}", file.display()))
}

/// A text within a URL.
fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}
