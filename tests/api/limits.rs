//! Rate limits, and whose bucket a request is taken from.

use std::num::NonZeroU32;

use serde_json::json;
use stead::{
    base::Code,
    config::{Config, ProxyHeaders},
};

use crate::support::{
    app::{PASSWORD, TestApp},
    client::{Client, Reply},
};

/// Starts with these limits a minute, behind a trusted proxy on loopback.
fn limited(general: u32, guessing: u32, configure: impl FnOnce(&mut Config)) -> TestApp {
    TestApp::start_with(|config| {
        config.rate_limit.enabled = true;
        config.rate_limit.per_minute = NonZeroU32::new(general).unwrap();
        config.rate_limit.auth_per_minute = NonZeroU32::new(guessing).unwrap();
        configure(config);
    })
}

fn number(reply: &Reply, name: &str) -> i64 {
    let value = reply.header(name).unwrap_or_else(|| panic!("no {name}"));
    value.parse().unwrap()
}

/// A guest behind the proxy.
fn from(app: &TestApp, address: &str) -> Client {
    app.guest().with("X-Forwarded-For", address)
}

/// What a request to a path that needs no sign-in is answered.
fn ask(client: &Client) -> u16 {
    client.get("/api/nothing").status()
}

const OTHER: &str = "198.51.100.1";

#[test]
fn every_answer_under_api_tells_what_is_left() {
    let app = limited(300, 10, |_| {});
    let (guest, login) = (app.guest(), "/api/auth/login");
    let big = vec![b' '; 2 << 20];
    let json = Some("application/json");
    for (reply, limit) in [
        (guest.get("/api/nothing"), 300),
        (guest.get("/api/auth/me"), 300),
        (guest.delete("/api/auth/me"), 300),
        (guest.send("OPTIONS", "/api/auth/me", None), 300),
        (guest.post(login, &json!({})), 10),
        (guest.send_bytes("POST", login, json, b"{"), 10),
        (guest.send_bytes("POST", login, json, &big), 10),
        (
            guest.send_bytes("POST", login, Some("text/plain"), b"x"),
            10,
        ),
        (guest.post("/api/auth/password", &json!({})), 10),
        (guest.post("/api/auth/setup", &json!({})), 10),
    ] {
        assert_eq!(number(&reply, "x-ratelimit-limit"), limit);
        assert!((0..limit).contains(&number(&reply, "x-ratelimit-remaining")));
        let now = app.clock().now().as_seconds();
        assert!((1..=60).contains(&(number(&reply, "x-ratelimit-reset") - now)));
    }
    assert_eq!(guest.get("/health/live").header("x-ratelimit-limit"), None);
}

#[test]
fn one_request_too_many_is_429() {
    let app = limited(3, 10, |_| {});
    let guest = app.guest();
    let left: Vec<i64> = (0..3)
        .map(|_| number(&guest.get("/api/nothing"), "x-ratelimit-remaining"))
        .collect();
    assert_eq!(left, [2, 1, 0]);
    let reply = guest.get("/api/nothing");
    let message = "Too many requests, please try again later";
    assert_eq!(reply.error(Code::RateLimited)["message"], message);
    assert!((1..=20).contains(&number(&reply, "retry-after")));
    assert_eq!(number(&reply, "x-ratelimit-remaining"), 0);
    assert_eq!(guest.get("/health/live").status(), 200);
}

#[test]
fn passwords_are_guessed_10_times_a_minute_at_most() {
    let app = limited(300, 2, |_| {});
    let guess = |client: &Client| {
        let body = json!({ "email": "ann@example.com", "password": "wrong password" });
        client.post("/api/auth/login", &body).status()
    };
    let thief = from(&app, "203.0.113.9");
    assert_eq!(
        [guess(&thief), guess(&thief), guess(&thief)],
        [401, 401, 429]
    );
    assert_eq!(guess(&from(&app, OTHER)), 401, "another address");
    assert_eq!(ask(&thief), 404, "other requests have their own bucket");
    assert_eq!(
        Config::default_in("unused".into())
            .rate_limit
            .auth_per_minute
            .get(),
        10
    );
}

#[test]
fn a_session_gives_no_further_guesses() {
    let app = limited(300, 2, |_| {});
    let signed_in = from(&app, OTHER).sign_in("ann@example.com", PASSWORD);
    let guess = || {
        let body = json!({ "currentPassword": "wrong", "newPassword": PASSWORD });
        signed_in.post("/api/auth/password", &body).status()
    };
    assert_eq!([guess(), guess()], [401, 429]);
}

