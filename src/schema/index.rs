//! Indexes: those of a definition, and those that every collection has without asking.

use super::collection::Collection;

/// An index of a definition: `{"fields": ["status", "-created_at"]}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its columns, the most significant first.
    pub fields: Vec<IndexField>,
}

/// A column of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexField {
    /// The column.
    pub column: String,
    /// True if the greatest value stands first.
    pub descending: bool,
}

impl IndexField {
    fn ascending(column: &str) -> Self {
        Self {
            column: column.to_owned(),
            descending: false,
        }
    }

    /// As a definition writes it: `status` or `-created_at`.
    pub fn written(&self) -> String {
        let sign = if self.descending { "-" } else { "" };
        format!("{sign}{}", self.column)
    }
}

/// An index as it is made in the file.
#[derive(Debug)]
pub(super) struct Planned {
    pub name: String,
    pub columns: Vec<IndexField>,
    pub unique: bool,
    /// Which rows it holds.
    pub rows: Rows,
    /// The place in the definition that asks for it.
    pub origin: String,
}

/// The rows that an index holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    All,
    /// Those that are not deleted.
    Live,
    /// Those that are deleted softly.
    Deleted,
}

impl Rows {
    fn live(collection: &Collection) -> Self {
        if collection.is_soft() {
            Self::Live
        } else {
            Self::All
        }
    }
}

/// Every index of a collection, in the order in which they are made.
pub(super) fn plan(collection: &Collection) -> Vec<Planned> {
    let mut plan = vec![default_order(collection)];
    if collection.is_soft() {
        plan.push(deleted_order(collection));
    }
    for (i, field) in collection.fields.iter().enumerate() {
        if field.collection().is_some() && !field.is_many() {
            plan.push(relation(collection, &field.column, i));
        }
        if field.unique {
            plan.push(Planned {
                name: format!("{}_{}_unique", collection.name, field.column),
                columns: vec![IndexField::ascending(&field.column)],
                unique: true,
                rows: Rows::live(collection),
                origin: format!("fields[{i}].name"),
            });
        }
    }
    // One without fields is a faulty one, kept so that the others stay at their places.
    let declared = collection.indexes.iter().enumerate();
    let declared = declared.filter(|(_, index)| !index.fields.is_empty());
    plan.extend(declared.map(|(i, index)| self::declared(collection, index, i)));
    plan
}

/// Columns that some index of live records holds.
pub(super) fn columns(collection: &Collection) -> Vec<String> {
    let indexes = plan(collection).into_iter();
    let live = indexes.filter(|index| index.rows != Rows::Deleted);
    live.flat_map(|index| index.columns.into_iter().map(|field| field.column))
        .collect()
}

/// Columns of which an index has what is equal in the order in which records were made, of live
/// records.
pub(super) fn equal_in_default_order(collection: &Collection) -> Vec<String> {
    let indexes = plan(collection).into_iter();
    let leading = indexes
        .filter(|index| index.rows != Rows::Deleted)
        .flat_map(|index| {
            let columns = index.columns.iter().map(|field| field.column.as_str());
            let columns: Vec<&str> = columns.filter(|column| *column != "deleted_at").collect();
            // Both run the same way, so that the index can be read from either end.
            let tail = index
                .columns
                .last_chunk()
                .map(|[at, id]| at.descending == id.descending);
            match columns[..] {
                [ref leading @ .., "created_at", "id"] if tail == Some(true) => {
                    leading.iter().map(|column| (*column).to_owned()).collect()
                }
                _ => Vec::new(),
            }
        });
    leading.collect()
}

fn default_order(collection: &Collection) -> Planned {
    Planned {
        name: format!("{}_created_at_idx", collection.name),
        columns: ["created_at", "id"].map(IndexField::ascending).to_vec(),
        unique: false,
        rows: Rows::live(collection),
        origin: "name".to_owned(),
    }
}

/// For what was deleted before a day. It holds nothing else, so changes of live records leave it
/// alone.
fn deleted_order(collection: &Collection) -> Planned {
    Planned {
        name: format!("{}_deleted_at_idx", collection.name),
        columns: ["deleted_at", "id"].map(IndexField::ascending).to_vec(),
        unique: false,
        rows: Rows::Deleted,
        origin: "name".to_owned(),
    }
}

/// One index for three uses. Its first column alone serves the foreign key's check when a parent
/// is deleted, for which SQLite takes no partial index. So it holds every row, and `deleted_at`
/// stands second: a list of a parent's live records then reads one stretch of it, in order.
fn relation(collection: &Collection, column: &str, place: usize) -> Planned {
    let marks: &[&str] = if collection.is_soft() {
        &["deleted_at", "created_at", "id"]
    } else {
        &["created_at", "id"]
    };
    let columns = std::iter::once(column).chain(marks.iter().copied());
    Planned {
        name: format!("{}_{column}_idx", collection.name),
        columns: columns.map(IndexField::ascending).collect(),
        unique: false,
        rows: Rows::All,
        origin: format!("fields[{place}].name"),
    }
}

/// `id` stands behind the declared columns, in the direction of the last, as it does in a sort.
fn declared(collection: &Collection, index: &Index, place: usize) -> Planned {
    let words: Vec<&str> = index.fields.iter().map(|field| &*field.column).collect();
    let mut columns = index.fields.clone();
    if !words.contains(&"id") {
        columns.push(IndexField {
            column: "id".to_owned(),
            descending: columns.last().is_some_and(|last| last.descending),
        });
    }
    Planned {
        name: format!("{}_{}_idx", collection.name, words.join("_")),
        columns,
        unique: false,
        rows: Rows::live(collection),
        origin: format!("indexes[{place}]"),
    }
}
