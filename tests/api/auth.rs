//! Signing in and out, and the tokens in between.

use std::time::Duration;

use serde_json::json;
use stead::base::Code;

use crate::support::{
    app::{PASSWORD, TestApp},
    client::{Client, Reply},
};

const ANN: &str = "ann@example.com";

fn login(client: &Client, email: &str, password: &str) -> Reply {
    let body = json!({ "email": email, "password": password });
    client.post("/api/auth/login", &body)
}

fn bearer(app: &TestApp, token: &str) -> Client {
    app.guest()
        .with("Authorization", &format!("Bearer {token}"))
}

#[test]
fn a_browser_signs_in_by_cookies_and_sees_no_token() {
    let app = TestApp::start();
    let (mut browser, reply) = (app.guest(), login(&app.guest(), ANN, PASSWORD));
    let data = reply.ok();
    assert_eq!(data.as_object().unwrap().len(), 1, "{data}");
    assert_eq!(data["user"]["email"], ANN);
    browser.keep_cookies(&reply);
    for token in ["access_token", "refresh_token"] {
        let value = &browser.cookies[token];
        assert!(!reply.response.text().contains(value), "{token}");
    }
    assert_eq!(browser.get("/api/auth/me").ok()["id"], data["user"]["id"]);
}

#[test]
fn a_program_signs_in_with_tokens_in_the_body() {
    let app = TestApp::start();
    let body = json!({ "email": ANN, "password": PASSWORD, "delivery": "body" });
    let reply = app.guest().post("/api/auth/login", &body);
    let data = reply.ok();
    let keys: Vec<&String> = data.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["accessToken", "expiresIn", "refreshToken", "user"]);
    assert_eq!(data["expiresIn"], 900);
    assert_eq!(reply.header("set-cookie"), None);
    let me = bearer(&app, data["accessToken"].as_str().unwrap());
    assert_eq!(me.get("/api/auth/me").ok()["id"], data["user"]["id"]);
}

#[test]
fn a_session_keeps_from_where_and_by_what_it_was_made() {
    let app = TestApp::start();
    let program = app.guest().with("X-Forwarded-For", "203.0.113.9");
    let program = program.with("User-Agent", &"x".repeat(9_000));
    login(&program, ANN, PASSWORD).ok();
    let kept = "SELECT length(user_agent) FROM _sessions WHERE address = '203.0.113.9'";
    assert_eq!(app.count(kept), 512);
}

#[test]
fn an_address_is_known_in_any_case() {
    let app = TestApp::start();
    login(&app.guest(), "Ann@Example.COM", PASSWORD).ok();
}

#[test]
fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let app = TestApp::start();
    let wrong = login(&app.guest(), ANN, "wrong password");
    let unknown = login(&app.guest(), "nobody@example.com", PASSWORD);
    let error = wrong.error(Code::InvalidCredentials);
    assert_eq!(error, unknown.error(Code::InvalidCredentials));
    assert_eq!(wrong.header("set-cookie"), None);
    let refused = "SELECT count(*) FROM _audit_entries WHERE action = 'session.refused'";
    assert_eq!(app.count(refused), 2);
    let of_ann = format!("{refused} AND target = (SELECT id FROM users WHERE email = '{ANN}')");
    assert_eq!(app.count(&of_ann), 1, "whose account was tried is known");
}

#[test]
fn a_login_that_cannot_be_read_is_told_what_is_wrong() {
    let app = TestApp::start();
    let login = |body| app.guest().post("/api/auth/login", &body);
    login(json!({})).faults(Code::MissingField, &["email", "password"]);
    let odd = json!({ "email": ANN, "password": 1, "delivery": "pigeon", "role": "admin" });
    login(odd).faults(Code::ValidationError, &["delivery", "password", "role"]);
    let none = app.guest().send("POST", "/api/auth/login", None);
    none.faults(Code::MissingField, &["email", "password"]);
}

#[test]
fn a_disabled_account_is_out_at_once() {
    let app = TestApp::start();
    let eve = app.editor();
    app.change_by_sql(
        "UPDATE users SET status = 'disabled', version = version + 1
         WHERE email = 'eve@example.com'",
    );
    eve.get("/api/auth/me").error(Code::TokenInvalid);
    let body = json!({ "refreshToken": eve.refresh });
    let refresh = app.guest().post("/api/auth/refresh", &body);
    refresh.error(Code::TokenInvalid);
    let email = "eve@example.com";
    login(&app.guest(), email, PASSWORD).error(Code::Forbidden);
    login(&app.guest(), email, "wrong password").error(Code::InvalidCredentials);
}

#[test]
fn login_ends_the_session_whose_cookies_came_with_it() {
    let app = TestApp::start();
    let (old, mut halved, elsewhere) = (app.browser(), app.browser(), app.browser());
    halved.cookies.remove("refresh_token");
    for browser in [old, halved] {
        login(&browser, ANN, PASSWORD).ok();
        browser.get("/api/auth/me").error(Code::TokenInvalid);
    }
    elsewhere.get("/api/auth/me").ok();
}

