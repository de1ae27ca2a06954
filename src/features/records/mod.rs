//! Records of collections: list, read, create, change, delete, restore, purge.

mod age;
mod routes;
mod service;

pub use routes::routes;
pub use service::Records;
