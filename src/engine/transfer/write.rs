//! Some rows of a file, in one batch with the note of which records they have made.

use std::{collections::HashSet, sync::Arc};

use super::{ImportRun, rows::is_kept};
use crate::{
    access::RowFilter,
    base::{Error, Issue, IssueCode, Result, json::Object},
    db::Value,
    engine::{Assignment, Draft, Engine, Expected, Fault, Further, Patch, Upsert},
    events::Origin,
    schema::{Collection, Field},
};

/// Where rows are written, and by what right.
pub struct Target<'a> {
    /// Into which collection.
    pub collection: &'a Arc<Collection>,
    /// What its caller may make.
    pub create: &'a RowFilter,
    /// Where rows replace records, the unique field that says which, and what its caller may
    /// change.
    pub upsert: Option<(&'a Field, &'a RowFilter)>,
    /// Who writes.
    pub origin: &'a Origin,
}

/// A row, read by the definition.
pub enum Entry<'a> {
    /// A record that is made.
    Create(Draft<'a>),
    /// One that is made or replaced.
    Upsert(Box<Upsert<'a>>),
}

/// What some rows have come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Records that were made.
    pub created: usize,
    /// Records that were replaced.
    pub updated: usize,
}

impl<'a> Target<'a> {
    /// Reads the JSON object of a row. What Stead keeps itself is left out of account.
    ///
    /// # Errors
    /// Those of a body.
    pub fn read(&self, json: &[u8]) -> Result<Entry<'a>> {
        let mut object = Object::parse(json)?;
        for field in self
            .collection
            .columns()
            .chain(self.collection.deleted_at())
        {
            if is_kept(field) {
                object.take(&field.name);
            }
        }
        let draft = Draft::read(self.collection, &object)?;
        let Some((field, _)) = self.upsert else {
            return Ok(Entry::Create(draft));
        };
        object.take("id");
        let patch = Patch::replacing(self.collection, &object)?;
        Ok(Entry::Upsert(Box::new(Upsert {
            collection: self.collection,
            field,
            value: value_of(field, &patch)?,
            draft,
            patch,
            expected: Expected::Any,
        })))
    }
}

/// Which record is meant.
fn value_of(field: &Field, patch: &Patch<'_>) -> Result<Value> {
    let mut set = patch.fields.iter();
    match set.find(|(other, _)| other.column == field.column) {
        Some((_, Assignment::Set(value))) if !value.is_null() => Ok(value.clone()),
        _ => {
            let words = "Says which record is meant, so it must be there";
            let issue = Issue::new(&field.name, IssueCode::Required, words);
            Err(Error::validation(vec![issue]))
        }
    }
}

impl Engine {
    /// Writes entries together, or none of them.
    ///
    /// # Errors
    /// Those of making and of changing a record, with the place of the entry that they are of.
    pub async fn write_entries(
        &self,
        target: &Target<'_>,
        entries: &[&Entry<'_>],
        run: &ImportRun,
    ) -> Result<Written, Fault> {
        let mut upserts: Vec<&Upsert<'_>> = Vec::new();
        let mut drafts = Vec::new();
        for entry in entries {
            match entry {
                Entry::Create(draft) => drafts.push(draft.clone()),
                Entry::Upsert(upsert) => upserts.push(upsert),
            }
        }
        if let Some((_, update)) = target.upsert {
            let rows = (target.create, update);
            let (created, updated) = self.upsert_all(&upserts, rows, target.origin).await?;
            return Ok(Written { created, updated });
        }
        let created = drafts.len();
        let further = |ids: &[String]| Further {
            first: Vec::new(),
            last: vec![run.keep(ids)],
        };
        let (collection, rows) = (target.collection, target.create);
        let made = self.create_all(collection, rows, drafts, target.origin, further);
        made.await?;
        Ok(Written {
            created,
            updated: 0,
        })
    }
}

/// How many of the first entries may be written together: the same record is not meant twice.
pub fn together(entries: &[&Entry<'_>]) -> usize {
    let mut seen = HashSet::new();
    let is_new = |entry: &&&Entry<'_>| match entry {
        Entry::Create(_) => true,
        Entry::Upsert(upsert) => seen.insert(match &upsert.value {
            Value::Text(text) if upsert.field.ignores_case() => text.to_ascii_lowercase(),
            value => format!("{value:?}"),
        }),
    };
    entries.iter().take_while(is_new).count()
}
