//! Rules, tried out: what one says of a record and a caller, and which of its parts said so.

mod check;
mod routes;
mod service;

pub use routes::routes;
pub use service::{Answer, Part, Question, RuleTests};
