//! The statements behind lockout.

use rusqlite::{Connection, OptionalExtension};

use super::{
    Guess, Known, Standing, Subject,
    rule::{Failures, Rule},
};
use crate::{
    base::{Error, Instant, Result},
    db::{Expect, Statement, Value},
};

/// Tag of the expectation that nothing was counted since the [`Standing`] was read.
pub const CHANGED: &str = "failures changed";

/// Tag of the expectation of [`is_open`].
pub const WAITS: &str = "guess waits";

/// How many subjects are kept that hang on no account: addresses, and accounts that do not exist,
/// of which anybody can name as many as they like. Beyond it those go that count for the shortest
/// time.
const MOST_STRANGERS: i64 = 5_000;

/// How many networks are remembered for an account, those used last.
const MOST_PREFIXES: i64 = 200;

/// Finds what is known of a guess.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &Connection, guess: &Guess) -> Result<Standing> {
    let at_home = "SELECT 1 FROM _sign_in_prefixes WHERE user_id = ? AND prefix = ?";
    let is_at_home = conn
        .prepare_cached(at_home)?
        .exists((&guess.account, &guess.prefix))?;
    let known = guess
        .subjects()
        .map(|(subject, name)| known(conn, subject, name));
    Ok(Standing {
        subjects: known.collect::<Result<_>>()?,
        is_at_home,
    })
}

fn known(conn: &Connection, subject: Subject, name: String) -> Result<Known> {
    let mut query = conn.prepare_cached(
        "SELECT recent, level, wait_until, version FROM _sign_in_failures WHERE subject = ?",
    )?;
    let row = |row: &rusqlite::Row<'_>| {
        let (recent, until) = (row.get_ref(0)?.as_str()?, row.get_ref(2)?.as_str_or_null()?);
        Ok((failures(recent, row.get(1)?, until), row.get(3)?))
    };
    let (failures, version) = match query.query_row([&name], row).optional()? {
        Some((failures, version)) => (failures?, Some(version)),
        None => (Failures::default(), None),
    };
    Ok(Known {
        subject,
        name,
        failures,
        version,
    })
}

fn failures(recent: &str, level: u32, wait_until: Option<&str>) -> Result<Failures> {
    let recent: Vec<String> = serde_json::from_str(recent).map_err(Error::internal)?;
    Ok(Failures {
        recent: recent.iter().filter_map(|at| Instant::parse(at)).collect(),
        level,
        wait_until: wait_until.and_then(Instant::parse),
    })
}

/// The statements that count a failure of `guess` at the instant `now`. They expect that its
/// standing is still what was found.
pub fn failed(guess: &Guess, standing: &Standing, now: Instant) -> Vec<Statement> {
    let count = |known| count(guess, standing, known, now);
    let mut statements: Vec<Statement> = standing.subjects.iter().map(count).collect();
    statements.push(Statement::new(
        "DELETE FROM _sign_in_failures WHERE expires_at <= ?",
        vec![now.into()],
    ));
    statements.push(Statement::new(
        "DELETE FROM _sign_in_failures WHERE subject IN
           (SELECT subject FROM _sign_in_failures WHERE user_id IS NULL
            ORDER BY expires_at DESC, subject DESC LIMIT -1 OFFSET ?)",
        vec![MOST_STRANGERS.into()],
    ));
    statements
}

