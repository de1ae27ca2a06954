//! How rows are shown: as a table to somebody at a terminal, else for programs.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use rusqlite::types::Value;
use serde_json::Value as Json;

use crate::{base::secret::hex, cli::visible, db::shell::Output};

/// Rows that are laid out together; longer answers go on below with widths of their own.
const PAGE: usize = 200;

/// Most characters of a value in a table: one long text must not push all others off the screen.
const WIDEST: usize = 100;

#[derive(Clone, Copy)]
enum Style {
    Table,
    Plain,
    Json,
}

/// Prints what statements give.
pub(super) struct Printer<W = BufWriter<Stdout>> {
    style: Style,
    out: W,
    names: Vec<String>,
    page: Vec<Vec<String>>,
}

impl Printer {
    /// To stdout: as JSON, as a table on a terminal, or plainly.
    pub fn new(json: bool) -> Self {
        let style = match (json, io::stdout().is_terminal()) {
            (true, _) => Style::Json,
            (false, true) => Style::Table,
            (false, false) => Style::Plain,
        };
        Self::over(style, BufWriter::new(io::stdout()))
    }
}

impl<W: Write> Printer<W> {
    fn over(style: Style, out: W) -> Self {
        Self {
            style,
            out,
            names: Vec::new(),
            page: Vec::new(),
        }
    }

    fn lay_out(&mut self) -> io::Result<()> {
        let page = std::mem::take(&mut self.page);
        let width = |i: usize| {
            let cells = page.iter().filter_map(|row| row.get(i));
            let widths = cells
                .chain(self.names.get(i))
                .map(|cell| cell.chars().count());
            widths.max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.names.len()).map(width).collect();
        line(&mut self.out, &widths, &self.names)?;
        let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
        line(&mut self.out, &widths, &rules)?;
        for row in &page {
            line(&mut self.out, &widths, row)?;
        }
        Ok(())
    }
}

impl<W: Write> Output for Printer<W> {
    fn columns(&mut self, names: &[String]) -> io::Result<()> {
        self.names = match self.style {
            Style::Table => names.iter().map(|name| visible(name)).collect(),
            Style::Plain | Style::Json => names.to_vec(),
        };
        Ok(())
    }

    fn row(&mut self, values: Vec<Value>) -> io::Result<()> {
        match self.style {
            Style::Plain => {
                let cells: Vec<String> = values.iter().map(plain).collect();
                writeln!(self.out, "{}", cells.join("|"))
            }
            Style::Json => {
                let members = self.names.iter().zip(&values);
                let members = members
                    .map(|(name, value)| format!("{}:{}", Json::from(name.as_str()), json(value)));
                let members: Vec<String> = members.collect();
                writeln!(self.out, "{{{}}}", members.join(","))
            }
            Style::Table => {
                let cells = values.iter().map(|value| shortened(&plain(value)));
                self.page.push(cells.collect());
                if self.page.len() == PAGE {
                    self.lay_out()?;
                }
                Ok(())
            }
        }
    }

    fn end(&mut self) -> io::Result<()> {
        if matches!(self.style, Style::Table) && !self.page.is_empty() {
            self.lay_out()?;
        }
        self.out.flush()
    }
}

fn line(out: &mut impl Write, widths: &[usize], cells: &[String]) -> io::Result<()> {
    let cells = cells.iter().zip(widths);
    let cells: Vec<String> = cells
        .map(|(cell, width)| format!("{cell:width$}"))
        .collect();
    writeln!(out, "{}", cells.join("  ").trim_end())
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number_text(*number),
        Value::Text(text) => text.clone(),
        Value::Blob(bytes) => format!("x'{}'", hex(bytes)),
    }
}

fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Integer(number) => (*number).into(),
        // JSON has no infinities: they become null.
        Value::Real(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
        Value::Blob(bytes) => hex(bytes).into(),
    }
}

/// With a point, as SQLite writes it, so that it is seen not to be an integer.
fn number_text(number: f64) -> String {
    format!("{number:?}")
}

fn shortened(text: &str) -> String {
    let text = visible(text);
    match text.char_indices().nth(WIDEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::types::Value;

    use super::{Output, Printer, Style, WIDEST};

    fn printed(style: Style, rows: Vec<Vec<Value>>) -> String {
        let mut printer = Printer::over(style, Vec::new());
        printer
            .columns(&["id".to_owned(), "what".to_owned()])
            .unwrap();
        for row in rows {
            printer.row(row).unwrap();
        }
        printer.end().unwrap();
        String::from_utf8(printer.out).unwrap()
    }

    fn rows() -> Vec<Vec<Value>> {
        vec![
            vec![Value::Integer(10), Value::Text("é\u{1b}[2J\n".to_owned())],
            vec![Value::Null, Value::Real(2.0)],
            vec![Value::Integer(i64::MAX), Value::Blob(vec![0, 255])],
        ]
    }

    #[test]
    fn a_table_is_aligned_and_nothing_stored_reaches_the_terminal_as_a_command() {
        let expected = "\
id                   what
-------------------  ------------
10                   é\\u{1b}[2J\\n
                     2.0
9223372036854775807  x'00ff'
";
        assert_eq!(printed(Style::Table, rows()), expected);
        let long = vec![vec![Value::Null, Value::Text("a".repeat(WIDEST + 1))]];
        assert!(printed(Style::Table, long).contains(&format!(" {}…\n", "a".repeat(WIDEST))));
        assert_eq!(printed(Style::Table, Vec::new()), "");
    }

    #[test]
    fn for_programs_values_stay_as_they_are() {
        let plain = printed(Style::Plain, rows());
        assert_eq!(
            plain,
            "10|é\u{1b}[2J\n\n|2.0\n9223372036854775807|x'00ff'\n"
        );
        let json = printed(Style::Json, rows());
        let last = json.lines().last().unwrap();
        assert_eq!(last, r#"{"id":9223372036854775807,"what":"00ff"}"#);
    }
}
