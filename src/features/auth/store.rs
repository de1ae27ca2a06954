//! The statements behind signing in.

use rusqlite::{Connection, OptionalExtension};

use super::admins::Admin;
use crate::{
    base::{Instant, Result, secret},
    db::{Statement, Value},
};

/// What is known of an account when somebody tries to sign in to it.
pub struct Account {
    /// The user's id.
    pub id: String,
    /// The hash of its password.
    pub password_hash: String,
    /// False for a disabled account.
    pub is_active: bool,
}

/// A new session, about to be written.
pub struct NewSession<'a> {
    /// Its id.
    pub id: &'a str,
    /// Whose it is.
    pub user: &'a str,
    /// Its key for CSRF tokens.
    pub csrf_key: &'a str,
    /// When it ends, used or not.
    pub expires_at: Instant,
    /// From where it was made.
    pub address: &'a str,
    /// By what it was made.
    pub user_agent: Option<&'a str>,
}

/// Finds the account of an address, without regard to case.
///
/// # Errors
/// Those of the database.
pub fn find_account(conn: &Connection, email: &str) -> Result<Option<Account>> {
    let mut query = conn.prepare_cached(
        "SELECT id, password_hash, status = 'active' FROM users
         WHERE email = ? AND deleted_at IS NULL",
    )?;
    Ok(query.query_row([email], account).optional()?)
}

/// Finds the account of a user.
///
/// # Errors
/// Those of the database.
pub fn find_account_of(conn: &Connection, user: &str) -> Result<Option<Account>> {
    let mut query = conn.prepare_cached(
        "SELECT id, password_hash, status = 'active' FROM users
         WHERE id = ? AND deleted_at IS NULL",
    )?;
    Ok(query.query_row([user], account).optional()?)
}

/// Finds a row while the account is as it was when its password was checked. Part of each sign-in:
/// a password that is changed in between lets nobody in any more.
pub fn is_unchanged(account: &Account) -> Statement {
    let args = vec![
        account.id.as_str().into(),
        account.password_hash.as_str().into(),
    ];
    Statement::new(
        "SELECT 1 FROM users
         WHERE id = ? AND password_hash = ? AND status = 'active' AND deleted_at IS NULL",
        args,
    )
}

fn account(row: &rusqlite::Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: row.get(0)?,
        password_hash: row.get(1)?,
        is_active: row.get(2)?,
    })
}

/// True if somebody can administer this instance.
///
/// # Errors
/// Those of the database.
pub fn has_admin(conn: &Connection) -> Result<bool> {
    Ok(conn.query_row(&format!("SELECT EXISTS ({ADMINS})"), [], |row| row.get(0))?)
}

/// Selects a row for each user that is an admin, disabled ones included.
pub const ADMINS: &str = "SELECT 1 FROM _user_roles m JOIN users u ON u.id = m.user_id \
                          WHERE m.role = 'admin' AND u.deleted_at IS NULL";

/// All admins by address, disabled ones included.
///
/// # Errors
/// Those of the database.
pub fn list_admins(conn: &Connection) -> Result<Vec<Admin>> {
    let mut query = conn.prepare_cached(
        "SELECT u.id, u.email, u.display_name, u.status, u.created_at
         FROM _user_roles m JOIN users u ON u.id = m.user_id
         WHERE m.role = 'admin' AND u.deleted_at IS NULL ORDER BY u.email",
    )?;
    let admin = |row: &rusqlite::Row<'_>| {
        Ok(Admin {
            id: row.get(0)?,
            email: row.get(1)?,
            display_name: row.get(2)?,
            status: row.get(3)?,
            created_at: row.get(4)?,
        })
    };
    Ok(query.query_map([], admin)?.collect::<Result<_, _>>()?)
}

/// Begins a session.
pub fn insert_session(session: &NewSession<'_>) -> Statement {
    Statement::new(
        "INSERT INTO _sessions
           (id, user_id, csrf_key, address, user_agent, expires_at, last_used_at, created_at,
            updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        vec![
            session.id.into(),
            session.user.into(),
            session.csrf_key.into(),
            session.address.into(),
            session.user_agent.into(),
            session.expires_at.into(),
            Value::CommitTime,
            Value::CommitTime,
            Value::CommitTime,
        ],
    )
}

/// Adds a refresh token to a generation of a session.
pub fn insert_refresh_token(
    token: &str,
    session: &str,
    generation: i64,
    expires_at: Instant,
) -> Statement {
    Statement::new(
        "INSERT INTO _refresh_tokens (hash, session_id, generation, expires_at, created_at)
         VALUES (?, ?, ?, ?, ?)",
        vec![
            secret::hash_token(token).into(),
            session.into(),
            generation.into(),
            expires_at.into(),
            Value::CommitTime,
        ],
    )
}
