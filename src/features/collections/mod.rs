//! Definitions of collections: list, read, create, delete.

mod change;
mod file;
mod patch;
mod plan;
mod routes;
mod service;
mod shown;
mod store;
#[cfg(test)]
mod tests;

pub use plan::Plan;
pub use routes::routes;
pub use service::Collections;
