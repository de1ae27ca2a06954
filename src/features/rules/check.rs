//! A rule that is only read: whether it is understood, what its parts are, and what it would cost.

use serde::Serialize;
use std::borrow::Cow;

use super::service::{Asked, Part, RuleTests, collection_of};
use crate::{
    access::{Caller, every_name, explain},
    base::{Error, Issue, IssueCode, Result},
    db::Value,
    rules::{Purpose, book},
    schema::Operation,
};

/// Which rule is read.
#[derive(Debug)]
pub struct Check<'a> {
    /// The table's name.
    pub collection: Cow<'a, str>,
    /// The name of an operation, for its rule as it is stored, or an expression.
    pub rule: Cow<'a, str>,
    /// What an expression would be: the name of an operation, `readRule` or `writeRule`. None for
    /// a rule that does not ask what was before.
    pub place: Option<Cow<'a, str>>,
}

/// What is known of a rule without a record.
#[derive(Debug, Serialize)]
pub struct Checked {
    /// Null: nobody was asked about.
    allowed: Option<bool>,
    /// What stands under its `&&`, `||` and `!`, in their order, each without a value.
    parts: Vec<Part>,
    /// What it would cost.
    warnings: Vec<Warning>,
}

#[derive(Debug, Serialize)]
struct Warning {
    field: String,
    message: String,
}

impl RuleTests {
    /// Reads a rule, and asks nothing of any record.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` with every fault, the rule's with its line and column; those of
    /// [`Self::permit`] and of the database.
    pub async fn check(&self, caller: &Caller, check: &Check<'_>) -> Result<Checked> {
        Self::permit(caller)?;
        let definitions = self.engine.catalog().now();
        let collection = collection_of(&definitions, &check.collection)?;
        let asked = Asked::of(&check.rule);
        let purpose = check.purpose()?;
        let (source, rule) = match asked {
            Asked::On(_) => asked.stored(&definitions, collection)?,
            Asked::Written(text) => {
                let rule = book::given(&definitions.schema, collection, text, purpose);
                let rule =
                    rule.map_err(|fault| Error::validation(vec![book::issue("rule", &fault)]));
                (text.into(), rule?)
            }
        };
        let is_list = match asked {
            Asked::On(operation) => operation == Operation::List,
            Asked::Written(_) => check.place.as_deref() == Some(Operation::List.name()),
        };
        let costs = self.engine.costs_of(caller, collection, &rule, is_list);
        let names = every_name(&collection.name);
        let (_, parts) = explain(caller, &source, &rule, &names, &Value::CommitTime);
        Ok(Checked {
            allowed: None,
            parts: parts.into_iter().map(unasked).collect(),
            warnings: costs.await?.into_iter().map(Warning::from).collect(),
        })
    }
}

impl Check<'_> {
    /// What an expression may ask at its place.
    fn purpose(&self) -> Result<Purpose<'static>> {
        let is_operation = |place: &str| {
            Operation::ALL
                .iter()
                .any(|operation| operation.name() == place)
        };
        match self.place.as_deref() {
            Some("update" | "writeRule") => Ok(Purpose::Change),
            None | Some("readRule") => Ok(Purpose::Rule),
            Some(place) if is_operation(place) => Ok(Purpose::Rule),
            Some(_) => {
                let message = "Must be list, view, create, update, delete, readRule or writeRule";
                let issue = Issue::new("for", IssueCode::NotAnOption, message);
                Err(Error::validation(vec![issue]))
            }
        }
    }
}

fn unasked(part: crate::rules::Part) -> Part {
    Part {
        expression: part.expression,
        value: None,
    }
}

impl From<Issue> for Warning {
    fn from(issue: Issue) -> Self {
        Self {
            field: issue.field,
            message: issue.message,
        }
    }
}
