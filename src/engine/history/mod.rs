//! Records as they were: the versions that `events` has kept of them, as far as they may be seen.
//!
//! A version is shown where the record may be seen as it is and as it then was; a field of it,
//! where it may be read of both. Nothing else of a version is told, not even that it was there.

mod lists;
#[cfg(test)]
mod tests;
mod version;
mod was;

use std::sync::Arc;

pub use version::{Restored, wanted as wanted_version};
use version::{Shown, write_entry};
use was::{Was, Which};

use super::{
    Engine, List, Record,
    record::{self, Form},
    select,
};
use crate::{
    access::RowFilter,
    base::{
        Code, Error, Id, Instant, Result,
        page::{Page, Paging},
    },
    schema::Collection,
};

impl Engine {
    /// A page of the versions of a record, the newest first, each with what changed since the one
    /// before that may be seen.
    ///
    /// # Errors
    /// `NOT_FOUND` if the record is absent, deleted or out of sight, or its collection keeps no
    /// history; those of the database.
    pub async fn history(
        &self,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        id: &str,
        page: Page,
    ) -> Result<List> {
        let was = self.was(collection, rows, id)?;
        let read = move |conn: &rusqlite::Connection| {
            was.check_record(conn)?;
            let total = was.count(conn)?;
            // One more, to tell what changed in the last of them.
            let size = page.size.saturating_add(1);
            let versions = was.read(conn, &Which::All, size, page.offset())?;
            let shown = usize::try_from(page.size).unwrap_or(usize::MAX);
            let mut items = vec![b'['];
            for (i, version) in versions.iter().take(shown).enumerate() {
                if i > 0 {
                    items.push(b',');
                }
                write_entry(&was.collection, version, versions.get(i + 1), &mut items);
            }
            items.push(b']');
            let paging = Paging::counted(page, total);
            Ok(List {
                items,
                snippets: None,
                paging,
            })
        };
        self.db.read(read).await
    }

    /// A record as it was at an instant.
    ///
    /// # Errors
    /// `NOT_FOUND` if it was not there or not in sight then, is not there or not in sight now, or
    /// nothing was kept of that time; those of the database.
    pub async fn load_at(
        &self,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        id: &str,
        at: Instant,
    ) -> Result<Record> {
        let was = self.was(collection, rows, id)?;
        let (select, mask) = select::select(collection, rows, id, &self.now());
        let form = Form {
            mask,
            ..Form::default()
        };
        let read = move |conn: &rusqlite::Connection| {
            was.check_record(conn)?;
            if was.is_unchanged_since(conn, at)? {
                let mut query = conn.prepare_cached(select.text())?;
                let mut rows = query.query(rusqlite::params_from_iter(select.args()))?;
                let row = rows.next()?.ok_or_else(Error::not_found)?;
                return record::read(&was.collection, &form, row);
            }
            let found = was.read(conn, &Which::At(at), 1, 0)?.pop();
            let found = found.filter(|version| version.deleted_at.is_none());
            let version = found.ok_or_else(Error::not_found)?;
            Ok(version.record(&was.collection, &was.id))
        };
        self.db.read_by_key(read).await
    }

    /// What a version of a record had in those fields that are there still, and may be read.
    ///
    /// # Errors
    /// `NOT_FOUND` as for [`Self::history`]; `UNPROCESSABLE` if there is no such version, or it is
    /// out of sight; those of the database.
    pub async fn restored(
        &self,
        collection: &Arc<Collection>,
        rows: &RowFilter,
        id: &str,
        version: i64,
    ) -> Result<Restored> {
        let was = self.was(collection, rows, id)?;
        let read = move |conn: &rusqlite::Connection| {
            was.check_record(conn)?;
            let found = was.read(conn, &Which::Version(version), 1, 0)?.pop();
            let found: Shown = found.ok_or_else(|| {
                let message = format!("There is no version {version} of this record");
                Error::new(Code::Unprocessable, message)
            })?;
            Ok(found.restored(&was.collection))
        };
        self.db.read_by_key(read).await
    }

    fn was(&self, collection: &Arc<Collection>, rows: &RowFilter, id: &str) -> Result<Was> {
        if !collection.history {
            let message = "The collection keeps no history";
            return Err(Error::new(Code::NotFound, message));
        }
        Id::parse(id).ok_or_else(Error::not_found)?;
        Ok(Was {
            collection: Arc::clone(collection),
            rows: rows.clone(),
            id: id.to_owned(),
            now: self.now(),
        })
    }
}
