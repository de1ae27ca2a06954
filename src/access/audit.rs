//! The audit log: what was done to accounts, sessions and collections, and what was refused.

use super::caller::Caller;
use crate::db::{Statement, Value};

/// Whether what is logged was done or refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Success,
    /// It was refused.
    Failure,
}

/// The statement that appends an entry: `action` such as `session.reused`, done to `target`.
pub fn entry(caller: &Caller, action: &'static str, target: &str, outcome: Outcome) -> Statement {
    let outcome = match outcome {
        Outcome::Success => "success",
        Outcome::Failure => "failure",
    };
    Statement::new(
        "INSERT INTO _audit_entries (at, action, actor, target, address, request_id, outcome)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
        vec![
            Value::CommitTime,
            action.into(),
            caller.actor().into(),
            target.into(),
            caller.address.to_string().into(),
            (*caller.request_id).into(),
            outcome.into(),
        ],
    )
}
