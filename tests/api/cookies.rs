//! The three cookies, attribute by attribute, and what they are good for.

use std::collections::BTreeSet;

use serde_json::json;
use stead::{base::Code, config::Secure};

use crate::support::{
    app::{PASSWORD, TestApp},
    client::{Client, Reply},
};

const ANN: &str = "ann@example.com";

fn login(client: &Client) -> Reply {
    let body = json!({ "email": ANN, "password": PASSWORD });
    let reply = client.post("/api/auth/login", &body);
    reply.ok();
    reply
}

/// Whether the cookie has a value, and its attributes.
fn cookie<'a>(reply: &'a Reply, name: &str) -> (bool, BTreeSet<&'a str>) {
    let is_this = |line: &&str| line.starts_with(&format!("{name}="));
    let lines: Vec<&str> = reply
        .response
        .headers("set-cookie")
        .filter(is_this)
        .collect();
    assert_eq!(lines.len(), 1, "{name}: {lines:?}");
    let mut parts = lines[0].split("; ");
    let has_value = !parts.next().unwrap().ends_with('=');
    (has_value, parts.collect())
}

/// Expects all three cookies, and nothing else of them than section 6 of the protocol says.
#[track_caller]
fn expect_cookies(reply: &Reply, ages: [&str; 3], is_secure: bool) {
    let expected = [
        ("access_token", &["HttpOnly", "Path=/"][..]),
        ("refresh_token", &["HttpOnly", "Path=/api/auth"]),
        ("csrf_token", &["Path=/"]),
    ];
    for ((name, own), age) in expected.into_iter().zip(ages) {
        let mut attributes = BTreeSet::from([age, "SameSite=Strict"]);
        attributes.extend(own);
        attributes.extend(is_secure.then_some("Secure"));
        let has_value = age != "Max-Age=0";
        assert_eq!(cookie(reply, name), (has_value, attributes), "{name}");
    }
    assert_eq!(reply.response.headers("set-cookie").count(), 3);
}

const SET: [&str; 3] = ["Max-Age=900", "Max-Age=604800", "Max-Age=604800"];
const CLEARED: [&str; 3] = ["Max-Age=0"; 3];

fn is_secure(reply: &Reply) -> bool {
    cookie(reply, "access_token").1.contains("Secure")
}

#[test]
fn login_refresh_and_logout_set_them_as_the_protocol_says() {
    let app = TestApp::start();
    let (mut browser, reply) = (app.guest(), login(&app.guest()));
    expect_cookies(&reply, SET, false);
    browser.keep_cookies(&reply);
    let reply = browser.with_csrf().send("POST", "/api/auth/refresh", None);
    expect_cookies(&reply, SET, false);
    let reply = browser.with_csrf().send("POST", "/api/auth/logout", None);
    expect_cookies(&reply, CLEARED, false);
}

#[test]
fn all_of_them_are_far_below_what_browsers_keep() {
    let browser = TestApp::start().browser();
    for (name, value) in &browser.cookies {
        assert!(name.len() + value.len() < 1_024, "{name}: {}", value.len());
    }
}

#[test]
fn behind_https_all_of_them_are_secure() {
    let app = TestApp::start();
    let (mut browser, proxy) = (app.guest(), ("X-Forwarded-Proto", "https"));
    let reply = login(&app.guest().with(proxy.0, proxy.1));
    expect_cookies(&reply, SET, true);
    browser.keep_cookies(&reply);
    let page = browser.with_csrf().with(proxy.0, proxy.1);
    let reply = page.send("POST", "/api/auth/refresh", None);
    expect_cookies(&reply, SET, true);
    expect_cookies(&page.send("POST", "/api/auth/logout", None), CLEARED, true);
}

#[test]
fn whatever_tells_of_a_proxy_makes_them_secure() {
    let app = TestApp::start();
    let with = |name, value| is_secure(&login(&app.guest().with(name, value)));
    assert!(with("X-Forwarded-For", "192.168.1.5"));
    assert!(with("Forwarded", "for=192.168.1.5"));
    assert!(with("X-Forwarded-Proto", "http"));
    assert!(!with("Host", "stead.example"), "never judged by Host");
    let page = app.guest().with("Sec-Fetch-Site", "same-origin");
    assert!(is_secure(&login(
        &page.with("Origin", "https://stead.example")
    )));
    assert!(!is_secure(&login(&page.with("Origin", "http://localhost"))));
}

#[test]
fn a_public_url_of_https_makes_them_secure() {
    let url = "https://stead.example".parse().unwrap();
    let app = TestApp::start_with(|config| config.server.public_url = Some(url));
    assert!(is_secure(&login(&app.guest())));
}

#[test]
fn always_and_never_are_meant() {
    let app = TestApp::start_with(|config| config.cookies.secure = Secure::Always);
    assert!(is_secure(&login(&app.guest())));
    let app = TestApp::start_with(|config| config.cookies.secure = Secure::Never);
    let proxied = app.guest().with("X-Forwarded-Proto", "https");
    assert!(!is_secure(&login(&proxied)));
}

