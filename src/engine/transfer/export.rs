//! A list as a file, read piece by piece: no piece holds a connection or a snapshot while it is
//! sent, so that a slow reader keeps neither the pool nor the WAL from anything.

use std::sync::Arc;

use rusqlite::types::ValueRef;

use super::Format;
use crate::{
    access::RowFilter,
    base::{Error, Issue, IssueCode, Result, csv, json},
    db::Value,
    engine::{
        Engine, ListQuery, Trashed, list,
        page::Plan,
        record::{self, Form},
        selection,
    },
    rules::Names,
    schema::{Collection, Field},
};

/// Most records of one piece.
const RECORDS: u64 = 1_000;

/// The bytes after which a piece ends. The last record of it may go beyond.
const BYTES: usize = 128 << 10;

/// Parameters of a list that say which part of it is asked for: an export has all of it.
const OF_PAGES: [&str; 7] = [
    "page", "pageSize", "limit", "per_page", "cursor", "count", "expand",
];

/// What is to be exported: the parameters of a list, without those of its pages.
pub struct Export<'a> {
    /// Of whose records.
    pub collection: &'a Arc<Collection>,
    /// Those that may be listed, and what may be seen of them.
    pub rows: &'a RowFilter,
    /// The form of the file.
    pub format: Format,
    /// The parameters.
    pub parameters: &'a [(String, String)],
}

/// Some of an export.
#[derive(Debug, Default)]
pub struct Piece {
    /// As it stands in the file.
    pub bytes: Vec<u8>,
    /// The position behind which the next piece begins; none at the end.
    pub next: Option<Vec<Value>>,
}

impl Export<'_> {
    /// Reads the parameters against the definitions of this moment.
    ///
    /// # Errors
    /// `INVALID_INPUT` with every parameter that is unknown or not of its field.
    fn query<'a>(&'a self, definitions: &'a crate::engine::Definitions) -> Result<ListQuery<'a>> {
        let of_page = self.parameters.iter().map(|(name, _)| name.as_str());
        let of_page: Vec<Issue> = of_page
            .filter(|name| OF_PAGES.contains(name))
            .map(|name| Issue::new(name, IssueCode::Unsupported, "Is not taken by an export"))
            .collect();
        if !of_page.is_empty() {
            return Err(Error::unreadable(of_page));
        }
        let is_sort = |(name, _): &(String, String)| matches!(name.as_str(), "sort" | "sortBy");
        // The oldest first, so that what is imported finds what it points at.
        let default = [("sort", "createdAt")];
        let is_sorted = self.parameters.iter().any(is_sort);
        let default = default.into_iter().filter(|_| !is_sorted);
        let sent = self.parameters.iter();
        let sent = sent.map(|(name, value)| (name.as_str(), value.as_str()));
        let all = sent.chain(default);
        let mut query = ListQuery::parse(definitions, self.collection, self.rows, all)?;
        query.cursor = Some(String::new());
        query.is_counted = false;
        query.page.size = RECORDS;
        Ok(query)
    }
}

impl Engine {
    /// Whether an export is of deleted records, too, for which its caller needs a right of its own.
    ///
    /// # Errors
    /// `INVALID_INPUT` with every parameter that is unknown or not of its field.
    pub fn exports_deleted(&self, export: &Export<'_>) -> Result<bool> {
        let definitions = self.catalog.now();
        Ok(export.query(&definitions)?.trashed != Trashed::Without)
    }

