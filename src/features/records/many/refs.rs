//! `"$o.id"` in a body: the id of the record of an earlier operation.
//!
//! Only relations are read so. Whatever a text field is sent stays what it is, or somebody's words
//! could turn into an id.

use serde_json::value::{RawValue, to_raw_value};

use super::target::Names;
use crate::{
    base::{
        Error, Issue, IssueCode, Result,
        json::{self, Object},
    },
    schema::Collection,
};

/// The relations of a body that name records of earlier operations, with the ids in their place.
///
/// # Errors
/// `VALIDATION_ERROR` for names that no earlier operation has.
pub fn resolved(
    collection: &Collection,
    object: &Object<'_>,
    names: &Names,
) -> Result<Vec<(String, Box<RawValue>)>> {
    let (mut found, mut issues) = (Vec::new(), Vec::new());
    for field in &collection.fields {
        let Some(sent) = object
            .get(&field.name)
            .filter(|_| field.collection().is_some())
        else {
            continue;
        };
        match value(sent, names) {
            Ok(Some(value)) => found.push((field.name.clone(), value)),
            Ok(None) => {}
            Err(message) => {
                issues.push(Issue::new(&field.name, IssueCode::NoSuchRecord, message));
            }
        }
    }
    match issues.is_empty() {
        true => Ok(found),
        false => Err(Error::validation(issues)),
    }
}

/// The value with ids in the place of names; none where it has no names.
fn value(sent: &RawValue, names: &Names) -> Result<Option<Box<RawValue>>, String> {
    if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(sent.get()) {
        let found: Vec<_> = items
            .iter()
            .map(|item| one(item, names))
            .collect::<Result<_, _>>()?;
        if found.iter().all(Option::is_none) {
            return Ok(None);
        }
        let items = items.into_iter().zip(&found);
        let items: Vec<&RawValue> = items
            .map(|(item, found)| found.as_deref().unwrap_or(item))
            .collect();
        return Ok(to_raw_value(&items).ok());
    }
    one(sent, names)
}

fn one(sent: &RawValue, names: &Names) -> Result<Option<Box<RawValue>>, String> {
    let text = json::text(sent);
    let name = text
        .as_deref()
        .and_then(|text| text.strip_prefix('$')?.strip_suffix(".id"));
    let Some(name) = name else {
        return Ok(None);
    };
    match names.find(name) {
        Some(id) => Ok(to_raw_value(id).ok()),
        None => Err(format!("No operation before has the ref {name}")),
    }
}
