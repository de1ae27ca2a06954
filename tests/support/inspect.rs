//! What must be true of every answer of the whole suite.

use serde_json::Value as Json;

use super::{app::PASSWORD, http::Response};

/// The origin that stories about other origins put on the list.
pub const LISTED: &str = "https://app.example.org";

/// Keys under which any name may stand: JSON fields of the stories, defaults in definitions, and
/// `details`, which names what the client itself has sent.
const OPEN: &[&str] = &["meta", "data", "settings", "extra", "default", "details"];

/// What stands outside the envelope: the document of the API, and the page that shows it.
const CONTRACT: &str = "/api/openapi.json";
const DOCS: &str = "/api/docs";

/// Checks headers, envelope, names and secrets of an answer.
pub fn answer(method: &str, path: &str, response: &Response) {
    let place = format!("{method} {path} -> {}", response.status);
    let response = &response.unpacked();
    if response.status == 408 {
        return;
    }
    headers(&place, path, response);
    let is_api = path.starts_with("/api");
    let is_json = response
        .header("content-type")
        .is_some_and(|t| t.starts_with("application/json"));
    if !is_json {
        assert!(
            !is_api
                || path.starts_with(DOCS)
                || response.body.is_empty()
                || path.contains("/export"),
            "{place}: a body that is no JSON"
        );
        return;
    }
    if method == "HEAD" {
        return;
    }
    let body = response.json();
    no_secrets(&place, path, response.text());
    let is_bare = path == CONTRACT && response.status == 200;
    if is_api && !is_bare {
        envelope(&place, response, &body);
        for part in ["data", "error", "meta"] {
            keys(&place, &body[part]);
        }
    }
}

fn headers(place: &str, path: &str, response: &Response) {
    let expected = [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
        (
            "permissions-policy",
            "camera=(), microphone=(), geolocation=()",
        ),
        (
            "content-security-policy",
            "default-src 'self'; object-src 'none'; base-uri 'none'; \
             frame-ancestors 'none'; form-action 'self'",
        ),
    ];
    for (name, value) in expected {
        if name == "content-security-policy" && path.starts_with(DOCS) {
            continue;
        }
        assert_eq!(response.header(name), Some(value), "{place}: {name}");
    }
    assert_eq!(response.header("server"), None, "{place}");
    // No page of another origin may read anything, but of the one that stories put on the list.
    let opened = response.header("access-control-allow-origin");
    assert!(
        opened.is_none_or(|origin| origin == LISTED),
        "{place}: {opened:?}"
    );
    assert!(
        response.header("x-request-id").is_some(),
        "{place}: no request id"
    );
}

fn envelope(place: &str, response: &Response, body: &Json) {
    let succeeded = (200..300).contains(&response.status);
    assert_eq!(body["success"], succeeded, "{place}: {body}");
    let kept = if succeeded { "data" } else { "error" };
    assert!(body.get(kept).is_some(), "{place}: no {kept} in {body}");
    let id = response.header("x-request-id").unwrap();
    assert_eq!(body["meta"]["requestId"], id, "{place}");
    let timestamp = body["meta"]["timestamp"].as_str().unwrap_or_default();
    assert!(
        stead::base::Instant::parse(timestamp).is_some(),
        "{place}: {timestamp}"
    );
}

/// No key of an answer has an underscore.
fn keys(place: &str, value: &Json) {
    match value {
        Json::Object(members) => {
            for (key, value) in members {
                assert!(!key.contains('_'), "{place}: the key {key}");
                if !OPEN.contains(&key.as_str()) {
                    keys(place, value);
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| keys(place, item)),
        _ => {}
    }
}

fn no_secrets(place: &str, path: &str, text: &str) {
    for secret in [PASSWORD, "$argon2", "k4.local."] {
        assert!(!text.contains(secret), "{place}: {secret} in {text}");
    }
    // What has no API name may only come back as the unknown field that a client has sent.
    let succeeded = text.contains("\"success\":true");
    for name in ["password_hash", "passwordHash", "csrf_key", "csrfKey"] {
        assert!(
            !(succeeded && text.contains(name)),
            "{place}: {name} in {text}"
        );
    }
    let may_hold_tokens = path.starts_with("/api/auth/");
    assert!(
        may_hold_tokens || !text.contains("v4.local."),
        "{place}: a token in {text}"
    );
    for internal in [
        "SQLITE",
        "sqlite",
        "rusqlite",
        "UNIQUE constraint",
        "panicked",
    ] {
        assert!(!text.contains(internal), "{place}: {internal} in {text}");
    }
}
