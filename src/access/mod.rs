//! Who asks, and what they may do: callers, sessions, tokens, lockout, permissions, the audit log.
//!
//! Owns the statements that end sessions and lift a lockout, because more than one feature does. Signing in
//! itself is `features::auth`.

pub mod audit;
mod cache;
mod caller;
mod decide;
pub mod instance_key;
mod keys;
pub mod lockout;
mod outlook;
pub mod password;
pub mod permission_form;
mod permissions;
pub mod rights;
mod seal;
pub mod session;
pub mod session_list;
pub mod tokens;

pub use cache::Sessions;
pub use caller::{Caller, SignedIn, Who};
pub use decide::{
    Action, RowFilter, decide, explain, judge, operator_rows, own_account, permit, require,
    rows_by, sight, sight_of,
};
pub use instance_key::InstanceKey;
pub use outlook::{Can, every_name, known, possible};
pub use permissions::Permissions;
pub use seal::Seal;
