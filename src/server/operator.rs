//! The operator's own door: the API on a Unix socket, for the command line.

use std::{io, path::PathBuf, sync::Arc};

use actix_web::{HttpServer, dev::ServerHandle, http::Method, rt::task::JoinHandle, web::Data};
use tracing::warn;

use super::{Door, layers, limits::RateLimits, socket};
use crate::{
    access::Caller,
    app::{
        App,
        contract::Describe,
        operator::{CreateAdmin, Disable, ListAdmins, RotateKeys, SetPassword, Task, Unlock},
        rule_tests::TestRules,
        schema_files::{ApplySchema, ExportSchema, PlanSchema},
    },
    base::{Error, Result},
    web::{Body, Guard, Query, Reply, Router, Routes},
};

/// What is served on the socket beside all that is served elsewhere.
pub fn routes() -> Routes {
    Routes::new()
        .and(task::<CreateAdmin>())
        .and(task::<ListAdmins>())
        .and(task::<SetPassword>())
        .and(task::<Disable>())
        .and(task::<Unlock>())
        .and(task::<RotateKeys>())
        .and(task::<TestRules>())
        .and(task::<ExportSchema>())
        .and(task::<PlanSchema>())
        .and(task::<ApplySchema>())
        .and(task::<Describe>())
}

fn task<T: Task>() -> Routes {
    Routes::new().on(Method::POST, T::PATH, Guard::Operator, run::<T>)
}

async fn run<T: Task>(app: Data<App>, caller: Caller, query: Query, body: Body) -> Result<Reply> {
    query.finish()?;
    let task: T = serde_json::from_slice(&body.0)
        .map_err(|error| Error::invalid_input("_", error.to_string()))?;
    let answer = task.run(&app, &caller).await?;
    let answer = serde_json::to_value(answer).map_err(Error::internal)?;
    Ok(Reply::ok(&answer))
}

/// A server on the socket of a data directory.
pub struct OperatorDoor {
    handle: ServerHandle,
    ended: JoinHandle<io::Result<()>>,
    dir: PathBuf,
}

impl OperatorDoor {
    /// Opens it, before all that the network's `router` finds. A server does without where the file
    /// system knows no sockets: commands then say that they cannot reach it.
    pub fn open(app: &App, limits: &Arc<RateLimits>, router: Arc<Router>) -> Option<Self> {
        let opened = Self::try_open(app, limits, router);
        opened
            .map_err(|error| warn!(%error, "No socket for commands: they have to wait for the end"))
            .ok()
    }

    fn try_open(app: &App, limits: &Arc<RateLimits>, router: Arc<Router>) -> io::Result<Self> {
        let dir = app.db.dir().path().to_owned();
        let listener = socket::listen(&dir)?;
        let router = Arc::new(routes().before(router).map_err(io::Error::other)?);
        let (parts, limits) = (app.clone(), Arc::clone(limits));
        let server = HttpServer::new(move || layers(&parts, &limits, &router, Door::Operator))
            .workers(1)
            .client_request_timeout(app.config.server.head_timeout)
            .shutdown_timeout(app.config.server.shutdown_timeout.as_secs())
            .disable_signals()
            .listen_uds(listener)?
            .run();
        Ok(Self {
            handle: server.handle(),
            ended: actix_web::rt::spawn(server),
            dir,
        })
    }

    /// Takes no more commands, and lets those that run end.
    pub async fn close(self) {
        if let Err(error) = socket::remove(&self.dir) {
            warn!(%error, "The socket for commands could not be removed");
        }
        self.handle.stop(true).await;
        if let Ok(Err(error)) = self.ended.await {
            warn!(%error, "The server for commands failed");
        }
    }
}
