//! Collections as data: what a definition says, which values a field takes, which tables it makes.
//!
//! Pure: nothing here opens a file or knows of HTTP. `definition` reads what an operator sends,
//! `fields` holds one file per field type, `ddl` and `index` turn a collection into statements.

mod canonical;
mod clash;
mod collection;
mod ddl;
mod definition;
mod field;
pub mod fields;
mod index;
pub mod json_schema;
mod leads;
pub mod names;
mod options;
mod pattern;
pub mod plan;
mod rules;
#[expect(
    clippy::module_inception,
    reason = "the schema is the one thing that this module is named for"
)]
mod schema;
pub mod search;
#[cfg(test)]
mod tests;

pub use collection::{Collection, Deletion};
pub use field::{Check, Field};
pub use fields::{Comparable, FieldType, Floor, show_scaled};
pub use index::{Index, IndexField};
pub use leads::Leads;
pub use options::{Collation, OnDelete, Options};
pub use pattern::Pattern;
pub use rules::{Operation, RuleTexts};
pub use schema::Schema;
