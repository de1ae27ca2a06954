//! What the stories need.

pub mod app;
pub mod client;
pub mod forge;
pub mod http;
pub mod inspect;
pub mod process;
pub mod race;
pub mod twin;