fn count(guess: &Guess, standing: &Standing, known: &Known, now: Instant) -> Statement {
    let rule: Rule = known.subject.rule();
    let mut next = known.failures.after(rule, now);
    if !standing.holds_up(known) {
        // Strangers take turns among themselves: the owner's own mistakes take none of theirs.
        next.wait_until = known.failures.wait_until;
    }
    let recent: Vec<String> = next.recent.iter().map(ToString::to_string).collect();
    let mut args = vec![
        serde_json::Value::from(recent).to_string().into(),
        i64::from(next.level).into(),
        next.wait_until.into(),
        next.expire_at(rule).into(),
        Value::CommitTime,
        known.name.as_str().into(),
    ];
    let statement = match known.version {
        Some(version) => {
            args.push(version.into());
            Statement::new(
                "UPDATE _sign_in_failures
                 SET recent = ?, level = ?, wait_until = ?, expires_at = ?, updated_at = ?,
                     version = version + 1
                 WHERE subject = ? AND version = ?",
                args,
            )
        }
        None => {
            // An address is nobody's, whoever's account was tried from it.
            let user = guess.user.clone();
            args.push(user.filter(|_| known.subject != Subject::Address).into());
            args.push(Value::CommitTime);
            Statement::new(
                "INSERT INTO _sign_in_failures
                   (recent, level, wait_until, expires_at, updated_at, subject, user_id, created_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (subject) DO NOTHING",
                args,
            )
        }
    };
    statement.expecting(Expect::Changed(1), CHANGED)
}

/// Expects that a guess of this standing need not wait, however many others have failed meanwhile.
pub fn is_open(standing: &Standing, now: Instant) -> Statement {
    let held_up = standing
        .subjects
        .iter()
        .filter(|known| standing.holds_up(known));
    let names: Vec<&str> = held_up.map(|known| known.name.as_str()).collect();
    let names = serde_json::Value::from(names).to_string();
    let sql = "SELECT 1 FROM _sign_in_failures
               WHERE subject IN (SELECT value FROM json_each(?)) AND wait_until > ?";
    Statement::new(sql, vec![names.into(), now.into()]).expecting(Expect::Absent, WAITS)
}

/// The statements that keep that `user` has signed in: its failures from there are forgiven, and
/// the account can be tried from there from now on.
pub fn passed(guess: &Guess, user: &str) -> Vec<Statement> {
    let args = || vec![user.into(), guess.prefix.as_str().into()];
    let mut insert = args();
    insert.push(Value::CommitTime);
    let pair = guess
        .subjects()
        .filter(|(subject, _)| *subject == Subject::Pair)
        .map(|(_, name)| {
            let sql = "DELETE FROM _sign_in_failures WHERE subject = ?";
            Statement::new(sql, vec![name.into()])
        });
    let mut statements: Vec<Statement> = pair.collect();
    // Made anew rather than changed, so that the oldest are those that were not used for longest.
    statements.push(Statement::new(
        "DELETE FROM _sign_in_prefixes WHERE user_id = ? AND prefix = ?",
        args(),
    ));
    statements.push(Statement::new(
        "INSERT INTO _sign_in_prefixes (user_id, prefix, created_at) VALUES (?, ?, ?)",
        insert,
    ));
    statements.push(Statement::new(
        "DELETE FROM _sign_in_prefixes WHERE user_id = ? AND prefix IN
           (SELECT prefix FROM _sign_in_prefixes WHERE user_id = ?
            ORDER BY created_at DESC, prefix LIMIT -1 OFFSET ?)",
        vec![user.into(), user.into(), MOST_PREFIXES.into()],
    ));
    statements
}

/// Until when somebody has to wait who tries the account of `user`, if anybody has to at `now`.
///
/// That is from wherever the waiting is longest. Addresses that have failed for many accounts are
/// no part of it.
///
/// # Errors
/// Those of the database.
pub fn waits_until(conn: &Connection, user: &str, now: Instant) -> Result<Option<Instant>> {
    let mut query = conn.prepare_cached(
        "SELECT max(wait_until) FROM _sign_in_failures WHERE user_id = ? AND wait_until > ?",
    )?;
    let until: Option<String> = query.query_row((user, now.to_string()), |row| row.get(0))?;
    Ok(until.as_deref().and_then(Instant::parse))
}

/// The statement that forgets every failure for the account of `user`, so that nobody waits for it.
/// Addresses that have failed for many accounts go on waiting.
pub fn unlock(user: &str) -> Statement {
    let sql = "DELETE FROM _sign_in_failures WHERE user_id = ?";
    Statement::new(sql, vec![user.into()])
}
