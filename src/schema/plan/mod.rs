//! Changing a collection that has data, from one definition to another. Pure.
//!
//! A [`Change`] says what happens ([`Step`]), what has to be asked of the records before
//! ([`Question`]), and which statements do it.

mod convert;
mod cost;
mod join;
mod lists;
mod question;
mod rename;
mod step;
mod table;
#[cfg(test)]
mod tests;
mod texts;
mod unique;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

pub use question::{Question, Weight};
pub use rename::following;
pub use step::Step;
pub use table::Span;

use super::{collection::Collection, field::Field};

/// One collection before and after.
#[derive(Clone, Debug)]
pub struct Change {
    old: Option<Arc<Collection>>,
    new: Option<Arc<Collection>>,
    /// Columns that get another name: the new one, and the one that they have.
    columns: BTreeMap<String, String>,
    /// Tables that get another name: the one that they have, and the new one.
    tables: BTreeMap<String, String>,
}

impl Change {
    /// A new collection.
    pub fn create(new: Arc<Collection>) -> Self {
        Self::of(None, Some(new))
    }

    /// A collection that goes, with its records.
    pub fn drop(old: Arc<Collection>) -> Self {
        Self::of(Some(old), None)
    }

    /// A collection that gets another definition. `columns` says which columns are renamed, by
    /// their new names; `tables` which tables are, by the names that they have.
    pub fn alter(
        old: Arc<Collection>,
        new: Arc<Collection>,
        columns: BTreeMap<String, String>,
        tables: BTreeMap<String, String>,
    ) -> Self {
        Self {
            columns,
            tables,
            ..Self::of(Some(old), Some(new))
        }
    }

    fn of(old: Option<Arc<Collection>>, new: Option<Arc<Collection>>) -> Self {
        Self {
            old,
            new,
            columns: BTreeMap::new(),
            tables: BTreeMap::new(),
        }
    }

    /// The collection as it is; none for a new one.
    pub fn before(&self) -> Option<&Arc<Collection>> {
        self.old.as_ref()
    }

    /// The collection as it will be; none for one that goes.
    pub fn after(&self) -> Option<&Arc<Collection>> {
        self.new.as_ref()
    }

    /// Both, of a collection that stays.
    fn both(&self) -> Option<(&Collection, &Collection)> {
        Some((self.old.as_deref()?, self.new.as_deref()?))
    }

    /// The column that a new field's values come from; none for a field that is added.
    fn source(&self, field: &Field) -> Option<&Field> {
        let old = self.old.as_deref()?;
        let of = |column: &str| old.fields.iter().find(|field| field.column == column);
        match self.columns.get(&field.column) {
            Some(column) => of(column),
            None if self.columns.values().any(|gone| *gone == field.column) => None,
            None => of(&field.column),
        }
    }

    /// Fields that stay, before and after.
    fn kept(&self) -> impl Iterator<Item = (&Field, &Field)> {
        let fields = self.new.iter().flat_map(|new| &new.fields);
        fields.filter_map(|field| Some((self.source(field)?, field)))
    }

    /// Fields that are new.
    fn added(&self) -> impl Iterator<Item = &Field> {
        let fields = self.new.iter().flat_map(|new| &new.fields);
        fields.filter(|field| self.old.is_some() && self.source(field).is_none())
    }

    /// Fields that go.
    fn dropped(&self) -> Vec<&Field> {
        let kept: BTreeSet<&str> = self.kept().map(|(old, _)| old.column.as_str()).collect();
        let fields = self.old.iter().flat_map(|old| &old.fields);
        fields
            .filter(|field| self.new.is_some() && !kept.contains(field.column.as_str()))
            .collect()
    }

    /// Columns that stay under another name: what each is called, and what it will be.
    pub fn renamed(&self) -> Vec<(&str, &str)> {
        let names = |(old, new): (_, _)| (column(old), column(new));
        self.kept()
            .map(names)
            .filter(|(old, new)| old != new)
            .collect()
    }

    /// Columns that go.
    pub fn dropped_columns(&self) -> Vec<&str> {
        self.dropped().into_iter().map(column).collect()
    }

    /// True if columns are not there any more by the names that they have.
    pub fn leaves_names(&self) -> bool {
        !self.renamed().is_empty() || !self.dropped().is_empty()
    }

    /// True if nothing changes. A relation that follows the table that it points at is no step, but
    /// another definition.
    pub fn is_void(&self) -> bool {
        let both = self.both();
        both.is_some_and(|(old, new)| old.definition() == new.definition())
    }

    /// True if the table gets another name.
    pub fn renames(&self) -> bool {
        self.both().is_some_and(|(old, new)| old.name != new.name)
    }

    /// True if it changes what rules say, and nothing else.
    pub fn changes_rules_alone(&self) -> bool {
        let is_rule = |step: &Step| {
            let option = step.option.as_deref();
            step.kind == "changeRule" || matches!(option, Some("readRule" | "writeRule"))
        };
        let steps = self.steps();
        // A relation that follows another collection's name is no step.
        !steps.is_empty() && steps.iter().all(is_rule)
    }

    /// True if what was once kept of a record is read by the new definition as by the old one.
    pub fn keeps_images(&self) -> bool {
        let is_same =
            |(old, new): (&Field, &Field)| old.column == new.column && !self.converts(old, new);
        self.added().next().is_none() && self.kept().all(is_same)
    }

    /// The name that a table will have.
    fn table<'a>(&'a self, name: &'a str) -> &'a str {
        self.tables.get(name).map_or(name, String::as_str)
    }

    /// True if a field's values are written otherwise than they are.
    fn converts(&self, old: &Field, new: &Field) -> bool {
        let target = old.collection().map(|table| self.table(table));
        old.kind.name() != new.kind.name()
            || old.options.scale != new.options.scale
            || target != new.collection()
            || lists::reorders(old, new)
    }
}

fn column(field: &Field) -> &str {
    &field.column
}
