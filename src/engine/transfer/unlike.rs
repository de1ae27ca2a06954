//! Which unique values a file has twice. They are kept in a file of its own that nobody else sees,
//! because there may be more of them than memory should hold.

use std::{fs, path::Path};

use rusqlite::{Connection, params};

use crate::{
    base::{Error, Issue, IssueCode, Result},
    db::Value,
    engine::Draft,
    schema::{Collection, Field},
};

/// As little as it can do with: what is lost with a crash is of no use behind it.
const PREPARE: &str = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; \
    PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -2000; \
    CREATE TABLE seen (field TEXT, value, line INTEGER, PRIMARY KEY (field, value)) WITHOUT ROWID; \
    BEGIN";

const INSERT: &str = "INSERT OR IGNORE INTO seen (field, value, line) VALUES (?, ?, ?)";

const LINE: &str = "SELECT line FROM seen WHERE field = ? AND value = ?";

/// The unique values of the rows so far.
pub struct Unlike(Connection);

impl Unlike {
    /// None yet. Its file is made at `path`, and gone from the directory when this returns.
    ///
    /// # Errors
    /// `DATABASE_ERROR` if the file cannot be made.
    pub fn open(path: &Path) -> Result<Self> {
        let conn = Connection::open(path)?;
        conn.execute_batch(PREPARE)?;
        fs::remove_file(path).map_err(Error::database)?;
        Ok(Self(conn))
    }

    /// Takes the values of a row, and tells those that a row before it has.
    ///
    /// # Errors
    /// `DATABASE_ERROR` if the file cannot be written.
    pub fn take(
        &self,
        collection: &Collection,
        draft: &Draft<'_>,
        line: u64,
    ) -> Result<Vec<Issue>> {
        let id = Value::from(draft.id.as_str());
        let id = collection
            .field("id")
            .filter(|_| draft.id_was_sent)
            .map(|field| (field, &id));
        let values = draft.values.iter().map(|(field, value)| (*field, value));
        let values = values.filter(|(field, value)| field.unique && !value.is_null());
        let mut issues = Vec::new();
        for (field, value) in id.into_iter().chain(values) {
            issues.extend(self.take_one(field, value, line)?);
        }
        Ok(issues)
    }

    fn take_one(&self, field: &Field, value: &Value, line: u64) -> Result<Option<Issue>> {
        let value = match value {
            Value::Text(text) if field.ignores_case() => text.to_ascii_lowercase().into(),
            value => value.clone(),
        };
        let line = i64::try_from(line).unwrap_or(i64::MAX);
        let mut insert = self.0.prepare_cached(INSERT)?;
        if insert.execute(params![field.column, value, line])? > 0 {
            return Ok(None);
        }
        let mut find = self.0.prepare_cached(LINE)?;
        let first: i64 = find.query_row(params![field.column, value], |row| row.get(0))?;
        let words = format!("Stands on line {first}, too");
        Ok(Some(
            field.issue(IssueCode::Taken, words).with("first", first),
        ))
    }
}
