//! The collections that everything is measured on, and how they are filled.

use std::path::Path;

use rusqlite::{Connection, params};
use serde_json::{Value, json};
use stead::base::clock::Instant;
use ulid::Ulid;

use super::{Server, caller::Caller};
use crate::{
    Result,
    driver::{Driver, Until},
    plan::{BATCH, CONNECTIONS},
};

/// Where the notes are.
pub const PATH: &str = "/api/v1/notes";

/// Where the articles are.
pub const ARTICLES: &str = "/api/v1/articles";

/// The body of every note: two sentences, so that a record has the length of an ordinary one.
const TEXT: &str = "The quick brown fox jumps over the lazy dog, and the dog does not mind at all. \
    What is written here stands for a short note as people write them: a thought, a date, a name.";

const STATUSES: [&str; 3] = ["draft", "review", "published"];

/// Makes the collections. `notes` has the two indexes that every collection has, `articles` the
/// same fields with a relation and two indexes more: each costs a page or so of every commit.
pub fn define(caller: &mut Caller) -> Result<()> {
    let mut articles = definition("articles");
    let author = json!({ "name": "author_id", "type": "relation", "collection": "users" });
    if let Some(fields) = articles["fields"].as_array_mut() {
        fields.push(author);
    }
    articles["indexes"] = json!([{ "fields": ["status", "-created_at"] }, { "fields": ["score"] }]);
    for definition in [definition("notes"), articles] {
        let definition = definition.to_string();
        caller.ask("POST", "/api/system/collections", definition.as_bytes())?;
    }
    Ok(())
}

/// A collection with the fields of a note.
pub fn definition(name: &str) -> Value {
    json!({ "name": name, "fields": [
        { "name": "title", "type": "text", "required": true, "max": 200 },
        { "name": "body", "type": "text" },
        { "name": "status", "type": "select", "options": STATUSES, "default": "draft" },
        { "name": "score", "type": "integer" },
    ] })
}

/// The body that creates note `number`.
pub fn body(number: u64) -> String {
    let status = status(number);
    format!(r#"{{"title":"Note {number}","body":"{TEXT}","status":"{status}","score":{number}}}"#)
}

/// The body of batch `number`, which creates 100 notes.
pub fn batch(number: u64) -> String {
    let size = u64::from(BATCH);
    let operation = |i| {
        let note = body(number * size + i);
        format!(r#"{{"method":"POST","path":"{PATH}","body":{note}}}"#)
    };
    let operations: Vec<String> = (0..size).map(operation).collect();
    format!(r#"{{"operations":[{}]}}"#, operations.join(","))
}

/// The same with a relation.
pub fn related(number: u64, relation: &str, id: &str) -> String {
    let note = body(number);
    let open = note.trim_end_matches('}');
    format!(r#"{open},"{relation}":"{id}"}}"#)
}

/// Creates so many notes through the server. An error if one is refused.
pub fn fill_through(server: &Server, caller: &Caller, rows: u64) -> Result<()> {
    create(server, rows, |number, buffer| {
        let body = body(number);
        caller.write(buffer, "POST", PATH, body.as_bytes());
    })
}

fn create(server: &Server, count: u64, write: impl Fn(u64, &mut Vec<u8>)) -> Result<()> {
    let mut driver = Driver::connect(server.address, CONNECTIONS)?;
    let outcome = driver.run(Until::Answers(count), write)?;
    match outcome.refusal {
        Some(refusal) => Err(format!("a note was refused: {refusal}").into()),
        None => Ok(()),
    }
}

/// Creates so many notes to be deleted, each with the id of [`spare_id`].
pub fn fill_spare(server: &Server, caller: &Caller, count: u64) -> Result<()> {
    create(server, count, |number, buffer| {
        let id = spare_id(number);
        let note = body(number);
        let fields = note.trim_start_matches('{');
        let body = format!(r#"{{"id":"{id}",{fields}"#);
        caller.write(buffer, "POST", PATH, body.as_bytes());
    })
}

/// The id of a note that is made to be deleted; known beforehand, so that nobody has to ask for it.
pub fn spare_id(number: u64) -> String {
    /// 2025-01-01: before all others.
    const BEGAN: u64 = 1_735_689_600_000;
    Ulid::from_parts(BEGAN + number, random(number)).to_string()
}

/// Writes so many notes into the file of a server that is not running. They have no events.
pub fn fill_file(data_dir: &Path, rows: u64) -> Result<()> {
    /// Rows of one transaction, so that the WAL stays small beside the file.
    const CHUNK: u64 = 20_000;
    let mut file = Connection::open(data_dir.join("stead.db"))?;
    file.execute_batch("PRAGMA synchronous=OFF; PRAGMA cache_size=-262144")?;
    for start in (0..rows).step_by(usize::try_from(CHUNK)?) {
        let transaction = file.transaction()?;
        for number in start..rows.min(start + CHUNK) {
            insert(&transaction, number)?;
        }
        transaction.commit()?;
    }
    file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// The ids of about 1,000 notes from all over the collection.
pub fn ids(caller: &mut Caller, rows: u64) -> Result<Vec<String>> {
    const PAGES: u64 = 10;
    let last = rows.div_ceil(100).max(1);
    let mut ids = Vec::new();
    for page in (1..=last).step_by(usize::try_from(last.div_ceil(PAGES))?) {
        let list = caller.ask("GET", &format!("{PATH}?page={page}&pageSize=100"), b"")?;
        let list: Value = serde_json::from_slice(&list)?;
        let items = list["data"]["items"].as_array().into_iter().flatten();
        ids.extend(items.filter_map(|item| item["id"].as_str().map(str::to_owned)));
    }
    match ids.is_empty() {
        true => Err("the collection is empty".into()),
        false => Ok(ids),
    }
}

/// The address of the page of 20 behind so many notes, to which a client comes by cursors alone.
pub fn page_behind(caller: &mut Caller, rows: u64) -> Result<String> {
    const SIZE: u64 = 100;
    let mut cursor = String::new();
    for _ in 0..rows / SIZE {
        let path = format!("{PATH}?fields=id&pageSize={SIZE}&cursor={cursor}");
        let list: Value = serde_json::from_slice(&caller.ask("GET", &path, b"")?)?;
        let next = list["data"]["pagination"]["nextCursor"].as_str();
        next.ok_or("there are fewer notes")?.clone_into(&mut cursor);
    }
    Ok(format!("{PATH}?cursor={cursor}"))
}

/// Writes note `number` by itself.
pub fn insert(file: &Connection, number: u64) -> Result<()> {
    /// 2026-01-01: in the past of every clock that this runs under, 10 ms for each note.
    const BEGAN: u64 = 1_767_225_600_000;
    let millis = BEGAN + number * 10;
    let at = Instant::from_millis(i64::try_from(millis)?).to_string();
    let mut statement = file.prepare_cached(
        "INSERT INTO notes (id, title, body, status, score, created_at, updated_at, version)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, 1)",
    )?;
    statement.execute(params![
        Ulid::from_parts(millis, random(number)).to_string(),
        format!("Note {number}"),
        TEXT,
        status(number),
        i64::try_from(number)?,
        at,
    ])?;
    Ok(())
}

/// Spread as random ones are, and the same in every run.
fn random(number: u64) -> u128 {
    u128::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)
}

fn status(number: u64) -> &'static str {
    match number % 3 {
        0 => STATUSES[0],
        1 => STATUSES[1],
        _ => STATUSES[2],
    }
}
