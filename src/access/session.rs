//! Sessions: who is signed in, and the statements that keep or end it.

use std::{sync::Arc, time::Duration};

use rusqlite::{Connection, OptionalExtension};

use super::{caller::SignedIn, permissions::Permissions};
use crate::{
    base::{Code, Error, Instant, Result, secret},
    config,
    db::{Batch, Db, Expect, Statement, Touch, Value},
};

/// How many sessions that are past their time one batch removes.
const CLEARED_AT_ONCE: i64 = 100;

/// How long sessions live, from the configuration. What is shortened there holds for those that
/// are there already; what is lengthened, for new ones.
#[derive(Clone, Copy, Debug)]
pub struct Lifetimes {
    /// Without use.
    pub idle: Duration,
    /// However much they are used.
    pub absolute: Duration,
}

impl Lifetimes {
    /// As configured.
    pub fn new(config: &config::Auth) -> Self {
        Self {
            idle: config.refresh,
            absolute: config.session,
        }
    }
}

/// A session with its user, as it was when it was looked up. It may be kept, as long as whoever
/// uses it asks [`Session::user_at`] each time.
#[derive(Clone, Debug)]
pub struct Session {
    user: Arc<SignedIn>,
    idle_until: Instant,
    expires_at: Instant,
}

impl Session {
    /// Who is signed in by it at the instant `now`; none once its time without use, or its time
    /// as a whole, is over.
    pub fn user_at(&self, now: Instant) -> Option<Arc<SignedIn>> {
        let is_over = self.idle_until <= now || self.expires_at <= now;
        (!is_over).then(|| Arc::clone(&self.user))
    }

    /// Bytes that it takes in memory, about.
    pub fn size(&self) -> usize {
        size_of::<Self>() + self.user.size()
    }
}

/// Finds the session `id`, with its user and the rights of this moment.
///
/// None if it has ended, or its user is disabled or deleted. Whether its time is over is not asked
/// here, but of what is found.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &Connection, id: &str, lifetimes: Lifetimes) -> Result<Option<Session>> {
    let mut query = conn.prepare_cached(
        "SELECT s.user_id, s.csrf_key, s.last_used_at, s.created_at, s.expires_at,
                u.must_change_password, r.name, r.permissions
         FROM _sessions s
         JOIN users u ON u.id = s.user_id AND u.deleted_at IS NULL AND u.status = 'active'
         LEFT JOIN _user_roles m ON m.user_id = u.id
         LEFT JOIN _roles r ON r.name = m.role
         WHERE s.id = ?",
    )?;
    let mut rows = query.query([id])?;
    let mut found: Option<(SignedIn, Instant, Instant)> = None;
    while let Some(row) = rows.next()? {
        let (user, ..) = match &mut found {
            Some(found) => found,
            None => {
                let user = SignedIn {
                    user: row.get(0)?,
                    session: id.to_owned(),
                    csrf_key: row.get(1)?,
                    must_change_password: row.get(5)?,
                    roles: Vec::new(),
                    permissions: Permissions::default(),
                };
                let idle_until = instant(row, 2)?.after(lifetimes.idle);
                let expires_at = instant(row, 3)?.after(lifetimes.absolute);
                found.insert((user, idle_until, expires_at.min(instant(row, 4)?)))
            }
        };
        if let Some(role) = row.get::<_, Option<String>>(6)? {
            user.roles.push(role);
            user.permissions
                .add(row.get_ref(7)?.as_str().map_err(rusqlite::Error::from)?)?;
        }
    }
    Ok(found.map(|(mut user, idle_until, expires_at)| {
        user.roles.sort_unstable();
        Session {
            user: Arc::new(user),
            idle_until,
            expires_at,
        }
    }))
}

