//! Records under a parent: `/api/v1/{parent}/{id}/{child}`.

mod routes;
mod service;

pub use routes::routes;
pub use service::ACCOUNTS;
