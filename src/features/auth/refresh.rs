//! Refresh tokens: one use each, in generations.
//!
//! A session has a present generation of tokens. The first use of one of them spends them all and
//! begins the next generation. A token that was spent less than [`GRACE`] ago was not stolen: two
//! tabs have raced, or an answer was lost. While nothing of the generation after it has been used,
//! it gets another token of that one; after that it is refused, and no more. A token that was
//! spent longer ago comes from a thief or from its victim: the session ends.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};
use tracing::warn;

use super::{
    service::{Auth, Tickets},
    store,
};
use crate::{
    access::{
        Caller, audit,
        session::{self, CsrfBinding, Lifetimes},
    },
    base::{
        Code, Error, Instant, Result,
        secret::{self, ExposeSecret},
    },
    db::{Batch, Expect, Part, Statement, Touch, Value, WriteError},
};

/// How long a spent token may be shown again.
const GRACE: Duration = Duration::from_secs(10);

/// How often a refresh is tried again that another one has overtaken.
const TRIES: usize = 5;

/// Tag of the expectation that the session's generation is the one that was read.
const GENERATION: &str = "generation";

/// What became of a refresh token.
pub enum Refreshed {
    /// It was good, and this takes its place.
    Renewed(Tickets),
    /// It was refused, and the session goes on.
    Refused(Error),
    /// It was refused, and there is no session (any more).
    Ended(Error),
}

/// A refresh token with its session.
struct Known {
    session: String,
    user: String,
    user_is_active: bool,
    csrf_key: String,
    /// The token's generation, and the session's present one.
    generation: i64,
    present: i64,
    spent_at: Option<Instant>,
    expires_at: Instant,
    /// When the session ends without use, and when it ends in any case.
    session_idle_until: Instant,
    session_expires_at: Instant,
}

/// What is to be done with a token.
enum Verdict {
    /// Spend its generation and begin the next.
    Rotate,
    /// Give another token of the present generation.
    Repeat,
    /// Refuse it.
    Refuse,
    /// Its time is over.
    Expire,
    /// End the session.
    Theft,
}

impl Known {
    fn verdict(&self, now: Instant) -> Verdict {
        let end = self.session_idle_until.min(self.session_expires_at);
        if end.min(self.expires_at) <= now {
            return Verdict::Expire;
        }
        let Some(spent_at) = self.spent_at else {
            return Verdict::Rotate;
        };
        match now.since(spent_at) < GRACE {
            true if self.generation + 1 == self.present => Verdict::Repeat,
            true => Verdict::Refuse,
            false => Verdict::Theft,
        }
    }
}

impl Auth {
    /// Renews the tokens of a session.
    ///
    /// # Errors
    /// Those of the database; what is wrong with the token is no error here, because the caller
    /// has to know whether the session has ended.
    pub async fn refresh(&self, caller: &Caller, token: &str) -> Result<Refreshed> {
        for _ in 0..TRIES {
            let (sent, lifetimes) = (token.to_owned(), self.lifetimes);
            let found = self
                .engine
                .db()
                .read_by_key(move |conn| find(conn, &sent, lifetimes))
                .await?;
            let Some(known) = found else {
                return Ok(Refreshed::Ended(invalid()));
            };
            if !known.user_is_active {
                return Ok(Refreshed::Ended(invalid()));
            }
            let batch = match known.verdict(self.clock.now()) {
                Verdict::Rotate => rotate(&known),
                Verdict::Repeat => repeat(&known),
                Verdict::Refuse => return Ok(Refreshed::Refused(invalid())),
                Verdict::Expire => {
                    let error = Error::new(Code::TokenExpired, "The refresh token has expired");
                    return Ok(Refreshed::Ended(error));
                }
                Verdict::Theft => return self.end_stolen(caller, &known).await,
            };
            if let Some(tickets) = self.renew(&known, batch).await? {
                return Ok(Refreshed::Renewed(tickets));
            }
        }
        Err(Error::unavailable(
            "Too many refreshes of one session at once",
            1,
        ))
    }

