//! Refresh tokens: one use each, two tabs that race, and thieves.

use std::time::Duration;

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::{Client, Reply},
    race::at_once,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const GRACE: Duration = Duration::from_secs(10);

/// Refreshes by body.
fn renew(app: &TestApp, token: &Json) -> Reply {
    let body = json!({ "refreshToken": token });
    app.guest().post("/api/auth/refresh", &body)
}

/// Refreshes by cookie.
fn reload(browser: &Client) -> Reply {
    browser.send("POST", "/api/auth/refresh", None)
}

fn first_token(app: &TestApp) -> Json {
    json!(app.admin().refresh)
}

fn works(app: &TestApp, tokens: &Json) -> bool {
    let bearer = format!("Bearer {}", tokens["accessToken"].as_str().unwrap());
    let client = app.guest().with("Authorization", &bearer);
    client.get("/api/auth/me").status() == 200
}

#[test]
fn a_refresh_gives_new_tokens_of_the_same_session() {
    let app = TestApp::start();
    let admin = app.admin();
    let data = renew(&app, &json!(admin.refresh)).ok();
    assert_eq!(data["expiresIn"], 900);
    assert_ne!(data["refreshToken"], json!(admin.refresh));
    assert_ne!(data["accessToken"], json!(admin.access));
    assert!(works(&app, &data));
    assert_eq!(app.count("SELECT count(*) FROM _sessions"), 1);
}

#[test]
fn a_browser_gets_three_new_cookies_and_no_token_in_the_body() {
    let app = TestApp::start();
    let mut browser = app.browser();
    let old = browser.cookies.clone();
    let reply = reload(&browser.with_csrf());
    assert_eq!(reply.ok(), json!({ "expiresIn": 900 }));
    browser.keep_cookies(&reply);
    assert_ne!(browser.cookies["access_token"], old["access_token"]);
    assert_ne!(browser.cookies["refresh_token"], old["refresh_token"]);
    assert_eq!(browser.cookies["csrf_token"], old["csrf_token"]);
    browser.get("/api/auth/me").ok();
}

#[test]
fn two_tabs_get_a_successor_each_and_the_first_one_used_wins() {
    let app = TestApp::start();
    let first = first_token(&app);
    let (one, two) = (renew(&app, &first).ok(), renew(&app, &first).ok());
    assert_ne!(one["refreshToken"], two["refreshToken"]);
    let next = renew(&app, &one["refreshToken"]).ok();
    renew(&app, &next["refreshToken"]).ok();
    renew(&app, &two["refreshToken"]).error(Code::TokenInvalid);
    renew(&app, &first).error(Code::TokenInvalid);
    assert!(works(&app, &next), "the session goes on");
}

#[test]
fn a_sibling_put_out_just_now_gets_another_while_its_successor_is_unused() {
    let app = TestApp::start();
    let first = first_token(&app);
    let (one, two) = (renew(&app, &first).ok(), renew(&app, &first).ok());
    renew(&app, &one["refreshToken"]).ok();
    let again = renew(&app, &two["refreshToken"]).ok();
    renew(&app, &again["refreshToken"]).ok();
}

#[test]
fn the_tab_that_lost_does_not_wipe_out_the_cookies_of_the_winner() {
    let app = TestApp::start();
    let mut winner = app.browser();
    let loser = winner.clone();
    for _ in 0..2 {
        let reply = reload(&winner.with_csrf());
        reply.ok();
        winner.keep_cookies(&reply);
    }
    let reply = reload(&loser.with_csrf());
    reply.error(Code::TokenInvalid);
    assert_eq!(reply.header("set-cookie"), None);
    winner.get("/api/auth/me").ok();
    reload(&winner.with_csrf()).ok();
}

#[test]
fn a_spent_token_may_be_shown_again_for_10_seconds() {
    let app = TestApp::start();
    let first = first_token(&app);
    let next = renew(&app, &first).ok();
    app.clock().advance(GRACE - Duration::from_millis(1));
    renew(&app, &first).ok();
    app.clock().advance(Duration::from_millis(1));
    renew(&app, &first).error(Code::TokenInvalid);
    assert!(!works(&app, &next), "the session has ended");
}

#[test]
fn reuse_after_the_grace_ends_the_session_and_is_audited() {
    let app = TestApp::start();
    let (victim, other) = (app.browser(), app.admin());
    let mut thief = victim.clone();
    thief.keep_cookies(&reload(&thief.with_csrf()));
    app.clock().advance(GRACE);
    let reply = reload(&victim.with_csrf());
    reply.error(Code::TokenInvalid);
    assert_eq!(reply.response.headers("set-cookie").count(), 3);
    thief.get("/api/auth/me").error(Code::TokenInvalid);
    reload(&thief.with_csrf()).error(Code::TokenInvalid);
    let reused = "SELECT count(*) FROM _audit_entries
                  WHERE action = 'session.reused' AND target IN (SELECT id FROM users)";
    assert_eq!(app.count(reused), 1);
    other.get("/api/auth/me").ok();
}

#[test]
fn a_session_unused_for_7_days_is_over() {
    let app = TestApp::start();
    let browser = app.browser();
    app.clock().advance(DAY * 7);
    let reply = reload(&browser.with_csrf());
    reply.error(Code::TokenExpired);
    assert_eq!(reply.response.headers("set-cookie").count(), 3);
}

