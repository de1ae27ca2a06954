//! What must be true behind every proxy that is set up as the document says.

use serde_json::{Value as Json, json};

use super::{
    browser::{ADDRESS, Browser, ORIGIN},
    stage::Stage,
};
use crate::support::{
    http::Response,
    process::{EMAIL, PASSWORD},
};

const JSON: (&str, &str) = ("Content-Type", "application/json");

fn login(browser: &Browser, headers: &[(&str, &str)]) -> Response {
    let body = json!({ "email": EMAIL, "password": PASSWORD }).to_string();
    let headers = [&[JSON], headers].concat();
    browser.send("POST", "/api/auth/login", &headers, body.as_bytes())
}

/// A browser whose page has signed in.
fn signed_in(stage: &Stage) -> Browser {
    let browser = stage.browser();
    let answer = login(&browser, &[("Origin", ORIGIN)]);
    assert_eq!(answer.status, 200, "{}", answer.text());
    browser
}

/// A request of that page that changes something.
fn write(browser: &Browser, method: &str, path: &str, body: &Json) -> Response {
    let csrf = browser.cookie("csrf_token");
    let headers = [JSON, ("Origin", ORIGIN), ("X-CSRF-Token", &csrf)];
    browser.send(method, path, &headers, body.to_string().as_bytes())
}

pub fn signing_in_and_out_by_cookies(stage: &Stage) {
    let browser = signed_in(stage);
    let base = &stage.base;
    let root = if base.is_empty() { "/" } else { base };
    let expected = [
        ("access_token", root.to_owned()),
        ("csrf_token", root.to_owned()),
        ("refresh_token", format!("{base}/api/auth")),
    ];
    let cookies = browser.cookies();
    for ([name, path, secure, _], expected) in cookies.iter().zip(&expected) {
        assert_eq!(
            (name.as_str(), path, secure.as_str()),
            (expected.0, &expected.1, "TRUE")
        );
    }
    let me = browser.send("GET", "/api/auth/me", &[], b"");
    assert_eq!(me.json()["data"]["email"], EMAIL);
    let hsts = Some("max-age=31536000; includeSubDomains");
    assert_eq!(me.header("strict-transport-security"), hsts);
    let name = json!({ "displayName": "Anna" });
    assert_eq!(write(&browser, "PATCH", "/api/auth/me", &name).status, 200);
    assert_eq!(
        write(&browser, "POST", "/api/auth/refresh", &json!({})).status,
        200
    );
    // Looked at here and not in the jar, because curl 7.88 keeps some that it was told to drop.
    let out = write(&browser, "POST", "/api/auth/logout", &json!({}));
    let mut cleared: Vec<&str> = out.headers("set-cookie").collect();
    cleared.sort_unstable();
    assert_eq!(cleared.len(), 3, "{cleared:?}");
    for (line, (name, path)) in cleared.iter().zip(&expected) {
        assert!(line.starts_with(&format!("{name}=;")), "{line}");
        for attribute in [&format!("Path={path}"), "Max-Age=0", "Secure"] {
            assert!(line.split("; ").any(|part| part == attribute), "{line}");
        }
    }
}

pub fn pages_of_other_origins_cannot_sign_in(stage: &Stage) {
    for origin in [
        "https://evil.example",
        "http://example.org",
        "https://example.org:8443",
        "null",
    ] {
        let browser = stage.browser();
        assert_eq!(
            login(&browser, &[("Origin", origin)]).status,
            403,
            "{origin}"
        );
        let host = ("X-Forwarded-Host", "evil.example");
        assert_eq!(
            login(&browser, &[("Origin", origin), host]).status,
            403,
            "{origin}"
        );
        assert!(browser.cookies().is_empty());
    }
    let page = [("Sec-Fetch-Site", "same-origin"), ("Origin", ORIGIN)];
    assert_eq!(login(&stage.browser(), &page).status, 200);
}

