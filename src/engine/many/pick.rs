//! Which records a change by filter is about: those of a list, and how many they are to be.

use std::sync::Arc;

use crate::{
    access::RowFilter,
    base::{Code, Error, Issue, IssueCode, Result},
    db::{Sql, Value},
    engine::{Definitions, conditions::Conditions, list},
    rules::{Checked, Names},
    schema::Collection,
};

/// Most records of one change.
pub const MOST: usize = 1_000;

/// Records that fit a filter.
pub struct Pick<'a> {
    /// Of which collection.
    pub collection: &'a Arc<Collection>,
    /// Those that its caller may list.
    rows: &'a RowFilter,
    filters: Vec<Checked>,
    /// How many they are to be.
    pub expect: usize,
}

impl<'a> Pick<'a> {
    /// Reads the parameters: the conditions of a list, at least one, and `expect`.
    ///
    /// # Errors
    /// `INVALID_INPUT` with every parameter that is missing, unknown or not of its field;
    /// `UNPROCESSABLE` for more records than one request may change.
    pub fn parse<'q>(
        definitions: &Definitions,
        collection: &'a Arc<Collection>,
        rows: &'a RowFilter,
        expect: Option<&str>,
        parameters: impl Iterator<Item = (&'q str, &'q str)>,
    ) -> Result<Self> {
        let conditions = Conditions {
            definitions,
            collection,
            has_deleted: false,
        };
        let (mut filters, mut issues) = (Vec::new(), Vec::new());
        for (name, value) in parameters {
            match conditions.parameter(name, value) {
                Ok(filter) => filters.push(filter),
                Err(issue) => issues.push(issue),
            }
        }
        let count: Option<usize> = expect.and_then(|expect| expect.parse().ok());
        if count.is_none() {
            let message = "Must say how many records are to be changed";
            issues.push(Issue::new("expect", IssueCode::Invalid, message));
        }
        if filters.is_empty() && issues.is_empty() {
            let message = "Must say which records are to be changed";
            issues.push(Issue::new("filter", IssueCode::Required, message));
        }
        match count.filter(|_| issues.is_empty()) {
            Some(expect) if expect <= MOST => Ok(Self {
                collection,
                rows,
                filters,
                expect,
            }),
            Some(_) => {
                let message = format!("One request changes at most {MOST} records");
                Err(Error::new(Code::Unprocessable, message))
            }
            None => Err(Error::unreadable(issues)),
        }
    }

    /// What the records fulfil; none if nothing can.
    pub(super) fn conditions(&self, now: &Value) -> Option<Sql> {
        let names = Names::table(&self.collection.name);
        let mut sql = Sql::new(match self.collection.is_soft() {
            true => "deleted_at IS NULL",
            false => "TRUE",
        });
        sql.append(list::matching(&names, self.rows, &self.filters, now)?);
        Some(sql)
    }
}