#[test]
fn body_delivery_leaves_the_session_of_the_cookies_alone() {
    let app = TestApp::start();
    let browser = app.browser();
    let body = json!({ "email": ANN, "password": PASSWORD, "delivery": "body" });
    let reply = browser.post("/api/auth/login", &body);
    reply.ok();
    assert_eq!(reply.header("set-cookie"), None);
    browser.get("/api/auth/me").ok();
}

#[test]
fn logout_by_cookie_needs_csrf_and_ends_the_session() {
    let app = TestApp::start();
    let browser = app.browser();
    let bare = browser.send("POST", "/api/auth/logout", None);
    assert_eq!(
        bare.error(Code::Forbidden)["message"],
        "CSRF validation failed"
    );
    assert_eq!(bare.header("set-cookie"), None);
    browser.get("/api/auth/me").ok();
    let mut after = browser.clone();
    let reply = browser.with_csrf().send("POST", "/api/auth/logout", None);
    reply.no_content();
    after.keep_cookies(&reply);
    assert!(after.cookies.is_empty(), "{:?}", after.cookies);
    browser.get("/api/auth/me").error(Code::TokenInvalid);
    assert_eq!(app.count("SELECT count(*) FROM _sessions"), 0);
    assert_eq!(app.count("SELECT count(*) FROM _refresh_tokens"), 0);
    assert_eq!(signed_out(&app), 1);
}

/// How often the audit log says that the owner of its first session has ended one.
fn signed_out(app: &TestApp) -> i64 {
    app.count(
        "SELECT count(*) FROM _audit_entries
         WHERE action = 'session.ended' AND actor = (SELECT 'user:' || target FROM _audit_entries
                                                     WHERE action = 'session.created')",
    )
}

#[test]
fn logout_by_bearer_ends_that_session_alone() {
    let app = TestApp::start();
    let (program, other) = (app.admin(), app.admin());
    let reply = program.send("POST", "/api/auth/logout", None);
    reply.no_content();
    assert_eq!(reply.header("set-cookie"), None);
    program.get("/api/auth/me").error(Code::TokenInvalid);
    let body = json!({ "refreshToken": program.refresh });
    let refresh = app.guest().post("/api/auth/refresh", &body);
    refresh.error(Code::TokenInvalid);
    other.get("/api/auth/me").ok();
    assert_eq!(signed_out(&app), 1);
}

#[test]
fn logout_without_a_session_clears_the_cookies() {
    let app = TestApp::start();
    let reply = app.guest().send("POST", "/api/auth/logout", None);
    reply.no_content();
    assert_eq!(reply.response.headers("set-cookie").count(), 3);
    let page = app.guest().with("Origin", "http://evil.example");
    let reply = page.send("POST", "/api/auth/logout", None);
    reply.error(Code::Forbidden);
    assert_eq!(reply.header("set-cookie"), None);
}

#[test]
fn a_browser_without_its_access_cookie_can_still_sign_out() {
    let app = TestApp::start();
    let mut browser = app.browser();
    let access = browser.cookies.remove("access_token").unwrap();
    browser
        .with_csrf()
        .send("POST", "/api/auth/logout", None)
        .no_content();
    bearer(&app, &access)
        .get("/api/auth/me")
        .error(Code::TokenInvalid);
}

#[test]
fn a_token_that_is_not_ours_is_refused() {
    let (app, other) = (TestApp::start(), TestApp::start());
    let (admin, foreign) = (app.admin(), other.admin().access.unwrap());
    let token = admin.access.unwrap();
    let (head, footer) = token.rsplit_once('.').unwrap();
    let last = if head.ends_with('A') { 'B' } else { 'A' };
    let tampered = format!("{}{last}.{footer}", &head[..head.len() - 1]);
    let long = format!("{token}{}", "A".repeat(3_000));
    let refresh = admin.refresh.unwrap();
    for bad in [&tampered, &foreign, &long, &refresh, head, "x"] {
        let reply = bearer(&app, bad).get("/api/auth/me");
        reply.error(Code::TokenInvalid);
    }
}

#[test]
fn an_access_token_is_good_for_its_15_minutes() {
    let app = TestApp::start();
    let admin = app.admin();
    app.clock().advance(Duration::from_millis(899_999));
    admin.get("/api/auth/me").ok();
    app.clock().advance(Duration::from_millis(1));
    admin.get("/api/auth/me").error(Code::TokenExpired);
    admin
        .post("/api/v1/users", &json!({}))
        .error(Code::TokenExpired);
}

#[test]
fn a_guest_has_to_sign_in() {
    let app = TestApp::start();
    for path in ["/api/auth/me", "/api/v1/users", "/api/system/collections"] {
        app.guest().get(path).error(Code::Unauthorized);
    }
    let body = json!({ "displayName": "Nobody" });
    app.guest()
        .patch("/api/auth/me", &body)
        .error(Code::Unauthorized);
    let body = json!({ "currentPassword": "x", "newPassword": "long enough" });
    let reply = app.guest().post("/api/auth/password", &body);
    reply.error(Code::Unauthorized);
}