#[test]
fn a_session_lives_30_days_however_much_it_is_used() {
    let app = TestApp::start();
    let mut token = first_token(&app);
    for _ in 0..4 {
        app.clock().advance(DAY * 6);
        token = renew(&app, &token).ok()["refreshToken"].clone();
    }
    app.clock().advance(DAY * 6 - Duration::from_millis(1));
    let last = renew(&app, &token).ok();
    assert!(works(&app, &last));
    app.clock().advance(Duration::from_millis(1));
    assert!(!works(&app, &last), "not beyond the end of the session");
    renew(&app, &last["refreshToken"]).error(Code::TokenExpired);
}

#[test]
fn refreshes_at_the_same_time_end_in_one_session_that_still_works() {
    let app = TestApp::start();
    let first = first_token(&app);
    let renewed = at_once(8, |_| renew(&app, &first).ok());
    assert_eq!(app.count("SELECT count(*) FROM _sessions"), 1);
    assert_eq!(app.count("SELECT generation FROM _sessions"), 2);
    for tokens in &renewed {
        assert!(works(&app, tokens));
    }
    let next = renew(&app, &renewed[7]["refreshToken"]).ok();
    assert!(works(&app, &renew(&app, &next["refreshToken"]).ok()));
}

#[test]
fn successors_that_race_end_in_one_session_that_still_works() {
    let app = TestApp::start();
    let first = first_token(&app);
    let siblings = [renew(&app, &first).ok(), renew(&app, &first).ok()];
    let renewed = at_once(2, |i| renew(&app, &siblings[i]["refreshToken"]).ok());
    assert!(works(&app, &renewed[0]) && works(&app, &renewed[1]));
    assert_eq!(app.count("SELECT generation FROM _sessions"), 3);
    renew(&app, &renewed[1]["refreshToken"]).ok();
}

#[test]
fn a_refresh_that_races_a_logout_leaves_no_session() {
    let app = TestApp::start();
    for _ in 0..5 {
        let admin = app.admin();
        let replies = at_once(3, |i| match i {
            0 => admin.send("POST", "/api/auth/logout", None).status(),
            _ => renew(&app, &json!(admin.refresh)).status(),
        });
        assert_eq!(replies[0], 204);
        assert!(
            replies
                .iter()
                .all(|status| [200, 204, 401].contains(status))
        );
        assert_eq!(app.count("SELECT count(*) FROM _sessions"), 0);
        assert_eq!(app.count("SELECT count(*) FROM _refresh_tokens"), 0);
    }
}

#[test]
fn by_cookie_csrf_is_checked_against_the_session_of_the_refresh_token() {
    let app = TestApp::start();
    let (mut browser, other) = (app.browser(), app.browser());
    browser.cookies.remove("access_token");
    let foreign = browser.with("X-CSRF-Token", &other.cookies["csrf_token"]);
    let own_origin = browser.with("Sec-Fetch-Site", "same-origin");
    for client in [&browser, &foreign, &own_origin] {
        let reply = reload(client);
        let error = reply.error(Code::Forbidden);
        assert_eq!(error["message"], "CSRF validation failed");
        assert_eq!(reply.header("set-cookie"), None);
    }
    reload(&browser.with_csrf()).ok();
}

#[test]
fn an_unknown_token_by_cookie_is_cleared_for_our_own_pages_alone() {
    let app = TestApp::start();
    let mut browser = app.guest();
    let token = "0".repeat(64);
    browser.cookies.insert("refresh_token".to_owned(), token);
    let origin = |origin: &str| reload(&browser.with("Origin", origin));
    for foreign in ["http://evil.example", "null"] {
        let reply = origin(foreign);
        reply.error(Code::Forbidden);
        assert_eq!(reply.header("set-cookie"), None);
    }
    let reply = origin(&format!("http://{}", app.address()));
    reply.error(Code::TokenInvalid);
    assert_eq!(reply.response.headers("set-cookie").count(), 3);
}

#[test]
fn a_token_of_another_kind_refreshes_nothing() {
    let app = TestApp::start();
    let body = json!({ "refreshToken": app.admin().access });
    let reply = app.guest().post("/api/auth/refresh", &body);
    reply.error(Code::TokenInvalid);
}

#[test]
fn without_any_token_there_is_nothing_to_refresh() {
    let app = TestApp::start();
    reload(&app.guest()).error(Code::Unauthorized);
    renew(&app, &json!("0".repeat(64))).error(Code::TokenInvalid);
    renew(&app, &json!(1)).faults(Code::ValidationError, &["refreshToken"]);
}

#[test]
fn another_page_cannot_refresh_by_body() {
    let app = TestApp::start();
    let page = app.guest().with("Origin", "http://evil.example");
    let body = json!({ "refreshToken": first_token(&app) });
    page.post("/api/auth/refresh", &body).error(Code::Forbidden);
}

#[test]
fn refresh_tokens_are_not_stored() {
    let app = TestApp::start();
    let token = first_token(&app);
    let token = token.as_str().unwrap();
    assert!(!app.rows().iter().any(|row| row.contains(token)));
}
