//! Relations in place: what `expand` asks for, read in the snapshot of the records that it is put
//! into.
//!
//! `parse` reads the names, `choose` what `fields` leaves of each record, `load` reads all records
//! of a name by one statement, `place` puts them into those that asked for them, and `one` does
//! all of that for a single record. Nothing of it is kept in memory: an answer hangs on every
//! collection that it shows, and on the rules of each.

mod choose;
mod load;
mod one;
mod parse;
mod place;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use one::Shape;

use super::selection::Selection;
use crate::{access::RowFilter, base::Issue, engine::Definitions, schema::Collection};

/// The most relations from a record to one that is expanded in it.
const MAX_LEVELS: usize = 2;
/// The most names of one `expand`.
pub const MAX_NAMES: usize = 16;
/// The most records that are expanded of those that point at one. There may be more.
pub const MAX_POINTING: usize = 20;

/// What is expanded in the records of a collection.
#[derive(Debug)]
pub struct Expansion {
    branches: Vec<Branch>,
}

/// Records that are expanded in others, under one name.
#[derive(Debug)]
struct Branch {
    /// As the answer calls it.
    name: String,
    /// Whose records they are.
    collection: Arc<Collection>,
    /// Which of them the caller may see, and what of each.
    rows: RowFilter,
    way: Way,
    /// Which of their fields are told.
    fields: Selection,
    /// What is expanded in them.
    branches: Vec<Self>,
}

/// How a record leads to those that are expanded in it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    /// By the id in this column of its row.
    One(usize),
    /// By the list of ids there.
    List(usize),
    /// They point at it, by this column of theirs.
    Here(String),
}

impl Expansion {
    /// Reads `expand` and `fields`, in which `author.name` chooses within what is expanded, and
    /// says which fields of the records themselves are told. Relations are followed by the rights
    /// of the caller of `rows`.
    ///
    /// # Errors
    /// `UNKNOWN_FIELD`, `INVALID`, `DUPLICATE` or `TOO_LONG` on `expand`, and what
    /// [`Selection::parse`] says on `fields`.
    pub fn parse(
        definitions: &Definitions,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        expand: &str,
        fields: Option<&str>,
        has_deleted: bool,
    ) -> Result<(Self, Selection), Vec<Issue>> {
        let mut branches = parse::branches(definitions, collection, rows, expand)?;
        let names = fields.map(|fields| fields.split(',').collect::<Vec<_>>());
        let fields = match names {
            Some(names) => choose::fields(collection, &mut branches, &names, has_deleted),
            None => Ok(Selection::default()),
        };
        let fields = fields.map_err(|issue| vec![issue])?;
        Ok((Self { branches }, fields))
    }

    /// Where in a row the values are by which it is followed.
    pub fn places(&self) -> Vec<usize> {
        places(&self.branches)
    }
}

/// Where in a row the values are by which these lead on.
fn places(branches: &[Branch]) -> Vec<usize> {
    branches.iter().map(|branch| branch.way.place()).collect()
}

impl Way {
    /// Where in a row of a collection's columns the value is by which this leads on.
    const fn place(&self) -> usize {
        match self {
            Self::One(place) | Self::List(place) => *place,
            // The id, which stands first in every collection.
            Self::Here(_) => 0,
        }
    }
}
