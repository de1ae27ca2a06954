//! Everything that lives as long as the server, built once from the configuration. Tests build the
//! same.

mod clearing;
pub mod contract;
pub mod demo;
mod instance;
pub mod operator;
pub mod rule_tests;
pub mod schema_files;

use std::{fmt, io, net::Ipv4Addr, path::PathBuf, sync::Arc};

use crate::{
    access::{
        Caller, InstanceKey, Sessions, Who, instance_key,
        password::Passwords,
        session::Lifetimes,
        tokens::{self, Tokens},
    },
    base::{Clock, Error},
    config::Config,
    db::{DataDir, Db, OpenError, Watch},
    engine::{Catalog, Cursors, Engine, Idempotency},
    features::{
        auth::{self, Auth},
        collections::Collections,
        contract::Contract,
        health::Health,
        public_dir::PublicDir,
        records::Records,
        roles::Roles,
        rules::RuleTests,
        settings::Settings,
        status::{self, Status},
        users::Users,
    },
    telemetry::Traffic,
    web::{BasePath, CorsRules, PeerRules, cookies::CookieRules, origin::OriginRules},
};

/// The parts. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The configuration.
    pub config: Arc<Config>,
    /// The time.
    pub clock: Arc<Clock>,
    /// The database.
    pub db: Db,
    /// Records.
    pub engine: Engine,
    /// Access tokens.
    pub tokens: Tokens,
    /// Who is signed in.
    pub sessions: Sessions,
    /// Passwords.
    pub passwords: Passwords,
    /// Signing in.
    pub auth: Auth,
    /// Users.
    pub users: Users,
    /// Definitions.
    pub collections: Collections,
    /// Roles.
    pub roles: Roles,
    /// Records of collections.
    pub records: Records,
    /// Rules, tried out.
    pub rules: RuleTests,
    /// The settings that it was started with.
    pub settings: Settings,
    /// How this instance is.
    pub status: Status,
    /// What was answered.
    pub traffic: Arc<Traffic>,
    /// Requests that are done once.
    pub idempotency: Idempotency,
    /// What the API takes and answers.
    pub contract: Contract,
    /// Health.
    pub health: Health,
    /// The operator's own front end.
    pub public_dir: PublicDir,
    /// Whose word about a client counts.
    pub peers: PeerRules,
    /// How cookies are set.
    pub cookies: CookieRules,
    /// Which pages may sign in.
    pub origins: OriginRules,
    /// Which pages of other origins may use the API.
    pub cors: CorsRules,
    /// The path below which this instance lies on its host.
    pub base: BasePath,
    /// True for an instance that was filled by `--demo`.
    pub is_demo: bool,
}

/// Why the parts could not be built.
#[derive(Debug)]
pub enum StartError {
    /// The data directory or its database.
    Open(OpenError),
    /// The file of the keys.
    Keys(PathBuf, io::Error),
    /// The file of the key of the instance.
    InstanceKey(PathBuf, io::Error),
    /// What is read or written first.
    First(Error),
}

impl App {
    /// Opens the data directory and builds the parts over it.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub async fn open(config: Config) -> Result<Self, StartError> {
        Self::open_with(config, Arc::new(Clock::system()), Vec::new()).await
    }

    /// The same by another clock, and with watchers of each commit.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub async fn open_with(
        config: Config,
        clock: Arc<Clock>,
        watches: Vec<Box<dyn Watch>>,
    ) -> Result<Self, StartError> {
        let dir = DataDir::open(&config.data_dir)?;
        let (db, catalog) = Db::open(dir, &config.storage, &clock, |conn| {
            let catalog = Catalog::load(conn)?;
            let mut all: Vec<Box<dyn Watch>> = vec![Box::new(catalog.clone())];
            all.extend(watches);
            Ok((catalog, all))
        })?;
        let instance = instance::load_or_create(&db)
            .await
            .map_err(StartError::First)?;
        let life = config.auth.access;
        let tokens = Tokens::open(db.dir().path(), &instance.id, Arc::clone(&clock), life)
            .map_err(|error| StartError::Keys(db.dir().path().join(tokens::FILE), error))?;
        let instance_key = InstanceKey::open(db.dir().path()).map_err(|error| {
            StartError::InstanceKey(db.dir().path().join(instance_key::FILE), error)
        })?;
        let engine = Engine::new(
            db.clone(),
            catalog,
            Arc::clone(&clock),
            config.storage.cache_bytes,
            Cursors::new(&instance_key).map_err(StartError::First)?,
        );
        let idempotency = Idempotency::new(engine.clone(), instance_key);
        Ok(Self::assemble(
            config,
            clock,
            engine,
            idempotency,
            tokens,
            instance.is_demo,
        ))
    }

    fn assemble(
        config: Config,
        clock: Arc<Clock>,
        engine: Engine,
        idempotency: Idempotency,
        tokens: Tokens,
        is_demo: bool,
    ) -> Self {
        let db = engine.db().clone();
        let passwords = Passwords::new(&config.auth);
        let sessions = Sessions::new(db.clone(), Lifetimes::new(&config.auth));
        let parts = auth::Parts {
            engine: engine.clone(),
            passwords: passwords.clone(),
            tokens: tokens.clone(),
            sessions: sessions.clone(),
            clock: Arc::clone(&clock),
        };
        let traffic = Arc::new(Traffic::new(clock.now()));
        let told = status::Parts {
            engine: engine.clone(),
            clock: Arc::clone(&clock),
            traffic: Arc::clone(&traffic),
            is_demo,
        };
        Self {
            auth: Auth::new(parts, &config),
            users: Users::new(
                engine.clone(),
                passwords.clone(),
                idempotency.clone(),
                Arc::clone(&clock),
                &config.auth,
            ),
            collections: Collections::new(engine.clone(), idempotency.clone()),
            roles: Roles::new(engine.clone(), idempotency.clone()),
            records: Records::new(engine.clone(), idempotency.clone()),
            rules: RuleTests::new(engine.clone()),
            settings: Settings::new(&config),
            status: Status::new(told, &config),
            traffic,
            contract: Contract::new(engine.clone(), &config),
            idempotency,
            health: Health::new(db.clone(), Arc::clone(&clock)),
            public_dir: PublicDir::new(&config.server),
            sessions,
            peers: PeerRules::new(&config.server),
            cookies: CookieRules::new(&config),
            origins: OriginRules::new(&config),
            cors: CorsRules::new(&config.cors),
            base: BasePath::new(&config.server),
            config: Arc::new(config),
            clock,
            db,
            engine,
            tokens,
            passwords,
            is_demo,
        }
    }

    /// Whoever runs this instance, as a caller. `what` stands in the place of a request id.
    pub fn operator(what: &str) -> Caller {
        Caller {
            who: Who::Operator,
            request_id: what.into(),
            address: Ipv4Addr::LOCALHOST.into(),
        }
    }
}

impl From<OpenError> for StartError {
    fn from(error: OpenError) -> Self {
        Self::Open(error)
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(error) => error.fmt(f),
            Self::Keys(path, error) => write!(
                f,
                "{} cannot be used: {error}; restore it, or move it away: then there are new \
                 keys, and everybody's access token is renewed at the next refresh",
                path.display()
            ),
            Self::InstanceKey(path, error) => write!(
                f,
                "{} cannot be used: {error}; restore it, or move it away: then there is a new one, \
                 and requests that are repeated under an Idempotency-Key of before are refused",
                path.display()
            ),
            Self::First(error) => write!(f, "the database cannot be used: {error}"),
        }
    }
}

impl std::error::Error for StartError {}
