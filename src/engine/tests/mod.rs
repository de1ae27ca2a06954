//! An engine to tell stories with, whose writer can be held up.

mod aggregates;
mod cursors;
mod once;
mod parents;
mod plans;

use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
};

use tempfile::TempDir;

use super::{Catalog, Cursors, Draft, Engine, origin};
use crate::{
    access::{Action, Caller, InstanceKey, RowFilter, Who, permit},
    base::{Clock, json::Object},
    config,
    db::{Batch, Commit, DataDir, Db, Sql, Statement, Touch, Value, Watch},
    schema::Collection,
};

/// An engine whose writer can be held up behind the commit of new definitions.
pub struct Stage {
    pub engine: Engine,
    pub gate: Gate,
    _dir: TempDir,
}

pub struct Gate {
    pub arrived: Receiver<()>,
    pub open: Sender<()>,
}

struct Barrier {
    arrived: Sender<()>,
    open: Receiver<()>,
}

impl Watch for Barrier {
    fn committed(&mut self, commit: &Commit<'_>) {
        if commit.touches(&Touch::Schema) {
            let _ = self.arrived.send(());
            // Where the story has ended, nobody opens any more.
            let _ = self.open.recv();
        }
    }
}

impl Stage {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (arrived, is_there) = channel();
        let (open, opened) = channel();
        let barrier = Barrier {
            arrived,
            open: opened,
        };
        let files = DataDir::open(dir.path()).unwrap();
        let clock = Arc::new(Clock::system());
        let (db, catalog) = Db::open(files, &config::Storage::default(), &clock, |conn| {
            let catalog = Catalog::load(conn)?;
            let renewed: Box<dyn Watch> = Box::new(catalog.clone());
            Ok((catalog, vec![renewed, Box::new(barrier)]))
        })
        .unwrap();
        let cursors = Cursors::new(&InstanceKey::open(dir.path()).unwrap()).unwrap();
        Self {
            engine: Engine::new(db, catalog, Arc::clone(&clock), 1 << 20, cursors),
            gate: Gate {
                arrived: is_there,
                open,
            },
            _dir: dir,
        }
    }

    /// Makes a collection, without holding the writer up.
    pub async fn define(&self, definition: &str) {
        let raw = serde_json::from_str(definition).unwrap();
        let collection = Collection::parse(raw, &self.engine.catalog.schema()).unwrap();
        self.store(&collection).await;
    }

    /// The same for one that need not fit to the others.
    pub async fn store(&self, collection: &Collection) {
        let name = || Value::from(collection.name.as_str());
        let definition = collection.definition().to_string();
        let batch = Batch::new()
            .with(Statement::new(
                "INSERT INTO _revisions (collection, definition, created_at) VALUES (?, ?, ?)",
                vec![name(), definition.into(), Value::CommitTime],
            ))
            .with(Statement::new(
                "INSERT INTO _collections (name, revision, created_at, updated_at)
                 SELECT ?, max(revision), ?, ? FROM _revisions",
                vec![name(), Value::CommitTime, Value::CommitTime],
            ))
            .with_all(collection.ddl().into_iter().map(Into::into))
            .touching(Touch::Schema);
        self.gate.open.send(()).unwrap();
        self.engine.db.write(batch).await.unwrap();
        self.gate.arrived.recv().unwrap();
    }

    /// The batch that takes `pets` away.
    pub fn no_more_pets() -> Batch {
        let forget = "DELETE FROM _collections WHERE name = 'pets'";
        Batch::new()
            .with(Statement::new(forget, Vec::new()))
            .with(Sql::new("DROP TABLE pets"))
            .touching(Touch::Schema)
    }
}

pub const OWNERS: &str = r#"{ "name": "owners", "fields": [{ "name": "name", "type": "text" }] }"#;
pub const NOTES: &str = r#"{ "name": "notes", "fields": [{ "name": "title", "type": "text" }] }"#;
pub const PETS: &str = r#"{ "name": "pets", "fields": [
    { "name": "owner_id", "type": "relation", "collection": "owners" }] }"#;

pub fn operator() -> Caller {
    Caller {
        who: Who::Operator,
        request_id: "story".into(),
        address: Ipv4Addr::LOCALHOST.into(),
    }
}

pub fn allowed(collection: &str, action: Action) -> RowFilter {
    permit(&operator(), collection, action).unwrap()
}

pub async fn create(engine: &Engine, path: &str, body: &str) -> String {
    let collection = engine.collection(path).unwrap();
    let object = Object::parse(body.as_bytes()).unwrap();
    let draft = Draft::read(&collection, &object).unwrap();
    let rows = allowed(path, Action::Create);
    let origin = origin(&operator());
    let made = engine.create(&collection, &rows, draft, &origin, Vec::new());
    made.await.unwrap().id
}

pub fn story(story: impl Future<Output = ()>) {
    actix_web::rt::System::new().block_on(story);
}
