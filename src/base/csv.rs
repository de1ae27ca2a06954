//! CSV as RFC 4180 has it, read byte by byte and strictly: what is not closed, or goes on behind its
//! quotes, is a fault and never half a row.
//!
//! Unlike the readers that there are, it tells an empty cell from one that is quoted and empty: the
//! one is null, the other an empty text.

/// A cell of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Its bytes, without quotes around them.
    pub bytes: Vec<u8>,
    /// Whether it stood in quotes.
    pub is_quoted: bool,
}

/// A row, or why it is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its cells, at least one.
    pub cells: Vec<Cell>,
    /// What is wrong with it, in words.
    pub fault: Option<&'static str>,
}

/// Takes bytes one after another, and gives rows.
#[derive(Debug)]
pub struct Reader {
    state: State,
    row: Row,
    cell: Cell,
    /// Bytes of the row so far.
    length: usize,
    /// Most bytes of a row.
    most: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing of the cell was read.
    Begin,
    /// In a cell without quotes.
    Plain,
    /// Between quotes.
    Quoted,
    /// Behind a quote that closes, unless another follows.
    Closing,
    /// Behind a carriage return.
    Return,
}

/// The fault of a row with more bytes than are taken.
pub const TOO_LONG: &str = "Is longer than a record may be";

impl Reader {
    /// Of rows of at most `most` bytes. What is beyond is read past, and not kept in memory.
    pub fn new(most: usize) -> Self {
        Self {
            state: State::Begin,
            row: empty(),
            cell: Cell::default(),
            length: 0,
            most,
        }
    }

    /// Takes the next byte; a row, if it ends one.
    pub fn take(&mut self, byte: u8) -> Option<Row> {
        match (self.state, byte) {
            (State::Begin, b'"') => {
                self.cell.is_quoted = true;
                self.state = State::Quoted;
            }
            (State::Begin | State::Plain | State::Closing, b',') => self.end_cell(),
            (State::Return, b'\n') | (State::Begin | State::Plain | State::Closing, b'\n') => {
                return Some(self.end_row());
            }
            (State::Begin | State::Plain | State::Closing, b'\r') => self.state = State::Return,
            (State::Return, _) => self.fault("A carriage return stands alone"),
            (State::Plain, b'"') => self.fault("A quote stands in a cell that is not quoted"),
            (State::Begin | State::Plain, byte) => {
                self.keep(byte);
                self.state = State::Plain;
            }
            (State::Quoted, b'"') => self.state = State::Closing,
            (State::Quoted, byte) => self.keep(byte),
            (State::Closing, b'"') => {
                self.keep(b'"');
                self.state = State::Quoted;
            }
            (State::Closing, _) => self.fault("Something stands behind a closing quote"),
        }
        None
    }

    /// Ends the reading; a row, if the last one ended without a line break.
    pub fn end(&mut self) -> Option<Row> {
        match self.state {
            State::Begin if self.row.cells.is_empty() => return None,
            State::Quoted => self.fault("A quote is not closed"),
            State::Return => self.fault("A carriage return stands alone"),
            State::Begin | State::Plain | State::Closing => {}
        }
        Some(self.end_row())
    }

    fn keep(&mut self, byte: u8) {
        self.length += 1;
        match self.length > self.most {
            true => self.note(TOO_LONG),
            false => self.cell.bytes.push(byte),
        }
    }

    /// The first fault is told; behind it, the row is read on as if nothing were quoted.
    fn fault(&mut self, words: &'static str) {
        self.note(words);
        self.state = State::Plain;
    }

    fn note(&mut self, words: &'static str) {
        self.row.fault.get_or_insert(words);
    }

    fn end_cell(&mut self) {
        // Each comma counts, so that a row of nothing else is bounded, too.
        self.length += 1;
        let cell = std::mem::take(&mut self.cell);
        match self.length > self.most {
            true => self.note(TOO_LONG),
            false => self.row.cells.push(cell),
        }
        self.state = State::Begin;
    }

    fn end_row(&mut self) -> Row {
        let cell = std::mem::take(&mut self.cell);
        self.row.cells.push(cell);
        self.length = 0;
        self.state = State::Begin;
        std::mem::replace(&mut self.row, empty())
    }
}

