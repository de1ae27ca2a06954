//! Records of collections: list, read, create, change, replace, delete, restore, purge; under a
//! parent, too.

mod age;
mod many;
mod nested;
mod routes;
mod service;

pub use routes::routes;
pub use service::Records;
