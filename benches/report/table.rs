//! A table in Markdown that can be read in a terminal, too.

use std::fmt;

/// Its first column is aligned to the left, the others to the right.
pub struct Table {
    lines: Vec<Vec<String>>,
}

impl Table {
    /// An empty one under these headings.
    pub fn new(headings: &[&str]) -> Self {
        let headings = headings.iter().map(|heading| (*heading).to_owned());
        Self {
            lines: vec![headings.collect()],
        }
    }

    /// Adds a line, with as many cells as there are headings.
    pub fn line<const N: usize>(&mut self, cells: [String; N]) {
        self.lines.push(cells.into());
    }

    /// Whether it has nothing but headings.
    pub fn is_empty(&self) -> bool {
        self.lines.len() < 2
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.lines.iter().filter_map(|line| line.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
            .max(3)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, line) in self.lines.iter().enumerate() {
            for (column, cell) in line.iter().enumerate() {
                let width = self.width(column);
                match column {
                    0 => write!(f, "| {cell:<width$} |")?,
                    _ => write!(f, " {cell:>width$} |")?,
                }
            }
            writeln!(f)?;
            if number == 0 {
                self.rule(f, line.len())?;
            }
        }
        Ok(())
    }
}

impl Table {
    fn rule(&self, f: &mut fmt::Formatter<'_>, columns: usize) -> fmt::Result {
        for column in 0..columns {
            let dashes = "-".repeat(self.width(column) - 1);
            match column {
                0 => write!(f, "| {dashes}- |")?,
                _ => write!(f, " {dashes}: |")?,
            }
        }
        writeln!(f)
    }
}
