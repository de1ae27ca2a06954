//! SQL as people type it, on a connection of its own beside whatever else uses the file.

use std::{ffi::CString, io, path::Path};

use rusqlite::{
    Batch, Connection, OpenFlags,
    config::DbConfig,
    fallible_iterator::FallibleIterator,
    types::{Value, ValueRef},
};

use super::{DATABASE, OpenError, open};

/// Whether a shell may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// SQLite itself refuses every change.
    Read,
    /// Changes are on the disk when their statement has ended.
    Write,
}

/// Why a statement did not run to its end.
#[derive(Debug)]
pub enum ShellError {
    /// SQLite refused it.
    Sql(rusqlite::Error),
    /// Nobody takes its rows.
    Output(io::Error),
}

/// Takes what statements give.
pub trait Output {
    /// The names of the columns, before the first row of a statement.
    ///
    /// # Errors
    /// If nobody takes them.
    fn columns(&mut self, names: &[String]) -> io::Result<()>;
    /// A row.
    ///
    /// # Errors
    /// If nobody takes it.
    fn row(&mut self, values: Vec<Value>) -> io::Result<()>;
    /// The end of the statement.
    ///
    /// # Errors
    /// If nobody takes what is left.
    fn end(&mut self) -> io::Result<()>;
}

/// Opens the database in `dir` for a shell; a server may run on it meanwhile.
///
/// # Errors
/// [`OpenError::Foreign`] if it is not one of Stead's, else why SQLite cannot open it.
pub fn open_shell(dir: &Path, mode: Mode) -> Result<Connection, OpenError> {
    let path = dir.join(DATABASE);
    let access = match mode {
        Mode::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
        Mode::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    let conn = Connection::open_with_flags(&path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(std::time::Duration::from_secs(5))?;
    open::refuse_foreign(&conn, &path)?;
    open::common(&conn)?;
    if mode == Mode::Write {
        // Checkpoints are the server's: SQLite hides a sync that fails in one of its own.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        conn.execute_batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;")?;
    }
    Ok(conn)
}

/// Runs every statement of `sql`, one after the other.
///
/// # Errors
/// That of the first that fails; those before it have been done.
pub fn run(conn: &Connection, sql: &str, output: &mut dyn Output) -> Result<(), ShellError> {
    let mut statements = Batch::new(conn, sql);
    while let Some(mut statement) = statements.next()? {
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.raw_query();
        if !names.is_empty() {
            output.columns(&names)?;
        }
        // Also what gives no rows is stepped to its end this way.
        while let Some(row) = rows.next()? {
            let values = (0..names.len()).map(|i| row.get_ref(i).map(owned));
            output.row(values.collect::<Result<_, _>>()?)?;
        }
        if !names.is_empty() {
            output.end()?;
        }
    }
    Ok(())
}

/// True if `sql` ends with a whole statement, and not within a text, a comment or a trigger.
pub fn is_complete(sql: &str) -> bool {
    // With a NUL in it, which SQLite would take for its end, it is for SQLite to refuse.
    let Ok(text) = CString::new(sql) else {
        return true;
    };
    #[expect(
        unsafe_code,
        reason = "rusqlite does not offer this function of SQLite"
    )]
    // SAFETY: the text ends with a NUL and outlives the call, which keeps nothing of it.
    let answer = unsafe { rusqlite::ffi::sqlite3_complete(text.as_ptr()) };
    answer != 0
}

/// The value; what is no UTF-8 is shown as well as it can be.
fn owned(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_owned()),
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
    }
}

impl From<rusqlite::Error> for ShellError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<io::Error> for ShellError {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