/// The instant in a column. What is none has long been over: a session that cannot be read lets
/// nobody in.
fn instant(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Instant> {
    let text = row.get_ref(column)?.as_str()?;
    Ok(Instant::parse(text).unwrap_or(Instant::from_millis(0)))
}

/// What the CSRF tokens of a browser are bound to: the session of its cookies, and a key.
#[derive(Clone, Debug)]
pub struct CsrfBinding {
    /// The user's id.
    pub user: String,
    /// The session's id.
    pub session: String,
    /// Its key for CSRF tokens.
    pub key: String,
}

impl CsrfBinding {
    /// That of who is signed in.
    pub fn of(user: &SignedIn) -> Self {
        Self {
            user: user.user.clone(),
            session: user.session.clone(),
            key: user.csrf_key.clone(),
        }
    }

    /// The CSRF token, the same for all the session's life.
    pub fn token(&self) -> String {
        csrf_token(&self.session, &self.key)
    }
}

/// Finds what binds the CSRF tokens of the session that a refresh token belongs to, spent or not.
///
/// # Errors
/// Those of the database.
pub fn binding_of_refresh_token(conn: &Connection, token: &str) -> Result<Option<CsrfBinding>> {
    let mut query = conn.prepare_cached(
        "SELECT s.user_id, s.id, s.csrf_key
         FROM _refresh_tokens t JOIN _sessions s ON s.id = t.session_id
         WHERE t.hash = ?",
    )?;
    let binding = |row: &rusqlite::Row<'_>| {
        Ok(CsrfBinding {
            user: row.get(0)?,
            session: row.get(1)?,
            key: row.get(2)?,
        })
    };
    let hash = secret::hash_token(token);
    Ok(query.query_row([hash], binding).optional()?)
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

/// What a client is told where [`goes_on`] was not met.
pub fn ended() -> Error {
    Error::new(Code::TokenInvalid, "The session has ended")
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

/// Tag of the expectation of [`end_of`].
pub const NOT_THERE: &str = "no such session";

/// Ends the session `id` of `user`, and expects that there is one.
pub fn end_of(user: &str, id: &str) -> [Statement; 2] {
    let args = || vec![id.into(), user.into()];
    let end = Statement::new("DELETE FROM _sessions WHERE id = ? AND user_id = ?", args());
    [
        Statement::new(
            "DELETE FROM _refresh_tokens WHERE session_id IN
               (SELECT id FROM _sessions WHERE id = ? AND user_id = ?)",
            args(),
        ),
        end.expecting(Expect::Changed(1), NOT_THERE),
    ]
}

/// Removes some of the sessions that are past their time, used or not, the oldest first. Part of
/// each sign-in, so that nothing piles up.
pub fn purge_expired(now: Instant, lifetimes: Lifetimes) -> [Statement; 2] {
    let unused = now.before(lifetimes.idle);
    let args = || vec![now.into(), unused.into(), CLEARED_AT_ONCE.into()];
    [
        Statement::new(
            "DELETE FROM _refresh_tokens WHERE session_id IN
               (SELECT id FROM _sessions WHERE expires_at <= ? OR last_used_at <= ?
                ORDER BY expires_at, id LIMIT ?)",
            args(),
        ),
        Statement::new(
            "DELETE FROM _sessions WHERE id IN
               (SELECT id FROM _sessions WHERE expires_at <= ? OR last_used_at <= ?
                ORDER BY expires_at, id LIMIT ?)",
            args(),
        ),
    ]
}

/// Removes all sessions that are past their time, in batches that keep nobody waiting.
///
/// # Errors
/// Those of the database.
pub async fn clear_expired(db: &Db, now: Instant, lifetimes: Lifetimes) -> Result<()> {
    let unused = now.before(lifetimes.idle);
    let is_any = move |conn: &Connection| {
        let mut query = conn.prepare_cached(
            "SELECT 1 FROM _sessions WHERE expires_at <= ? OR last_used_at <= ? LIMIT 1",
        )?;
        Ok(query.exists([now.to_string(), unused.to_string()])?)
    };
    while db.read(is_any).await? {
        // Who is past its time is refused already, whatever is kept of it.
        let some = Batch::new()
            .with_all(purge_expired(now, lifetimes))
            .touching(Touch::Nothing);
        db.write(some).await?;
    }
    Ok(())
}
