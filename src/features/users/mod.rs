//! Users as records: an admin makes them, names them, and gives them roles.

mod routes;
mod service;
mod sign_in;

pub use routes::routes;
pub use service::Users;
