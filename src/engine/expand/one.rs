//! A single record with what is expanded in it.

use std::sync::Arc;

use rusqlite::{Connection, params_from_iter};

use super::Expansion;
use crate::{
    access::RowFilter,
    base::{Error, Id, Result},
    engine::{
        Engine, Parent,
        record::{self, Form, Record},
        select,
        selection::Selection,
    },
    schema::Collection,
};

/// How a record is told, as `fields` and `expand` of its address ask for it.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// What `fields` says.
    pub fields: Option<String>,
    /// What `expand` says.
    pub expand: Option<String>,
}

impl Engine {
    /// Reads a record as it is to be told, where a parent is given only one that is under it. With
    /// `expand` all of it is read in one snapshot, and nothing is taken from memory: what is kept
    /// there knows of no change of another collection.
    ///
    /// # Errors
    /// `INVALID_INPUT` for a shape that does not fit the collection; `UNPROCESSABLE` if too much
    /// is expanded; those of [`Engine::load`].
    pub async fn load_as(
        &self,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        id: &str,
        shape: &Shape,
        parent: Option<&Parent>,
    ) -> Result<Arc<Record>> {
        let fields = shape.fields.as_deref();
        let Some(expand) = &shape.expand else {
            let fields = Selection::of_one(collection, fields)?;
            let record = self.load(collection, rows, id).await?;
            if let Some(parent) = parent {
                parent.check(&record)?;
            }
            return fields.of(collection, record);
        };
        let definitions = self.catalog.now();
        let parsed = Expansion::parse(&definitions, collection, rows, expand, fields, false);
        let (expansion, fields) = parsed.map_err(Error::unreadable)?;
        let (record, places) = self.load_with(collection, rows, id, expansion).await?;
        if let Some(parent) = parent {
            parent.check(&record)?;
        }
        let record = fields.of(collection, Arc::new(record))?;
        Ok(Arc::new(joined(&record, &places)))
    }

    /// The record, and an object of what is expanded in it.
    async fn load_with(
        &self,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        id: &str,
        expansion: Expansion,
    ) -> Result<(Record, Vec<u8>)> {
        Id::parse(id).ok_or_else(Error::not_found)?;
        let now = self.now();
        let (select, mask) = select::select(collection, rows, id, &now);
        let form = Form {
            mask,
            ..Form::default()
        };
        let collection = Arc::clone(collection);
        let read = move |conn: &Connection| {
            let mut query = conn.prepare_cached(select.text())?;
            let mut rows = query.query(params_from_iter(select.args()))?;
            let row = rows.next()?.ok_or_else(Error::not_found)?;
            let record = record::read(&collection, &form, row)?;
            let found = expansion.note(&collection, &form, row)?;
            drop(rows);
            let places = expansion.fill(conn, vec![found], &now)?;
            Ok((record, places.concat()))
        };
        self.db.read_soon(read).await
    }
}

/// A record with the members of another object behind its own.
fn joined(record: &Record, places: &[u8]) -> Record {
    let mut json = record.json.clone();
    json.pop();
    let places = places.strip_prefix(b"{").unwrap_or(places);
    if json.len() > 1 && places != b"}" {
        json.push(b',');
    }
    json.extend_from_slice(places);
    Record {
        id: record.id.clone(),
        version: record.version,
        json,
    }
}
