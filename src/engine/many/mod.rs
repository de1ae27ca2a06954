//! Changing many records at once: one batch for all, which says of a refusal whose it is.
//!
//! `array` makes records of one collection; `each` does single changes one behind the other; `set`
//! changes or deletes all that fit a filter; `upsert` is one record, made or replaced.

mod array;
mod each;
mod pick;
mod set;
mod upsert;

pub use each::{Change, Operation};
pub use pick::Pick;
pub use upsert::Upsert;

use crate::{
    base::{Error, Issue, IssueCode},
    db::WriteError,
};

/// A refusal of many changes.
#[derive(Debug)]
pub struct Fault {
    /// Which of them it is of; none where it is of all.
    pub place: Option<usize>,
    /// Why.
    pub error: Error,
}

impl Fault {
    /// Of the change at a place.
    pub fn at(place: usize, error: Error) -> Self {
        let place = Some(place);
        Self { place, error }
    }

    /// The error, with its faults under `list[place]`, as a client is told it.
    pub fn under(self, list: &str) -> Error {
        let Some(place) = self.place else {
            return self.error;
        };
        let place = format!("{list}[{place}]");
        let issues = moved(&self.error, &place);
        self.error.with_issues(issues)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        let place = None;
        Self { place, error }
    }
}

/// The faults of an error under a place: `[3].title`. One without any has the place itself to
/// blame.
pub fn moved(error: &Error, place: &str) -> Vec<Issue> {
    if error.issues().is_empty() {
        return vec![Issue::new(place, IssueCode::Invalid, error.message())];
    }
    let moved = |issue: &Issue| Issue {
        field: match issue.field.as_str() {
            "_" => place.to_owned(),
            field => format!("{place}.{field}"),
        },
        ..issue.clone()
    };
    error.issues().iter().map(moved).collect()
}

/// Which of `count` changes a refusal is of, in a batch in which one part stands before them.
fn place_of(error: &WriteError, count: usize) -> Option<usize> {
    match error {
        WriteError::Part(part, _) => part.checked_sub(1).filter(|place| *place < count),
        _ => None,
    }
}
