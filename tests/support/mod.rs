//! What the stories need.
pub mod http;
