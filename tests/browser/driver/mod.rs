//! A real headless Chromium, driven as a person uses it: by roles and names, mouse and keys.
//!
//! [`Browser`] is what a story opens pages with, [`Page`] what it does there. One process serves
//! all stories that run at the same time, each with profiles of its own.

mod browser;
mod chromium;
mod fields;
mod keys;
mod page;
mod pointer;
mod record;
mod report;
mod tab;
mod tests;
mod world;

use std::time::Duration;

pub use self::{browser::Browser, page::Page, report::target_folder, world::Theme};
use crate::support::{process::PATIENCE, setting};

/// What takes longer has failed. Who writes a story may have less patience than who runs it.
fn patience() -> Duration {
    Duration::from_secs(setting("STEAD_BROWSER_PATIENCE", PATIENCE.as_secs()))
}