fn empty() -> Row {
    Row {
        cells: Vec::new(),
        fault: None,
    }
}

/// Writes a text at the end of `out`, quoted where it has to be. An empty one is quoted.
pub fn write(text: &[u8], out: &mut Vec<u8>) {
    let is_special = |byte: &u8| matches!(byte, b',' | b'"' | b'\r' | b'\n');
    if !text.is_empty() && !text.iter().any(is_special) {
        out.extend_from_slice(text);
        return;
    }
    out.push(b'"');
    for byte in text {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

/// Every row of `text`.
pub fn rows(text: &[u8], most: usize) -> Vec<Row> {
    let mut reader = Reader::new(most);
    let mut rows: Vec<Row> = text.iter().filter_map(|byte| reader.take(*byte)).collect();
    rows.extend(reader.end());
    rows
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::{Cell, Row, TOO_LONG, rows, write};

    /// Cells as they are read, quoted ones in angle brackets.
    fn read(text: &str) -> Vec<Vec<String>> {
        let rows = rows(text.as_bytes(), 1_000).into_iter();
        let cells = rows.map(|row| {
            assert_eq!(row.fault, None, "{text:?}");
            row.cells.iter().map(shown).collect()
        });
        cells.collect()
    }

    fn shown(cell: &Cell) -> String {
        let text = String::from_utf8(cell.bytes.clone()).unwrap();
        match cell.is_quoted {
            true => format!("<{text}>"),
            false => text,
        }
    }

    fn fault(text: &str) -> Option<&'static str> {
        rows(text.as_bytes(), 10).iter().find_map(|row| row.fault)
    }

    #[test]
    fn rows_are_read_as_rfc_4180_has_them() {
        assert_eq!(read("a,b\r\n1,2\r\n"), [["a", "b"], ["1", "2"]]);
        assert_eq!(read("a,b\n1,2"), [["a", "b"], ["1", "2"]]);
        assert_eq!(read("a,\"b\r\n,\"\"c\"\"\"\n"), [["a", "<b\r\n,\"c\">"]]);
        assert_eq!(read(",\"\",\n"), [["", "<>", ""]]);
        assert_eq!(read("\n"), [[""]]);
        assert_eq!(read(" a , b"), [[" a ", " b"]]);
        assert!(read("").is_empty());
    }

    #[test]
    fn what_is_no_row_is_a_fault_and_the_next_row_is_read() {
        for (text, words) in [
            ("a\"b\n", "A quote stands in a cell that is not quoted"),
            ("\"a\"b\n", "Something stands behind a closing quote"),
            ("\"a", "A quote is not closed"),
            ("a\rb\n", "A carriage return stands alone"),
            ("a\r", "A carriage return stands alone"),
            ("12345678901\n", TOO_LONG),
            (",,,,,,,,,,,\n", TOO_LONG),
        ] {
            assert_eq!(fault(text), Some(words), "{text:?}");
        }
        let after = rows(b"a\"b\nc,d\n", 10);
        assert_eq!(after.get(1).map(|row| row.cells.len()), Some(2));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(table in vec(vec(any::<String>(), 1..5), 0..5)) {
            let mut text = Vec::new();
            for row in &table {
                for (i, cell) in row.iter().enumerate() {
                    if i > 0 {
                        text.push(b',');
                    }
                    write(cell.as_bytes(), &mut text);
                }
                text.extend_from_slice(b"\r\n");
            }
            let read: Vec<Vec<String>> = rows(&text, usize::MAX).into_iter().map(|row: Row| {
                let cells = row.cells.into_iter();
                cells.map(|cell| String::from_utf8(cell.bytes).unwrap()).collect()
            }).collect();
            prop_assert_eq!(read, table);
        }

        #[test]
        fn no_bytes_are_too_much_for_it(bytes in vec(any::<u8>(), 0..200), most in 0_usize..50) {
            for row in rows(&bytes, most) {
                let kept: usize = row.cells.iter().map(|cell| cell.bytes.len()).sum();
                prop_assert!(!row.cells.is_empty() && kept <= most);
            }
        }
    }
}
