//! What is past its time goes, whether or not anybody asks for anything.

use tracing::warn;

use super::App;
use crate::{
    access::session::{self, Lifetimes},
    base::Result,
};

impl App {
    /// Clears away keys and sessions that are past their time, and purges what was deleted long
    /// ago, if the configuration says after how many days. What fails is left for the next time.
    pub async fn clear_away(&self) {
        let now = self.clock.now();
        tell(
            "idempotency keys",
            self.idempotency.clear_expired(now).await,
        );
        let lifetimes = Lifetimes::new(&self.config.auth);
        let sessions = session::clear_expired(&self.db, now, lifetimes);
        tell("sessions", sessions.await);
        tell("imports", self.records.clear_imports(now).await);
        if let Some(age) = self.config.storage.purge_after() {
            let (caller, before) = (Self::operator("purge"), now.before(age));
            let purge = self.records.purge_deleted_before(&caller, before);
            tell("deleted records", purge.await);
        }
    }
}

fn tell(what: &str, outcome: Result<()>) {
    if let Err(error) = outcome {
        warn!(%error, "Clearing away {what} stopped; it goes on within the hour");
    }
}