#[test]
fn one_of_ours_sent_twice_is_refused() {
    let app = TestApp::start();
    let token = app.browser().cookies["access_token"].clone();
    for name in ["access_token", "refresh_token", "csrf_token"] {
        let twice = format!("access_token={token}; {name}=x; theme=dark; {name}=y");
        let page = app.guest().with("Cookie", &twice);
        let faults = |reply: Reply, name: &str| reply.faults(Code::InvalidInput, &[name]);

        faults(page.get("/api/auth/me"), name);
        faults(page.send("POST", "/api/auth/refresh", None), name);
        faults(page.send("POST", "/api/auth/logout", None), name);
        let body = json!({ "email": ANN, "password": PASSWORD });
        faults(page.post("/api/auth/login", &body), name);
    }
}

#[test]
fn who_has_lost_the_access_cookie_must_refresh() {
    let app = TestApp::start();
    let mut browser = app.browser();
    browser.cookies.retain(|name, _| name == "csrf_token");
    browser.get("/api/auth/me").error(Code::TokenExpired);
    let page = browser.with_csrf();
    page.post("/api/v1/users", &json!({}))
        .error(Code::TokenExpired);
    page.patch("/api/auth/me", &json!({}))
        .error(Code::TokenExpired);
    login(&browser);
    page.post("/api/auth/setup", &json!({}))
        .error(Code::NotFound);
}

#[test]
fn a_bearer_token_wins_over_cookies() {
    let app = TestApp::start();
    let (mut both, viewer) = (app.browser(), app.viewer());
    both.access = viewer.access;
    assert_eq!(both.get("/api/auth/me").ok()["displayName"], "vic");
    let body = json!({ "displayName": "Victor" });
    both.patch("/api/auth/me", &body).ok();
    both.access = Some("x".to_owned());
    both.get("/api/auth/me").error(Code::TokenInvalid);
}

#[test]
fn other_schemes_are_none_of_ours() {
    let app = TestApp::start();
    let proxied = app
        .browser()
        .with("Authorization", "Basic YW5uOnNlY3JldA==");
    proxied.get("/api/auth/me").ok();
    let body = json!({ "displayName": "Anna" });
    proxied.patch("/api/auth/me", &body).error(Code::Forbidden);
    let guest = app.guest().with("Authorization", "Basic YW5uOnNlY3JldA==");
    guest.get("/api/auth/me").error(Code::Unauthorized);
    let lower = format!("bearer {}", app.admin().access.unwrap());
    app.guest()
        .with("Authorization", &lower)
        .get("/api/auth/me")
        .ok();
}

#[test]
fn what_came_by_cookie_never_leaves_in_a_body() {
    let app = TestApp::start();
    let browser = app.browser();
    let page = browser.with_csrf();
    let body = json!({ "displayName": "Anna" });
    for reply in [
        page.get("/api/auth/me"),
        page.patch("/api/auth/me", &body),
        page.send("POST", "/api/auth/refresh", None),
    ] {
        for name in ["access_token", "refresh_token"] {
            assert!(
                !reply.response.text().contains(&browser.cookies[name]),
                "{name}"
            );
        }
    }
}

#[test]
fn the_csrf_token_is_told_by_login_refresh_and_me() {
    let app = TestApp::start();
    let (mut browser, reply) = (app.guest(), login(&app.guest()));
    browser.keep_cookies(&reply);
    let csrf = browser.cookies["csrf_token"].clone();
    let told = |reply: &Reply| reply.json()["meta"]["csrfToken"].clone();
    assert_eq!(told(&reply), csrf);
    assert_eq!(told(&browser.get("/api/auth/me")), csrf);
    let refreshed = browser.with_csrf().send("POST", "/api/auth/refresh", None);
    assert_eq!(told(&refreshed), csrf);
    assert!(told(&app.admin().get("/api/auth/me")).is_null());
}

#[test]
fn a_browser_that_has_lost_the_csrf_cookie_gets_it_back() {
    let app = TestApp::start();
    let mut browser = app.browser();
    assert_eq!(browser.get("/api/auth/me").header("set-cookie"), None);
    let csrf = browser.cookies.remove("csrf_token").unwrap();
    let reply = browser.get("/api/auth/me");
    assert_eq!(reply.response.headers("set-cookie").count(), 1);
    let (_, attributes) = cookie(&reply, "csrf_token");
    let expected = BTreeSet::from(["Path=/", "SameSite=Strict", "Max-Age=604800"]);
    assert_eq!(attributes, expected);
    browser.keep_cookies(&reply);
    assert_eq!(browser.cookies["csrf_token"], csrf);
}

#[test]
fn a_cookie_of_somebody_else_is_no_hindrance_whatever_its_letters() {
    let app = TestApp::start();
    let mut browser = app.browser();
    for name in ["a_town", "z_town"] {
        browser.cookies.insert(name.to_owned(), "Zürich".to_owned());
    }
    browser.get("/api/auth/me").ok();
    let twice = format!("town=Zürich; csrf_token={}", browser.cookies["csrf_token"]);
    let reply = browser.with("Cookie", &twice).get("/api/auth/me");
    reply.faults(Code::InvalidInput, &["csrf_token"]);
}
