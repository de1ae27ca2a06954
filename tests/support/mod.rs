//! What the stories need.

pub mod app;
pub mod client;
pub mod http;
pub mod inspect;
pub mod process;
pub mod race;
pub mod tls;
pub mod twin;
