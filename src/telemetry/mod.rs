//! What the server tells about itself, and work off the request threads.
//!
//! Logs go to stdout, one event a line. Words for people (links, errors of the command line) go
//! to stderr and are not written here.

pub mod blocking;
mod context;
mod line;
pub mod logs;
mod memory;
mod redact;
mod traffic;

#[cfg(test)]
mod tests;

pub use context::{Context, Trace};
pub use logs::install;
pub use memory::resident_bytes;
pub use traffic::{Counts, Traffic};
