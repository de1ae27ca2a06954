//! The parts of a rule, each by itself, for who wants to know which of them said no.

use super::{
    compile::{Asker, Names, Verdict, fails, holds},
    condition::{Checked, Condition, Test},
};
use crate::db::Sql;

/// A part of an expression: what stands under its `&&`, `||` and `!`. An `exists` or `all` is one
/// part with all that is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its text, as it is written.
    pub expression: String,
    /// For which records it is true.
    pub holds: Verdict,
    /// For which records it is false: neither true nor unknown.
    pub fails: Verdict,
}

impl Part {
    /// What it is for a record: 1, 0, or NULL where it is unknown.
    pub fn value(self) -> Sql {
        let mut sql = Sql::new("CASE WHEN ");
        sql.append(self.holds.into_sql()).push(" THEN 1 WHEN ");
        sql.append(self.fails.into_sql()).push(" THEN 0 END");
        sql
    }
}

/// The parts of an expression, in their order. `source` is the text that `checked` was read from.
///
/// What a rule has beside its text, as those of a book do, is a part too, written as it could be:
/// `auth.can("posts:bypass")`.
pub fn parts(source: &str, checked: &Checked, asker: &Asker<'_>, names: &Names) -> Vec<Part> {
    let mut leaves = Vec::new();
    collect(&checked.condition, &mut leaves);
    let part = |leaf: &Condition| Part {
        expression: text(source, leaf),
        holds: holds(leaf, asker, names),
        fails: fails(leaf, asker, names),
    };
    leaves.into_iter().map(part).collect()
}

fn collect<'a>(condition: &'a Condition, leaves: &mut Vec<&'a Condition>) {
    let parts: &[Condition] = match &condition.test {
        Test::And(parts) | Test::Or(parts) => parts,
        Test::Not(of) => std::slice::from_ref(of),
        _ => &[],
    };
    // One atom may have become several tests, which have no text of their own.
    let is_atom = is_written(condition) && !parts.iter().all(is_written);
    if parts.is_empty() || is_atom {
        leaves.push(condition);
        return;
    }
    for part in parts {
        collect(part, leaves);
    }
}

fn is_written(condition: &Condition) -> bool {
    !condition.span.is_empty()
}

fn text(source: &str, part: &Condition) -> String {
    match &part.test {
        Test::Can(permission) if !is_written(part) => format!("auth.can(\"{permission}\")"),
        _ => source.get(part.span.clone()).unwrap_or_default().to_owned(),
    }
}
