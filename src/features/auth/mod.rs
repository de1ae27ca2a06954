//! Signing in: set-up, login, refresh, logout, one's own account, password and sessions, and the
//! keys of access tokens.
//!
//! What a session is, and the statements that end one, belong to `access`.

mod account;
mod admins;
mod guess;
mod keys;
mod password;
mod refresh;
mod routes;
mod service;
mod sessions;
mod setup;
mod store;

pub use admins::Admin;
pub use routes::routes;
pub use service::{Auth, Parts};
pub use setup::{FirstAdmin, SetupLink};
