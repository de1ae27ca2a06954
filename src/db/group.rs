//! Applying a group of batches under one commit.
//!
//! A group is first applied in the hope that none of its batches fails: then nothing has to be
//! kept to fall back to. If one does fail, the group is rolled back and applied again with a
//! savepoint around each batch, so that the one leaves no trace and the others stay. Where SQLite
//! itself has rolled back the whole transaction (disk full, out of memory), the batches are applied
//! again one by one: they are data.

use std::time::Duration;

use rusqlite::{Connection, ErrorCode, ffi};

use super::{
    batch::{Batch, Expect, Receipt, Row, Statement, WriteError},
    constraint::Constraint,
    deadline::Deadline,
    value::Value,
};
use crate::base::Instant;

/// How long one batch may run. Interrupting a write rolls the whole group back, so this only
/// guards against what should not happen.
const BATCH_TIME: Duration = Duration::from_secs(30);

/// How long a group takes in batches. What it has not come to by then is the next group's, so that
/// nobody waits long for the batches of others.
pub const GROUP_TIME: Duration = Duration::from_millis(250);

/// What became of each batch of a group, in its order. The last ones are missing if the group's
/// time was over before they were tried.
pub type Outcomes = Vec<Result<Receipt, WriteError>>;

/// Applies batches on the one connection that writes.
pub struct Applier<'a> {
    pub conn: &'a Connection,
    pub deadline: &'a Deadline,
    pub at: Instant,
    pub group_time: Duration,
}

/// Why a group as a whole came to nothing.
enum Lost {
    /// The transaction could not begin, because another program writes, say: nothing was applied,
    /// and nobody waits for that program once more for each batch.
    NotBegun(WriteError),
    /// SQLite rolled the transaction back: nothing was applied.
    RolledBack(WriteError),
    /// A batch failed where there was no savepoint to go back to: nothing was applied.
    Refused(WriteError),
    /// The commit failed in a way that leaves its outcome open.
    Unknown(String),
}

