//! Definitions of collections: list, read, create, delete.

mod routes;
mod rules;
mod service;
mod store;
#[cfg(test)]
mod tests;

pub use routes::routes;
pub use service::Collections;
