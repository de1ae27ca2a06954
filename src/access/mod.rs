//! Who asks, and what they may do: callers, sessions, tokens, permissions, the audit log.
//!
//! Owns the statements that end sessions, because more than one feature ends them. Signing in
//! itself is `features::auth`.

pub mod audit;
mod cache;
mod caller;
mod decide;
pub mod password;
mod permissions;
pub mod session;
pub mod tokens;

pub use cache::Sessions;
pub use caller::{Caller, SignedIn, Who};
pub use decide::{Action, RowFilter, decide, operator_rows, own_account, require};
pub use permissions::Permissions;