pub fn the_address_is_that_of_the_client(stage: &Stage) {
    for lie in [
        ("X-Forwarded-For", "203.0.113.9"),
        ("X-Forwarded-For", "203.0.113.9, 127.0.0.1"),
        ("Forwarded", "for=203.0.113.9;proto=http"),
        ("X-Real-IP", "203.0.113.9"),
        ("X-Forwarded-Proto", "http"),
    ] {
        let answer = login(&stage.browser(), &[("Origin", ORIGIN), lie]);
        assert_eq!(answer.status, 200, "{lie:?}: {}", answer.text());
        assert!(
            answer.header("strict-transport-security").is_some(),
            "{lie:?}"
        );
        let addresses = "SELECT group_concat(DISTINCT address) FROM _sessions";
        assert_eq!(stage.text(addresses), ADDRESS, "{lie:?}");
    }
}

pub fn long_bodies_pass_and_too_long_ones_are_told_by_stead(stage: &Stage) {
    let browser = signed_in(stage);
    let definition = json!({ "name": "papers", "fields": [{ "name": "text", "type": "json" }] });
    assert_eq!(
        write(&browser, "POST", "/api/system/collections", &definition).status,
        201
    );
    let long = json!({ "text": "x".repeat(900_000) });
    let made = write(&browser, "POST", "/api/v1/papers", &long);
    assert_eq!(made.status, 201);
    assert_eq!(made.json()["data"]["text"], long["text"]);
    for megabytes in [2, 12] {
        let longer = json!({ "text": "x".repeat(megabytes << 20) });
        let refused = write(&browser, "POST", "/api/v1/papers", &longer);
        assert_eq!(refused.status, 413, "{megabytes}: {}", refused.text());
        assert_eq!(refused.json()["error"]["code"], "PAYLOAD_TOO_LARGE");
    }
}

pub fn what_is_known_is_not_sent_again(stage: &Stage) {
    let browser = signed_in(stage);
    let paper = json!({ "text": "x".repeat(5_000) });
    let made = write(&browser, "POST", "/api/v1/papers", &paper).json();
    let path = format!("/api/v1/papers/{}", made["data"]["id"].as_str().unwrap());
    let gzip = ("Accept-Encoding", "gzip");
    let packed = browser.send("GET", &path, &[gzip], b"");
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert_eq!(packed.unpacked().json()["data"], made["data"]);
    let tag = packed.header("etag").unwrap();
    for headers in [
        &[gzip, ("If-None-Match", tag)][..],
        &[("If-None-Match", tag)],
    ] {
        let known = browser.send("GET", &path, headers, b"");
        assert_eq!((known.status, known.body.len()), (304, 0));
    }
    let csrf = browser.cookie("csrf_token");
    let headers = [JSON, ("X-CSRF-Token", &csrf), ("If-Match", tag)];
    let change = || {
        browser
            .send("PATCH", &path, &headers, br#"{"text": 1}"#)
            .status
    };
    assert_eq!([change(), change()], [200, 412]);
}

pub fn every_address_leads_back(stage: &Stage) {
    let browser = signed_in(stage);
    let made = write(&browser, "POST", "/api/v1/papers", &json!({ "text": 7 }));
    let at = made.header("location").unwrap();
    assert_eq!(browser.at(at, &[]).json()["data"], made.json()["data"]);
    let list = browser
        .send("GET", "/api/v1/papers?pageSize=1", &[], b"")
        .json();
    let next = browser.at(list["data"]["links"]["next"].as_str().unwrap(), &[]);
    assert_eq!(next.json()["data"]["pagination"]["page"], 2);
    let root = browser.send("GET", "/", &[], b"");
    let page = browser.at(root.header("location").unwrap(), &[]);
    assert!(page.text().contains("<title>Stead</title>"));
}

pub fn the_admin_page_finds_its_files(stage: &Stage) {
    let browser = stage.browser();
    let page = browser.send("GET", "/admin/", &[], b"");
    let files = page.text().split("=\"assets/").skip(1);
    let files: Vec<&str> = files.map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        let path = format!("/admin/assets/{file}");
        let answer = browser.send("GET", &path, &[("Accept-Encoding", "br")], b"");
        assert_eq!(answer.status, 200, "{path}");
        let immutable = Some("public, max-age=31536000, immutable");
        assert_eq!(answer.header("cache-control"), immutable);
    }
}