impl Applier<'_> {
    /// Applies the batches together, or one by one where that fails. With `hope` it tries without
    /// savepoints first.
    pub fn apply(&self, batches: &[&Batch], hope: bool) -> Outcomes {
        let is_alone = batches.len() == 1;
        match self.together(batches, hope || is_alone) {
            Ok(outcomes) => outcomes,
            Err(Lost::Unknown(cause)) => batches
                .iter()
                .map(|_| Err(WriteError::Unknown(cause.clone())))
                .collect(),
            Err(Lost::NotBegun(error)) => batches.iter().map(|_| Err(error.clone())).collect(),
            Err(Lost::RolledBack(error) | Lost::Refused(error)) if is_alone => vec![Err(error)],
            Err(Lost::Refused(_)) => self.apply(batches, false),
            Err(Lost::RolledBack(_)) => self.one_by_one(batches),
        }
    }

    fn one_by_one(&self, batches: &[&Batch]) -> Outcomes {
        let mut unknown = None;
        let mut apply = |batch| match &unknown {
            // After a failed sync nothing more is written.
            Some(_) => Err(WriteError::Stopped),
            None => {
                let outcome = self
                    .apply(&[batch], true)
                    .pop()
                    .unwrap_or(Err(WriteError::Stopped));
                if let Err(WriteError::Unknown(cause)) = &outcome {
                    unknown = Some(cause.clone());
                }
                outcome
            }
        };
        batches.iter().map(|batch| apply(batch)).collect()
    }

    fn together(&self, batches: &[&Batch], hope: bool) -> Result<Outcomes, Lost> {
        let at = self.at.to_string();
        self.simple("BEGIN IMMEDIATE")
            .map_err(|error| Lost::NotBegun(error.into()))?;
        let mut outcomes = Vec::with_capacity(batches.len());
        let began = std::time::Instant::now();
        for batch in batches {
            if !outcomes.is_empty() && began.elapsed() >= self.group_time {
                break;
            }
            self.deadline.set(BATCH_TIME);
            let outcome = if hope {
                self.bare(batch, &at)
            } else {
                self.guarded(batch, &at)
            };
            self.deadline.clear();
            match outcome {
                Err(error) if self.conn.is_autocommit() => return Err(Lost::RolledBack(error)),
                Err(error) if hope => {
                    self.roll_back();
                    return Err(Lost::Refused(error));
                }
                outcome => outcomes.push(outcome),
            }
        }
        self.commit()?;
        Ok(outcomes)
    }

    /// What cannot be rolled back ends with the process.
    fn roll_back(&self) {
        if !self.conn.is_autocommit() {
            let _ = self.simple("ROLLBACK");
        }
    }

    fn commit(&self) -> Result<(), Lost> {
        let Err(error) = self.simple("COMMIT") else {
            return Ok(());
        };
        self.roll_back();
        Err(if leaves_open(error.sqlite_error_code()) {
            Lost::Unknown(error.to_string())
        } else {
            Lost::RolledBack(error.into())
        })
    }

    fn bare(&self, batch: &Batch, at: &str) -> Result<Receipt, WriteError> {
        Ok(Receipt {
            rows: self.statements(batch, at)?,
            at: self.at,
        })
    }

    fn guarded(&self, batch: &Batch, at: &str) -> Result<Receipt, WriteError> {
        self.simple("SAVEPOINT batch")?;
        let outcome = self.bare(batch, at);
        if self.conn.is_autocommit() {
            return outcome;
        }
        let ended = match &outcome {
            Ok(_) => self.simple("RELEASE batch"),
            Err(_) => self
                .simple("ROLLBACK TO batch")
                .and_then(|()| self.simple("RELEASE batch")),
        };
        if let Err(error) = ended {
            // Half a batch is there: it must not be committed with the others.
            self.roll_back();
            return Err(error.into());
        }
        outcome
    }

    fn statements(&self, batch: &Batch, at: &str) -> Result<Vec<Row>, WriteError> {
        let mut kept = Vec::new();
        for (i, statement) in batch.statements().iter().enumerate() {
            let done = self.statement(statement, at, &mut kept);
            done.map_err(|error| placed(error, batch.part_of(i)))?;
        }
        Ok(kept)
    }

    fn statement(
        &self,
        statement: &Statement,
        at: &str,
        kept: &mut Vec<Row>,
    ) -> Result<(), WriteError> {
        let mut prepared = self.conn.prepare_cached(&statement.sql)?;
        for (i, value) in statement.args.iter().enumerate() {
            match value {
                Value::CommitTime => prepared.raw_bind_parameter(i + 1, at)?,
                value => prepared.raw_bind_parameter(i + 1, value)?,
            }
        }
        let columns = prepared.column_count();
        let mut rows = prepared.raw_query();
        let mut found = false;
        // To the end, also where nobody looks at the rows: a statement left half-way keeps its
        // lock, and the WAL grows without end.
        while let Some(row) = rows.next()? {
            found = true;
            if statement.keep {
                let values = (0..columns).map(|i| {
                    let value = row.get_ref(i)?;
                    Value::from_row(value).map_err(|error| WriteError::Fault(error.to_string()))
                });
                kept.push(values.collect::<Result<_, WriteError>>()?);
            }
        }
        let met = match statement.expect {
            Expect::Any => true,
            Expect::Changed(rows) => self.conn.changes() == rows,
            Expect::Exists => found,
            Expect::Absent => !found,
        };
        if met {
            Ok(())
        } else {
            Err(WriteError::Guard(statement.tag))
        }
    }

    fn simple(&self, sql: &'static str) -> rusqlite::Result<()> {
        self.conn.prepare_cached(sql)?.raw_execute().map(|_| ())
    }
}

/// Says in which part of a batch it was refused, where it has parts.
fn placed(error: WriteError, part: Option<usize>) -> WriteError {
    match (error, part) {
        (error @ (WriteError::Guard(_) | WriteError::Constraint(_)), Some(part)) => {
            WriteError::Part(part, Box::new(error))
        }
        (error, _) => error,
    }
}

/// True if a commit that failed so may be in the file all the same. Whatever fails behind the sync,
/// when the frames enter the WAL's index, leaves a commit that a start after a crash would find.
pub fn leaves_open(code: Option<ErrorCode>) -> bool {
    let refused = [
        // The last frame, which makes it a commit, was not written.
        ErrorCode::DiskFull,
        // SQLite asks before it writes.
        ErrorCode::DatabaseBusy,
        ErrorCode::ConstraintViolation,
    ];
    code.is_none_or(|code| !refused.contains(&code))
}

impl From<rusqlite::Error> for WriteError {
    fn from(error: rusqlite::Error) -> Self {
        if let Some(constraint) = Constraint::of(&error) {
            return Self::Constraint(constraint);
        }
        if is_disk_full(&error) {
            return Self::Disk;
        }
        match error.sqlite_error_code() {
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::OperationInterrupted
                | ErrorCode::OutOfMemory,
            ) => Self::Overloaded,
            _ => Self::Fault(error.to_string()),
        }
    }
}

/// True for all that SQLite says of a full disk; the latter two where it has to make the WAL or its
/// index longer.
pub fn is_disk_full(error: &rusqlite::Error) -> bool {
    let full = [
        ffi::SQLITE_FULL,
        ffi::SQLITE_IOERR_SHMSIZE,
        ffi::SQLITE_IOERR_TRUNCATE,
    ];
    let code = error.sqlite_error().map(|failure| failure.extended_code);
    code.is_some_and(|code| full.contains(&code))
}