#[test]
fn a_path_in_another_spelling_is_counted_all_the_same() {
    let app = limited(2, 1, |_| {});
    let thief = from(&app, "203.0.113.9");
    let guess = |path: &str| thief.post(path, &json!({})).status();
    assert_eq!(guess("/api/auth/login"), 400);
    for path in [
        "/api/auth/l%6fgin",
        "/%61pi/auth/login",
        "/%61pi/%61uth/l%6Fgin",
    ] {
        assert_eq!(guess(path), 429, "{path}");
    }
    let reply = thief.get("/%61pi/auth/me");
    reply.error(Code::Unauthorized);
    assert_eq!(number(&reply, "x-ratelimit-remaining"), 1);
}

#[test]
fn who_is_signed_in_has_a_bucket_from_wherever_it_asks() {
    let app = limited(2, 10, |_| {});
    let ann = app.admin();
    let here = |client: &Client| client.get("/api/auth/me").status();
    assert_eq!(here(&ann), 200);
    assert_eq!(here(&ann.with("X-Forwarded-For", OTHER)), 200);
    assert_eq!(here(&ann), 429);
    assert_eq!(
        ask(&app.guest()),
        404,
        "the address has a bucket of its own"
    );
}

#[test]
fn a_trusted_proxy_is_believed() {
    let app = limited(1, 10, |_| {});
    assert_eq!(ask(&from(&app, "203.0.113.9")), 404);
    assert_eq!(ask(&from(&app, "203.0.113.9")), 429);
    assert_eq!(ask(&from(&app, "203.0.113.10")), 404);
    let padded = from(&app, "192.0.2.1, 203.0.113.9");
    assert_eq!(
        ask(&padded),
        429,
        "what a client writes itself stands further left"
    );
    let lines = from(&app, "192.0.2.2").with("X-Forwarded-For", "203.0.113.9");
    assert_eq!(ask(&lines), 429, "in a line of its own, too");
    let odd = from(&app, "Zürich, 203.0.113.9");
    assert_eq!(ask(&odd), 429, "in letters that are none of a header");
    let forwarded = from(&app, "203.0.113.9").with("Forwarded", "for=192.0.2.3");
    assert_eq!(ask(&forwarded), 429, "and in the other header");
}

#[test]
fn nobody_else_is_believed() {
    let app = limited(1, 10, |config| config.server.trusted_proxies.clear());
    assert_eq!(ask(&from(&app, "203.0.113.9")), 404);
    assert_eq!(ask(&from(&app, "203.0.113.10")), 429);
}

#[test]
fn further_proxies_are_looked_through_where_they_are_trusted() {
    let app = limited(1, 10, |config| {
        let inner = "10.0.0.0/8".parse().unwrap();
        config.server.trusted_proxies.push(inner);
    });
    assert_eq!(ask(&from(&app, "203.0.113.9, 10.0.0.7")), 404);
    assert_eq!(ask(&from(&app, "203.0.113.9, 10.0.0.8")), 429);
    assert_eq!(ask(&from(&app, "203.0.113.10, 10.0.0.7")), 404);
}

#[test]
fn forwarded_is_read_where_it_is_configured() {
    let mode = |config: &mut Config| config.server.proxy_headers = ProxyHeaders::Forwarded;
    let app = limited(1, 10, mode);
    let ask = |value: &str| ask(&app.guest().with("Forwarded", value));
    assert_eq!(ask("for=203.0.113.9"), 404);
    assert_eq!(ask("for=192.0.2.1, for=203.0.113.9;proto=https"), 429);
    assert_eq!(ask("for=\"[2001:db8::1]:4711\""), 404);
    let other = app.guest().with("Forwarded", "for=203.0.113.9");
    let other = other.with("X-Forwarded-For", "192.0.2.1");
    assert_eq!(self::ask(&other), 429);
}

#[test]
fn a_network_of_ipv6_has_one_bucket() {
    let app = limited(1, 10, |_| {});
    assert_eq!(ask(&from(&app, "2001:db8:0:1::1")), 404);
    assert_eq!(ask(&from(&app, "2001:db8:0:1:ffff::2")), 429);
    assert_eq!(ask(&from(&app, "2001:db8:0:2::1")), 404);
    assert_eq!(ask(&from(&app, "203.0.113.9")), 404);
    assert_eq!(ask(&from(&app, "::ffff:203.0.113.9")), 429);
}

#[test]
fn without_limits_nothing_is_told_of_them() {
    let app = TestApp::start();
    for _ in 0..20 {
        let reply = app.guest().post("/api/auth/login", &json!({}));
        reply.error(Code::MissingField);
        assert_eq!(reply.header("x-ratelimit-limit"), None);
    }
}
