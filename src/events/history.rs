//! Which events of some records hold data, found by reading through all events.
//!
//! An index would find them at once, but each create and update would pay for it with a page, and
//! nobody but a purge asks.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use rusqlite::Connection;

use crate::{
    base::{Error, Result},
    db::Db,
};

/// Most events of one read. A read holds a connection, and keeps the WAL from shrinking.
const CHUNK: usize = 20_000;
/// How long one read goes on at most: a small part of the shortest deadline of reads.
const SPAN: Duration = Duration::from_millis(200);

/// Some records, and where their events stand that hold data, up to a place in the order of events.
#[derive(Debug, Default)]
pub struct Histories {
    upto: i64,
    /// By table and id, `seq` in rising order.
    tables: HashMap<String, HashMap<String, Vec<i64>>>,
}

impl Histories {
    /// Adds records of `table`. Their events are found by [`Self::read_on`], which has to read from
    /// the beginning for them, so nothing may have been read before.
    pub fn add(&mut self, table: &str, ids: &[String]) {
        let records = self.tables.entry(table.to_owned()).or_default();
        records.extend(ids.iter().map(|id| (id.clone(), Vec::new())));
    }

    /// How many records it is about.
    pub fn count(&self) -> usize {
        self.tables.values().map(HashMap::len).sum()
    }

    /// True if it is about each of `ids`.
    pub fn know(&self, table: &str, ids: &[String]) -> bool {
        let records = self.tables.get(table);
        records.is_some_and(|records| ids.iter().all(|id| records.contains_key(id)))
    }

    /// The last event that was read; nothing is known of those behind it.
    pub fn upto(&self) -> i64 {
        self.upto
    }

    /// The `seq` of each event of `ids` that holds data.
    pub fn events<'a>(&'a self, table: &str, ids: &'a [String]) -> impl Iterator<Item = i64> + 'a {
        let records = self.tables.get(table);
        ids.iter()
            .filter_map(move |id| records?.get(id))
            .flatten()
            .copied()
    }

    /// Notes that the events of `ids` up to `last` have been emptied.
    pub fn forget_upto(&mut self, table: &str, ids: &[String], last: i64) {
        let Some(records) = self.tables.get_mut(table) else {
            return;
        };
        for id in ids {
            if let Some(events) = records.get_mut(id) {
                events.drain(..events.partition_point(|seq| *seq <= last));
            }
        }
    }

    /// Reads on to the newest event, in many short reads. After an error it is about no records.
    ///
    /// # Errors
    /// Those of a read.
    pub async fn read_on(&mut self, db: &Db) -> Result<()> {
        // To read an event costs less than to write one, so the end is reached whoever writes.
        while self.count() > 0 {
            let mut histories = std::mem::take(self);
            let read = move |conn: &Connection| {
                let is_end = histories.read_chunk(conn)?;
                Ok((histories, is_end))
            };
            let is_end;
            (*self, is_end) = db.read(read).await?;
            if is_end {
                break;
            }
        }
        Ok(())
    }

    /// True if it came to the end.
    fn read_chunk(&mut self, conn: &Connection) -> Result<bool> {
        let begun = Instant::now();
        let mut query = conn.prepare_cached(
            "SELECT seq, collection, record_id, after IS NOT NULL OR before IS NOT NULL
             FROM _events WHERE seq > ? ORDER BY seq",
        )?;
        let mut rows = query.query([self.upto])?;
        let mut count = 0;
        while count < CHUNK && begun.elapsed() < SPAN {
            let Some(row) = rows.next()? else {
                return Ok(true);
            };
            let text = |column| row.get_ref(column)?.as_str().map_err(Error::database);
            self.note(row.get(0)?, text(1)?, text(2)?, row.get(3)?);
            count += 1;
        }
        Ok(false)
    }

    fn note(&mut self, seq: i64, table: &str, id: &str, holds_data: bool) {
        self.upto = seq;
        let records = self.tables.get_mut(table).filter(|_| holds_data);
        if let Some(events) = records.and_then(|records| records.get_mut(id)) {
            events.push(seq);
        }
    }
}
