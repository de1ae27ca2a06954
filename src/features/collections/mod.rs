//! Definitions of collections: list, read, create, delete.

mod routes;
mod service;
mod store;

pub use routes::routes;
pub use service::Collections;
