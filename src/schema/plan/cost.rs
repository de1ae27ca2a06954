//! How long writes stand still while a table is changed: an estimate, by the number of records.
//!
//! The figures are microseconds for one record of some hundred bytes on a small machine with a
//! flash disk; whoever has a faster one waits less.

use super::{Change, table};

/// Writing a record into another table.
const REBUILD: u64 = 12;
/// Entering a record into an index.
const INDEX: u64 = 5;
/// Entering the texts of a record into an index of theirs.
const TEXTS: u64 = 40;
/// Writing a record without one of its columns.
const DROP_COLUMN: u64 = 5;
/// Looking whether a record meets a check.
const CHECK: u64 = 1;

impl Change {
    /// Microseconds for each version of a record that is kept, where a column or the collection is
    /// called otherwise or goes.
    pub const COST_OF_VERSION: u64 = 12;

    /// Microseconds for each record.
    pub fn cost(&self) -> u64 {
        let Some((old, new)) = self.both() else {
            return 0;
        };
        let (before, after) = (table::indexes(old), table::indexes(new));
        let texts = TEXTS * count(self.texts(old, new).filled);
        if self.rebuilds() {
            return REBUILD + INDEX * count(after.len()) + texts;
        }
        let indexes = count(self.altered_indexes(&after, &before).len());
        let dropped = count(self.dropped().len());
        let kept = self.kept().map(|(was, field)| {
            let (had, has) = (table::checks(old, was), table::checks(new, field));
            let not_null = usize::from(field.required && !was.required);
            count(table::missing(&has, &had).count() + not_null)
        });
        let added = self
            .added()
            .map(|field| count(table::checks(new, field).len()));
        texts + INDEX * indexes + DROP_COLUMN * dropped + CHECK * kept.chain(added).sum::<u64>()
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
