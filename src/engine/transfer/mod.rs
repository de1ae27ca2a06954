//! Many records in and out: as rows of CSV, or as lines of JSON.
//!
//! `export` reads a list piece by piece; `rows` reads a file row by row; `check` says before
//! anything is written what could not be, `write` writes some rows in one batch, and `made` knows
//! which records an import has made, and takes them back.

mod check;
mod export;
mod made;
mod rows;
mod unlike;
mod write;

pub use export::Export;
pub use made::{ImportRun, TakenBack};
pub use rows::{Row, Rows};
pub use unlike::{SeenRow, Unlike};
pub use write::{Entry, Target, Written, together};

use crate::base::{Error, Result};

/// How records are written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A header line, and a row for each record.
    Csv,
    /// A JSON object for each record, each on its line.
    Ndjson,
}

impl Format {
    /// The one with this name: `csv` or `ndjson`.
    ///
    /// # Errors
    /// `INVALID_INPUT` for any other.
    pub fn named(name: Option<&str>) -> Result<Self> {
        match name {
            None | Some("csv") => Ok(Self::Csv),
            Some("ndjson") => Ok(Self::Ndjson),
            Some(_) => Err(Error::invalid_input("format", "Must be csv or ndjson")),
        }
    }

    /// The name, which is also the end of a file's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
        }
    }
}
