//! Roles: what they allow, and how that is changed. Which user has which is for `users`.

mod routes;
mod service;
mod store;
mod types;

pub use routes::routes;
pub use service::Roles;
