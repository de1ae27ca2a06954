//! Which fields of a record an answer has: what `fields` asks for.

use std::sync::Arc;

use super::record::Record;
use crate::{
    base::{Error, Issue, IssueCode, Result, json::Object},
    schema::{Collection, Field},
};

/// Fields by their place among the columns of a collection, `deletedAt` behind them; all of them
/// where nothing was asked for. What the reader may not see is left out all the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection(Option<Vec<bool>>);

impl Selection {
    /// Reads `id,title`; the order of the names has no meaning.
    ///
    /// # Errors
    /// `UNKNOWN_FIELD` or `DUPLICATE` on `fields`.
    pub fn parse(collection: &Collection, names: &str, has_deleted: bool) -> Result<Self, Issue> {
        let fields: Vec<&Field> = columns(collection, has_deleted).collect();
        let mut chosen = vec![false; fields.len()];
        for name in names.split(',') {
            let place = fields.iter().position(|field| field.name == name);
            match place.and_then(|place| chosen.get_mut(place)) {
                None => {
                    let message = format!("There is no field {name}");
                    return Err(Issue::new("fields", IssueCode::UnknownField, message));
                }
                Some(true) => {
                    let message = format!("{name} stands twice");
                    return Err(Issue::new("fields", IssueCode::Duplicate, message));
                }
                Some(is_chosen) => *is_chosen = true,
            }
        }
        Ok(Self(Some(chosen)))
    }

    /// Reads what the parameter `fields` of a single record says, where it has one.
    ///
    /// # Errors
    /// `INVALID_INPUT` with what [`Selection::parse`] says.
    pub fn of_one(collection: &Collection, names: Option<&str>) -> Result<Self> {
        let read = |names| Self::parse(collection, names, false);
        let selection = names.map(read).transpose();
        let selection = selection.map_err(|issue| Error::unreadable(vec![issue]))?;
        Ok(selection.unwrap_or_default())
    }

    /// True if nothing is left out.
    pub fn is_all(&self) -> bool {
        self.0.is_none()
    }

    /// True if the field at a place was asked for.
    pub fn has(&self, place: usize) -> bool {
        let chosen = self.0.as_ref();
        chosen.is_none_or(|chosen| chosen.get(place) == Some(&true))
    }

    /// What of a record was asked for.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` if its JSON is none.
    pub fn of(&self, collection: &Collection, record: Arc<Record>) -> Result<Arc<Record>> {
        if self.is_all() {
            return Ok(record);
        }
        let whole = Object::parse(&record.json).map_err(Error::internal)?;
        let mut json = vec![b'{'];
        for (place, field) in collection.columns().enumerate() {
            if let Some(value) = whole.get(&field.name).filter(|_| self.has(place)) {
                super::record::push_key(&mut json, &field.name);
                json.extend_from_slice(value.get().as_bytes());
            }
        }
        json.push(b'}');
        Ok(Arc::new(Record {
            id: record.id.clone(),
            version: record.version,
            json,
        }))
    }
}

/// What the API shows of a record, in its order.
pub fn columns(collection: &Collection, has_deleted: bool) -> impl Iterator<Item = &Field> {
    let deleted_at = collection.deleted_at().filter(|_| has_deleted);
    collection.columns().chain(deleted_at)
}
