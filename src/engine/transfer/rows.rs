//! A file of records, read row by row: each becomes the JSON object of a body.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Seek},
};

use serde_json::value::RawValue;

use super::Format;
use crate::{
    base::{Error, Issue, IssueCode, Result, csv, json},
    schema::{Collection, Comparable, Field},
};

/// The mark that some programs put before UTF-8.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Most rows that are taken at once.
const ROWS: usize = 256;

/// The bytes after which no more rows are taken at once. The last one may go beyond.
const BYTES: usize = 256 << 10;

/// Most names of a header line that are told beside as many as there are fields.
const TOLD: usize = 100;

/// A row of a file.
#[derive(Debug)]
pub struct Row {
    /// The line that it begins on, from 1.
    pub line: u64,
    /// Its JSON object, or what is wrong with it.
    pub json: Result<Vec<u8>, Issue>,
}

/// The rows of a file.
pub struct Rows {
    input: BufReader<File>,
    format: Form,
    /// The line that is read.
    line: u64,
    /// Most bytes of a row.
    most: usize,
}

enum Form {
    Csv(Vec<Column>),
    Ndjson,
}

/// What the header line says of a column.
enum Column {
    /// A field that is read.
    Read { name: String, kind: Kind },
    /// One that Stead keeps itself, such as `version`, which an export has, too.
    Kept,
}

/// How the cells of a field are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// As a text that may be empty.
    Text,
    /// As a text; an empty one is null.
    Word,
    /// As a number or as true or false, written as in JSON; as a text where it is not.
    Plain,
    /// As JSON.
    Json,
}

impl Rows {
    /// Reads a file from its beginning. `most` bounds the bytes of a row.
    ///
    /// # Errors
    /// `INVALID_INPUT` for a header line that is none, with every name in it that is no field or
    /// stands twice; `INTERNAL_ERROR` if the file cannot be read.
    pub fn open(collection: &Collection, format: Format, file: File, most: usize) -> Result<Self> {
        let mut file = file;
        file.rewind().map_err(Error::internal)?;
        let mut input = BufReader::with_capacity(64 << 10, file);
        if input.fill_buf().map_err(Error::internal)?.starts_with(BOM) {
            input.consume(BOM.len());
        }
        let mut rows = Self {
            input,
            format: Form::Ndjson,
            line: 1,
            most,
        };
        if format == Format::Csv {
            let header = rows.row().map_err(Error::internal)?;
            let (_, header) = header.ok_or_else(|| {
                Error::invalid_input("_", "The first line must name the fields; there is none")
            })?;
            rows.format = Form::Csv(columns(collection, &header)?);
        }
        Ok(rows)
    }

    /// The next rows, in their order; none at the end.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` if the file cannot be read.
    pub fn take(&mut self) -> Result<Vec<Row>> {
        let (mut rows, mut bytes) = (Vec::new(), 0);
        while rows.len() < ROWS && bytes < BYTES {
            let Some(row) = self.next().map_err(Error::internal)? else {
                break;
            };
            bytes += row.json.as_ref().map_or(0, Vec::len);
            rows.push(row);
        }
        Ok(rows)
    }

    fn next(&mut self) -> io::Result<Option<Row>> {
        loop {
            let row = match &self.format {
                Form::Ndjson => self.line()?,
                Form::Csv(_) => self.row()?.map(|(line, row)| Row {
                    line,
                    json: self.object(&row),
                }),
            };
            match row {
                // A blank line is none.
                Some(row) if row.json.as_ref().is_ok_and(|json| json.is_empty()) => {}
                row => return Ok(row),
            }
        }
    }

    /// The next row of CSV, with the line that it begins on.
    fn row(&mut self) -> io::Result<Option<(u64, csv::Row)>> {
        let (begun, mut reader) = (self.line, csv::Reader::new(self.most));
        loop {
            let bytes = self.input.fill_buf()?;
            if bytes.is_empty() {
                return Ok(reader.end().map(|row| (begun, row)));
            }
            let mut taken = 0;
            let mut ended = None;
            for byte in bytes {
                taken += 1;
                self.line += u64::from(*byte == b'\n');
                ended = reader.take(*byte);
                if ended.is_some() {
                    break;
                }
            }
            self.input.consume(taken);
            if let Some(row) = ended {
                return Ok(Some((begun, row)));
            }
        }
    }

    /// The next line of NDJSON; of one that is too long, nothing is kept.
    fn line(&mut self) -> io::Result<Option<Row>> {
        let (line, mut json, mut length) = (self.line, Vec::new(), 0);
        loop {
            let bytes = self.input.fill_buf()?;
            if bytes.is_empty() && length == 0 {
                return Ok(None);
            }
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let some = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
            length += some.len() + 1;
            if length <= self.most + 1 {
                json.extend_from_slice(some);
            }
            let (read, is_last) = (some.len(), bytes.is_empty());
            self.input.consume(read + usize::from(end.is_some()));
            if end.is_none() && !is_last {
                length -= 1;
                continue;
            }
            self.line += 1;
            let json = match length > self.most + 1 {
                true => Err(too_long()),
                false => Ok(json.trim_ascii().to_vec()),
            };
            return Ok(Some(Row { line, json }));
        }
    }