    /// Reads the piece `behind` a position, or the first.
    ///
    /// # Errors
    /// `INVALID_INPUT` as for a list; `CONFLICT` if the definition has changed since the first
    /// piece; those of the database.
    pub async fn export(&self, export: &Export<'_>, behind: Option<&[Value]>) -> Result<Piece> {
        let collection = export.collection;
        if !self.is_current(collection) {
            let message = "The collection was changed while it was exported";
            return Err(Error::new(crate::base::Code::Conflict, message));
        }
        let definitions = self.catalog.now();
        let query = export.query(&definitions)?;
        let (names, now) = (Names::table(&collection.name), self.now());
        let writer = Writer {
            collection: Arc::clone(collection),
            format: export.format,
        };
        let is_first = behind.is_none();
        let Some(all) = list::conditions(&names, export.rows, &query, &now) else {
            let plan = list::page_of(
                collection,
                export.rows,
                &query,
                &list::nothing(),
                None,
                &now,
            );
            let mut bytes = Vec::new();
            writer.begin(plan.form(), &mut bytes);
            return Ok(Piece { bytes, next: None });
        };
        let walked = list::walked(collection, export.rows, &query, &now);
        let conditions = walked.unwrap_or(all);
        let plan = list::page_of(collection, export.rows, &query, &conditions, behind, &now);
        let read = move |conn: &rusqlite::Connection| writer.piece(&plan, conn, is_first);
        self.db.read(read).await
    }
}

/// Writes records as they stand in a file.
struct Writer {
    collection: Arc<Collection>,
    format: Format,
}

impl Writer {
    fn piece(&self, plan: &Plan, conn: &rusqlite::Connection, is_first: bool) -> Result<Piece> {
        let mut piece = Piece::default();
        if is_first {
            self.begin(plan.form(), &mut piece.bytes);
        }
        let bytes = &mut piece.bytes;
        piece.next = plan.each(conn, |form, row| {
            self.record(form, row, bytes)?;
            Ok(bytes.len() < BYTES)
        })?;
        Ok(piece)
    }

    /// The columns of the file with their places in a row: those that were asked for, without those
    /// that the caller may see of no record.
    fn columns<'a>(&'a self, form: &'a Form) -> impl Iterator<Item = (usize, &'a Field)> {
        let columns = selection::columns(&self.collection, form.has_deleted).enumerate();
        columns.filter(|(place, _)| form.fields.has(*place) && !form.mask.never_shows(*place))
    }

    fn begin(&self, form: &Form, out: &mut Vec<u8>) {
        if self.format == Format::Ndjson {
            return;
        }
        for (i, (_, field)) in self.columns(form).enumerate() {
            if i > 0 {
                out.push(b',');
            }
            csv::write(field.name.as_bytes(), out);
        }
        out.extend_from_slice(b"\r\n");
    }

    fn record(&self, form: &Form, row: &rusqlite::Row<'_>, out: &mut Vec<u8>) -> Result<()> {
        match self.format {
            Format::Ndjson => {
                record::write(&self.collection, form, row, out)?;
                out.push(b'\n');
            }
            Format::Csv => self.cells(form, row, out)?,
        }
        Ok(())
    }

    fn cells(&self, form: &Form, row: &rusqlite::Row<'_>, out: &mut Vec<u8>) -> Result<()> {
        let bit = |place: usize| matches!(row.get_ref(place), Ok(ValueRef::Integer(1)));
        for (i, (place, field)) in self.columns(form).enumerate() {
            if i > 0 {
                out.push(b',');
            }
            if form.mask.shows(place, bit) {
                cell(field, row.get_ref(place)?, out);
            }
        }
        out.extend_from_slice(b"\r\n");
        Ok(())
    }
}

/// Nothing for null; a text as it is; anything else as its JSON.
fn cell(field: &Field, value: ValueRef<'_>, out: &mut Vec<u8>) {
    if value == ValueRef::Null {
        return;
    }
    let mut written = Vec::new();
    field.write(value, &mut written);
    let raw = std::str::from_utf8(&written).ok();
    let raw = raw.and_then(|raw| serde_json::from_str(raw).ok());
    let text = raw.filter(|_| !field.is_json());
    match text.and_then(json::text) {
        Some(text) => csv::write(text.as_bytes(), out),
        None => csv::write(&written, out),
    }
}
