//! The HTTP server: what it listens on, the routes of all features, the order of the middleware,
//! and its end.

mod clearing;
mod connections;
mod limits;
mod middleware;
mod operator;
mod pulse;
pub mod socket;
#[cfg(test)]
mod tests;
mod tls;

use std::{
    io,
    net::{SocketAddr, TcpListener},
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{
    App as HttpApp, HttpServer,
    dev::{ServerHandle, fn_service},
    middleware::from_fn,
    web::{self, Data},
};
use tracing::{error, info};

use self::{
    connections::{Bounds, Connections},
    operator::OperatorDoor,
    pulse::Workers,
};
pub use self::{pulse::Pulse, tls::Tls};
use crate::{
    app::App,
    db::State,
    features::{
        admin_ui, auth, collections, contract, health, public_dir, records, roles, rules, settings,
        status, users,
    },
    web::{BodyLimits, Router, Routes, UploadLimit},
};

/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// How long nothing may happen on a connection without a running request.
const STILL: Duration = Duration::from_secs(30);

/// How often connections are looked through for those that stand still.
const SWEEP_EVERY: Duration = Duration::from_secs(5);

/// Handshakes that a worker has open at most. Each ends by a deadline, but whoever begins them and
/// says nothing must not keep the others out, so this is far above what a worker can complete.
const HANDSHAKES: usize = 4_096;

/// How often the files of the certificate are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// How often the age of the keys of access tokens is looked at.
const ROTATE_EVERY: Duration = Duration::from_secs(60 * 60);

/// How often buckets of rate limits that are full again are forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(60);

/// A server that listens.
pub struct Server {
    inner: actix_web::dev::Server,
    operator: Option<OperatorDoor>,
    app: App,
    address: SocketAddr,
    tls: Option<Arc<Tls>>,
    workers: Workers,
}

/// Where requests come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    /// Over the network: everybody shows who they are.
    Network,
    /// Over the socket in the data directory, which only the operator can open.
    Operator,
}

/// Why a server has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It was told to.
    Stopped,
    /// A sync has failed: it has to start again.
    SyncFailed,
}

/// Every route.
pub fn routes() -> Routes {
    health::routes()
        .and(contract::routes())
        .and(auth::routes())
        .and(collections::routes())
        .and(roles::routes())
        .and(rules::routes())
        .and(settings::routes())
        .and(status::routes())
        .and(users::routes())
        .and(records::routes())
        .and(admin_ui::routes())
        .and(public_dir::routes())
}

/// What is served on the operator's socket beside those: on no other door is there such a path.
pub fn operator_routes() -> Routes {
    operator::routes()
}

impl Server {
    /// Starts to answer on `listener`, over plain HTTP.
    ///
    /// # Errors
    /// If the listener cannot be used.
    pub fn start(app: App, listener: TcpListener) -> io::Result<Self> {
        Self::start_with(app, listener, None)
    }

    /// Starts to answer on `listener`: over HTTPS alone where there is a certificate.
    ///
    /// # Errors
    /// If the listener cannot be used.
    pub fn start_with(app: App, listener: TcpListener, tls: Option<Arc<Tls>>) -> io::Result<Self> {
        // A later head begins, at the latest, when its connection would have been closed as idle.
        let bounds = Bounds {
            still: STILL.max(KEEP_ALIVE + app.config.server.head_timeout),
            sweep: SWEEP_EVERY,
        };
        Self::start_within(app, listener, tls, bounds)
    }

    fn start_within(
        app: App,
        listener: TcpListener,
        tls: Option<Arc<Tls>>,
        bounds: Bounds,
    ) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let shutdown = app.config.server.shutdown_timeout.as_secs();
        let head_timeout = app.config.server.head_timeout;
        let threads = app.config.server.worker_count();
        let limits = Arc::new(limits::RateLimits::new(&app.config.rate_limit));
        actix_web::rt::spawn(forget(Arc::clone(&limits)));
        actix_web::rt::spawn(rotate_keys(app.clone()));
        let connections = Connections::new(bounds.still);
        actix_web::rt::spawn(sweep(connections.clone(), bounds.sweep));
        actix_web::rt::spawn(clearing::clear_away(app.clone()));
        let router = Arc::new(found(routes())?);
        let (parts, shared, workers) = (app.clone(), Arc::clone(&limits), Workers::default());
        let (joining, all) = (workers.clone(), Arc::clone(&router));
        let http = HttpServer::new(move || {
            // Each worker calls this on its own thread.
            joining.join();
            layers(&parts, &shared, &all, Door::Network)
        });
        let http = http
            .workers(threads)
            .on_connect(move |stream, data| connections.keep(stream, data))
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(head_timeout)
            .shutdown_timeout(shutdown)
            .disable_signals();
        let http = match &tls {
            None => http.listen(listener)?,
            Some(tls) => http
                .tls_handshake_timeout(head_timeout)
                .max_connection_rate(HANDSHAKES)
                .listen_rustls_0_23(listener, tls.server_config()?)?,
        };
        if let Some(tls) = &tls {
            actix_web::rt::spawn(look_at(Arc::clone(tls)));
        }
        let server = Self {
            inner: http.run(),
            operator: OperatorDoor::open(&app, &limits, router),
            app,
            address,
            tls,
            workers,
        };
        server.app.status.listening(address, server.tls.is_some());
        info!(address = %address, "Listening on {}", server.url());
        Ok(server)
    }

    /// Where it listens, as a URL.
    pub fn url(&self) -> String {
        url(self.address, self.tls.is_some())
    }

    /// What tells whether it answers.
    pub fn pulse(&self) -> Pulse {
        Pulse::new(self.workers.clone(), self.app.db.clone())
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What stops it from elsewhere.
    pub fn handle(&self) -> ServerHandle {
        self.inner.handle()
    }

    /// Answers until it is stopped or a sync fails; then lets requests end within a bound, and
    /// closes the database.
    ///
    /// # Errors
    /// If the server itself fails.
    pub async fn run(self) -> io::Result<End> {
        let handle = self.inner.handle();
        let mut state = self.app.db.writer_state();
        let failed = async move {
            // Whoever waits for an answer gets it, because the stop lets requests end.
            if state
                .wait_for(|state| *state == State::Failed)
                .await
                .is_ok()
            {
                handle.stop(true).await;
            }
        };
        actix_web::rt::spawn(failed);
        let outcome = self.inner.await;
        if let Some(operator) = self.operator {
            operator.close().await;
        }
        let end = match *self.app.db.writer_state().borrow() {
            State::Failed => End::SyncFailed,
            State::Running => End::Stopped,
        };
        let db = self.app.db.clone();
        if web::block(move || db.close()).await.is_err() {
            error!("The database could not be closed");
        }
        outcome.map(|()| end)
    }
}