    /// A row as the JSON object of a body; empty for a blank line.
    fn object(&self, row: &csv::Row) -> Result<Vec<u8>, Issue> {
        let Form::Csv(columns) = &self.format else {
            return Ok(Vec::new());
        };
        if let Some(fault) = row.fault {
            return Err(unreadable(fault));
        }
        let is_blank = |cell: &csv::Cell| cell.bytes.is_empty() && !cell.is_quoted;
        if columns.len() > 1 && matches!(&row.cells[..], [cell] if is_blank(cell)) {
            return Ok(Vec::new());
        }
        if row.cells.len() != columns.len() {
            let (has, named) = (row.cells.len(), columns.len());
            let words = format!("Has {has} cells, and the header line names {named}");
            return Err(Issue::new("_", IssueCode::InvalidFormat, words));
        }
        let mut json = vec![b'{'];
        for (column, cell) in columns.iter().zip(&row.cells) {
            if let Column::Read { name, kind } = column {
                crate::engine::record::push_key(&mut json, name);
                push(name, *kind, cell, &mut json)?;
            }
        }
        json.push(b'}');
        Ok(json)
    }
}

fn unreadable(words: &str) -> Issue {
    Issue::new("_", IssueCode::InvalidFormat, words)
}

fn too_long() -> Issue {
    Issue::new("_", IssueCode::TooLong, csv::TOO_LONG)
}

/// Adds a cell as JSON.
fn push(name: &str, kind: Kind, cell: &csv::Cell, json: &mut Vec<u8>) -> Result<(), Issue> {
    let is_text = kind == Kind::Text && cell.is_quoted;
    if cell.bytes.is_empty() && !is_text {
        json.extend_from_slice(b"null");
        return Ok(());
    }
    let text = std::str::from_utf8(&cell.bytes)
        .map_err(|_| Issue::new(name, IssueCode::InvalidFormat, "Must be valid UTF-8"))?;
    let raw: Option<&RawValue> = match kind {
        Kind::Text | Kind::Word => None,
        Kind::Plain => serde_json::from_str(text).ok().filter(is_plain),
        Kind::Json => {
            let words = "Must be JSON";
            let raw = serde_json::from_str(text);
            Some(raw.map_err(|_| Issue::new(name, IssueCode::InvalidFormat, words))?)
        }
    };
    match raw {
        Some(raw) => json.extend_from_slice(raw.get().as_bytes()),
        // Writing to memory cannot fail.
        None => drop(serde_json::to_writer(&mut *json, text)),
    }
    Ok(())
}

/// True for a number, true and false.
fn is_plain(raw: &&RawValue) -> bool {
    !raw.get().starts_with(['"', '[', '{']) && !json::is_null(raw)
}

/// What the header line says, with every name of it that is no field.
fn columns(collection: &Collection, header: &csv::Row) -> Result<Vec<Column>> {
    let (mut columns, mut issues) = (Vec::new(), Vec::new());
    let mut names: Vec<String> = Vec::new();
    if let Some(fault) = header.fault {
        return Err(Error::unreadable(vec![unreadable(fault)]));
    }
    // Each names another field, so whatever is behind as many is wrong, and need not all be told.
    let most = collection.columns().count() + 1;
    for cell in header.cells.iter().take(most + TOLD) {
        let name = String::from_utf8_lossy(&cell.bytes).into_owned();
        match collection.field(&name) {
            None => issues.push(collection.unknown_field(&name)),
            Some(_) if names.contains(&name) => {
                let words = "Stands twice in the header line";
                issues.push(Issue::new(&name, IssueCode::Duplicate, words));
            }
            Some(field) => columns.push(Column::of(field)),
        }
        names.push(name);
    }
    match issues.is_empty() {
        true => Ok(columns),
        false => Err(Error::unreadable(issues)),
    }
}

/// True for what a file may have of a record beside what can be written.
pub(super) fn is_kept(field: &Field) -> bool {
    !field.is_writable() && field.column != "id"
}

impl Column {
    fn of(field: &Field) -> Self {
        if is_kept(field) {
            return Self::Kept;
        }
        let kind = match field.compared_as() {
            _ if field.is_json() => Kind::Json,
            Comparable::Scaled(_) | Comparable::Real | Comparable::Boolean => Kind::Plain,
            Comparable::Text if field.kind.bounds_are_lengths() => Kind::Text,
            _ => Kind::Word,
        };
        let name = field.name.clone();
        Self::Read { name, kind }
    }
}
