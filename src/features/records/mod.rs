//! Records of collections: list, read, create, change, replace, delete, restore, purge; under a
//! parent, too.

mod age;
mod history;
mod many;
mod nested;
mod routes;
mod service;
mod transfer;

pub use routes::routes;
pub use service::Records;
pub use transfer::{Exporting, Importing};
