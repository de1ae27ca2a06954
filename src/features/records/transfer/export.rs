//! `GET /api/v1/{collection}/export`.

use std::sync::Arc;

use crate::{
    access::{Action, Caller, RowFilter, permit},
    base::Result,
    db::Value,
    engine::{Engine, Export, Format},
    features::records::Records,
    schema::Collection,
    web::Query,
};

/// An export that is under way: it holds what was asked for, and where it stands.
pub struct Exporting {
    engine: Engine,
    collection: Arc<Collection>,
    rows: RowFilter,
    format: Format,
    parameters: Vec<(String, String)>,
    /// None before the first piece.
    behind: Option<Vec<Value>>,
    is_done: bool,
}

impl Records {
    /// Begins an export of what the caller may list, and reads its first piece.
    ///
    /// # Errors
    /// Those of a list; `INVALID_INPUT` for what is about pages.
    pub async fn export(
        &self,
        caller: &Caller,
        path: &str,
        mut query: Query,
    ) -> Result<(Exporting, Vec<u8>)> {
        let (collection, rows) = self.decide(caller, path, Action::List)?;
        let format = Format::named(query.take("format").as_deref())?;
        let parameters = query.iter();
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let mut exporting = Exporting {
            engine: self.engine.clone(),
            collection,
            rows,
            format,
            parameters: parameters.map(owned).collect(),
            behind: None,
            is_done: false,
        };
        if self.engine.exports_deleted(&exporting.asked())? {
            permit(caller, &exporting.collection.name, Action::Restore)?;
        }
        let first = exporting.next().await?.unwrap_or_default();
        Ok((exporting, first))
    }
}

impl Exporting {
    /// The next piece of the file; none at its end.
    ///
    /// # Errors
    /// `CONFLICT` if the definition has changed; those of the database.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        if self.is_done {
            return Ok(None);
        }
        let asked = self.asked();
        let piece = self.engine.export(&asked, self.behind.as_deref()).await?;
        self.is_done = piece.next.is_none();
        self.behind = piece.next;
        Ok(Some(piece.bytes))
    }

    /// The form of the file.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The path of the collection, which names the file.
    pub fn file_stem(&self) -> &str {
        &self.collection.path
    }

    fn asked(&self) -> Export<'_> {
        Export {
            collection: &self.collection,
            rows: &self.rows,
            format: self.format,
            parameters: &self.parameters,
        }
    }
}
