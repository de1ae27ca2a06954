//! Books and their authors, who keep their history, and what somebody has seen of them.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{AUTHORS, BOOKS, entries, revert};
use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

pub struct Library {
    pub app: TestApp,
    pub admin: Client,
    codes: AtomicUsize,
}

/// Records by path and version, as they were shown.
pub type Seen = BTreeMap<(String, i64), Json>;

impl Library {
    pub fn start() -> Self {
        let app = TestApp::start();
        app.define(json!({ "name": "authors", "history": true,
            "fields": [{ "name": "name", "type": "text" }] }));
        app.define(json!({ "name": "books", "history": true, "fields": [
            { "name": "title", "type": "text" }, { "name": "views", "type": "integer" },
            { "name": "weight", "type": "number" }, { "name": "cost", "type": "decimal" },
            { "name": "is_public", "type": "boolean" }, { "name": "meta", "type": "json" },
            { "name": "tags", "type": "multiselect", "options": ["red", "green", "blue"] },
            { "name": "code", "type": "text", "unique": true },
            { "name": "friend_ids", "type": "relations", "collection": "authors" },
            { "name": "author_id", "type": "relation", "collection": "authors",
              "onDelete": "cascade" } ] }));
        let admin = app.admin();
        let codes = AtomicUsize::new(0);
        Self { app, admin, codes }
    }

    /// A text that no other book has.
    pub fn code(&self) -> Json {
        format!("code{}", self.codes.fetch_add(1, Ordering::Relaxed)).into()
    }

    pub fn author(&self) -> Json {
        self.admin
            .post(AUTHORS, &json!({ "name": "ann" }))
            .created()
    }

    /// A new book by a new author.
    pub fn book(&self) -> Json {
        let body = json!({ "code": self.code(), "authorId": self.author()["id"] });
        self.admin.post(BOOKS, &body).created()
    }

    /// All live records of a collection.
    pub fn live(&self, collection: &str) -> Vec<Json> {
        let list = self
            .admin
            .get(&format!("/api/v1/{collection}?pageSize=100"))
            .ok();
        assert_eq!(
            list["pagination"]["totalPages"]
                .as_i64()
                .unwrap_or(1)
                .max(1),
            1
        );
        list["items"].as_array().unwrap().clone()
    }

    /// Every live record, as it is.
    pub fn note(&self) -> Vec<(String, Json)> {
        let of = |collection| {
            let live = self.live(collection).into_iter();
            live.map(move |record| (path_of(collection, &record), record))
        };
        of("authors").chain(of("books")).collect()
    }

    /// Adds what is there to what was seen.
    pub fn see(&self, seen: &mut Seen) {
        for (path, record) in self.note() {
            let version = record["version"].as_i64().unwrap();
            seen.insert((path, version), record);
        }
    }

    /// Every record has each of its versions, the newest as it is, and nothing else has any.
    pub fn check_all(&self, place: &str) {
        for (path, record) in self.note() {
            let entries = entries(&self.admin, &path);
            let versions: Vec<i64> = entries
                .iter()
                .map(|entry| entry["version"].as_i64().unwrap())
                .collect();
            let newest = record["version"].as_i64().unwrap();
            assert_eq!(
                versions,
                (1..=newest).rev().collect::<Vec<_>>(),
                "{place}: {path}"
            );
            assert_eq!(told_by(&entries), fields(&record), "{place}: {path}");
        }
        for table in ["authors", "books"] {
            let count = |sql: &str| self.app.count(&sql.replace("{table}", table));
            assert_eq!(count(WITHOUT), 0, "{place}: {table} without a version");
            assert_eq!(count(OTHERS), 0, "{place}: versions of no {table}");
        }
    }

    /// What was seen is shown as it then was, and comes back where its author is there; lists are
    /// without those that are deleted by now.
    pub fn check_seen(&self, seen: &Seen) {
        let live = self.live("authors").into_iter();
        let live: Vec<Json> = live.map(|author| author["id"].clone()).collect();
        for ((path, version), state) in seen {
            if self.admin.get(path).status() == 404 {
                continue;
            }
            let at = state["updatedAt"].as_str().unwrap();
            let then = self.admin.get(&format!("{path}?at={at}")).ok();
            assert_eq!(alone(&then), alone(state), "{path}, {version}");
            self.app.clock().advance(Duration::from_secs(1));
            let reverted = revert(&self.admin, path, *version);
            let author = &state["authorId"];
            if !author.is_null() && !live.contains(author) {
                reverted.faults(Code::ValidationError, &["authorId"]);
                continue;
            }
            let reverted = reverted.ok();
            assert_eq!(alone(&reverted), alone(state), "{path}, {version}");
            let friends = friends(&reverted);
            assert!(friends.iter().all(|id| live.contains(id)), "{reverted}");
            let mut seen = self::friends(state).into_iter();
            assert!(
                seen.all(|id| !live.contains(&id) || friends.contains(&id)),
                "{reverted}"
            );
        }
    }
}

fn friends(book: &Json) -> Vec<Json> {
    book["friendIds"].as_array().cloned().unwrap_or_default()
}

/// The fields whose values hang on no other record.
fn alone(record: &Json) -> Json {
    let mut fields = fields(record);
    fields.as_object_mut().unwrap().remove("friendIds");
    fields
}

/// Records that lack one of their versions, or of which the newest is not as they are.
const WITHOUT: &str = "SELECT count(*) FROM {table} r WHERE r.version <> (
      SELECT count(*) FROM _history h WHERE h.collection = '{table}' AND h.record_id = r.id
      AND h.version BETWEEN 1 AND r.version)
    OR NOT EXISTS (SELECT 1 FROM _history h WHERE h.collection = '{table}' AND h.record_id = r.id
      AND h.version = r.version AND h.at = r.updated_at AND h.deleted_at IS r.deleted_at)";

/// Versions of no record.
const OTHERS: &str = "SELECT count(*) FROM _history h WHERE h.collection = '{table}' AND NOT EXISTS
      (SELECT 1 FROM {table} r WHERE r.id = h.record_id AND r.version >= h.version)";

/// The fields of a record that have a value, without what Stead keeps.
fn fields(record: &Json) -> Json {
    let kept = ["id", "version", "createdAt", "updatedAt"];
    let fields = record.as_object().unwrap().iter();
    let fields = fields.filter(|(name, value)| !value.is_null() && !kept.contains(&name.as_str()));
    fields
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// The fields that a record has by its history, from its first version on.
fn told_by(entries: &[Json]) -> Json {
    let mut told = json!({});
    for entry in entries.iter().rev() {
        for (name, change) in entry["changes"].as_object().unwrap() {
            assert_eq!(told[name], change[0], "{entry}");
            told[name] = change[1].clone();
        }
    }
    fields(&told)
}
