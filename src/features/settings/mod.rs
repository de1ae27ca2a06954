//! The settings that this server was started with: each value, and where it was given. Nobody
//! changes them over the API: they belong to whoever runs the instance.

mod routes;
mod service;

pub use routes::routes;
pub use service::Settings;
