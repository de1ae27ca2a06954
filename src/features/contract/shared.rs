//! What all routes share: how callers show who they are, and the errors by their status.

use actix_web::http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::{
    document::Error,
    expand::{reference, to},
};
use crate::base::{Code, IssueCode};

/// What an operation asks of who calls it.
pub fn security(kind: &str, changes: bool) -> Json {
    let by_cookie = match changes {
        true => json!({ "cookie": [], "csrf": [] }),
        false => json!({ "cookie": [] }),
    };
    match kind {
        "none" => json!([]),
        "refresh" => json!([{ "refresh": [], "csrf": [] }, {}]),
        "guest" => json!([{ "bearer": [] }, by_cookie, {}]),
        _ => json!([{ "bearer": [] }, by_cookie]),
    }
}

/// How callers show who they are; the cookies have these names.
pub fn schemes(access: &str, refresh: &str) -> Json {
    let key = |place: &str, name: &str, words: &str| json!({ "type": "apiKey", "in": place, "name": name, "description": words });
    json!({
        "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "PASETO",
            "description": "An access token, from login with `delivery` by body" },
        "cookie": key("cookie", access, "The access token, as login sets it"),
        "refresh": key("cookie", refresh, "The refresh token, below /api/auth alone"),
        "csrf": key("header", "X-CSRF-Token", "The value of the CSRF cookie, beside the others"),
    })
}

/// The name of the response for errors of a status, `NotFound`.
///
/// # Errors
/// If there is no such status.
pub fn response_name(status: u64) -> Result<String, Error> {
    let known = u16::try_from(status).ok();
    let known = known.and_then(|status| StatusCode::from_u16(status).ok());
    let reason = known.and_then(|status| status.canonical_reason());
    let reason = reason.ok_or_else(|| Error(format!("there is no status {status}")))?;
    Ok(reason.replace(' ', ""))
}

/// A response for each status that errors have, with the codes that come with it.
///
/// # Errors
/// If a code has a status that there is not.
pub fn responses() -> Result<Map<String, Json>, Error> {
    let mut all = Map::new();
    for code in Code::ALL {
        let status = code.status();
        let same = Code::ALL.iter().filter(|other| other.status() == status);
        let codes: Vec<&str> = same.map(|code| code.name()).collect();
        all.insert(response_name(status.into())?, failed(status, &codes));
    }
    let late = json!({ "description": "The body did not arrive in time; empty" });
    all.insert(response_name(408)?, late);
    Ok(all)
}

fn failed(status: u16, codes: &[&str]) -> Json {
    let error = json!({
        "type": "object", "required": ["code", "message"],
        "properties": {
            "code": { "enum": codes },
            "message": { "type": "string" },
            "details": { "type": "object", "description": "What is wrong with each field, in words",
                "additionalProperties": { "type": "array", "items": { "type": "string" } } },
            "issues": { "type": "array", "maxItems": 500, "items": reference("Issue") },
        },
    });
    let envelope = json!({
        "type": "object", "required": ["success", "error", "meta"],
        "properties": { "success": { "const": false }, "error": error, "meta": reference("Meta") },
    });
    let mut headers = json!({ "X-Request-Id": to("headers", "RequestId") });
    let further = match status {
        405 => Some(("Allow", "Allow")),
        429 | 503 => Some(("Retry-After", "RetryAfter")),
        _ => None,
    };
    if let (Some((name, component)), Some(headers)) = (further, headers.as_object_mut()) {
        headers.insert(name.to_owned(), to("headers", component));
    }
    json!({
        "description": codes.join(", "), "headers": headers,
        "content": { "application/json": { "schema": envelope } },
    })
}

/// The codes of faults.
pub fn issue_codes() -> Vec<&'static str> {
    IssueCode::ALL.iter().map(|code| code.name()).collect()
}
