//! A client that writes down what it asks for before it asks, and what it was told.

use std::{net::SocketAddr, sync::Arc};

use serde_json::{Value, json};
use ulid::Ulid;

use super::ledger::{Change, Ledger, State, request_id};
use crate::support::http::{Connection, Response};

/// One signed-in client on one connection.
pub struct Client {
    connection: Connection,
    bearer: String,
    ledger: Arc<Ledger>,
}

/// What came of one operation.
pub struct Outcome {
    pub record: String,
    pub state: State,
    /// None where the connection broke.
    pub answer: Option<Response>,
}

impl Client {
    /// None where nobody accepts the connection.
    pub fn open(address: SocketAddr, token: &str, ledger: &Arc<Ledger>) -> Option<Self> {
        Some(Self {
            connection: Connection::open(address).ok()?,
            bearer: format!("Bearer {token}"),
            ledger: Arc::clone(ledger),
        })
    }

    /// Creates a record under an id of its own making.
    pub fn create(&mut self) -> Outcome {
        self.create_titled(&Ulid::generate().to_string(), "a note")
    }

    /// Creates a record with this id, which may be taken, and title.
    pub fn create_titled(&mut self, id: &str, title: &str) -> Outcome {
        let body = json!({ "id": id, "title": title, "total": 0 });
        self.run(id, Change::Create, "POST", "/api/v1/notes", &body)
    }

    /// Adds to the record's total.
    pub fn add(&mut self, id: &str, amount: i64) -> Outcome {
        let body = json!({ "total": { "$inc": amount } });
        self.patch(id, amount, &body)
    }

    /// Tries to add under a version that the record never had.
    pub fn add_to_wrong_version(&mut self, id: &str, amount: i64) -> Outcome {
        let body = json!({ "total": { "$inc": amount }, "version": 1_000_000 });
        self.patch(id, amount, &body)
    }

    pub fn delete(&mut self, id: &str) -> Outcome {
        let path = format!("/api/v1/notes/{id}");
        self.run(id, Change::Delete, "DELETE", &path, &Value::Null)
    }

    fn patch(&mut self, id: &str, amount: i64, body: &Value) -> Outcome {
        let path = format!("/api/v1/notes/{id}");
        self.run(id, Change::Add(amount), "PATCH", &path, body)
    }

    fn run(&mut self, id: &str, change: Change, method: &str, path: &str, body: &Value) -> Outcome {
        let place = self.ledger.send(id, change);
        let request_id = request_id(place);
        let headers = [
            ("Authorization", self.bearer.as_str()),
            ("Content-Type", "application/json"),
            ("X-Request-Id", &request_id),
        ];
        let body = if body.is_null() {
            Vec::new()
        } else {
            body.to_string().into_bytes()
        };
        let answer = self.connection.send(method, path, &headers, &body);
        let state = State::of(&answer);
        self.ledger.settle(place, state);
        Outcome {
            record: id.to_owned(),
            state,
            answer: answer.ok(),
        }
    }
}
