//! The statements behind roles.

use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::types::{NewRole, Role};
use crate::{
    access::permission_form,
    base::{Error, Result, page::Page},
    db::{Expect, Row, Sql, Statement, Value},
};

/// A role as JSON.
const SHOWN: &str = "json_object('name', name, 'permissions', json(permissions), 'version', \
                     version, 'createdAt', created_at, 'updatedAt', updated_at)";

/// Tag of the expectation that the collections are there which permissions name.
pub const COLLECTIONS: &str = "collections of permissions";

/// Tag of the expectation that a role is as it was read.
pub const UNCHANGED: &str = "unchanged role";

/// Tag of the expectation that no user has a role.
pub const UNUSED: &str = "unused role";

/// A page of roles by name, and how many there are of them all.
///
/// # Errors
/// Those of the database.
pub fn list(conn: &Connection, page: Page) -> Result<(Vec<Role>, u64)> {
    let total: i64 = conn
        .prepare_cached("SELECT count(*) FROM _roles")?
        .query_row([], |row| row.get(0))?;
    let number = |number| i64::try_from(number).unwrap_or(i64::MAX);
    let mut sql = Sql::new("SELECT ");
    sql.push(SHOWN)
        .push(" FROM _roles ORDER BY name LIMIT ")
        .bind(number(page.size))
        .push(" OFFSET ")
        .bind(number(page.offset()));
    let mut query = conn.prepare_cached(sql.text())?;
    let mut rows = query.query(params_from_iter(sql.args()))?;
    let mut roles = Vec::new();
    while let Some(row) = rows.next()? {
        roles.push(parse(
            row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?,
        )?);
    }
    Ok((roles, u64::try_from(total).unwrap_or_default()))
}

/// A role by its name.
///
/// # Errors
/// `NOT_FOUND`, those of the database.
pub fn load(conn: &Connection, name: &str) -> Result<Role> {
    let mut sql = Sql::new("SELECT ");
    sql.append(shown(name));
    let mut query = conn.prepare_cached(sql.text())?;
    let found: Option<String> = query
        .query_row(params_from_iter(sql.args()), |row| row.get(0))
        .optional()?;
    parse(&found.ok_or_else(Error::not_found)?)
}

/// A role as JSON, and where it comes from.
pub fn shown(name: &str) -> Sql {
    let mut sql = Sql::new(SHOWN);
    sql.push(" FROM _roles WHERE name = ").bind(name);
    sql
}

/// Has a role come back as it then is; [`from_kept`] reads it.
pub fn select(name: &str) -> Statement {
    let mut sql = Sql::new("SELECT ");
    sql.append(shown(name));
    Statement::from(sql).kept()
}

/// The role that [`select`] had come back.
///
/// # Errors
/// `INTERNAL_ERROR` if there is none.
pub fn from_kept(row: Option<&Row>) -> Result<Role> {
    match row.and_then(|row| row.first()) {
        Some(Value::Text(text)) => parse(text),
        _ => Err(Error::internal("no role came back")),
    }
}

fn parse(text: &str) -> Result<Role> {
    serde_json::from_str(text).map_err(Error::database)
}

/// Expects that each collection is there that one of `permissions` names.
pub fn collections_are_there(permissions: &[String]) -> Statement {
    let names = permissions.iter();
    let names = names.filter_map(|permission| permission_form::collection_of(permission));
    let names: Vec<String> = names.map(str::to_owned).collect();
    Statement::new(
        "SELECT 1 FROM json_each(?) WHERE value NOT IN (SELECT name FROM _collections)",
        vec![Value::list(&names)],
    )
    .expecting(Expect::Absent, COLLECTIONS)
}

/// Makes a role.
pub fn insert(role: &NewRole) -> Statement {
    Statement::new(
        "INSERT INTO _roles (name, permissions, created_at, updated_at) VALUES (?, ?, ?, ?)",
        vec![
            role.name.as_str().into(),
            Value::list(&role.permissions),
            Value::CommitTime,
            Value::CommitTime,
        ],
    )
}

/// Gives a role other permissions, and expects that it is as it was `seen`: by its version and by
/// what it allows, because one of its name may have been made anew.
pub fn update(seen: &Role, permissions: &[String]) -> Statement {
    Statement::new(
        "UPDATE _roles SET permissions = ?, updated_at = ?, version = version + 1
         WHERE name = ? AND version = ? AND json(permissions) = json(?)",
        vec![
            Value::list(permissions),
            Value::CommitTime,
            seen.name.as_str().into(),
            seen.version.into(),
            Value::list(&seen.permissions),
        ],
    )
    .expecting(Expect::Changed(1), UNCHANGED)
}

/// Removes a role, and expects that it is as it was `seen` and that nobody has it: no deleted user
/// either, who would come back with it.
pub fn delete(seen: &Role) -> [Statement; 2] {
    let users = "SELECT 1 FROM _user_roles WHERE role = ?";
    let users = Statement::new(users, vec![seen.name.as_str().into()]);
    let delete = Statement::new(
        "DELETE FROM _roles WHERE name = ? AND version = ? AND json(permissions) = json(?)",
        vec![
            seen.name.as_str().into(),
            seen.version.into(),
            Value::list(&seen.permissions),
        ],
    );
    [
        users.expecting(Expect::Absent, UNUSED),
        delete.expecting(Expect::Changed(1), UNCHANGED),
    ]
}
