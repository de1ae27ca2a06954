//! `stead rules test`: rules tried out by the operator, many at once.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, value::to_raw_value};

use super::{App, operator::Task};
use crate::{
    access::Caller,
    base::{Error, Result},
    features::rules::{Answer, Question},
};

/// Tries rules, each on a record and a caller of its own.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TestRules {
    /// What is tried.
    pub cases: Vec<Case>,
}

/// One rule, and what it is tried on.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The table's name.
    pub collection: String,
    /// The name of an operation, or an expression.
    pub rule: String,
    /// The address of who would act; none for a guest.
    pub by: Option<String>,
    /// As in [`Question::record`].
    pub record: Json,
}

/// What came of one.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Tried {
    /// What the rule said.
    Said(Answer),
    /// Why it could not be tried.
    Refused(String),
}

impl Task for TestRules {
    const PATH: &'static str = "/api/operator/rules/test";
    type Answer = Vec<Tried>;

    async fn run(self, app: &App, operator: &Caller) -> Result<Vec<Tried>> {
        let mut all = Vec::with_capacity(self.cases.len());
        for case in self.cases {
            let tried = case.run(app, operator).await;
            all.push(tried.map_or_else(|error| Tried::Refused(words(&error)), Tried::Said));
        }
        Ok(all)
    }
}

impl Case {
    async fn run(self, app: &App, operator: &Caller) -> Result<Answer> {
        let by = match &self.by {
            Some(email) => Some(app.auth.id_of(operator, email).await?.into()),
            None => None,
        };
        let record = to_raw_value(&self.record).map_err(Error::internal)?;
        let question = Question {
            collection: self.collection.into(),
            rule: self.rule.into(),
            by,
            record: &record,
        };
        app.rules.test(operator, &question).await
    }
}

fn words(error: &Error) -> String {
    let faults = error.issues().iter();
    let faults = faults.map(|issue| format!("{}: {}", issue.field, issue.message));
    let faults: Vec<String> = faults.collect();
    match &faults[..] {
        [] => error.message().to_owned(),
        faults => faults.join("; "),
    }
}
