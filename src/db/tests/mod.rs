//! Stories about the file: batches, groups, readers, pragmas.

mod applier;
mod batches;
mod file;
mod groups;
mod queue;
mod readers;

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    task::Poll,
};

use rusqlite::Connection;
use tempfile::TempDir;

use super::{
    Batch, Commit, DataDir, Db, Expect, Receipt, Statement, Touch, Value, Watch, WriteError,
};
use crate::{
    base::{Clock, Instant},
    config,
};

/// What becomes of a batch.
pub type Outcome = Result<Receipt, WriteError>;

/// Somebody's write that has a place in the queue.
pub type Waiting = Pin<Box<dyn Future<Output = Outcome>>>;

/// A database with a table `things`, whose writer can be held up.
pub struct Stage {
    pub db: Db,
    pub clock: Arc<Clock>,
    pub dir: TempDir,
    gate: Gate,
}

/// The other side of a [`Barrier`].
struct Gate {
    arrived: Receiver<()>,
    open: Sender<()>,
}

/// Holds the writer up after each commit that touches the schema, until the gate opens.
struct Barrier {
    arrived: Sender<()>,
    open: Receiver<()>,
}

impl Watch for Barrier {
    fn committed(&mut self, commit: &Commit<'_>) {
        if commit.touches(&Touch::Schema) {
            self.arrived.send(()).unwrap();
            // Where the story has ended, nobody opens any more.
            let _ = self.open.recv();
        }
    }
}

impl Stage {
    pub async fn new() -> Self {
        Self::with(config::Storage::default()).await
    }

    pub async fn with(storage: config::Storage) -> Self {
        let (arrived, is_there) = channel();
        let (open, opened) = channel();
        let barrier = Barrier {
            arrived,
            open: opened,
        };
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(Clock::manual(
            Instant::parse("2026-01-15T10:30:00Z").unwrap(),
        ));
        let (db, ()) = Db::open(DataDir::open(dir.path()).unwrap(), &storage, &clock, |_| {
            Ok(((), vec![Box::new(barrier) as Box<dyn Watch>]))
        })
        .unwrap();
        let table = "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
            parent INTEGER REFERENCES things (id), at TEXT,
            CONSTRAINT things_name_max CHECK (length(name) <= 5000)) STRICT";
        db.write(Batch::new().with(sql(table))).await.unwrap();
        let gate = Gate {
            arrived: is_there,
            open,
        };
        Self {
            db,
            clock,
            dir,
            gate,
        }
    }

    /// Puts a batch into the queue and leaves it there.
    pub async fn queue(&self, batch: Batch) -> Waiting {
        let db = self.db.clone();
        let mut waiting: Waiting = Box::pin(async move { db.write(batch).await });
        assert!(!is_ready(&mut waiting).await, "it waits in the queue");
        waiting
    }

    /// Holds the writer up: it has committed `held`, and not answered.
    pub async fn hold(&self) -> Waiting {
        let waiting = self
            .queue(Batch::new().with(named("held")).touching(Touch::Schema))
            .await;
        self.gate.arrived.recv().unwrap();
        waiting
    }

    /// Lets the writer go on.
    pub fn release(&self) {
        self.gate.open.send(()).unwrap();
    }

    /// The names of all things, as a reader finds them.
    pub async fn names(&self) -> Vec<String> {
        self.db.read(|conn| Ok(names(conn)?)).await.unwrap()
    }
}

/// True if the write has come to its end; polls it once.
pub async fn is_ready(waiting: &mut Waiting) -> bool {
    poll_fn(|context| Poll::Ready(waiting.as_mut().poll(context).is_ready())).await
}

pub fn names(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut query = conn.prepare("SELECT name FROM things ORDER BY id")?;
    query.query_map([], |row| row.get(0))?.collect()
}

pub fn sql(text: &'static str) -> Statement {
    Statement::new(text, Vec::new())
}

/// Inserts a thing.
pub fn named(name: &str) -> Statement {
    Statement::new("INSERT INTO things (name) VALUES (?)", vec![name.into()])
}

/// A batch that inserts one thing.
pub fn thing(name: &str) -> Batch {
    Batch::new().with(named(name))
}

/// Runs a story on a runtime of its own.
pub fn story(story: impl Future<Output = ()>) {
    actix_web::rt::System::new().block_on(story);
}
