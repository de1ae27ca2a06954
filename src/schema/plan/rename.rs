//! Collections that point at one that is renamed: their relations follow it.

use std::{collections::BTreeMap, sync::Arc};

use super::Change;
use crate::schema::{collection::Collection, schema::Schema};

/// The changes of all other collections that follow from renaming a table.
pub fn following(schema: &Schema, old: &str, new: &str) -> Vec<Change> {
    let tables = BTreeMap::from([(old.to_owned(), new.to_owned())]);
    let others = schema.iter().filter(|other| other.name != old);
    let follows = |other: &Arc<Collection>| {
        let followed = followed(other, old, new)?;
        let columns = BTreeMap::new();
        Some(Change::alter(
            Arc::clone(other),
            Arc::new(followed),
            columns,
            tables.clone(),
        ))
    };
    others.filter_map(follows).collect()
}

fn followed(collection: &Collection, old: &str, new: &str) -> Option<Collection> {
    let mut followed = collection.clone();
    followed.follow(old, new).then_some(followed)
}
