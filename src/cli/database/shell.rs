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
    db::shell::{Mode, ShellError, is_complete, open_shell, run},
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
            Err(ShellError::Output(error)) if error.kind() == ErrorKind::BrokenPipe => {
                return Ok(());
            }
            other => other.map_err(failure)?,
        };
        if session.conn.is_autocommit() {
            return Ok(());
        }
        let words = "a transaction was still open at the end, and was taken back";
        Err(Failure::Other(words.to_owned()))
    }
}

impl Session {
    /// With somebody at a terminal: faults are told, and it goes on.
    fn converse(&mut self, mode: Mode) -> Result<Next, ShellError> {
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

    fn piped(&mut self) -> Result<Next, ShellError> {
        self.lines(false)
    }

    fn lines(&mut self, with_somebody: bool) -> Result<Next, ShellError> {
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
                Err(ShellError::Sql(error)) if with_somebody => tell(&error),
                other => return other,
            }
            if is_end {
                return Ok(Next::Quit);
            }
        }
    }

    /// Runs a dot command or statements.
    fn input(&mut self, text: &str) -> Result<Next, ShellError> {
        let text = text.trim();
        if !text.starts_with('.') {
            run(&self.conn, text, &mut self.printer)?;
            return Ok(Next::GoOn);
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
            other => tell(&format!("there is no command {other}; .help lists them")),
        }
        Ok(Next::GoOn)
    }

    fn texts(&self, sql: &str, name: Option<&str>) -> Result<(), ShellError> {
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

fn tell(error: &dyn std::fmt::Display) {
    let _ = writeln!(io::stderr(), "stead: {error}");
}

fn failure(error: ShellError) -> Failure {
    match error {
        ShellError::Sql(error) => Failure::Other(error.to_string()),
        ShellError::Output(error) => Failure::Other(format!("stdin or stdout failed: {error}")),
    }
}
