//! What the stories need.
pub mod http;
pub mod process;
