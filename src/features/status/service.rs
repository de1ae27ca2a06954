//! What a caller may learn of how this instance is.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
};

use serde_json::{Value as Json, json};

use super::warnings::{self, State};
use crate::{
    access::{Caller, RowFilter, rows_by, session::Lifetimes, session_list},
    base::{Clock, Instant, Result},
    config::Config,
    db,
    engine::Engine,
    telemetry::{Counts, Traffic, resident_bytes},
};

const READ: &str = "system:status:read";

/// What the feature stands on.
pub struct Parts {
    /// Records.
    pub engine: Engine,
    /// The time.
    pub clock: Arc<Clock>,
    /// What was answered.
    pub traffic: Arc<Traffic>,
    /// True for an instance that was filled by `--demo`.
    pub is_demo: bool,
}

/// The feature. Cheap to clone.
#[derive(Clone)]
pub struct Status(Arc<Known>);

struct Known {
    parts: Parts,
    config: Config,
    door: OnceLock<Door>,
}

/// Where requests come in.
#[derive(Clone, Copy)]
pub(super) struct Door {
    pub address: SocketAddr,
    pub is_https: bool,
}

impl Status {
    /// Over the parts, as configured.
    pub fn new(parts: Parts, config: &Config) -> Self {
        Self(Arc::new(Known {
            parts,
            config: config.clone(),
            door: OnceLock::new(),
        }))
    }

    /// Notes where the server listens, which the configuration does not say of a socket that was
    /// passed to it.
    pub fn listening(&self, address: SocketAddr, is_https: bool) {
        // A second server over the same parts would be one of a test.
        let _ = self.0.door.set(Door { address, is_https });
    }

    /// All of it.
    ///
    /// # Errors
    /// Those of [`crate::access::require`] and of the database.
    pub async fn show(&self, caller: &Caller) -> Result<Json> {
        let rows = rows_by(caller, READ)?;
        let Parts {
            engine,
            clock,
            traffic,
            is_demo,
        } = &self.0.parts;
        let now = clock.now();
        let size = engine.db().size().await?;
        let sessions = self.sessions(now).await?;
        let state = State {
            config: &self.0.config,
            door: self.0.door.get().copied(),
            is_demo: *is_demo,
            size,
            is_writing: *engine.db().writer_state().borrow() == db::State::Running,
            is_suspect: engine.db().is_suspect(),
        };
        let url = self.0.config.server.public_url.as_ref();
        Ok(json!({
            "version": env!("CARGO_PKG_VERSION"),
            "startedAt": traffic.since().to_string(),
            "uptime": now.since(traffic.since()).as_secs(),
            "url": url.map(ToString::to_string),
            "isDemo": is_demo,
            "requests": requests(traffic, now),
            "file": file(&size),
            "memory": { "residentBytes": resident_bytes() },
            "records": self.records(&rows).await,
            "sessions": sessions,
            "warnings": warnings::of(&state),
        }))
    }

    async fn sessions(&self, now: Instant) -> Result<u64> {
        let lifetimes = Lifetimes::new(&self.0.config.auth);
        let count = move |conn: &rusqlite::Connection| session_list::count(conn, now, lifetimes);
        self.0.parts.engine.db().read(count).await
    }

    /// How many live records each collection has. Where counting takes too long, nobody is told.
    async fn records(&self, rows: &RowFilter) -> Vec<Json> {
        let engine = &self.0.parts.engine;
        let mut records = Vec::new();
        for collection in engine.catalog().schema().iter() {
            let count = engine.count(collection, rows).await.ok();
            records.push(json!({ "collection": collection.name, "records": count }));
        }
        records
    }
}

fn requests(traffic: &Traffic, now: Instant) -> Json {
    let all = traffic.total();
    let minute = |(at, counts): (Instant, Counts)| {
        json!({
            "at": at.to_string(), "requests": counts.requests,
            "clientErrors": counts.client_errors, "serverErrors": counts.server_errors,
            "milliseconds": milliseconds(counts),
        })
    };
    json!({
        "total": all.requests, "clientErrors": all.client_errors, "serverErrors": all.server_errors,
        "minutes": Json::from_iter(traffic.minutes(now).into_iter().map(minute)),
    })
}

/// With three digits behind the point, since most requests take less than one.
fn milliseconds(counts: Counts) -> f64 {
    std::time::Duration::from_micros(counts.micros).as_secs_f64() * 1_000.0
}

fn file(size: &db::Size) -> Json {
    json!({
        "bytes": size.bytes, "walBytes": size.wal, "freeBytes": size.free,
        "diskFreeBytes": size.disk.map(|disk| disk.free),
    })
}
