//! What schemas and operations are called: by the `singular` of their collection.

use std::collections::BTreeSet;

use crate::schema::Collection;

/// The names of one collection.
#[derive(Clone, Debug)]
pub struct Names {
    /// Of its schema and its operations on one record, `OrderItem`.
    pub record: String,
    /// Of its operations on many, `OrderItems`.
    pub records: String,
}

/// What stands behind the name of a record in those of its schemas.
const KINDS: &[&str] = &[
    "",
    "Part",
    "Create",
    "Update",
    "UpdateAll",
    "Replace",
    "Upsert",
    "Seen",
];

impl Names {
    /// The names of a collection, whose schemas are called like none of `taken`. Only a collection
    /// such as `system_roles`, or one with the singular `post_create` beside `posts`, meets a name
    /// that is taken, and gets `_` behind it.
    pub fn of(collection: &Collection, taken: &mut BTreeSet<String>) -> Self {
        let mut names = Self {
            record: pascal(&collection.singular),
            records: pascal(&collection.name),
        };
        while KINDS
            .iter()
            .any(|kind| taken.contains(&format!("{}{kind}", names.record)))
        {
            names.record.push('_');
            names.records.push('_');
        }
        taken.extend(KINDS.iter().map(|kind| format!("{}{kind}", names.record)));
        names
    }
}

/// `order_item` as `OrderItem`.
fn pascal(snake: &str) -> String {
    let mut pascal = String::with_capacity(snake.len());
    for word in snake.split('_') {
        let mut letters = word.chars();
        pascal.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        pascal.push_str(letters.as_str());
    }
    pascal
}
