//! Words that every layer shares: errors, ids, time, secrets, pages. No input or output here.

pub mod clock;
pub mod csv;
pub mod error;
pub mod id;
pub mod json;
pub mod page;
pub mod secret;

pub use clock::{Clock, Instant};
pub use error::{Code, Error, Issue, IssueCode, Result};
pub use id::Id;
