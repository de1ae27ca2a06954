//! Records of collections: list, read, create, change, delete.

mod routes;
mod service;

pub use routes::routes;
pub use service::Records;
