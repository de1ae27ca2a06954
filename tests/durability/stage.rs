//! One server on one data directory, with an admin, the collection `notes`, and a ledger.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{
    client::Client,
    ledger::{Ledger, State},
    writers::Writers,
};
use crate::support::{
    http::Response,
    process::{Stead, create_admin},
};

/// The stage of a story. The server changes when it is started again, the rest stays.
pub struct Stage {
    pub stead: Stead,
    pub dir: PathBuf,
    pub token: String,
    pub ledger: Arc<Ledger>,
    /// A record to which every client adds.
    pub shared: String,
    _temporary: Option<TempDir>,
}

impl Stage {
    /// Sets up an instance in a new temporary directory.
    pub fn new() -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let mut stage = Self::on(temporary.path());
        stage._temporary = Some(temporary);
        stage
    }

    /// Sets up an instance in an empty directory.
    pub fn on(dir: &Path) -> Self {
        create_admin(dir);
        let stead = Stead::start(dir);
        let token = stead.sign_in();
        let notes = json!({ "name": "notes", "singular": "note", "deletion": "soft", "fields": [
            { "name": "title", "type": "text", "required": true },
            { "name": "total", "type": "integer", "required": true } ] });
        let made = stead.request(&token, "POST", "/api/system/collections", &notes);
        assert_eq!(made.status, 201, "{}", made.text());
        let ledger = Arc::default();
        let shared = Client::open(stead.address(), &token, &ledger)
            .unwrap()
            .create();
        assert_eq!(shared.state, State::Acknowledged);
        Self {
            stead,
            dir: dir.to_owned(),
            token,
            ledger,
            shared: shared.record,
            _temporary: None,
        }
    }

    /// Starts a server again where the one before has ended, and signs in anew.
    pub fn start_again(&mut self) {
        self.stead = Stead::start(&self.dir);
        self.token = self.stead.sign_in();
    }

    pub fn client(&self) -> Client {
        Client::open(self.stead.address(), &self.token, &self.ledger).unwrap()
    }

    pub fn writers(&self, seed: u64) -> Writers {
        let address = self.stead.address();
        Writers::start(address, &self.token, &self.ledger, &self.shared, seed)
    }

    /// Reads as the signed-in admin.
    pub fn get(&self, path: &str) -> Response {
        self.stead.request(&self.token, "GET", path, &Value::Null)
    }

    /// Compares ledger and file; the server may be running, but no client.
    pub fn check(&self) {
        self.ledger.check(&self.dir);
    }

    /// Stops the server in good order, and compares ledger and file.
    pub fn stop_and_check(&mut self) {
        let (status, words) = self.stead.terminate();
        assert_eq!(status.code(), Some(0), "{words}");
        self.check();
    }
}
