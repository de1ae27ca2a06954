//! A whole Stead in this process: the real server over a real file, with a clock set by hand and
//! a twin of its database.

use std::{
    borrow::Borrow,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::{Arc, Mutex, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use actix_web::dev::ServerHandle;
use serde_json::{Value as Json, json};
use stead::{
    access::password::Turn,
    app::App,
    base::{
        Clock, Instant,
        json::Object,
        secret::{ExposeSecret, SecretString},
    },
    config::Config,
    features::auth::{Auth, SetupLink},
    server::Server,
};
use tempfile::TempDir;

use super::{
    client::Client,
    contract,
    twin::{self, Shared, Twin},
};

/// The password of everybody in the stories.
pub const PASSWORD: &str = "correct horse battery";

/// A running Stead. It is stopped when it is dropped, and its twin compared.
pub struct TestApp {
    address: SocketAddr,
    clock: Arc<Clock>,
    dir: Arc<TempDir>,
    twin: Arc<Mutex<Twin>>,
    link: SetupLink,
    setup: SecretString,
    // None once it is stopped, since the database is closed with the last handle to it.
    app: Option<App>,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl TestApp {
    /// Starts with the admin `ann@example.com`, without rate limits.
    pub fn start() -> Self {
        Self::start_with(|_| {})
    }

    /// The same by another configuration.
    pub fn start_with(configure: impl FnOnce(&mut Config)) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), configure, true)
    }

    /// Starts without any account.
    pub fn start_empty() -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), |_| {}, false)
    }

    fn start_in(dir: TempDir, configure: impl FnOnce(&mut Config), with_admin: bool) -> Self {
        let clock = Arc::new(Clock::manual(
            Instant::parse("2026-01-15T10:30:00Z").unwrap(),
        ));
        let twin = Arc::new(Mutex::new(Twin::new(dir.path())));
        Self::start_over(Arc::new(dir), (clock, twin), configure, with_admin)
    }

    /// Stops it, and starts it again over the same files by another configuration.
    pub fn restart_with(&mut self, configure: impl FnOnce(&mut Config)) {
        self.stop();
        let lasting = (Arc::clone(&self.clock), Arc::clone(&self.twin));
        *self = Self::start_over(Arc::clone(&self.dir), lasting, configure, false);
    }

    /// Starts over what a server before may have left.
    fn start_over(
        dir: Arc<TempDir>,
        (clock, twin): (Arc<Clock>, Arc<Mutex<Twin>>),
        configure: impl FnOnce(&mut Config),
        with_admin: bool,
    ) -> Self {
        let mut config = Config::default_in(dir.path().join("data"));
        config.rate_limit.enabled = false;
        config.server.workers = 1;
        configure(&mut config);
        let (started, starting) = mpsc::channel();
        let told = Arc::clone(&clock);
        let watched = Arc::clone(&twin);
        let run = move || {
            actix_web::rt::System::new().block_on(async move {
                let watches: Vec<Box<dyn stead::db::Watch>> = vec![Box::new(Shared(watched))];
                let app = App::open_with(config, told, watches).await.unwrap();
                if with_admin {
                    create_admin(&app).await;
                }
                let link = app.auth.setup().clone();
                let setup = app.auth.setup().renew(SetupLink::LIFE).unwrap();
                let parts = app.clone();
                let server = Server::start(app, TcpListener::bind("127.0.0.1:0").unwrap()).unwrap();
                started
                    .send((server.address(), server.handle(), link, setup, parts))
                    .unwrap();
                server.run().await.unwrap();
            });
        };
        let thread = std::thread::spawn(run);
        let (address, handle, link, setup, parts) = starting
            .recv_timeout(Duration::from_secs(30))
            .expect("the server starts");
        contract::register(address, &parts);
        Self {
            address,
            clock,
            dir,
            twin,
            link,
            setup,
            app: Some(parts),
            handle,
            thread: Some(thread),
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its parts.
    fn app(&self) -> &App {
        self.app.as_ref().expect("the server runs")
    }

    /// Its clock, which stands until it is moved.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Its database file.
    pub fn database(&self) -> PathBuf {
        self.dir.path().join("data").join(stead::db::DATABASE)
    }

    /// The token of its setup link.
    pub fn setup_token(&self) -> &str {
        self.setup.expose_secret()
    }

    /// Its setup link.
    pub fn setup_link(&self) -> &SetupLink {
        &self.link
    }

    /// Takes every turn to compute a hash: while they are held, a password that is tried waits.
    pub fn take_turns_to_hash(&self) -> Vec<Turn> {
        let turns = Config::default_in(PathBuf::new()).auth.hashes_at_once;
        let passwords = &self.parts().passwords;
        let take = |_| self.block_on(passwords.turn()).unwrap();
        (0..turns.get()).map(take).collect()
    }

    /// What its server signs in by.
    pub fn auth(&self) -> &Auth {
        &self.parts().auth
    }

    fn parts(&self) -> &App {
        self.app.as_ref().expect("it runs")
    }

    /// Waits for something that its server does.
    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        actix_web::rt::System::new().block_on(future)
    }

    /// Runs SQL in a foreign shell, and the same on the twin, and has the server notice at once
    /// what it would notice within a second. A change of a row has to raise its `version`, because
    /// the twin has no triggers that do.
    pub fn change_by_sql(&self, sql: &str) {
        self.change_by_sql_unnoticed(sql);
        let db = &self.parts().db;
        assert!(self.block_on(db.writer_answers()));
    }

    /// The same, but the server finds out by itself.
    pub fn change_by_sql_unnoticed(&self, sql: &str) {
        self.sql().execute_batch(sql).unwrap();
        self.twin.lock().unwrap().execute(sql);
    }

    /// Every row of every table.
    pub fn rows(&self) -> Vec<String> {
        twin::rows(&self.sql())
    }

    /// The number that a query gives.
    pub fn count(&self, sql: &str) -> i64 {
        self.sql().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// A connection of a foreign shell that only reads.
    pub fn sql(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.database()).unwrap()
    }

    /// Purges what was deleted before the present moment, as the job of the server does it.
    pub fn purge_by_age(&self) {
        let (operator, now) = (App::operator("test"), self.clock.now());
        let purge = self.app().records.purge_deleted_before(&operator, now);
        actix_web::rt::System::new().block_on(purge).unwrap();
    }

    /// Clears away what is past its time, as the job of the server does it.
    pub fn clear_away(&self) {
        actix_web::rt::System::new().block_on(self.app().clear_away());
    }

    /// Nobody that Stead knows.
    pub fn guest(&self) -> Client {
        Client::new(self.address)
    }

    /// The admin, by bearer token.
    pub fn admin(&self) -> Client {
        self.guest().sign_in("ann@example.com", PASSWORD)
    }

    /// The admin, by cookies.
    pub fn browser(&self) -> Client {
        self.guest().sign_in_by_cookie("ann@example.com", PASSWORD)
    }

    /// A new user with the role `editor`, by bearer token.
    pub fn editor(&self) -> Client {
        self.user("eve", &["editor"])
    }

    /// A new user with the role `viewer`, by bearer token.
    pub fn viewer(&self) -> Client {
        self.user("vic", &["viewer"])
    }

    /// A new user who has chosen a password, by bearer token.
    pub fn user(&self, name: &str, roles: &[&str]) -> Client {
        let email = self.add_user(name, roles);
        self.guest().sign_in(&email, PASSWORD)
    }

    /// Adds a user `{name}@example.com` who has chosen [`PASSWORD`]. Returns the address.
    pub fn add_user(&self, name: &str, roles: &[&str]) -> String {
        let (email, first) = (format!("{name}@example.com"), "chosen by the admin");
        let body =
            json!({ "email": email, "password": first, "displayName": name, "roles": roles });
        self.admin().post("/api/v1/users", &body).created();
        let body = json!({ "currentPassword": first, "newPassword": PASSWORD });
        self.guest()
            .sign_in(&email, first)
            .post("/api/auth/password", &body)
            .no_content();
        email
    }

    /// Makes a collection of these fields.
    pub fn collection(&self, name: &str, fields: impl Borrow<Json>) {
        self.define(json!({ "name": name, "fields": fields.borrow() }));
    }

    /// Makes a collection by its definition.
    pub fn define(&self, definition: impl Borrow<Json>) {
        self.admin()
            .post("/api/system/collections", definition.borrow())
            .created();
    }

    /// Stops it, as SIGTERM does, and returns its directory.
    pub fn stop(&mut self) {
        let Some(thread) = self.thread.take() else {
            return;
        };
        contract::forget(self.address);
        self.app = None;
        let handle = self.handle.clone();
        actix_web::rt::System::new().block_on(handle.stop(true));
        thread.join().expect("the server ends well");
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop();
        if !std::thread::panicking() {
            self.twin.lock().unwrap().assert_equals(&self.database());
        }
    }
}

async fn create_admin(app: &App) {
    let account = json!({ "email": "ann@example.com", "displayName": "Ann" }).to_string();
    let object = Object::parse(account.as_bytes()).unwrap();
    let operator = App::operator("test");
    let password = SecretString::from(PASSWORD);
    app.auth
        .create_admin(&operator, password, &object, false)
        .await
        .unwrap();
}
