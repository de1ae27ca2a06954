//! The job that clears away what is past its time.

use std::time::Duration;

use tokio::time::{self, MissedTickBehavior};

use crate::app::App;

/// How often it looks: lives are counted in hours, and ages in days.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// Clears away at the start and every hour. The hours are counted by a clock that does not jump,
/// whatever becomes of the time of day.
pub async fn clear_away(app: App) {
    let mut hour = time::interval(EVERY);
    hour.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        hour.tick().await;
        app.clear_away().await;
    }
}
