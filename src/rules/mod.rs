//! One language for access rules and filters: a subset of CEL that is parsed, checked against the
//! definitions, and compiled to SQL with parameters.
//!
//! Pure: text goes in, conditions and SQL come out. `parse` knows the grammar, `check` what names
//! mean and which types fit, `compile` how it is asked of SQLite; `book` keeps the rules of every
//! collection.

pub mod book;
pub mod check;
mod compile;
mod condition;
mod explain;
mod fault;
mod parse;
mod syntax;
#[cfg(test)]
mod tests;
mod token;
mod walk;

pub use book::{Book, Rule, Rules};
pub use check::{FieldTest, Purpose, check, on_field};
pub use compile::{Asker, Names, Verdict, Walk, fails, holds};
pub use condition::{Checked, Condition, Needs, Test};
pub use explain::{Part, parts};
pub use fault::{Fault, Span};
pub use parse::{MAX_DEPTH, MAX_LENGTH, MAX_NODES, parse};
pub use syntax::{Comparator, Expr, Node};
