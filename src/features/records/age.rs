//! Purging what was deleted long ago, for all collections.

use tracing::{info, warn};

use super::Records;
use crate::{
    access::{Action, Caller, permit},
    base::{Instant, Result},
    engine,
};

impl Records {
    /// Purges every record that was deleted before `before`, in bounded batches between which
    /// others write. What something still points at is left, and tried again the next time.
    ///
    /// # Errors
    /// Those of [`permit`], and of a write that have nothing to do with the records.
    pub async fn purge_deleted_before(&self, caller: &Caller, before: Instant) -> Result<()> {
        let origin = engine::origin(caller);
        let mut round = self.engine.round(before);
        for collection in round.collections() {
            let rows = permit(caller, &collection.name, Action::Purge)?;
            let purge = self
                .engine
                .purge_by_age(&collection, &rows, &mut round, &origin);
            let purged = purge.await?;
            let (name, gone, kept) = (&collection.name, purged.gone, purged.kept);
            if gone > 0 {
                info!(collection = %name, records = gone, "Deleted records were purged by age");
            }
            if kept > 0 {
                warn!(
                    collection = %name,
                    records = kept,
                    "Deleted records could not be purged: others point at them, or too many hang \
                     on one"
                );
            }
        }
        Ok(())
    }
}
