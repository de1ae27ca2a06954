//! Ways that change something: what somebody learns of a record by the answer.

use serde_json::{Value as Json, json};

use super::{Ask, DOCS};
use crate::support::client::path_of;

impl Ask<'_> {
    /// The fields that somebody writes, as they are.
    pub(super) fn body(&self) -> Json {
        let mut body = self.doc.clone();
        for kept in ["id", "version", "createdAt", "updatedAt"] {
            body.as_object_mut().unwrap().remove(kept);
        }
        body
    }

    /// The fields of another record like it.
    fn body_of_another(&self) -> Json {
        let mut body = self.body();
        body.as_object_mut().unwrap().remove("code");
        body
    }

    pub(super) fn title(&self) -> Json {
        json!({ "title": self.doc["title"] })
    }

    pub(super) fn patch(&self) -> Json {
        self.caller.patch(&self.path(), &self.title()).ok()
    }

    pub(super) fn create_all(&self) -> Json {
        let made = self.caller.post(DOCS, &json!([self.body_of_another()]));
        let made = made.created()["items"][0].clone();
        self.purge(&made);
        made
    }

    /// A guest has no keys of its own.
    pub(super) fn replay_all(&self) -> Option<Json> {
        if self.is_guest {
            return None;
        }
        let key = stead::base::Id::generate().to_string();
        let caller = self.caller.with("Idempotency-Key", &key);
        let bodies = json!([self.body_of_another(), self.body_of_another()]);
        let first = caller.post(DOCS, &bodies).created();
        let again = caller.post(DOCS, &bodies).created();
        assert_eq!(first, again);
        for made in again["items"].as_array().unwrap() {
            self.purge(made);
        }
        Some(again["items"][1].clone())
    }

    pub(super) fn batch(&self, method: &str, body: &Json) -> Json {
        let operation = json!({ "method": method, "path": self.path(), "body": body });
        let body = json!({ "operations": [operation] });
        let done = self.caller.post("/api/batch", &body).ok();
        done["results"][0]["data"].clone()
    }

    pub(super) fn upsert(&self) -> Json {
        let path = format!("{DOCS}?on=code");
        self.caller.put(&path, &self.body()).ok()
    }

    /// Whether just this record is one that a change of nothing would be of.
    pub(super) fn picks(&self, condition: &str) -> bool {
        let path = format!("{DOCS}?{}&expect=1", self.filled(condition));
        let reply = self.caller.patch(&path, &json!({}));
        match reply.status() {
            200 => true,
            401 | 403 | 409 => false,
            status => panic!("{path}: {status} {}", reply.json()),
        }
    }

    pub(super) fn put(&self) -> Json {
        self.caller.put(&self.path(), &self.body()).ok()
    }

    pub(super) fn create(&self) -> Json {
        let made = self.caller.post(DOCS, &self.body_of_another()).created();
        self.purge(&made);
        made
    }

    /// None where that version is not there for this caller.
    pub(super) fn revert(&self) -> Option<Json> {
        let path = format!("{}/revert", self.path());
        let reply = self.caller.post(&path, &json!({ "version": 1 }));
        match reply.status() {
            401 | 403 | 404 | 422 => None,
            _ => Some(reply.ok()),
        }
    }

    pub(super) fn restore(&self) -> Json {
        self.admin.delete(&self.path()).no_content();
        let path = format!("{}/restore", self.path());
        self.caller.send("POST", &path, None).ok()
    }

    /// A guest has no keys of its own.
    pub(super) fn replay(&self) -> Option<Json> {
        if self.is_guest {
            return None;
        }
        let key = stead::base::Id::generate().to_string();
        let caller = self.caller.with("Idempotency-Key", &key);
        let first = caller.post(DOCS, &self.body_of_another()).created();
        let again = caller.post(DOCS, &self.body_of_another());
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        let again = again.created();
        assert_eq!(first, again);
        self.purge(&again);
        Some(again)
    }

    fn purge(&self, made: &Json) {
        let path = format!("{}?hard=true", path_of("docs", made));
        self.admin.delete(&path).no_content();
    }
}
