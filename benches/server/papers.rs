//! The collection whose texts are searched: each has a word of its own, one that each hundredth
//! has, and one that all have.

use std::path::Path;

use rusqlite::{Connection, params};
use serde_json::json;
use stead::base::clock::Instant;
use ulid::Ulid;

use super::caller::Caller;
use crate::Result;

/// Where the papers are.
pub const PATH: &str = "/api/v1/papers";

/// Different words that each hundredth paper has.
const TOPICS: u64 = 100;

/// Makes the collection.
pub fn define(caller: &mut Caller) -> Result<()> {
    let definition = json!({ "name": "papers", "fields": [
        { "name": "title", "type": "text", "searchable": true },
        { "name": "body", "type": "text", "searchable": true },
    ] });
    let definition = definition.to_string();
    caller.ask("POST", "/api/system/collections", definition.as_bytes())?;
    Ok(())
}

/// Writes so many papers into the file of a server that is not running; its triggers enter their
/// words. They have no events.
pub fn fill_file(data_dir: &Path, rows: u64) -> Result<()> {
    /// 2026-01-01, 10 ms for each paper.
    const BEGAN: u64 = 1_767_225_600_000;
    const CHUNK: u64 = 20_000;
    let mut file = Connection::open(data_dir.join("stead.db"))?;
    file.execute_batch("PRAGMA synchronous=OFF; PRAGMA cache_size=-262144")?;
    for start in (0..rows).step_by(usize::try_from(CHUNK)?) {
        let transaction = file.transaction()?;
        for number in start..rows.min(start + CHUNK) {
            let millis = BEGAN + number * 10;
            let at = Instant::from_millis(i64::try_from(millis)?).to_string();
            let mut insert = transaction.prepare_cached(
                "INSERT INTO papers (id, title, body, created_at, updated_at, version)
                 VALUES (?1, ?2, ?3, ?4, ?4, 1)",
            )?;
            insert.execute(params![
                Ulid::from_parts(millis, u128::from(number)).to_string(),
                format!("Paper own{number}"),
                format!(
                    "What is written here is about topic{} and no more.",
                    number % TOPICS
                ),
                at,
            ])?;
        }
        transaction.commit()?;
    }
    file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// Two words, one of which each hundredth paper has.
pub fn words(number: u64) -> String {
    format!("topic{} about", number % TOPICS)
}

/// A search for them.
pub fn search(number: u64) -> String {
    let words = words(number).replace(' ', "%20");
    format!("{PATH}?search={words}&count=none")
}
