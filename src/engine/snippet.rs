//! Snippets: where in the texts of a record that was found its words stand.
//!
//! The index holds no texts, so the few that are shown are searched again, in an index of their own
//! in memory, which takes for a word just what the other one does.

use std::cell::Cell;

use rusqlite::{Connection, OptionalExtension, params, types::ValueRef};

use super::{excerpt::excerpt, record::push_key, search::Search};
use crate::{base::Result, schema::Collection};

/// How many words a snippet has about.
const WORDS: usize = 24;

/// How far into a text words are looked for, in characters.
const DEPTH: usize = 100_000;

/// How many characters of all texts of a page are looked at, most. No deadline ends this.
const MOST: usize = 1_000_000;

/// Which snippets a page has.
#[derive(Debug)]
pub struct Marking {
    /// The searched fields: their names in the API, and their places in a row.
    fields: Vec<(String, usize)>,
    query: String,
}

/// The texts of one page, as they are marked.
pub struct Marker<'a> {
    marking: &'a Marking,
    conn: Connection,
    /// How many characters may still be looked at.
    left: Cell<usize>,
}

impl Marking {
    /// Those of a search; `place` says where in a row a column stands.
    pub fn of(
        search: &Search,
        collection: &Collection,
        place: impl Fn(&str) -> Option<usize>,
    ) -> Self {
        let fields = search.columns().iter().filter_map(|column| {
            let name = collection.column(column)?.name.clone();
            Some((name, place(column)?))
        });
        Self {
            fields: fields.collect(),
            query: search.marked(),
        }
    }

    /// Where in a row the texts stand.
    pub fn places(&self) -> impl Iterator<Item = usize> {
        self.fields.iter().map(|(_, place)| *place)
    }

    /// Begins a page.
    ///
    /// # Errors
    /// Those of the database.
    pub fn marker(&self) -> Result<Marker<'_>> {
        let conn = Connection::open_in_memory()?;
        // As words are told apart in the index itself. All in one transaction, so that nothing of
        // it is sorted into its place before it is looked at.
        conn.execute_batch(
            "BEGIN; CREATE VIRTUAL TABLE texts \
             USING fts5(text, tokenize='unicode61 remove_diacritics 2')",
        )?;
        Ok(Marker {
            marking: self,
            conn,
            left: Cell::new(MOST),
        })
    }
}

impl Marker<'_> {
    /// Adds the snippets of a row to a JSON array, as an object with a member for each field that
    /// has a word.
    ///
    /// # Errors
    /// Those of the database.
    pub fn write(&self, row: &rusqlite::Row<'_>, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(if out.ends_with(b"[") { b"{" } else { b",{" });
        for (name, place) in &self.marking.fields {
            let ValueRef::Text(text) = row.get_ref(*place)? else {
                continue;
            };
            let text = String::from_utf8_lossy(text);
            if let Some(snippet) = self.snippet(self.beginning(&text))? {
                push_key(out, name);
                let json = serde_json::Value::from(snippet).to_string();
                out.extend_from_slice(json.as_bytes());
            }
        }
        out.push(b'}');
        Ok(())
    }

    /// As much of a text as is looked at.
    fn beginning<'t>(&self, text: &'t str) -> &'t str {
        let left = self.left.get();
        let end = text.char_indices().nth(DEPTH.min(left)).map(|(end, _)| end);
        let text = end.and_then(|end| text.get(..end)).unwrap_or(text);
        self.left.set(left.saturating_sub(text.chars().count()));
        text
    }

    /// What stands around the words in a text; none if it has none of them.
    fn snippet(&self, text: &str) -> Result<Option<String>> {
        let Some([open, close]) = unused(text) else {
            return Ok(None);
        };
        let mut put = self
            .conn
            .prepare_cached("REPLACE INTO texts (rowid, text) VALUES (1, ?)")?;
        put.execute([text])?;
        // The index can cut snippets, too, but compares each place with each other for it: where
        // the words stand some thousand times in a text, that takes seconds.
        let mut look = self
            .conn
            .prepare_cached("SELECT highlight(texts, 0, ?, ?) FROM texts WHERE texts MATCH ?")?;
        let (from, to) = (open.to_string(), close.to_string());
        let query = &self.marking.query;
        let found: Option<String> = look
            .query_row(params![from, to, query], |row| row.get(0))
            .optional()?;
        Ok(found.map(|found| excerpt(&found, [open, close], WORDS)))
    }
}

/// Two characters that a text does not have. They are for private use, of which there are 6,400.
fn unused(text: &str) -> Option<[char; 2]> {
    let mut free = ('\u{e000}'..='\u{f8ff}').filter(|letter| !text.contains(*letter));
    Some([free.next()?, free.next()?])
}
