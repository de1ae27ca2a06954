//! What of some rows could not be written as things stand, asked in one read before anything is
//! written.
//!
//! What a row asks of those before it, by a relation to its own collection or by a rule that reads
//! it, is for the writing to say.

use rusqlite::{Connection, params_from_iter};

use super::{Target, write::Entry};
use crate::{
    access::RowFilter,
    base::{Error, Result},
    db::{Expect, Sql, Statement, Tag, Value, WriteError},
    engine::{
        Engine, Expected, Upsert, guard,
        mutate::{id_is_unused, relations_exist, tag},
    },
    schema::{Collection, Field},
};

/// Tag of the question whether a unique value is free; the number is the field's place.
const TAKEN: &str = "taken";

impl Engine {
    /// Why each entry could not be written, in their order; none where nothing is known against it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn check_entries(
        &self,
        target: &Target<'_>,
        entries: &[&Entry<'_>],
    ) -> Result<Vec<Option<Error>>> {
        let upserts: Vec<&Upsert<'_>> = entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Upsert(upsert) => Some(&**upsert),
                Entry::Create(_) => None,
            })
            .collect();
        let mut found = self.find_all(&upserts).await?.into_iter();
        let questions: Vec<Vec<Statement>> = entries
            .iter()
            .map(|entry| self.questions(target, entry, found.next().flatten().as_deref()))
            .collect();
        let now = self.now();
        let ask = move |conn: &Connection| {
            let one = |asked: &Vec<Statement>| first_unmet(conn, asked, &now);
            questions.iter().map(one).collect::<Result<Vec<_>>>()
        };
        let unmet = self.db.read(ask).await?.into_iter();
        let error = |unmet: Option<Tag>| unmet.map(|tag| self.words(target.collection, tag));
        Ok(unmet.map(error).collect())
    }

    fn questions(
        &self,
        target: &Target<'_>,
        entry: &Entry<'_>,
        found: Option<&str>,
    ) -> Vec<Statement> {
        let collection = target.collection;
        let draft = match entry {
            Entry::Create(draft) => draft,
            Entry::Upsert(upsert) => &upsert.draft,
        };
        let asks_itself =
            |rows: &RowFilter| rows.needs_to_write().tables.contains(&collection.name);
        let mut asked = match (entry, target.upsert, found) {
            (Entry::Upsert(upsert), Some((_, rows)), Some(id)) if !asks_itself(rows) => {
                guard::of_update(collection, rows, id, &upsert.patch)
            }
            (_, _, None) if !asks_itself(target.create) => {
                guard::of_create(collection, target.create, draft)
            }
            _ => Vec::new(),
        };
        let others = draft.values.iter().map(|(field, value)| (*field, value));
        let others = others.filter(|(field, _)| field.collection() != Some(&collection.name));
        asked.extend(relations_exist(collection, &self.catalog.schema(), others));
        if draft.id_was_sent && found.is_none() {
            asked.push(id_is_unused(collection, &draft.id));
            asked.push(is_free(collection, "id", &draft.id.as_str().into(), None));
        }
        let unique = draft.values.iter().filter(|(field, _)| field.unique);
        let unique = unique.filter(|(_, value)| !value.is_null());
        asked.extend(unique.map(|(field, value)| is_free(collection, &field.column, value, found)));
        asked
    }

    fn words(&self, collection: &Collection, Tag(word, place): Tag) -> Error {
        if word != TAKEN {
            return self.refusal(
                collection,
                Expected::Any,
                WriteError::Guard(Tag(word, place)),
            );
        }
        let field = collection.columns().nth(place);
        crate::engine::refusal::taken(&[field.map_or("_", |field: &Field| &field.name).to_owned()])
    }
}

/// Asks that no record has a value but the one that may keep it.
fn is_free(collection: &Collection, column: &str, value: &Value, own: Option<&str>) -> Statement {
    let mut sql = Sql::new("SELECT 1 FROM ");
    sql.ident(&collection.name).push(" WHERE ").ident(column);
    sql.push(" = ").bind(value.clone());
    if collection.is_soft() && column != "id" {
        sql.push(" AND deleted_at IS NULL");
    }
    if let Some(own) = own {
        sql.push(" AND id <> ").bind(own);
    }
    let place = collection
        .columns()
        .position(|field| field.column == column);
    let tag = match column {
        "id" => tag::USED_ID,
        _ => TAKEN,
    };
    Statement::from(sql).expecting(Expect::Absent, Tag(tag, place.unwrap_or_default()))
}

/// The first question that has another answer than it expects.
fn first_unmet(conn: &Connection, asked: &[Statement], now: &Value) -> Result<Option<Tag>> {
    for question in asked.iter().filter(|statement| statement.is_question()) {
        let mut query = conn.prepare_cached(&question.sql)?;
        let args = question.args.iter().map(|value| match value {
            Value::CommitTime => now,
            value => value,
        });
        let is_met = query.exists(params_from_iter(args))? == (question.expect == Expect::Exists);
        if !is_met {
            return Ok(Some(question.tag));
        }
    }
    Ok(None)
}