/// The URL of an address that is listened on.
pub fn url(address: SocketAddr, is_https: bool) -> String {
    let scheme = if is_https { "https" } else { "http" };
    format!("{scheme}://{address}")
}

/// What finds these routes. All else is looked for in the folder of the operator's front end.
fn found(routes: Routes) -> io::Result<Router> {
    let router = routes.into_router(public_dir::other);
    router.map_err(io::Error::other)
}

/// The order of everything that stands before a handler. The last `wrap` is the first to see a
/// request; the router then lets it in by its guard.
fn layers(
    app: &App,
    limits: &Arc<limits::RateLimits>,
    router: &Arc<Router>,
    door: Door,
) -> HttpApp<
    impl actix_web::dev::ServiceFactory<
        actix_web::dev::ServiceRequest,
        Config = (),
        Response = actix_web::dev::ServiceResponse,
        Error = actix_web::Error,
        InitError = (),
    > + use<>,
> {
    let body = BodyLimits {
        bytes: app.config.server.body_limit,
        time: app.config.server.body_timeout,
    };
    let router = Arc::clone(router);
    let answer = fn_service(move |request| {
        let router = Arc::clone(&router);
        async move { Ok(router.answer(request).await) }
    });
    let app = Rc::new(app.clone());
    let (limits, authenticate, respond) = (Arc::clone(limits), Rc::clone(&app), Rc::clone(&app));
    let (log_all, traffic) = (app.config.log.requests, Arc::clone(&app.traffic));
    HttpApp::new()
        .app_data(body)
        .app_data(UploadLimit(app.config.server.import_limit))
        .app_data(app.origins.clone())
        .app_data(app.cors.clone())
        .app_data(app.base.clone())
        .app_data(Data::new(app.cookies.clone()))
        .app_data(Data::new(app.auth.clone()))
        .app_data(Data::new(app.users.clone()))
        .app_data(Data::new(app.collections.clone()))
        .app_data(Data::new(app.roles.clone()))
        .app_data(Data::new(app.records.clone()))
        .app_data(Data::new(app.rules.clone()))
        .app_data(Data::new(app.settings.clone()))
        .app_data(Data::new(app.status.clone()))
        .app_data(Data::new(app.health.clone()))
        .app_data(Data::new(app.contract.clone()))
        .app_data(Data::new(app.public_dir.clone()))
        .app_data(Data::new((*app).clone()))
        .default_service(answer)
        .wrap(from_fn(move |request, next| {
            middleware::rate_limit(Arc::clone(&limits), door, request, next)
        }))
        .wrap(from_fn(move |request, next| {
            middleware::authenticate(Rc::clone(&authenticate), door, request, next)
        }))
        .wrap(from_fn(move |request, next| {
            middleware::access_log(log_all, Arc::clone(&traffic), request, next)
        }))
        .wrap(from_fn(move |request, next| {
            middleware::respond(Rc::clone(&respond), request, next)
        }))
}

async fn forget(limits: Arc<limits::RateLimits>) {
    let mut minute = actix_web::rt::time::interval(FORGET_EVERY);
    loop {
        minute.tick().await;
        limits.forget_full();
    }
}

async fn rotate_keys(app: App) {
    let mut hour = actix_web::rt::time::interval(ROTATE_EVERY);
    let schedule = App::operator("schedule");
    loop {
        hour.tick().await;
        if let Err(error) = app.auth.rotate_old_keys(&schedule).await {
            error!(cause = %error, "The keys of access tokens could not be rotated");
        }
    }
}

async fn sweep(connections: Connections, every: Duration) {
    let mut round = actix_web::rt::time::interval(every);
    loop {
        round.tick().await;
        connections.sweep(Instant::now());
    }
}

async fn look_at(tls: Arc<Tls>) {
    let mut round = actix_web::rt::time::interval(LOOK_EVERY);
    loop {
        round.tick().await;
        renew(&tls).await;
    }
}

/// Has the certificate read anew if its files have changed.
pub async fn renew(tls: &Arc<Tls>) {
    let tls = Arc::clone(tls);
    if web::block(move || tls.renew_if_changed()).await.is_err() {
        error!("The files of the certificate could not be looked at");
    }
}
