//! The job that purges what was deleted long ago.

use std::time::Duration;

use tokio::time::{self, MissedTickBehavior};
use tracing::warn;

use crate::app::App;

/// How often it looks for what is due: ages are counted in days.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// Purges at the start and every hour, if the configuration says after how many days. The hours
/// are counted by a clock that does not jump, whatever becomes of the time of day.
pub async fn purge_by_age(app: App) {
    let Some(age) = app.config.storage.purge_after() else {
        return;
    };
    let caller = App::operator("purge");
    let mut hour = time::interval(EVERY);
    hour.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        hour.tick().await;
        let before = app.clock.now().before(age);
        if let Err(error) = app.records.purge_deleted_before(&caller, before).await {
            warn!(%error, "Purging by age stopped; it goes on within the hour");
        }
    }
}
