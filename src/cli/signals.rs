//! What the process is told by signals.

use std::{future::Future, io, io::IsTerminal};

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that are heard; what has come since they were first heard counts.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
    // On a terminal, it means that this is gone.
    hangup_ends: bool,
}

impl Signals {
    /// Hears SIGTERM, SIGINT and SIGHUP from now on.
    ///
    /// # Errors
    /// If the system does not give them.
    pub fn hear() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
            hangup_ends: io::stderr().is_terminal(),
        })
    }

    /// Waits for the first that asks for an end, and runs `reload` for each that asks for that.
    pub async fn end<F: Future<Output = ()>>(&mut self, reload: impl Fn() -> F) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => return,
                _ = self.hangup.recv() => {
                    if self.hangup_ends {
                        return;
                    }
                    reload().await;
                }
            }
        }
    }
}
