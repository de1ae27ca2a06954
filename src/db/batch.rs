//! A write as data: statements, what each expects, and what has to happen after the commit.

use std::borrow::Cow;

use super::{constraint::Constraint, generation::Part, sql::Sql, value::Value};
use crate::base::{Error, Instant};

/// Names an expectation, so that its failure can be told from others: a word, and a number where
/// several have the same word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag(pub &'static str, pub usize);

impl From<&'static str> for Tag {
    fn from(word: &'static str) -> Self {
        Self(word, 0)
    }
}

/// What must be true of a statement for its batch to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Nothing.
    Any,
    /// It changes so many rows.
    Changed(u64),
    /// The query finds a row.
    Exists,
    /// The query finds no row.
    Absent,
}

/// One statement with its parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The text, with `?` for each parameter.
    pub sql: Cow<'static, str>,
    /// The parameters in their order.
    pub args: Vec<Value>,
    /// What must be true of it.
    pub expect: Expect,
    /// The name of that expectation.
    pub tag: Tag,
    /// Whether its rows come back in the receipt.
    pub keep: bool,
}

impl Statement {
    /// A statement of fixed text.
    pub fn new(sql: &'static str, args: Vec<Value>) -> Self {
        Self {
            sql: Cow::Borrowed(sql),
            args,
            expect: Expect::Any,
            tag: Tag("", 0),
            keep: false,
        }
    }

    /// Adds what must be true of it, under a name.
    #[must_use]
    pub fn expecting(mut self, expect: Expect, tag: impl Into<Tag>) -> Self {
        self.expect = expect;
        self.tag = tag.into();
        self
    }

    /// Has its rows come back in the receipt.
    #[must_use]
    pub fn kept(mut self) -> Self {
        self.keep = true;
        self
    }

    /// True for an expectation alone, which changes nothing.
    pub fn is_question(&self) -> bool {
        matches!(self.expect, Expect::Exists | Expect::Absent)
    }

    fn size(&self) -> usize {
        self.sql.len() + self.args.iter().map(Value::size).sum::<usize>()
    }
}

impl From<Sql> for Statement {
    fn from(sql: Sql) -> Self {
        let (text, args) = sql.into_parts();
        Self {
            sql: Cow::Owned(text),
            args,
            expect: Expect::Any,
            tag: Tag("", 0),
            keep: false,
        }
    }
}

/// What has to be read anew once a batch is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// The definitions of collections, and all that is kept in memory.
    Schema,
    /// What is kept of a part of the content.
    Part(Part),
    /// Nothing: nobody keeps in memory what the batch changes, an audit entry say.
    Nothing,
}

/// Statements that are applied together or not at all.
///
/// A batch that says nothing of what it touches has everything read anew.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    statements: Vec<Statement>,
    touches: Vec<Touch>,
    /// Where each part begins, of a batch that was made of parts.
    parts: Vec<usize>,
}

impl Batch {
    /// Most statements in one batch.
    pub const MAX_STATEMENTS: usize = 2_000;
    /// Most bytes of text and parameters in one batch.
    pub const MAX_BYTES: usize = 4 * 1024 * 1024;

    /// An empty batch.
    pub fn new() -> Self {
        Self::default()
    }

    /// A batch of several, one behind the other. What refuses it says in which of them.
    pub fn of_parts(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut whole = Self::default();
        let mut says_all = true;
        for part in parts {
            whole.parts.push(whole.statements.len());
            says_all &= part.statements.is_empty() || !part.touches.is_empty();
            whole.statements.extend(part.statements);
            whole.touches.extend(part.touches);
        }
        if !says_all {
            whole.touches.clear();
        }
        whole
    }

    /// The place of the part that a statement stands in, by the statement's own; none in a batch
    /// that was not made of parts.
    pub fn part_of(&self, statement: usize) -> Option<usize> {
        let begun = self.parts.partition_point(|begin| *begin <= statement);
        begun.checked_sub(1)
    }

    /// Adds a statement at the end.
    #[must_use]
    pub fn with(mut self, statement: impl Into<Statement>) -> Self {
        self.push(statement);
        self
    }

    /// Adds statements at the end.
    #[must_use]
    pub fn with_all(mut self, statements: impl IntoIterator<Item = Statement>) -> Self {
        self.statements.extend(statements);
        self
    }

    /// Adds what has to be read anew after the commit, whether or not anybody waits for it by then.
    #[must_use]
    pub fn touching(mut self, touch: Touch) -> Self {
        self.touches.push(touch);
        self
    }

    /// Adds a statement at the end.
    pub fn push(&mut self, statement: impl Into<Statement>) {
        self.statements.push(statement.into());
    }

    /// The statements in their order.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// What has to be read anew after the commit; nothing said means everything.
    pub fn touches(&self) -> &[Touch] {
        &self.touches
    }

    /// Bytes of text and parameters.
    pub fn size(&self) -> usize {
        self.statements.iter().map(Statement::size).sum()
    }

    /// True if it is more than one batch may hold.
    pub fn is_too_large(&self) -> bool {
        self.statements.len() > Self::MAX_STATEMENTS || self.size() > Self::MAX_BYTES
    }
}

/// The values of a row that a statement returned.
pub type Row = Vec<Value>;

/// What a committed batch gives back.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// Rows of the statements that were to be kept, in their order.
    pub rows: Vec<Row>,
    /// The instant that stands for [`Value::CommitTime`] in this batch.
    pub at: Instant,
}

/// Why a batch was not applied. Only [`WriteError::Unknown`] leaves that open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// An expectation was not met.
    Guard(Tag),
    /// The schema refused a value.
    Constraint(Constraint),
    /// One of both, in the part at this place of a batch that was made of parts.
    Part(usize, Box<Self>),
    /// The batch holds more than one may.
    TooLarge,
    /// The queue is full, or the writer did not get at the file in time.
    Overloaded,
    /// The disk is full.
    Disk,
    /// The server is stopping, or has stopped writing after a failed sync.
    Stopped,
    /// SQLite failed in a way that has no name here.
    Fault(String),
    /// The sync failed: the batch may or may not be on the disk.
    Unknown(String),
}

impl From<WriteError> for Error {
    /// For what the caller has no words of its own.
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Guard(tag) => Self::internal(format!("the guard {tag:?} has no words")),
            WriteError::Constraint(constraint) => Self::database(format!("{constraint:?}")),
            WriteError::Part(_, error) => Self::from(*error),
            WriteError::TooLarge => Self::new(
                crate::base::Code::Unprocessable,
                "More changes than one request may make",
            ),
            WriteError::Overloaded => Self::unavailable("Too many writes are waiting", 1),
            WriteError::Disk => Self::unavailable("The disk is full; nothing was changed", 30),
            WriteError::Stopped => Self::unavailable("Stead is stopping; nothing was changed", 5),
            WriteError::Fault(cause) => Self::database(cause),
            WriteError::Unknown(cause) => Self::new(
                crate::base::Code::DatabaseError,
                "The disk failed while the change was being written: outcome unknown",
            )
            .caused_by(cause),
        }
    }
}
