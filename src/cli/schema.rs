//! `stead schema export`, `plan` and `apply`.

use std::{fs, path::PathBuf};

use clap::Subcommand;
use serde::Deserialize;
use serde_json::{Value as Json, json, value::RawValue};

use super::{Common, Failure, operator, print, visible};
use crate::app::schema_files::{ApplySchema, ExportSchema, PlanSchema};

/// Definitions of collections as files. Works beside a running server and without one
#[derive(Debug, Subcommand)]
pub(super) enum Schema {
    /// Print all definitions, as one JSON object
    Export,
    /// Tell what it would do to have the definitions of a file and no others; changes nothing
    Plan {
        /// The definitions, as `export` prints them
        file: PathBuf,
        /// One JSON object, for programs
        #[arg(long)]
        json: bool,
    },
    /// Have the definitions of a file and no others, in one transaction
    Apply {
        /// The definitions, as `export` prints them
        file: PathBuf,
        /// Carry it out where values are lost, too
        #[arg(long)]
        allow_destructive: bool,
    },
}

/// Most letters that are shown of a record's value.
const LONGEST: usize = 60;

/// What a file holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Definitions {
    collections: Vec<Box<RawValue>>,
}

impl Schema {
    pub(super) fn run(self, common: &Common) -> Result<(), Failure> {
        match self {
            Self::Export => {
                let all = operator::run(common, "schema export", ExportSchema {})?;
                print(&format!("{:#}", json!({ "collections": all })));
            }
            Self::Plan { file, json } => {
                let collections = read(&file)?;
                let plan = operator::run(common, "schema plan", PlanSchema { collections })?;
                print(&if json {
                    format!("{plan:#}")
                } else {
                    told(&plan)
                });
            }
            Self::Apply {
                file,
                allow_destructive,
            } => {
                let collections = read(&file)?;
                let task = ApplySchema {
                    collections,
                    allow_destructive,
                };
                print(&told(&operator::run(common, "schema apply", task)?));
            }
        }
        Ok(())
    }
}

fn read(file: &PathBuf) -> Result<Vec<Box<RawValue>>, Failure> {
    let fault = |error: String| Failure::Other(format!("{}: {error}", file.display()));
    let text = fs::read_to_string(file).map_err(|error| fault(error.to_string()))?;
    let found: Definitions =
        serde_json::from_str(&text).map_err(|error| fault(error.to_string()))?;
    Ok(found.collections)
}

/// A plan in lines.
fn told(plan: &Json) -> String {
    let list = |key: &str, head: &str| {
        let items = plan.get(key).and_then(Json::as_array);
        let items = items.into_iter().flatten().map(move |item| {
            let of = |key: &str| item.get(key).and_then(Json::as_str).unwrap_or_default();
            // A step names its collection itself.
            let name = if key == "steps" { "" } else { of("collection") };
            let gap = if name.is_empty() { "" } else { ": " };
            let line = visible(&format!("{head:9} {name}{gap}{}", of("message")));
            [vec![line], samples(item)].concat().join("\n")
        });
        items.collect::<Vec<_>>()
    };
    let mut lines = list("steps", "");
    if lines.is_empty() {
        return "Nothing to change: the definitions are as the file says".to_owned();
    }
    lines.extend(list("losses", "LOST"));
    lines.extend(list("obstacles", "IN THE WAY"));
    let still = plan.get("writesStandStillMs").and_then(Json::as_u64);
    lines.push(format!(
        "Writes stand still for about {} ms",
        still.unwrap_or_default()
    ));
    lines.join("\n")
}

/// Some of the records that a plan speaks of, a line for each.
fn samples(item: &Json) -> Vec<String> {
    let samples = item.get("samples").and_then(Json::as_array);
    let line = |sample: &Json| {
        let id = sample.get("id").and_then(Json::as_str).unwrap_or_default();
        let value = sample.get("value").filter(|value| !value.is_null());
        let value = value.map_or_else(String::new, |value| {
            let value = value.to_string();
            let start: String = value.chars().take(LONGEST).collect();
            format!(": {start}{}", if start == value { "" } else { " ..." })
        });
        visible(&format!("{:11} {id}{value}", ""))
    };
    samples.into_iter().flatten().map(line).collect()
}
