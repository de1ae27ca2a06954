//! `stead db shell`.

use std::{
    io::{self, BufRead, ErrorKind, IsTerminal, Write},
    path::Path,
};

use clap::Args;
use rusqlite::Connection;

use super::table::Printer;
use crate::{
    app::StartError,
    cli::{Failure, print},
    db::shell::{Mode, Output, ShellError, is_complete, open_shell, run},
};

const HELP: &str = "\
Type SQL, and end each statement with a semicolon; it may go over several lines.
  .tables [PART]   the tables, or those with PART in their names
  .schema [TABLE]  the SQL that made all tables, or this one with its indexes
  .help            this
  .quit            the end, as is Ctrl-D";

/// Open a shell for SQL on the database
///
/// Reads only, unless --write is given. Works beside a running server and without one. Reads
/// statements from stdin, line by line; on a terminal answers are tables, elsewhere the values of
/// each row on a line, separated by `|`. Where stdin is no terminal, the first statement that
/// fails ends it with 1.
///
/// Changes made here have no events, are in no audit log, and no rule or limit of the API holds.
#[derive(Args, Debug)]
pub(in crate::cli) struct Shell {
    /// SQL to run in place of stdin
    sql: Option<String>,
    /// Let statements change the database
    #[arg(long)]
    write: bool,
    /// Each row as one JSON object on a line
    #[arg(long)]
    json: bool,
}

struct Session {
    conn: Connection,
    printer: Printer,
}

/// What a line of input led to.
enum Next {
    GoOn,
    Quit,
}

/// Why it did not go on.
enum Fault {
    /// What was typed is wrong, in words.
    Input(String),
    /// stdin or stdout.
    Stream(io::Error),
}

impl Shell {
    pub(super) fn run(self, dir: &Path) -> Result<(), Failure> {
        let mode = if self.write { Mode::Write } else { Mode::Read };
        let mut session = Session {
            conn: open_shell(dir, mode).map_err(StartError::Open)?,
            printer: Printer::new(self.json),
        };
        let outcome = match &self.sql {
            Some(sql) => session.input(sql),
            None if io::stdin().is_terminal() => session.converse(mode),
            None => session.piped(),
        };
        // Whoever reads the output, such as `head`, has seen enough.
        match outcome {
            Err(Fault::Stream(error)) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            Err(Fault::Stream(error)) => {
                let words = format!("stdin or stdout failed: {error}");
                return Err(Failure::Other(words));
            }
            Err(Fault::Input(words)) => return Err(Failure::Other(words)),
            Ok(_) => {}
        }
        if session.conn.is_autocommit() {
            return Ok(());
        }
        let words = "a transaction was still open at the end, and was taken back";
        Err(Failure::Other(words.to_owned()))
    }
}

impl Session {
    /// With somebody at a terminal: faults are told, and it goes on.
    fn converse(&mut self, mode: Mode) -> Result<Next, Fault> {
        let may = match mode {
            Mode::Read => "reading only; --write lets statements change it",
            Mode::Write => "statements may change it",
        };
        print(&format!(
            "SQLite {}, {may}. .help helps.",
            rusqlite::version()
        ));
        self.lines(true)
    }

    fn piped(&mut self) -> Result<Next, Fault> {
        self.lines(false)
    }

    fn lines(&mut self, with_somebody: bool) -> Result<Next, Fault> {
        let mut text = String::new();
        let mut input = io::stdin().lock();
        loop {
            if with_somebody {
                prompt(if text.is_empty() {
                    "stead> "
                } else {
                    "  ...> "
                });
            }
            let mut line = String::new();
            let is_end = input.read_line(&mut line)? == 0;
            let is_command = text.is_empty() && line.trim_start().starts_with('.');
            text += &line;
            if !(is_end || is_command || is_complete(&text)) {
                continue;
            }
            let whole = std::mem::take(&mut text);
            match self.input(&whole) {
                Ok(Next::GoOn) => {}
                Err(Fault::Input(words)) if with_somebody => tell(&words),
                other => return other,
            }
            if is_end {
                return Ok(Next::Quit);
            }
        }
    }

    /// Runs a dot command or statements.
    fn input(&mut self, text: &str) -> Result<Next, Fault> {
        let text = text.trim();
        if !text.starts_with('.') {
            let outcome = run(&self.conn, text, &mut self.printer);
            // Rows before a fault are shown before it is told.
            self.printer.end()?;
            return Ok(outcome.map(|()| Next::GoOn)?);
        }
        let mut words = text.trim_end_matches(';').split_whitespace();
        let (command, name) = (words.next().unwrap_or_default(), words.next());
        match command {
            ".quit" | ".exit" => return Ok(Next::Quit),
            ".help" => print(HELP),
            ".tables" => self.texts(
                "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')
                 AND instr(name, coalesce(?, '')) ORDER BY name",
                name,
            )?,
            ".schema" => self.texts(
                "SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL
                 AND coalesce(tbl_name = ?1, 1) ORDER BY tbl_name, type = 'table' DESC, name",
                name,
            )?,
            other => {
                let words = format!("there is no command {other}; .help lists them");
                return Err(Fault::Input(words));
            }
        }
        Ok(Next::GoOn)
    }

    fn texts(&self, sql: &str, name: Option<&str>) -> Result<(), Fault> {
        let mut query = self.conn.prepare(sql)?;
        let rows = query.query_map([name], |row| row.get::<_, String>(0))?;
        let mut stdout = io::stdout().lock();
        for text in rows {
            writeln!(stdout, "{}", text?)?;
        }
        Ok(())
    }
}

fn prompt(text: &str) {
    let mut stdout = io::stdout().lock();
    // Without a terminal to show it on, nobody misses it.
    let _ = write!(stdout, "{text}").and_then(|()| stdout.flush());
}

fn tell(words: &str) {
    let _ = writeln!(io::stderr(), "stead: {words}");
}

impl From<ShellError> for Fault {
    fn from(error: ShellError) -> Self {
        match error {
            ShellError::Sql(error) => error.into(),
            ShellError::Output(error) => Self::Stream(error),
        }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Input(error.to_string())
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Stream(error)
    }
}
