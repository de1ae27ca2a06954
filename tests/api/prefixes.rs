//! Prefixes of cookie names: the browsers' own, and one of one's own for two instances on a host.

use serde_json::json;
use stead::{
    base::Code,
    config::{Config, CookiePrefix},
};

use crate::support::{
    app::{PASSWORD, TestApp},
    client::{Client, Reply},
};

fn with(prefix: CookiePrefix, configure: impl FnOnce(&mut Config)) -> TestApp {
    TestApp::start_with(|config| {
        config.cookies.prefix = prefix;
        configure(config);
    })
}

fn login(client: &Client) -> Reply {
    let body = json!({ "email": "ann@example.com", "password": PASSWORD });
    let reply = client.post("/api/auth/login", &body);
    reply.ok();
    reply
}

/// Names and paths of the cookies that an answer sets, and whether all are `Secure`.
fn set(reply: &Reply) -> (Vec<(String, String)>, bool) {
    let lines: Vec<&str> = reply.response.headers("set-cookie").collect();
    let cookie = |line: &&str| {
        let name = line.split_once('=').unwrap().0;
        let path = line.split("; Path=").nth(1).unwrap();
        (name.to_owned(), path.split(';').next().unwrap().to_owned())
    };
    let secure = lines.iter().all(|line| line.contains("; Secure"));
    (lines.iter().map(cookie).collect(), secure)
}

fn expect(reply: &Reply, expected: [(&str, &str); 3], secure: bool) {
    let expected = expected.map(|(name, path)| (name.to_owned(), path.to_owned()));
    assert_eq!(set(reply), (expected.to_vec(), secure));
}

const HOST: [(&str, &str); 3] = [
    ("__Host-access_token", "/"),
    ("__Secure-refresh_token", "/api/auth"),
    ("__Host-csrf_token", "/"),
];

/// Signs in, refreshes and signs out by the cookies that each answer sets.
fn goes_through(app: &TestApp, csrf: &str) {
    let mut browser = app.guest();
    browser.keep_cookies(&login(&browser));
    let page = |browser: &Client| browser.with("X-CSRF-Token", &browser.cookies[csrf]);
    page(&browser)
        .patch("/api/auth/me", &json!({ "displayName": "A" }))
        .ok();
    let refreshed = page(&browser).send("POST", "/api/auth/refresh", None);
    refreshed.ok();
    browser.keep_cookies(&refreshed);
    browser.get("/api/auth/me").ok();
    let out = page(&browser).send("POST", "/api/auth/logout", None);
    out.no_content();
    browser.keep_cookies(&out);
    assert!(browser.cookies.is_empty(), "{:?}", browser.cookies);
}

#[test]
fn host_cookies_are_for_one_host_and_always_secure() {
    let app = with(CookiePrefix::Host, |_| {});
    expect(&login(&app.guest()), HOST, true);
    goes_through(&app, "__Host-csrf_token");
}

#[test]
fn host_cookies_keep_the_path_that_browsers_ask_for_below_a_path_too() {
    let url = "https://example.org/stead".parse().unwrap();
    let app = with(CookiePrefix::Host, |config| {
        config.server.public_url = Some(url);
    });
    let mut expected = HOST;
    expected[1].1 = "/stead/api/auth";
    expect(&login(&app.guest()), expected, true);
}

#[test]
fn secure_cookies_may_have_a_path() {
    let url = "https://example.org/stead".parse().unwrap();
    let app = with(CookiePrefix::Secure, |config| {
        config.server.public_url = Some(url);
    });
    let expected = [
        ("__Secure-access_token", "/stead"),
        ("__Secure-refresh_token", "/stead/api/auth"),
        ("__Secure-csrf_token", "/stead"),
    ];
    expect(&login(&app.guest()), expected, true);
}

#[test]
fn a_prefix_of_ones_own_keeps_two_instances_apart() {
    let (one, two) = (
        with(CookiePrefix::Own("one_".to_owned()), |_| {}),
        TestApp::start(),
    );
    let mut browser = one.guest();
    browser.keep_cookies(&login(&browser));
    // A browser sends what the one has set to the other as well.
    let mut at_two = two.guest();
    at_two.cookies = browser.cookies.clone();
    at_two.get("/api/auth/me").error(Code::Unauthorized);
    at_two.keep_cookies(&login(&at_two));
    assert_eq!(at_two.cookies.len(), 6);
    at_two.get("/api/auth/me").ok();
    browser.cookies = at_two.cookies;
    browser.get("/api/auth/me").ok();
    goes_through(&one, "one_csrf_token");
}

#[test]
fn a_prefixed_cookie_sent_twice_is_named_as_it_is() {
    let app = with(CookiePrefix::Host, |_| {});
    let twice = "__Host-access_token=a; access_token=b; __Host-access_token=c";
    let reply = app.guest().with("Cookie", twice).get("/api/auth/me");
    reply.faults(Code::InvalidInput, &["__Host-access_token"]);
}
