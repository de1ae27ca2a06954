//! Users as records: an admin makes them, names them, gives them roles, and lets them go.

mod routes;
mod service;
mod sign_in;
mod standing;

pub use routes::routes;
pub use service::Users;
