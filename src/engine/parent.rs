//! Records under a parent: those whose relation points at it.

use std::sync::Arc;

use serde_json::value::RawValue;

use super::{Definitions, ListQuery, Record, conditions::Conditions};
use crate::{
    access::RowFilter,
    base::{
        Error, Issue, IssueCode, Result,
        json::{self, Object},
    },
    db::{Expect, Sql, Statement, Value},
    rules::{Comparator, FieldTest, Names},
    schema::{Collection, Field},
};

/// Tag of the expectation that a record is under its parent.
pub(super) const ELSEWHERE: &str = "elsewhere";

/// A live record, and the relation by which others are under it.
#[derive(Debug)]
pub struct Parent {
    /// The field of the relation, by its name in the API.
    field: String,
    id: String,
    /// The id as it stands in a body.
    sent: Box<RawValue>,
}

impl Parent {
    /// The record `id`, as the parent of those whose `field` points at it.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` if the id cannot be written as JSON, which every text can.
    pub fn new(field: &Field, id: &str) -> Result<Self> {
        Ok(Self {
            field: field.name.clone(),
            id: id.to_owned(),
            sent: serde_json::value::to_raw_value(id).map_err(Error::internal)?,
        })
    }

    /// Leaves what is under this parent of a list.
    ///
    /// # Errors
    /// `NOT_FOUND` if the collection has no such relation.
    pub fn narrow<'a>(
        &self,
        definitions: &Definitions,
        collection: &'a Arc<Collection>,
        query: &mut ListQuery<'a>,
    ) -> Result<()> {
        let field = self.field(collection)?;
        let conditions = Conditions {
            definitions,
            collection,
            has_deleted: false,
        };
        let is_here = FieldTest::Compare(Comparator::Equal, self.id.as_str().into());
        query.conditions.push(conditions.on(field, is_here));
        query.asked.push((self.field.clone(), self.id.clone()));
        Ok(())
    }

    /// Gives a body the parent that it does not name.
    pub fn complete<'a>(&'a self, object: &mut Object<'a>) {
        object.set(&self.field, &self.sent);
    }

    /// The fault of a body that names another parent, or none.
    pub fn fault(&self, object: &Object<'_>) -> Option<Issue> {
        let sent = object.get(&self.field)?;
        if json::text(sent).as_deref() == Some(&*self.id) {
            return None;
        }
        let message = "Is another record than the one in the path";
        Some(Issue::new(&*self.field, IssueCode::Invalid, message))
    }

    /// Checks that a record is under this parent.
    ///
    /// # Errors
    /// `NOT_FOUND` if it is not.
    pub fn check(&self, record: &Record) -> Result<()> {
        let object = Object::parse(&record.json).map_err(Error::internal)?;
        let points_at = object.get(&self.field).and_then(json::text);
        if points_at.as_deref() == Some(&*self.id) {
            return Ok(());
        }
        Err(Error::not_found())
    }

    /// Expects that the record `id` is under this parent.
    ///
    /// # Errors
    /// `NOT_FOUND` if the collection has no such relation.
    pub fn still_has(&self, collection: &Collection, id: &str) -> Result<Statement> {
        let sql = self.question(collection, id)?;
        Ok(Statement::from(sql).expecting(Expect::Exists, ELSEWHERE))
    }

    /// Expects that the record `id` is under this parent, and that the holder of `rows` may know
    /// that: who is told so before the record goes has found out where its relation leads.
    ///
    /// # Errors
    /// As [`Parent::still_has`].
    pub fn shows(&self, collection: &Collection, rows: &RowFilter, id: &str) -> Result<Statement> {
        let column = &self.field(collection)?.column;
        let (names, now) = (Names::table(&collection.name), &Value::CommitTime);
        let mut sql = self.question(collection, id)?;
        for verdict in [rows.sight(&names, now), rows.reading(column, &names, now)] {
            sql.push(" AND ").append(verdict.into_sql());
        }
        Ok(Statement::from(sql).expecting(Expect::Exists, ELSEWHERE))
    }

    fn question(&self, collection: &Collection, id: &str) -> Result<Sql> {
        let mut sql = Sql::new("SELECT 1 FROM ");
        sql.ident(&collection.name).push(" WHERE id = ").bind(id);
        sql.push(" AND ")
            .ident(&self.field(collection)?.column)
            .push(" = ")
            .bind(self.id.as_str());
        Ok(sql)
    }

    /// What a client is told of a refused change under this parent: one that has just been
    /// deleted is not there.
    pub fn refusal(&self, error: Error) -> Error {
        let is_gone = error
            .issues()
            .iter()
            .any(|issue| issue.field == self.field && issue.code == IssueCode::NoSuchRecord);
        if is_gone { Error::not_found() } else { error }
    }

    fn field<'a>(&self, collection: &'a Collection) -> Result<&'a Field> {
        collection.field(&self.field).ok_or_else(Error::not_found)
    }
}
