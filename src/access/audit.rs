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

/// How many refusals are kept for each target.
const MOST_REFUSALS: i64 = 1_000;

/// The statements that append a refusal that anybody can cause, such as `session.refused`.
///
/// Of those only the last ones for each target are kept; all those that have none, because there
/// is no such account, share one bound.
pub fn refusal(caller: &Caller, action: &'static str, target: &str) -> [Statement; 2] {
    let oldest = Statement::new(
        "DELETE FROM _audit_entries WHERE outcome = 'failure' AND action = ? AND target = ?
         AND seq <= (SELECT seq FROM _audit_entries
                     WHERE outcome = 'failure' AND action = ? AND target = ?
                     ORDER BY seq DESC LIMIT 1 OFFSET ?)",
        vec![
            action.into(),
            target.into(),
            action.into(),
            target.into(),
            MOST_REFUSALS.into(),
        ],
    );
    [entry(caller, action, target, Outcome::Failure), oldest]
}

/// The statement that appends an entry: `action` such as `session.reused`, done to `target`.
pub fn entry(caller: &Caller, action: &'static str, target: &str, outcome: Outcome) -> Statement {
    entry_by(caller.actor(), caller, action, target, outcome)
}

/// The same where the request is a guest's, but who has made it is known by its credentials.
pub fn entry_by(
    actor: String,
    caller: &Caller,
    action: &'static str,
    target: &str,
    outcome: Outcome,
) -> Statement {
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
            actor.into(),
            target.into(),
            caller.address.to_string().into(),
            (*caller.request_id).into(),
            outcome.into(),
        ],
    )
}
