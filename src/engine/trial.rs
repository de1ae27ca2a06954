//! What a rule says of a record, part by part: asked in one read, and nothing is done.

use rusqlite::params_from_iter;

use super::{
    Engine, guard,
    input::{Draft, Patch},
};
use crate::{
    access::{self, Caller},
    base::Result,
    db::Sql,
    rules::{Part, Rule},
    schema::Collection,
};

/// The record that a rule is tried on.
#[derive(Debug)]
pub enum Tried<'a> {
    /// A live one, by its id.
    Stored(&'a str),
    /// One as it would be made.
    Made(Draft<'a>),
    /// A live one, by its id, as a change would leave it.
    Changed(&'a str, Patch<'a>),
}

/// What a rule says.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it lets the caller act.
    pub allowed: bool,
    /// Its parts as they are written, each with its value: none where nobody can say.
    pub parts: Vec<(String, Option<bool>)>,
}

impl Engine {
    /// Tries a rule that was read from `source` on a record, for a caller. None if there is no
    /// such record. Nobody is asked for a permission here.
    ///
    /// # Errors
    /// `SERVICE_UNAVAILABLE` if it takes too long; those of the database.
    pub async fn try_rule(
        &self,
        collection: &Collection,
        caller: &Caller,
        (source, rule): (&str, &Rule),
        record: &Tried<'_>,
    ) -> Result<Option<Outcome>> {
        let (names, from) = match record {
            Tried::Stored(id) => guard::stored(collection, id),
            Tried::Made(draft) => guard::made(collection, &rule.needs, draft),
            Tried::Changed(id, patch) => {
                guard::changed(collection, &rule.needs, guard::Which::One(id), patch)
            }
        };
        let now = self.now();
        let (verdict, parts) = access::explain(caller, source, rule, &names, &now);
        let mut sql = Sql::new("SELECT coalesce(");
        sql.append(verdict.into_sql()).push(", 0)");
        let mut expressions = Vec::new();
        for part in parts {
            expressions.push(part.expression.clone());
            sql.push(", ").append(Part::value(part));
        }
        sql.append(from);
        let sql = sql.at(&now);
        let read = move |conn: &rusqlite::Connection| {
            // Whoever tries a rule writes it anew each time, so its statement is not kept.
            let mut query = conn.prepare(sql.text())?;
            let mut rows = query.query(params_from_iter(sql.args()))?;
            let Some(row) = rows.next()? else {
                return Ok(None);
            };
            let parts = expressions.into_iter().enumerate();
            let parts = parts.map(|(i, text)| Ok((text, row.get(i + 1)?)));
            Ok(Some(Outcome {
                allowed: row.get(0)?,
                parts: parts.collect::<rusqlite::Result<_>>()?,
            }))
        };
        self.db.read(read).await
    }
}
