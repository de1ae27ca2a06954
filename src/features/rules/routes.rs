//! `POST /api/system/rules/test`.

use actix_web::{http::Method, web::Data};
use serde_json::value::RawValue;

use super::{
    check::Check,
    service::{Question, RuleTests},
};
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
    let answer = match fields.raw("record") {
        Some(record) => {
            let question = question(&mut fields, record);
            fields.finish()?;
            serde_json::to_value(tests.test(&caller, &question).await?)
        }
        None => {
            let check = check(&mut fields);
            fields.finish()?;
            serde_json::to_value(tests.check(&caller, &check).await?)
        }
    };
    Ok(Reply::ok(&answer.map_err(Error::internal)?))
}

/// A rule that is only read: nobody acts on anything.
fn check<'a>(fields: &mut Fields<'a>) -> Check<'a> {
    if fields.text("as").is_some() {
        fields.fault(Issue::required("record"));
    }
    Check {
        collection: fields.required_text("collection"),
        rule: fields.required_text("rule"),
        place: fields.text("for"),
    }
}

fn question<'a>(fields: &mut Fields<'a>, record: &'a RawValue) -> Question<'a> {
    let by = fields.text("as");
    if by.as_deref() == Some("") {
        let message = "Must be the id of a user, or null for a guest";
        fields.fault(Issue::new("as", IssueCode::InvalidFormat, message));
    }
    if fields.raw("for").is_some() {
        let message = "Says what a rule is for that is tried on no record";
        fields.fault(Issue::new("for", IssueCode::UnknownField, message));
    }
    Question {
        collection: fields.required_text("collection"),
        rule: fields.required_text("rule"),
        by,
        record,
    }
}
