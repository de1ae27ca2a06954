//! The file: how it is opened, read, written and migrated.

mod literal;
mod sql;
mod value;

pub use sql::Sql;
pub use value::Value;
