//! What is wrong with the rows of a file: counted all, and told up to a bound.

use serde_json::{Value as Json, json};

use crate::base::{Code, Error, Issue, IssueCode};

/// Most faults that are told. All are counted.
const TOLD: usize = 100;

/// The faults of an import so far.
#[derive(Debug, Default)]
pub struct Errors {
    told: Vec<(u64, Issue)>,
    /// Rows that are bad.
    pub failed: u64,
}

impl Errors {
    /// Adds what is wrong with the row on a line.
    pub fn add(&mut self, line: u64, error: &Error) {
        match error.issues() {
            [] => {
                let issue = Issue::new("_", IssueCode::Invalid, error.message());
                self.add_issues(line, [issue]);
            }
            issues => self.add_issues(line, issues.iter().cloned()),
        }
    }

    /// Adds the faults of the row on a line.
    pub fn add_issues(&mut self, line: u64, issues: impl IntoIterator<Item = Issue>) {
        self.failed += 1;
        let room = TOLD.saturating_sub(self.told.len());
        let issues = issues.into_iter().take(room);
        self.told.extend(issues.map(|issue| (line, issue)));
    }

    /// As an answer tells them.
    pub fn json(&self) -> Json {
        let one = |(line, issue): &(u64, Issue)| {
            json!({ "line": line, "field": issue.field, "code": issue.code.name(),
                "message": issue.message })
        };
        self.told.iter().map(one).collect()
    }

    /// The refusal of the whole file; none if no row is bad. `rows` says what has come of it.
    pub fn refusal(&self, outcome: &str) -> Option<Error> {
        let rows = match self.failed {
            0 => return None,
            1 => "1 row cannot be imported".to_owned(),
            rows => format!("{rows} rows cannot be imported"),
        };
        let issue = |(line, issue): &(u64, Issue)| {
            let field = match issue.field.as_str() {
                "_" => format!("lines[{line}]"),
                field => format!("lines[{line}].{field}"),
            };
            let issue = Issue {
                field,
                ..issue.clone()
            };
            issue.with("line", *line)
        };
        let error = Error::new(Code::ValidationError, format!("{rows}; {outcome}"));
        Some(error.with_issues(self.told.iter().map(issue).collect()))
    }
}
