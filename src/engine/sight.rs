//! What of a record its reader sees: which fields are left out of an answer.

use crate::{
    access::RowFilter,
    db::{Sql, Value},
    rules::{Names, Verdict},
    schema::Collection,
};

/// What is left out of a record, by columns of its row that say so.
#[derive(Clone, Debug, Default)]
pub struct Mask {
    /// Where in the row stands whether the record is seen at all.
    record: Option<Shown>,
    /// Fields that may be left out, by their place among the collection's columns.
    fields: Vec<(usize, Shown)>,
}

/// Whether something is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Never,
    /// Where the column at this place is 1.
    If(usize),
}

impl Mask {
    /// Leaves everything out but what names the record.
    pub fn nothing() -> Self {
        Self {
            record: Some(Shown::Never),
            fields: Vec::new(),
        }
    }

    /// Adds to a SELECT of a collection's columns what says which of them `rows` lets its holder
    /// read; `place` is how many columns stand there already.
    pub fn push(
        sql: &mut Sql,
        collection: &Collection,
        rows: &RowFilter,
        now: &Value,
        mut place: usize,
    ) -> Self {
        let names = Names::table(&collection.name);
        let mut mask = Self::default();
        if rows.is_all() {
            return mask;
        }
        for (i, field) in collection.columns().enumerate() {
            let verdict = rows.reading(&field.column, &names, now);
            if let Some(shown) = push(sql, verdict, &mut place) {
                mask.fields.push((i, shown));
            }
        }
        mask
    }

    /// Adds whether the record may be seen at all, too: for answers to what was done to it.
    pub fn push_all(sql: &mut Sql, collection: &Collection, rows: &RowFilter, now: &Value) -> Self {
        let mut place = collection.columns().count();
        let verdict = rows.sight(&Names::table(&collection.name), now);
        let record = push(sql, verdict, &mut place);
        Self {
            record,
            ..Self::push(sql, collection, rows, now, place)
        }
    }

    /// True if the field at a place is shown, in a row of which `bit` says which columns are 1.
    pub fn shows(&self, place: usize, bit: impl Fn(usize) -> bool) -> bool {
        let found = self.fields.iter().find(|(field, _)| *field == place);
        found.is_none_or(|(_, shown)| shown.holds(bit))
    }

    /// True if the field at a place is shown of no record.
    pub fn never_shows(&self, place: usize) -> bool {
        self.fields.contains(&(place, Shown::Never))
    }

    /// True if the record is shown.
    pub fn shows_record(&self, bit: impl Fn(usize) -> bool) -> bool {
        self.record.is_none_or(|shown| shown.holds(bit))
    }
}

impl Shown {
    fn holds(self, bit: impl Fn(usize) -> bool) -> bool {
        match self {
            Self::Never => false,
            Self::If(place) => bit(place),
        }
    }
}

/// Nothing, where it is always shown.
fn push(sql: &mut Sql, verdict: Verdict, place: &mut usize) -> Option<Shown> {
    match verdict {
        Verdict::Always => None,
        Verdict::Never => Some(Shown::Never),
        Verdict::When(condition) => {
            sql.push(", (").append(condition).push(")");
            let shown = Shown::If(*place);
            *place += 1;
            Some(shown)
        }
    }
}
