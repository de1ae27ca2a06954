//! The sign-in of others: their sessions, and the lockout of their accounts.

mod routes;
mod service;

pub use routes::routes;
