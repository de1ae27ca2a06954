//! The contract: what the API takes and answers, as an OpenAPI document that is made from the live
//! definitions, and the page that shows it.
//!
//! What is the same in every instance lies in `parts/`, a file for each subject, in a shorthand that
//! `expand` makes whole; paths and schemas of collections come from `record`, `parameters` and
//! `paths`. Nothing is kept: the document is asked for seldom, and definitions change.

mod document;
mod expand;
mod names;
mod parameters;
mod parts;
mod paths;
mod record;
mod routes;
mod service;
mod shared;
mod sight;
mod viewer;

pub use routes::routes;
pub use service::Contract;
