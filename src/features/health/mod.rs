//! Health, for supervisors and balancers. Its answers stand outside the envelope.

use std::time::Instant;

use actix_web::{
    HttpResponse,
    http::{Method, header::CACHE_CONTROL},
    web::Data,
};
use serde_json::{Value as Json, json};

use crate::{
    base::{Clock, Result},
    db::{Db, State},
    web::{Guard, Routes},
};

/// The feature. Cheap to clone.
#[derive(Clone)]
pub struct Health {
    db: Db,
    clock: std::sync::Arc<Clock>,
    started: Instant,
}

impl Health {
    /// Over the database, from now on.
    pub fn new(db: Db, clock: std::sync::Arc<Clock>) -> Self {
        Self {
            db,
            clock,
            started: Instant::now(),
        }
    }

    /// True if the database answers a query.
    async fn database_answers(&self) -> bool {
        let answers: Result<i64> = self
            .db
            .read(|conn| Ok(conn.query_row("SELECT 1", [], |row| row.get(0))?))
            .await;
        answers.is_ok()
    }

    fn writer_writes(&self) -> bool {
        *self.db.writer_state().borrow() == State::Running
    }
}

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .on(Method::GET, "/health", Guard::Public, all)
        .on(Method::GET, "/health/live", Guard::Public, live)
        .on(Method::GET, "/health/ready", Guard::Public, ready)
}

async fn all(health: Data<Health>) -> HttpResponse {
    let asked = Instant::now();
    let database = health.database_answers().await;
    let latency = u64::try_from(asked.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (writer, sound) = (health.writer_writes(), !health.db.is_suspect());
    let status = match (database, writer && sound) {
        (true, true) => "healthy",
        (true, false) => "degraded",
        (false, _) => "unhealthy",
    };
    let state = |is_up| if is_up { "up" } else { "down" };
    let body = json!({
        "status": status,
        "version": env!("CARGO_PKG_VERSION"),
        "timestamp": health.clock.now().to_string(),
        "checks": {
            "database": { "status": state(database), "latency": latency },
            "writer": { "status": state(writer) },
            // Down until the file has been looked through after a failed sync.
            "disk": { "status": state(sound) },
        },
    });
    answer(if database { 200 } else { 503 }, &body)
}

async fn live(health: Data<Health>) -> HttpResponse {
    let uptime = health.started.elapsed().as_secs();
    answer(200, &json!({ "status": "ok", "uptime": uptime }))
}

async fn ready(health: Data<Health>) -> HttpResponse {
    if health.database_answers().await && health.writer_writes() {
        answer(200, &json!({ "status": "ok" }))
    } else {
        answer(503, &json!({ "status": "error" }))
    }
}

fn answer(status: u16, body: &Json) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status).unwrap_or_default();
    HttpResponse::build(status)
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(body)
}
