//! Which unique values a file has twice. They are kept in a file of its own that nobody else sees,
//! because there may be more of them than memory should hold.

use std::{fs, path::Path, sync::Arc};

use rusqlite::{Connection, params};

use super::Entry;
use crate::{
    base::{Error, Issue, IssueCode, Result},
    db::Value,
    engine::Draft,
    schema::{Collection, Field},
};

/// As little as it can do with: what is lost with a crash is of no use behind it.
const PREPARE: &str = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; \
    PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -2000; \
    CREATE TABLE seen (field TEXT, value, record, line INTEGER, PRIMARY KEY (field, value)) \
    WITHOUT ROWID; CREATE INDEX seen_record ON seen (record) WHERE record IS NOT NULL; BEGIN";

/// What a row before has said of the same record holds no longer.
const FORGET: &str = "DELETE FROM seen WHERE record = ?";

const INSERT: &str = "INSERT OR IGNORE INTO seen (field, value, record, line) VALUES (?, ?, ?, ?)";

const LINE: &str = "SELECT line FROM seen WHERE field = ? AND value = ?";

/// The unique values of the rows so far.
pub struct Unlike {
    conn: Connection,
    collection: Arc<Collection>,
}

/// The unique values of a row.
pub struct SeenRow {
    line: u64,
    /// Which record it is of, where several rows may be of the same.
    record: Option<Value>,
    /// By their columns.
    values: Vec<(String, Value)>,
}

impl Entry<'_> {
    /// What [`Unlike`] is to know of the row on a line.
    pub fn seen(&self, line: u64) -> SeenRow {
        let unique = |draft: &Draft<'_>, but: Option<&Field>| {
            let values = draft.values.iter();
            let values = values.filter(|(field, value)| field.unique && !value.is_null());
            let values =
                values.filter(|(field, _)| but.is_none_or(|but| but.column != field.column));
            let values = values.map(|(field, value)| (field.column.clone(), same(field, value)));
            values.collect::<Vec<_>>()
        };
        let (record, values) = match self {
            Self::Create(draft) => {
                let mut values = unique(draft, None);
                let id = draft.id_was_sent.then(|| draft.id.as_str().into());
                values.extend(id.map(|id| ("id".to_owned(), id)));
                (None, values)
            }
            Self::Upsert(upsert) => {
                let record = same(upsert.field, &upsert.value);
                (Some(record), unique(&upsert.draft, Some(upsert.field)))
            }
        };
        SeenRow {
            line,
            record,
            values,
        }
    }
}

/// A value as it is compared.
fn same(field: &Field, value: &Value) -> Value {
    match value {
        Value::Text(text) if field.ignores_case() => text.to_ascii_lowercase().into(),
        value => value.clone(),
    }
}

impl Unlike {
    /// None yet. Its file is made at `path`, and gone from the directory when this returns.
    ///
    /// # Errors
    /// `SERVICE_UNAVAILABLE` if the file cannot be made.
    pub fn open(path: &Path, collection: Arc<Collection>) -> Result<Self> {
        // SQLite would let others read it, as long as it has its name.
        crate::db::private_file()
            .create_new(true)
            .open(path)
            .map_err(unavailable)?;
        let prepared = Connection::open(path).and_then(|conn| {
            conn.execute_batch(PREPARE)?;
            Ok(conn)
        });
        fs::remove_file(path).map_err(unavailable)?;
        let conn = prepared.map_err(unavailable)?;
        Ok(Self { conn, collection })
    }

    /// Takes the values of rows, and tells for each those that another row before it has.
    ///
    /// # Errors
    /// `SERVICE_UNAVAILABLE` if the file cannot be written.
    pub fn take(&self, rows: &[SeenRow]) -> Result<Vec<Vec<Issue>>> {
        let taken = rows.iter().map(|row| self.take_row(row));
        let taken: rusqlite::Result<_> = taken.collect();
        taken.map_err(unavailable)
    }

    fn take_row(&self, row: &SeenRow) -> rusqlite::Result<Vec<Issue>> {
        if row.record.is_some() && !row.values.is_empty() {
            self.conn.prepare_cached(FORGET)?.execute([&row.record])?;
        }
        let mut issues = Vec::new();
        for (column, value) in &row.values {
            issues.extend(self.take_one(row, column, value)?);
        }
        Ok(issues)
    }

    fn take_one(
        &self,
        row: &SeenRow,
        column: &str,
        value: &Value,
    ) -> rusqlite::Result<Option<Issue>> {
        let line = i64::try_from(row.line).unwrap_or(i64::MAX);
        let mut insert = self.conn.prepare_cached(INSERT)?;
        if insert.execute(params![column, value, row.record, line])? > 0 {
            return Ok(None);
        }
        let mut find = self.conn.prepare_cached(LINE)?;
        let first: i64 = find.query_row(params![column, value], |row| row.get(0))?;
        let words = format!("Stands on line {first}, too");
        let mut columns = self.collection.columns();
        let field = columns.find(|field| field.column == column);
        Ok(field.map(|field| field.issue(IssueCode::Taken, words).with("first", first)))
    }
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    let words = "The rows could not be compared; nothing was written";
    Error::unavailable(words, 30).caused_by(error)
}
