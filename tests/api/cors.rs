//! Pages of other origins: what a browser is told that decides what they may do and see.

use serde_json::json;
use stead::base::Code;

use crate::support::{
    app::{PASSWORD, TestApp},
    client::{Client, Reply},
    inspect::LISTED,
};

const EXPOSED: [&str; 10] = [
    "ETag",
    "Location",
    "Link",
    "X-Request-Id",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "Retry-After",
    "Idempotency-Replayed",
    "X-Commit",
];

fn listing() -> TestApp {
    TestApp::start_with(|config| config.cors.origins = vec![LISTED.parse().unwrap()])
}

/// A page of that origin, of another site than the API.
fn page(client: &Client, origin: &str) -> Client {
    client
        .with("Origin", origin)
        .with("Sec-Fetch-Site", "cross-site")
}

/// Every header about other origins.
fn said(reply: &Reply) -> Vec<&(String, String)> {
    let headers = reply.response.headers.iter();
    headers
        .filter(|(name, _)| name.starts_with("access-control-"))
        .collect()
}

fn preflight(client: &Client, path: &str) -> Reply {
    let asking = client.with("Access-Control-Request-Method", "PATCH");
    asking
        .with(
            "Access-Control-Request-Headers",
            "content-type,x-csrf-token",
        )
        .send("OPTIONS", path, None)
}

#[test]
fn by_default_no_page_of_another_origin_is_told_anything() {
    let app = TestApp::start();
    let stranger = page(&app.admin(), LISTED);
    assert!(said(&stranger.get("/api/auth/me")).is_empty());
    assert!(said(&preflight(&stranger, "/api/auth/me")).is_empty());
    let body = json!({ "email": "ann@example.com", "password": PASSWORD });
    stranger
        .post("/api/auth/login", &body)
        .error(Code::Forbidden);
}

#[test]
fn a_page_of_a_listed_origin_reads_every_answer_with_its_headers() {
    let app = listing();
    for (client, path) in [
        (app.admin(), "/api/auth/me"),
        (app.guest(), "/api/auth/me"),
        (app.guest(), "/api/nothing"),
    ] {
        let reply = page(&client, LISTED).get(path);
        let header = |name| {
            reply
                .header(name)
                .unwrap_or_else(|| panic!("{path}: no {name}"))
        };
        assert_eq!(header("access-control-allow-origin"), LISTED);
        assert_eq!(header("access-control-allow-credentials"), "true");
        assert_eq!(header("access-control-expose-headers"), EXPOSED.join(", "));
        assert!(header("vary").contains("Origin"));
    }
}

#[test]
fn no_other_origin_is_taken_for_a_listed_one() {
    let app = listing();
    for origin in [
        "https://evil.example",
        "http://app.example.org",
        "https://app.example.org:8443",
        "https://app.example.org.evil.example",
        "https://APP.example.org",
        "https://xapp.example.org",
        "null",
        "*",
    ] {
        let stranger = page(&app.admin(), origin);
        for reply in [
            stranger.get("/api/auth/me"),
            preflight(&stranger, "/api/auth/me"),
        ] {
            assert!(said(&reply).is_empty(), "{origin}");
            assert!(reply.header("vary").unwrap().contains("Origin"));
        }
    }
}

#[test]
fn a_preflight_is_told_the_methods_of_its_path() {
    let app = listing();
    let guest = page(&app.guest(), LISTED);
    for (path, methods) in [
        ("/api/auth/me", "GET, PATCH, HEAD, OPTIONS"),
        ("/api/auth/login", "POST, OPTIONS"),
    ] {
        let reply = preflight(&guest, path);
        let header = |name| {
            reply
                .header(name)
                .unwrap_or_else(|| panic!("{path}: no {name}"))
        };
        assert_eq!(reply.status(), 204);
        assert_eq!(header("access-control-allow-origin"), LISTED);
        assert_eq!(header("access-control-allow-credentials"), "true");
        assert_eq!(header("access-control-allow-methods"), methods);
        assert_eq!(header("access-control-max-age"), "600");
        let allowed = header("access-control-allow-headers");
        for name in ["Authorization", "Content-Type", "X-CSRF-Token", "If-Match"] {
            assert!(allowed.contains(name), "{name}");
        }
        for name in [
            "Origin",
            "Access-Control-Request-Method",
            "Access-Control-Request-Headers",
        ] {
            assert!(header("vary").contains(name), "{name}");
        }
    }
}

#[test]
fn a_preflight_for_no_route_promises_nothing() {
    let app = listing();
    let guest = page(&app.guest(), LISTED);
    let reply = preflight(&guest, "/api/nothing");
    assert_eq!(reply.status(), 404);
    assert_eq!(reply.header("access-control-allow-methods"), None);
    let plain = guest.send("OPTIONS", "/api/auth/me", None);
    assert_eq!(
        plain.header("access-control-allow-methods"),
        None,
        "asks for no method"
    );
}

#[test]
fn outside_of_the_api_nothing_is_opened() {
    let app = listing();
    for path in ["/admin/", "/health", "/nothing"] {
        assert!(
            said(&page(&app.guest(), LISTED).get(path)).is_empty(),
            "{path}"
        );
    }
}

#[test]
fn a_page_of_a_listed_origin_signs_in_and_writes_by_cookie() {
    let app = listing();
    let guest = app
        .guest()
        .with("Origin", LISTED)
        .with("Sec-Fetch-Site", "same-site");
    let browser = guest.sign_in_by_cookie("ann@example.com", PASSWORD);
    let body = json!({ "displayName": "Anna" });
    browser.patch("/api/auth/me", &body).error(Code::Forbidden);
    let told = browser.get("/api/auth/me").json()["meta"]["csrfToken"].clone();
    let page = browser.with("X-CSRF-Token", told.as_str().unwrap());
    assert_eq!(
        page.patch("/api/auth/me", &body).ok()["displayName"],
        "Anna"
    );
}
