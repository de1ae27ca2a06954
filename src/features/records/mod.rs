//! Records of collections: list, read, create, change, replace, delete; under a parent, too.

mod nested;
mod routes;
mod service;

pub use routes::routes;
pub use service::Records;
