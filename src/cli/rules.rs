//! `stead rules test FILE`.

use std::{fs, path::PathBuf};

use clap::Subcommand;
use serde::Deserialize;
use serde_json::Value as Json;

use super::{Common, Failure, operator, print, visible};
use crate::{
    app::rule_tests::{self, TestRules, Tried},
    features::rules::Answer,
};

/// How many cases are asked at once, so that question and answer stay within their bounds.
const AT_ONCE: usize = 50;

/// Try rules out. Works beside a running server and without one, and changes nothing
#[derive(Debug, Subcommand)]
pub(super) enum Rules {
    /// Check that rules say what a file expects of them
    Test {
        /// The cases, as TOML, or as JSON if the name ends with .json
        file: PathBuf,
    },
}

/// What a file holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

/// One thing that is expected.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What it is called; by default what it asks.
    name: Option<String>,
    collection: String,
    rule: String,
    /// An address, or `guest`.
    #[serde(rename = "as")]
    by: String,
    record: Json,
    expected: bool,
}

impl Rules {
    pub(super) fn run(self, common: &Common) -> Result<(), Failure> {
        let Self::Test { file } = self;
        let cases = read(&file)?;
        let mut failed = 0;
        for some in cases.chunks(AT_ONCE) {
            let task = TestRules {
                cases: some.iter().map(Case::question).collect(),
            };
            let tried = operator::run(common, "rules test", task)?;
            for (case, tried) in some.iter().zip(&tried) {
                print(&case.told(tried));
                failed += usize::from(!case.is_met(tried));
            }
        }
        match failed {
            0 => Ok(()),
            failed => Err(Failure::Other(format!(
                "{failed} of {} cases failed",
                cases.len()
            ))),
        }
    }
}

fn read(file: &PathBuf) -> Result<Vec<Case>, Failure> {
    let fault = |error: String| Failure::Other(format!("{}: {error}", file.display()));
    let text = fs::read_to_string(file).map_err(|error| fault(error.to_string()))?;
    let is_json = file
        .extension()
        .is_some_and(|extension| extension == "json");
    let cases: Cases = if is_json {
        serde_json::from_str(&text).map_err(|error| fault(error.to_string()))?
    } else {
        toml::from_str(&text).map_err(|error| fault(error.to_string()))?
    };
    Ok(cases.case)
}

impl Case {
    fn question(&self) -> rule_tests::Case {
        rule_tests::Case {
            collection: self.collection.clone(),
            rule: self.rule.clone(),
            by: (self.by != "guest").then(|| self.by.clone()),
            record: self.record.clone(),
        }
    }

    fn is_met(&self, tried: &Tried) -> bool {
        matches!(tried, Tried::Said(answer) if answer.allowed == self.expected)
    }

    /// A line, and below it, where it is not as expected, what says why.
    fn told(&self, tried: &Tried) -> String {
        let name = match &self.name {
            Some(name) => visible(name),
            None => visible(&format!(
                "{}: {}, as {}",
                self.collection, self.rule, self.by
            )),
        };
        if self.is_met(tried) {
            return format!("ok      {name}");
        }
        let why = match tried {
            Tried::Said(answer) => self.parts(answer),
            Tried::Refused(words) => format!("\n        {}", visible(words)),
        };
        format!("FAILED  {name}{why}")
    }

    fn parts(&self, answer: &Answer) -> String {
        let word = |allowed| if allowed { "allowed" } else { "refused" };
        let (expected, found) = (word(self.expected), word(answer.allowed));
        let (collection, record) = (&self.collection, self.record.to_string());
        let head = visible(&format!(
            "expected to be {expected}, but is {found}: {collection} {record} as {}",
            self.by
        ));
        let parts = answer.parts.iter().map(|part| {
            let value = part.value.map_or("unknown", |value| match value {
                true => "true",
                false => "false",
            });
            format!("\n        {value:7}  {}", visible(&part.expression))
        });
        format!("\n        {head}{}", parts.collect::<String>())
    }
}
