//! What systemd is told, and what it hands over. Where there is none, nothing happens.
//!
//! See `sd_notify(3)`, `sd_listen_fds(3)` and, for the watchdog, `systemd.service(5)`.

use std::{net::TcpListener, time::Duration};

use listenfd::ListenFd;
use sd_notify::NotifyState;
use tokio::task::JoinHandle;
use tracing::{error, warn};

use super::Failure;
use crate::server::Pulse;

/// The socket on which systemd takes connections for this process, if it does.
///
/// Call it before there are other threads: it takes the variables out of the environment.
///
/// # Errors
/// If there is more than one, or one of another kind.
pub(super) fn socket() -> Result<Option<TcpListener>, Failure> {
    let mut passed = ListenFd::from_env();
    if passed.len() > 1 {
        let words = format!("one socket at most can be passed, not {}", passed.len());
        return Err(Failure::Other(words));
    }
    let socket = passed.take_tcp_listener(0);
    socket.map_err(|error| Failure::Other(format!("the passed socket cannot be used: {error}")))
}

/// Connections are taken, at `place`.
pub(super) fn ready(place: &str) {
    let status = format!("Listening on {place}");
    tell(&[NotifyState::Ready, NotifyState::Status(&status)]);
}

/// The end has begun.
pub(super) fn stopping() {
    tell(&[NotifyState::Stopping, NotifyState::Status("Stopping")]);
}

/// Files are being read anew; [`reloaded`] says when that is done.
pub(super) fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(error) => warn!(%error, "systemd was not told of the reload"),
    }
}

/// Files were read anew.
pub(super) fn reloaded() {
    tell(&[NotifyState::Ready]);
}

/// Tells the watchdog, if it watches, that the server answers, each time that it does. Left without
/// word it kills the process, so that a new one can take its place. Abort the task before the end,
/// of which the watchdog hears by [`stopping`].
pub(super) fn watch(pulse: Pulse) -> Option<JoinHandle<()>> {
    let patience = sd_notify::watchdog_enabled()?;
    Some(actix_web::rt::spawn(keep_telling(pulse, patience)))
}

async fn keep_telling(pulse: Pulse, patience: Duration) {
    // Asked four times in each span, and given half of it to answer: a late answer is in time.
    let every = (patience / 4).max(Duration::from_millis(1));
    let mut round = actix_web::rt::time::interval(every);
    loop {
        round.tick().await;
        match actix_web::rt::time::timeout(patience / 2, pulse.beats()).await {
            Ok(true) => tell(&[NotifyState::Watchdog]),
            Ok(false) => error!("A part of the server has ended, so the watchdog is not told"),
            Err(_) => error!("The server does not answer, so the watchdog is not told"),
        }
    }
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        warn!(%error, "systemd could not be told");
    }
}
