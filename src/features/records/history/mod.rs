//! Records as they were.

mod routes;
mod service;

pub use routes::routes;
