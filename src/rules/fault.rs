//! What is wrong with an expression, and where.

use std::{fmt, ops::Range};

/// A part of an expression, in bytes of its text.
pub type Span = Range<usize>;

/// A fault of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands.
    pub span: Span,
    /// The line, from 1.
    pub line: usize,
    /// The character of that line, from 1.
    pub column: usize,
    /// What is wrong, and what was expected.
    pub message: String,
}

impl Fault {
    /// A fault of the part `span` of `source`.
    pub fn new(source: &str, span: &Span, message: impl Into<String>) -> Self {
        let before = source.get(..span.start).unwrap_or(source);
        let line = before.rsplit('\n').next().unwrap_or(before);
        Self {
            span: span.clone(),
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
            message: message.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, .. } = self;
        write!(f, "line {line}, column {column}: {}", self.message)
    }
}
