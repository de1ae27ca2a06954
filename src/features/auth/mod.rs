//! Signing in: set-up, login, refresh, logout, one's own account and password.
//!
//! What a session is, and the statements that end one, belong to `access`.

mod account;
mod admins;
mod refresh;
mod routes;
mod service;
mod setup;
mod store;

pub use admins::Admin;
pub use routes::routes;
pub use service::{Auth, Parts};
pub use setup::{FirstAdmin, SetupLink};
