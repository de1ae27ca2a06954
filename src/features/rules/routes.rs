//! `POST /api/system/rules/test`.

use actix_web::{http::Method, web::Data};
use serde_json::value::RawValue;

use super::service::{Question, RuleTests};
use crate::{
    access::Caller,
    base::{Error, Issue, IssueCode, Result},
    web::{Body, Fields, Guard, Query, Reply, Routes},
};

/// The routes.
pub fn routes() -> Routes {
    let path = "/api/system/rules/test";
    Routes::new().on(Method::POST, path, Guard::Caller, test)
}

async fn test(tests: Data<RuleTests>, caller: Caller, query: Query, body: Body) -> Result<Reply> {
    query.finish()?;
    // Who may not ask learns nothing of how one asks.
    RuleTests::permit(&caller)?;
    let mut fields = Fields::read(&body.0)?;
    let question = question(&mut fields);
    fields.finish()?;
    let answer = tests.test(&caller, &question).await?;
    let answer = serde_json::to_value(answer).map_err(Error::internal)?;
    Ok(Reply::ok(&answer))
}

fn question<'a>(fields: &mut Fields<'a>) -> Question<'a> {
    let record = fields.raw("record");
    if record.is_none() {
        fields.fault(Issue::required("record"));
    }
    let by = fields.text("as");
    if by.as_deref() == Some("") {
        let message = "Must be the id of a user, or null for a guest";
        fields.fault(Issue::new("as", IssueCode::InvalidFormat, message));
    }
    Question {
        collection: fields.required_text("collection"),
        rule: fields.required_text("rule"),
        by,
        record: record.unwrap_or(RawValue::NULL),
    }
}
