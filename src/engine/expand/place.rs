//! Records with others in them, as JSON.

use std::collections::HashSet;

use rusqlite::{Connection, types::ValueRef};

use super::{
    Branch, Expansion, MAX_POINTING, Way,
    load::{self, Loaded},
};
use crate::{
    base::{Code, Error, Result},
    db::Value,
    engine::record::{self, Form},
    schema::Collection,
};

/// The most bytes that may be read and written for what one answer expands.
const MAX_BYTES: usize = 16 << 20;

/// A record of a row, in which something is still to be put.
#[derive(Debug)]
pub struct Found {
    /// Its JSON without the closing brace.
    json: Vec<u8>,
    /// What it leads to, for each name in turn; none where its reader may not know.
    ids: Vec<Option<Vec<String>>>,
}

/// How many bytes may still be read and written.
#[derive(Debug)]
pub(super) struct Room(usize);

impl Room {
    pub fn take(&mut self, bytes: usize) -> Result<()> {
        let left = self.0.checked_sub(bytes);
        self.0 = left.ok_or_else(|| {
            let message = "What is to be expanded is too much for one answer; ask for a smaller \
                           page or for fewer fields";
            Error::new(Code::Unprocessable, message)
        })?;
        Ok(())
    }
}

impl Found {
    /// Reads a row, as [`record::write`].
    pub(super) fn read(
        collection: &Collection,
        branches: &[Branch],
        form: &Form,
        row: &rusqlite::Row<'_>,
    ) -> Result<Self> {
        let mut json = Vec::with_capacity(256);
        record::write(collection, form, row, &mut json)?;
        json.pop();
        let ids = leads_to(collection, branches, form, row)?;
        Ok(Self { json, ids })
    }

    /// Bytes so far.
    pub(super) fn len(&self) -> usize {
        self.json.len()
    }

    /// The JSON object.
    pub(super) fn close(mut self) -> Vec<u8> {
        self.json.push(b'}');
        self.json
    }
}

impl Expansion {
    /// Reads a row of a collection's columns, and notes what it leads to.
    ///
    /// # Errors
    /// `DATABASE_ERROR` if the row is not of that form.
    pub fn read(
        &self,
        collection: &Collection,
        form: &Form,
        row: &rusqlite::Row<'_>,
    ) -> Result<Found> {
        Found::read(collection, &self.branches, form, row)
    }

    /// Notes what a row leads to, and nothing else of it.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn note(
        &self,
        collection: &Collection,
        form: &Form,
        row: &rusqlite::Row<'_>,
    ) -> Result<Found> {
        Ok(Found {
            json: vec![b'{'],
            ids: leads_to(collection, &self.branches, form, row)?,
        })
    }

    /// Reads what the records lead to, and puts it into each of them.
    ///
    /// # Errors
    /// `UNPROCESSABLE` if that is too much; those of the database.
    pub fn fill(
        &self,
        conn: &Connection,
        mut found: Vec<Found>,
        now: &Value,
    ) -> Result<Vec<Vec<u8>>> {
        let mut room = Room(MAX_BYTES);
        fill(conn, &self.branches, &mut found, now, &mut room)?;
        Ok(found.into_iter().map(Found::close).collect())
    }
}

/// Puts into each record what it leads to, one statement for each name.
pub(super) fn fill(
    conn: &Connection,
    branches: &[Branch],
    found: &mut [Found],
    now: &Value,
    room: &mut Room,
) -> Result<()> {
    for (i, branch) in branches.iter().enumerate() {
        let ids = wanted(found, i);
        let loaded = load::load(conn, branch, &ids, now, room)?;
        for record in found.iter_mut() {
            let Some(Some(ids)) = record.ids.get(i) else {
                continue;
            };
            let before = record.json.len();
            record::push_key(&mut record.json, &branch.name);
            branch.place(&loaded, ids, &mut record.json);
            room.take(record.json.len() - before)?;
        }
    }
    Ok(())
}

/// All that the records lead to by one name, each once.
fn wanted(found: &[Found], branch: usize) -> Vec<String> {
    let mut seen = HashSet::new();
    let ids = found.iter().filter_map(|record| record.ids.get(branch));
    let ids = ids.flatten().flatten();
    ids.filter(|id| seen.insert(id.as_str())).cloned().collect()
}

/// The ids that a row leads to, for each name in turn; none where its reader may not know.
fn leads_to(
    collection: &Collection,
    branches: &[Branch],
    form: &Form,
    row: &rusqlite::Row<'_>,
) -> Result<Vec<Option<Vec<String>>>> {
    let bit = |place: usize| matches!(row.get_ref(place), Ok(ValueRef::Integer(1)));
    let ids = branches.iter().map(|branch| {
        let place = branch.way.place();
        if !form.mask.shows(place, bit) {
            return Ok(None);
        }
        let text: Option<String> = row.get(place)?;
        let ids = match (text, &branch.way) {
            (None, _) => Vec::new(),
            (Some(list), Way::List(_)) => listed(collection, &list)?,
            (Some(id), _) => vec![id],
        };
        Ok(Some(ids))
    });
    ids.collect()
}

/// The ids on a list of relations, as the row has it.
fn listed(collection: &Collection, text: &str) -> Result<Vec<String>> {
    serde_json::from_str(text).map_err(|error| {
        let cause = format!("a list of relations in {}: {error}", collection.name);
        Error::database(cause)
    })
}

impl Branch {
    /// Writes what `ids` lead to: a record or null, a list of records, or a list that may have
    /// been cut.
    fn place(&self, loaded: &Loaded, ids: &[String], out: &mut Vec<u8>) {
        let all = ids.iter().filter_map(|id| loaded.by.get(id)).flatten();
        let mut records = all.filter_map(|place| loaded.records.get(*place));
        match self.way {
            Way::One(_) => out.extend_from_slice(records.next().map_or(b"null", Vec::as_slice)),
            Way::List(_) => push_array(records, out),
            Way::Here(_) => {
                out.extend_from_slice(br#"{"items":"#);
                push_array(records.by_ref().take(MAX_POINTING), out);
                let has_more = records.next().is_some();
                out.extend_from_slice(format!(r#","hasMore":{has_more}}}"#).as_bytes());
            }
        }
    }
}

fn push_array<'a>(records: impl Iterator<Item = &'a Vec<u8>>, out: &mut Vec<u8>) {
    out.push(b'[');
    for (i, record) in records.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        out.extend_from_slice(record);
    }
    out.push(b']');
}
