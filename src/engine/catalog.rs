//! The definitions of all collections: one [`Schema`] in memory, renewed by the writer before it
//! answers, so that a request that starts after a change of a definition sees it.

use std::sync::{Arc, PoisonError, RwLock};

use rusqlite::Connection;
use tracing::error;

use crate::{
    base::{Error, Result},
    db::{Commit, Touch, Watch},
    rules::{Book, partial},
    schema::{Collation, Collection, Field, Schema, fields},
};

/// What is defined at one moment: the collections, and what their rules mean.
#[derive(Debug, Default)]
pub struct Definitions {
    /// The collections.
    pub schema: Arc<Schema>,
    /// Their rules.
    pub book: Book,
}

impl Definitions {
    /// The collections of a schema with their rules.
    pub fn of(schema: Schema) -> Self {
        Self {
            book: Book::of_schema(&schema),
            schema: Arc::new(schema),
        }
    }
}

/// The definitions in force. Cheap to clone.
#[derive(Clone)]
pub struct Catalog {
    now: Arc<RwLock<Arc<Definitions>>>,
}

impl Catalog {
    /// Reads the definitions from the file.
    ///
    /// # Errors
    /// Those of the database; `INTERNAL_ERROR` for a definition that this version cannot read.
    pub fn load(conn: &Connection) -> Result<Self> {
        Ok(Self {
            now: Arc::new(RwLock::new(Arc::new(Definitions::of(read(conn)?)))),
        })
    }

    /// The definitions as they are now.
    pub fn now(&self) -> Arc<Definitions> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The collections as they are now.
    pub fn schema(&self) -> Arc<Schema> {
        Arc::clone(&self.now().schema)
    }

    fn renew(&self, conn: &Connection) {
        match read(conn) {
            Ok(schema) => {
                let renewed = Arc::new(Definitions::of(schema));
                *self.now.write().unwrap_or_else(PoisonError::into_inner) = renewed;
            }
            Err(error) => error!(%error, "The definitions could not be read again"),
        }
    }
}

impl Watch for Catalog {
    fn committed(&mut self, commit: &Commit<'_>) {
        if commit.touches(&Touch::Schema) {
            self.renew(commit.conn);
        }
    }

    fn foreign(&mut self, conn: &Connection) {
        self.renew(conn);
    }
}

fn read(conn: &Connection) -> Result<Schema> {
    let mut query = conn.prepare_cached(
        "SELECT r.definition, r.revision FROM _collections c
         JOIN _revisions r ON r.revision = c.revision ORDER BY c.name",
    )?;
    let mut rows = query.query([])?;
    let mut collections = Vec::new();
    while let Some(row) = rows.next()? {
        let definition: String = row.get(0)?;
        let collection = Collection::from_stored(&definition, row.get(1)?)?;
        let mut collection = with_computed(collection);
        if let Some(fault) = partial::compile(&mut collection).pop() {
            return Err(Error::internal(fault.message));
        }
        collections.push(collection);
    }
    Ok(Schema::new(collections))
}

/// What the API shows of a user beside its columns.
fn with_computed(mut collection: Collection) -> Collection {
    if collection.name != "users" {
        return collection;
    }
    for field in collection
        .fields
        .iter_mut()
        .filter(|field| field.column == "display_name")
    {
        field.options.trim = true;
    }
    // As the migration that makes the table has it: an address is one person's.
    for field in &mut collection.fields {
        if field.column == "email" {
            field.options.collation = Collation::NoCase;
        }
    }
    let verified = "(\"users\".\"email_verified_at\" IS NOT NULL)";
    let roles = "(SELECT json_group_array(role) FROM (SELECT role FROM _user_roles \
                 WHERE user_id = \"users\".\"id\" ORDER BY role))";
    collection.title_field = Some("display_name".to_owned());
    collection.with_computed(vec![
        Field::computed("verified", &fields::Boolean, verified),
        Field::computed("roles", &fields::Json, roles),
    ])
}
