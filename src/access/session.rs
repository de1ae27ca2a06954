//! Sessions: who is signed in, and the statements that end it.

use rusqlite::{Connection, OptionalExtension};

use super::{caller::SignedIn, permissions::Permissions};
use crate::{
    base::{Instant, Result, secret},
    db::{Batch, Db, Expect, Statement, Value},
};

/// How many sessions that are past their time one batch removes.
const CLEARED_AT_ONCE: i64 = 100;

/// Finds who is signed in by the session `id`, with the rights of this moment.
///
/// None if the session has ended, or its user is disabled or deleted. Whether its time is over is
/// for who uses it to ask, since what is found here is kept.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &Connection, id: &str) -> Result<Option<SignedIn>> {
    let mut query = conn.prepare_cached(
        "SELECT s.user_id, s.csrf_key, s.expires_at, u.must_change_password, r.name, r.permissions
         FROM _sessions s
         JOIN users u ON u.id = s.user_id AND u.deleted_at IS NULL AND u.status = 'active'
         LEFT JOIN _user_roles m ON m.user_id = u.id
         LEFT JOIN _roles r ON r.name = m.role
         WHERE s.id = ?",
    )?;
    let mut rows = query.query([id])?;
    let mut found: Option<SignedIn> = None;
    while let Some(row) = rows.next()? {
        let expires: &str = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
        let Some(expires_at) = Instant::parse(expires) else {
            return Ok(None);
        };
        let user = match &mut found {
            Some(user) => user,
            None => found.insert(SignedIn {
                user: row.get(0)?,
                session: id.to_owned(),
                csrf_key: row.get(1)?,
                expires_at,
                must_change_password: row.get(3)?,
                roles: Vec::new(),
                permissions: Permissions::default(),
            }),
        };
        if let Some(role) = row.get::<_, Option<String>>(4)? {
            user.roles.push(role);
            user.permissions
                .add(row.get_ref(5)?.as_str().map_err(rusqlite::Error::from)?)?;
        }
    }
    if let Some(user) = &mut found {
        user.roles.sort_unstable();
    }
    Ok(found)
}

/// Finds the key for CSRF tokens of the session that a refresh token belongs to, spent or not.
///
/// # Errors
/// Those of the database.
pub fn csrf_key_of_refresh_token(
    conn: &Connection,
    token: &str,
) -> Result<Option<(String, String)>> {
    let mut query = conn.prepare_cached(
        "SELECT s.id, s.csrf_key FROM _refresh_tokens t JOIN _sessions s ON s.id = t.session_id
         WHERE t.hash = ?",
    )?;
    let hash = secret::hash_token(token);
    Ok(query
        .query_row([hash], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// The CSRF token of a session: bound to it, and the same for all its life.
pub fn csrf_token(session: &str, csrf_key: &str) -> String {
    secret::sign(csrf_key, session)
}

/// Tag of the expectation of [`goes_on`].
pub const ENDED: &str = "ended session";

/// Expects that the session `id` has not been ended since its caller was let in.
pub fn goes_on(id: &str) -> Statement {
    let sql = "SELECT 1 FROM _sessions WHERE id = ?";
    Statement::new(sql, vec![id.into()]).expecting(Expect::Exists, ENDED)
}

/// Ends the session `id`, whether or not it is still there.
pub fn end(id: &str) -> [Statement; 2] {
    [
        Statement::new(
            "DELETE FROM _refresh_tokens WHERE session_id = ?",
            vec![id.into()],
        ),
        Statement::new("DELETE FROM _sessions WHERE id = ?", vec![id.into()]),
    ]
}

/// Ends all sessions of `user` but `kept`.
pub fn end_others(user: &str, kept: Option<&str>) -> [Statement; 2] {
    let args = || vec![user.into(), Value::from(kept.unwrap_or_default())];
    [
        Statement::new(
            "DELETE FROM _refresh_tokens WHERE session_id IN
               (SELECT id FROM _sessions WHERE user_id = ? AND id <> ?)",
            args(),
        ),
        Statement::new(
            "DELETE FROM _sessions WHERE user_id = ? AND id <> ?",
            args(),
        ),
    ]
}

/// Ends all sessions of several users.
pub fn end_all(users: &[String]) -> [Statement; 2] {
    [
        Statement::new(
            "DELETE FROM _refresh_tokens WHERE session_id IN
               (SELECT id FROM _sessions WHERE user_id IN (SELECT value FROM json_each(?)))",
            vec![Value::list(users)],
        ),
        Statement::new(
            "DELETE FROM _sessions WHERE user_id IN (SELECT value FROM json_each(?))",
            vec![Value::list(users)],
        ),
    ]
}

/// Removes some of the sessions that are past their time, the oldest first. Part of each sign-in,
/// so that nothing piles up.
pub fn purge_expired(now: Instant) -> [Statement; 2] {
    let args = || vec![now.into(), CLEARED_AT_ONCE.into()];
    [
        Statement::new(
            "DELETE FROM _refresh_tokens WHERE session_id IN
               (SELECT id FROM _sessions WHERE expires_at <= ? ORDER BY expires_at, id LIMIT ?)",
            args(),
        ),
        Statement::new(
            "DELETE FROM _sessions WHERE id IN
               (SELECT id FROM _sessions WHERE expires_at <= ? ORDER BY expires_at, id LIMIT ?)",
            args(),
        ),
    ]
}

/// Removes all sessions that are past their time, in batches that keep nobody waiting.
///
/// # Errors
/// Those of the database.
pub async fn clear_expired(db: &Db, now: Instant) -> Result<()> {
    let is_any = move |conn: &Connection| {
        let mut query =
            conn.prepare_cached("SELECT 1 FROM _sessions WHERE expires_at <= ? LIMIT 1")?;
        Ok(query.exists([now.to_string()])?)
    };
    while db.read(is_any).await? {
        let some = Batch::new().with_all(purge_expired(now));
        db.write(some).await?;
    }
    Ok(())
}