    /// Writes the next token behind `batch`; none if another refresh came first.
    async fn renew(&self, known: &Known, batch: (Batch, i64)) -> Result<Option<Tickets>> {
        let (batch, generation) = batch;
        let token = secret::random_token()?;
        let life = self.clock.now().after(self.lifetimes.idle);
        let expires = life.min(known.session_expires_at);
        let session = &known.session;
        let insert =
            store::insert_refresh_token(token.expose_secret(), session, generation, expires);
        let binding = CsrfBinding {
            user: known.user.clone(),
            session: session.clone(),
            key: known.csrf_key.clone(),
        };
        let batch = batch
            .with(insert)
            .touching(Touch::Part(Part::session(session)));
        match self.engine.db().write(batch).await {
            Ok(_) => self.tickets(&binding, token).map(Some),
            Err(WriteError::Guard(tag)) if tag.0 == GENERATION => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn end_stolen(&self, caller: &Caller, known: &Known) -> Result<Refreshed> {
        warn!(session = %known.session, user_id = %known.user, address = %caller.address,
            "A spent refresh token was used again: its session is ended");
        // Its user: of the session nothing is left that would tell whose it was.
        let failed = audit::Outcome::Failure;
        let entry = audit::entry(caller, "session.reused", &known.user, failed);
        let batch = Batch::new()
            .with_all(session::end(&known.session))
            .with(entry)
            .touching(Touch::Part(Part::session(&known.session)));
        self.engine.db().write(batch).await?;
        Ok(Refreshed::Ended(invalid()))
    }
}

fn invalid() -> Error {
    Error::new(Code::TokenInvalid, "The refresh token is not valid")
}

/// Spends the present generation and begins the next.
fn rotate(known: &Known) -> (Batch, i64) {
    let session = || Value::from(known.session.as_str());
    let present = || Value::Integer(known.generation);
    let advance = Statement::new(
        "UPDATE _sessions
         SET generation = generation + 1, last_used_at = ?, updated_at = ?, version = version + 1
         WHERE id = ? AND generation = ?",
        vec![Value::CommitTime, Value::CommitTime, session(), present()],
    );
    let spend = Statement::new(
        "UPDATE _refresh_tokens SET spent_at = ?
         WHERE session_id = ? AND generation = ? AND spent_at IS NULL",
        vec![Value::CommitTime, session(), present()],
    );
    let forget = Statement::new(
        "DELETE FROM _refresh_tokens WHERE session_id = ? AND expires_at <= ?",
        vec![session(), Value::CommitTime],
    );
    let batch = Batch::new()
        .with(advance.expecting(Expect::Changed(1), GENERATION))
        .with(spend)
        .with(forget);
    (batch, known.generation + 1)
}

/// Lets the present generation have another token.
fn repeat(known: &Known) -> (Batch, i64) {
    let used = Statement::new(
        "UPDATE _sessions SET last_used_at = ?, updated_at = ?, version = version + 1
         WHERE id = ? AND generation = ?",
        vec![
            Value::CommitTime,
            Value::CommitTime,
            known.session.as_str().into(),
            known.present.into(),
        ],
    );
    (
        Batch::new().with(used.expecting(Expect::Changed(1), GENERATION)),
        known.present,
    )
}

fn find(conn: &Connection, token: &str, lifetimes: Lifetimes) -> Result<Option<Known>> {
    let mut query = conn.prepare_cached(
        "SELECT s.id, s.user_id, u.status = 'active' AND u.deleted_at IS NULL, s.csrf_key,
                t.generation, s.generation, t.spent_at, t.expires_at, s.expires_at,
                s.last_used_at, s.created_at
         FROM _refresh_tokens t
         JOIN _sessions s ON s.id = t.session_id
         JOIN users u ON u.id = s.user_id
         WHERE t.hash = ?",
    )?;
    let at = |text: String| Instant::parse(&text).unwrap_or(Instant::from_millis(0));
    let known = |row: &rusqlite::Row<'_>| {
        Ok(Known {
            session: row.get(0)?,
            user: row.get(1)?,
            user_is_active: row.get(2)?,
            csrf_key: row.get(3)?,
            generation: row.get(4)?,
            present: row.get(5)?,
            spent_at: row.get::<_, Option<String>>(6)?.map(at),
            expires_at: at(row.get(7)?),
            session_idle_until: at(row.get(9)?).after(lifetimes.idle),
            session_expires_at: at(row.get(8)?).min(at(row.get(10)?).after(lifetimes.absolute)),
        })
    };
    Ok(query
        .query_row([secret::hash_token(token)], known)
        .optional()?)
}
