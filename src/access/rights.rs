//! Rights as a batch expects them to be still: what was allowed by them when the request was checked
//! must be allowed by them when it is written.

use super::{caller::Caller, permissions::Permissions, session};
use crate::{
    base::Error,
    db::{Expect, Statement, Tag, Value, WriteError},
};

/// Tag of the expectations here.
const CHANGED: &str = "changed rights";

/// Expects that `caller` is signed in still, by the same session and with the same rights. Nothing
/// is expected of who is no user. Stands before whatever may change them.
pub fn caller_still_has(caller: &Caller) -> Vec<Statement> {
    let Some(user) = caller.user() else {
        return Vec::new();
    };
    let has = user_has(&user.user, &user.roles, &user.permissions);
    vec![
        session::goes_on(&user.session),
        has.expecting(Expect::Exists, CHANGED),
    ]
}

/// Expects that there are these roles, and that together they allow this.
pub fn roles_still_allow(roles: &[String], permissions: &Permissions) -> Statement {
    let sql = "SELECT 1 WHERE (SELECT json_group_array(value) FROM json_each(?)) =
                 (SELECT json_group_array(name) FROM
                   (SELECT name FROM _roles
                    WHERE name IN (SELECT value FROM json_each(?)) ORDER BY name))
               AND (SELECT json_group_array(value) FROM json_each(?)) =
                 (SELECT json_group_array(value) FROM
                   (SELECT DISTINCT p.value FROM _roles r, json_each(r.permissions) p
                    WHERE r.name IN (SELECT value FROM json_each(?)) ORDER BY p.value))";
    let mut names = roles.to_vec();
    names.sort_unstable();
    let names = Value::list(&names);
    let args = vec![names.clone(), names.clone(), listed(permissions), names];
    Statement::new(sql, args).expecting(Expect::Exists, CHANGED)
}

/// Selects a row if a user has these roles, sorted by name, and no others, and they allow this.
pub fn user_has(user: &str, roles: &[String], permissions: &Permissions) -> Statement {
    let sql = "SELECT 1 WHERE (SELECT json_group_array(value) FROM json_each(?)) =
                 (SELECT json_group_array(role) FROM
                   (SELECT role FROM _user_roles WHERE user_id = ? ORDER BY role))
               AND (SELECT json_group_array(value) FROM json_each(?)) =
                 (SELECT json_group_array(value) FROM
                   (SELECT DISTINCT p.value
                    FROM _user_roles m JOIN _roles r ON r.name = m.role, json_each(r.permissions) p
                    WHERE m.user_id = ? ORDER BY p.value))";
    let args = vec![
        Value::list(roles),
        user.into(),
        listed(permissions),
        user.into(),
    ];
    Statement::new(sql, args)
}

/// What a client is told where one of these expectations was not met.
///
/// # Errors
/// The error as it is where it was another.
pub fn refusal(error: WriteError) -> Result<Error, WriteError> {
    match error {
        WriteError::Guard(Tag(CHANGED, _)) => Ok(Error::unavailable(
            "The rights that this hangs on have just been changed",
            1,
        )),
        WriteError::Guard(Tag(session::ENDED, _)) => Ok(session::ended()),
        other => Err(other),
    }
}

fn listed(permissions: &Permissions) -> Value {
    let mut sorted = permissions.as_slice().to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    Value::list(&sorted)
}
