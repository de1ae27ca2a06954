//! How this instance is: what it has answered, how much room it takes, and what should be mended.
//! Health, for machines, is another feature.

mod routes;
mod service;
mod warnings;

pub use routes::routes;
pub use service::{Parts, Status};
