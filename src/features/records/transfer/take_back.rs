//! `DELETE /api/v1/{collection}/import/{importId}`, and what becomes of imports that were cut off.

use tracing::{info, warn};

use crate::{
    access::{Action, Caller, Who, permit},
    base::{Error, Instant, Result},
    engine::{self, ImportRun, Kind, TakenBack},
    events::Origin,
    features::records::{Records, many::refuse_accounts},
};

/// In the place of a request id.
const JOB: &str = "import";

impl Records {
    /// Deletes what an import has made and nobody has changed since, as the collection says.
    ///
    /// # Errors
    /// Those of [`crate::access::decide`] for deleting; `NOT_FOUND` for an import that the caller
    /// did not make, unless it is whoever runs this instance, and for one that has replaced
    /// records, was taken back, or is a week old.
    pub async fn take_back(&self, caller: &Caller, path: &str, id: &str) -> Result<TakenBack> {
        refuse_accounts(path)?;
        let (collection, rows) = self.decide(caller, path, Action::Delete)?;
        let run = self.engine.find_import(id).await?;
        let may = |run: &ImportRun| match caller.who {
            Who::Operator => true,
            // Guests are not known again.
            Who::Guest => false,
            Who::User(_) => run.actor == caller.actor(),
        };
        let fits = |run: &ImportRun| run.collection == collection.name && run.mode == "create";
        let run = run.filter(|run| may(run) && fits(run));
        let run = run.ok_or_else(Error::not_found)?;
        let (target, origin) = ((&collection, &rows), engine::origin(caller));
        let back = self
            .engine
            .take_back(target, &run, Kind::AsDefined, &origin);
        back.await
    }

    /// Sees to the imports that nobody sees to any more, because the server has ended: those that
    /// were to be whole or nothing are taken back, and others are left as far as they came. Forgets
    /// those of long ago.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn clear_imports(&self, now: Instant) -> Result<()> {
        for run in self.engine.running_imports().await? {
            if self.running.has(&run.id) {
                continue;
            }
            let _claim = self.running.claim(&run.id);
            if run.mode == "create" && run.on_error == "abort" {
                self.undo(&run).await?;
                info!(import.id = %run.id, "An import that was cut off was taken back");
            } else {
                self.engine.db().write(run.end(Vec::new(), None)).await?;
                warn!(import.id = %run.id, "An import was cut off, and stays as far as it came");
            }
        }
        self.engine.forget_old_imports(now).await
    }

    /// Takes back what an import has written so far, as if it had never been.
    pub(super) async fn undo(&self, run: &ImportRun) -> Result<()> {
        // Its collection may be called otherwise since it began.
        let running = self.engine.running_imports().await?;
        let run = running.iter().find(|one| one.id == run.id).unwrap_or(run);
        let schema = self.engine.catalog().schema();
        let Some(collection) = schema.by_name(&run.collection) else {
            self.engine.db().write(run.forget()).await?;
            return Ok(());
        };
        let job = Caller {
            who: Who::Operator,
            request_id: JOB.into(),
            address: std::net::Ipv4Addr::LOCALHOST.into(),
        };
        let rows = permit(&job, &collection.name, Action::Purge)?;
        let origin = Origin {
            actor: run.actor.clone(),
            request_id: JOB.to_owned(),
        };
        let target = (collection, &rows);
        self.engine
            .take_back(target, run, Kind::Purge, &origin)
            .await?;
        Ok(())
    }
}
