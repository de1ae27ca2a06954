//! The file: how it is opened, read, written and migrated.
//!
//! Everything is read through [`Db::read`] and written through [`Db::write`]. A write is data, a
//! [`Batch`]; it is on the disk when `write` returns. `docs/storage.md` gives the reasons.

mod batch;
pub mod check;
mod constraint;
mod deadline;
mod foreign;
mod generation;
mod group;
mod literal;
pub mod migrate;
mod open;
mod readers;
pub mod shell;
mod size;
mod sql;
mod start;
#[cfg(test)]
mod tests;
mod value;
mod writer;

pub use batch::{Batch, Expect, Receipt, Row, Statement, Tag, Touch, WriteError};
pub use constraint::Constraint;
pub use generation::Part;
pub use open::{DATABASE, DataDir, private_file};
pub use size::{Disk, Size};
pub use sql::Sql;
pub use start::{Db, OpenError, checkpoint, open_alone};
pub use value::Value;
pub use writer::{Commit, State, Watch};
