//! May this caller do that? The one place that answers.

use super::caller::{Caller, SignedIn, Who};
use crate::base::{Code, Error, Result};

/// What somebody wants to do with the records of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See records.
    Read,
    /// Make one.
    Create,
    /// Change one.
    Update,
    /// Delete one.
    Delete,
    /// See deleted ones, and bring them back.
    Restore,
    /// Delete for good what could otherwise be restored.
    Purge,
}

impl Action {
    const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Restore => "restore",
            Self::Purge => "purge",
        }
    }
}

/// Which records of a collection a caller may act on. Only [`decide`] makes one, so whoever holds
/// it has asked. Today it is all or none of them.
#[derive(Clone, Copy, Debug)]
pub struct RowFilter(());

/// Says which records of `collection` (the table's name) `caller` may act on.
///
/// # Errors
/// `UNAUTHORIZED` for a guest, `INSUFFICIENT_PERMISSIONS` for a user whose roles do not allow it.
pub fn decide(caller: &Caller, collection: &str, action: Action) -> Result<RowFilter> {
    require(caller, &permission(collection, action)).map(|()| RowFilter(()))
}

/// The permission by which `caller` sees the answer to an `action` of its own on a record of
/// `collection`: that to read, or, who may not read, the one that it acts by.
pub fn sight(caller: &Caller, collection: &str, action: Action) -> String {
    let read = permission(collection, Action::Read);
    match require(caller, &read) {
        Ok(()) => read,
        Err(_) => permission(collection, action),
    }
}

fn permission(collection: &str, action: Action) -> String {
    format!("{collection}:{}", action.name())
}

/// The caller's own account, which it may always see, and change as `/api/auth` lets it.
///
/// # Errors
/// `UNAUTHORIZED` for who is no user.
pub fn own_account(caller: &Caller) -> Result<(&SignedIn, RowFilter)> {
    let user = caller
        .user()
        .ok_or_else(|| Error::new(Code::Unauthorized, "Sign in first"))?;
    Ok((user, RowFilter(())))
}

/// All records, for whoever runs this instance.
///
/// # Errors
/// `FORBIDDEN` for anybody else.
pub fn operator_rows(caller: &Caller) -> Result<RowFilter> {
    match &caller.who {
        Who::Operator => Ok(RowFilter(())),
        Who::Guest | Who::User(_) => Err(Error::new(
            Code::Forbidden,
            "This is for whoever runs this instance, by its command line",
        )),
    }
}

/// Refuses a caller without `permission`, such as `system:collections:read`.
///
/// # Errors
/// As [`decide`].
pub fn require(caller: &Caller, permission: &str) -> Result<()> {
    match &caller.who {
        Who::Operator => Ok(()),
        Who::Guest => Err(Error::new(Code::Unauthorized, "Sign in first")),
        Who::User(user) if user.permissions.allow(permission) => Ok(()),
        Who::User(_) => Err(Error::new(
            Code::InsufficientPermissions,
            format!("The permission `{permission}` is missing"),
        )),
    }
}
