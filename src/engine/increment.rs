//! What is told of an increment that goes too far.

use super::input::{Assignment, Patch};
use crate::{
    base::{Error, IssueCode},
    db::Value,
};

/// SQLite says that a sum is beyond what its column can hold, and not on which side: that hangs on
/// what was added.
pub fn refusal(patch: &Patch<'_>, error: Error) -> Error {
    let is_low = |name: &str| {
        let added = patch.fields.iter().find(|(field, _)| field.name == name);
        added.is_some_and(|(_, assignment)| is_negative(assignment))
    };
    let mut issues = error.issues().to_vec();
    let mut is_other = false;
    for issue in &mut issues {
        if issue.code == IssueCode::TooLarge && is_low(&issue.field) {
            issue.code = IssueCode::TooSmall;
            issue.message = "Is beyond what the field can hold".to_owned();
            issue.params.clear();
            is_other = true;
        }
    }
    if is_other {
        error.with_issues(issues)
    } else {
        error
    }
}

fn is_negative(assignment: &Assignment) -> bool {
    match assignment {
        Assignment::Increment(Value::Integer(by)) => *by < 0,
        Assignment::Increment(Value::Real(by)) => *by < 0.0,
        _ => false,
    }
}
