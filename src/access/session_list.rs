//! Sessions as they are shown: to their user, and to who may change that user.

use rusqlite::Connection;
use serde_json::{Value as Json, json};

use super::session::Lifetimes;
use crate::base::{Instant, Result, page::Page};

/// A page of sessions.
pub struct Listed {
    /// The sessions of the page, rendered as a JSON array.
    pub items: Vec<u8>,
    /// How many there are on all pages.
    pub total: u64,
}

/// Lists the sessions of `user` that are not over, the one used last first. `current` is the id of
/// the one that asks, where it is one of theirs.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &Connection,
    user: &str,
    current: Option<&str>,
    page: Page,
    (now, lifetimes): (Instant, Lifetimes),
) -> Result<Listed> {
    // What was made or used before these instants is over by the settings of today.
    let bounds = (
        now.to_string(),
        now.before(lifetimes.absolute).to_string(),
        now.before(lifetimes.idle).to_string(),
    );
    let live = (user, bounds.0, bounds.1, bounds.2);
    let total: i64 = conn
        .prepare_cached(
            "SELECT count(*) FROM _sessions
             WHERE user_id = ? AND expires_at > ? AND created_at > ? AND last_used_at > ?",
        )?
        .query_row(live.clone(), |row| row.get(0))?;
    let mut query = conn.prepare_cached(
        "SELECT id, created_at, last_used_at, address, user_agent FROM _sessions
         WHERE user_id = ? AND expires_at > ? AND created_at > ? AND last_used_at > ?
         ORDER BY last_used_at DESC, id DESC LIMIT ? OFFSET ?",
    )?;
    let (user, now, made, used) = live;
    let args = (
        user,
        now,
        made,
        used,
        signed(page.size),
        signed(page.offset()),
    );
    let sessions = query.query_map(args, |row| shown(row, current))?;
    let sessions: Vec<Json> = sessions.collect::<rusqlite::Result<_>>()?;
    Ok(Listed {
        items: Json::from(sessions).to_string().into_bytes(),
        total: u64::try_from(total).unwrap_or_default(),
    })
}

/// How many sessions of all users are not over.
///
/// # Errors
/// Those of the database.
pub fn count(conn: &Connection, now: Instant, lifetimes: Lifetimes) -> Result<u64> {
    let args = [
        now.to_string(),
        now.before(lifetimes.absolute).to_string(),
        now.before(lifetimes.idle).to_string(),
    ];
    let mut query = conn.prepare_cached(
        "SELECT count(*) FROM _sessions
         WHERE expires_at > ? AND created_at > ? AND last_used_at > ?",
    )?;
    let count: i64 = query.query_row(args, |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or_default())
}

fn shown(row: &rusqlite::Row<'_>, current: Option<&str>) -> rusqlite::Result<Json> {
    let text = |column| row.get::<_, Option<String>>(column);
    let id = text(0)?;
    Ok(json!({
        "id": id, "createdAt": text(1)?, "lastUsedAt": text(2)?, "address": text(3)?,
        "userAgent": text(4)?, "current": current.is_some() && id.as_deref() == current,
    }))
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
