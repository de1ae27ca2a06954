//! `stead serve`.

use std::{
    io::{IsTerminal, Write},
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::Arc,
};

use clap::Args;
use tracing::{info, warn};

use super::{Common, Failure, operator, signals::Signals, systemd};
use crate::{
    app::{App, demo},
    base::{Clock, secret::ExposeSecret},
    config::Config,
    db::private_file,
    features::auth::SetupLink,
    server::{self, End, Server, Tls},
    telemetry,
};

/// Name of the file with the setup link, where there is no terminal to show it on.
const SETUP_LINK: &str = "setup-link";

/// What is said of a demo that others would reach.
const DEMO_ON_LOOPBACK: &str = "a demo listens on loopback only, such as 127.0.0.1:8080";

/// Start the server.
#[derive(Args, Debug)]
pub(super) struct Serve {
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Fill an empty data directory with users, posts and orders to try things on
    #[arg(long)]
    demo: bool,
}

/// Where connections come from, and how they are secured.
struct Door {
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
}

impl Serve {
    pub(super) fn run(self, common: &Common) -> Result<(), Failure> {
        let config = crate::config::load(&common.flags(self.listen))?;
        let tls = Tls::open(&config.server)?;
        let passed = systemd::socket()?;
        telemetry::install(&config.log, Arc::new(Clock::system()));
        release_memory();
        actix_web::rt::System::new().block_on(serve(config, self.demo, passed, tls))
    }
}

async fn serve(
    config: Config,
    demo: bool,
    passed: Option<TcpListener>,
    tls: Option<Arc<Tls>>,
) -> Result<(), Failure> {
    let address = config.server.listen;
    // Before anything is made for a demo that then cannot listen there.
    if demo && passed.is_none() && !address.ip().is_loopback() {
        return Err(Failure::Other(DEMO_ON_LOOPBACK.to_owned()));
    }
    // The directory first: who starts Stead twice should hear of that, not of the address.
    let app = operator::open(config).await?;
    let door = match open_door(&app, demo, passed, tls).await {
        Ok(door) => door,
        Err(failure) => {
            app.db.close();
            return Err(failure);
        }
    };
    // Before the log says that it listens: whoever reads that may stop it at once.
    let signals = Signals::hear()
        .map_err(|error| Failure::Other(format!("no signals to be had: {error}")))?;
    let server = Server::start_with(app, door.listener, door.tls.clone())
        .map_err(|error| deaf(address, &error))?;
    systemd::ready(&server.url());
    let watching = systemd::watch(server.pulse());
    let handle = server.handle();
    actix_web::rt::spawn(async move {
        until_end(signals, door.tls).await;
        systemd::stopping();
        if let Some(watching) = watching {
            watching.abort();
        }
        info!("Stopping: requests in flight may end");
        handle.stop(true).await;
    });
    let ended = server.run().await;
    match ended.map_err(|error| Failure::Other(format!("the server failed: {error}")))? {
        End::Stopped => Ok(()),
        End::SyncFailed => Err(Failure::SyncFailed),
    }
}

async fn open_door(
    app: &App,
    demo: bool,
    passed: Option<TcpListener>,
    tls: Option<Arc<Tls>>,
) -> Result<Door, Failure> {
    let address = app.config.server.listen;
    let listener = match passed {
        Some(listener) => listener,
        None => TcpListener::bind(address).map_err(|error| deaf(address, &error))?,
    };
    let door = Door { listener, tls };
    prepare(app, demo, &door).await?;
    Ok(door)
}

/// Waits for a signal that asks for an end, and has others renew the certificate.
async fn until_end(mut signals: Signals, tls: Option<Arc<Tls>>) {
    let reload = || async {
        systemd::reloading();
        if let Some(tls) = &tls {
            server::renew(tls).await;
        }
        systemd::reloaded();
    };
    signals.end(reload).await;
}

fn deaf(address: SocketAddr, error: &std::io::Error) -> Failure {
    Failure::Other(format!(
        "cannot listen on {address}: {error}; choose another address with --listen"
    ))
}

async fn prepare(app: &App, demo: bool, door: &Door) -> Result<(), Failure> {
    let address = door.listener.local_addr();
    let is_loopback = address.is_ok_and(|address| address.ip().is_loopback());
    if (demo || app.is_demo) && !is_loopback {
        return Err(Failure::Other(DEMO_ON_LOOPBACK.to_owned()));
    }
    if demo {
        fill(app).await?;
    } else if app.is_demo {
        info!("This is a demo instance");
    }
    if app.cookies.may_be_plain() {
        warn!("Cookies go without Secure to plain HTTP from this machine and private networks");
    }
    show_setup_link(app, door).await
}

async fn fill(app: &App) -> Result<(), Failure> {
    let Some(users) = demo::fill(app).await? else {
        return Ok(());
    };
    let mut text = String::from("\nThe demo's users, shown this once:\n\n");
    for user in users {
        let password = user.password.expose_secret();
        text += &format!("  {:<18} {password}   {}\n", user.email, user.role);
    }
    let _ = writeln!(std::io::stderr(), "{text}");
    Ok(())
}

/// Shows the link by which the first admin is made, or puts it into a file where nobody looks.
async fn show_setup_link(app: &App, door: &Door) -> Result<(), Failure> {
    let path = app.db.dir().path().join(SETUP_LINK);
    // One of an earlier start is good for nothing any more.
    let _ = std::fs::remove_file(&path);
    if app.auth.has_admin().await? {
        return Ok(());
    }
    let token = app.auth.setup().renew(SetupLink::LIFE)?;
    let base = match &app.config.server.public_url {
        Some(url) => url.to_string(),
        None => {
            let address = door.listener.local_addr();
            let address = address.unwrap_or(app.config.server.listen);
            server::url(address, door.tls.is_some())
        }
    };
    let link = format!("{base}/admin/#setup={}", token.expose_secret());
    let mut stderr = std::io::stderr();
    if stderr.is_terminal() {
        let _ = writeln!(
            stderr,
            "\nMake the first administrator within 30 minutes:\n\n  {link}\n"
        );
        return Ok(());
    }
    write_link(&path, &link).map_err(|error| {
        Failure::Other(format!("{} cannot be written: {error}", path.display()))
    })?;
    info!(
        "The link for the first administrator is in {}",
        path.display()
    );
    app.auth.setup().written_to(path);
    Ok(())
}

fn write_link(path: &PathBuf, link: &str) -> std::io::Result<()> {
    let mut file = private_file().truncate(true).open(path)?;
    writeln!(file, "{link}")
}

/// Has glibc give the memory of password hashing back: 19 MiB each, which would stay otherwise.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn release_memory() {
    const THRESHOLD: i32 = 128 * 1024;
    #[expect(
        unsafe_code,
        reason = "the allocator is set by a call of C, before other threads start"
    )]
    // SAFETY: `mallopt` takes two numbers and touches the allocator alone.
    let set = unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, THRESHOLD) };
    if set == 0 {
        warn!("The allocator could not be set: memory of password hashing stays with the process");
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn release_memory() {}
