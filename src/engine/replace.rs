//! Replacing a record: what is not sent goes back to what it is in a new record.

use super::input::{Assignment, Patch, read_version, unknown, whole};
use crate::{
    base::{Error, Result, json::Object},
    schema::Collection,
};

impl<'a> Patch<'a> {
    /// Reads a body that is the whole record. A field that is not in it takes its default, else
    /// null. Nothing is added or merged to what is there.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` or `MISSING_FIELD` with every fault.
    pub fn replacing(collection: &'a Collection, object: &Object<'_>) -> Result<Self> {
        let mut issues = unknown(collection, object, &["version"]);
        let version = read_version(collection, object, &mut issues);
        let values = whole(collection, object, &mut issues);
        if !issues.is_empty() {
            return Err(Error::validation(issues));
        }
        let set = |(field, value)| (field, Assignment::Set(value));
        let fields = collection.fields.iter();
        Ok(Self {
            unsent: fields
                .filter(|field| object.get(&field.name).is_none())
                .collect(),
            fields: values.into_iter().map(set).collect(),
            hidden: Vec::new(),
            version,
        })
    }
}
