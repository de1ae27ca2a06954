//! Answers packed with gzip: which, for whom, and what becomes of their tags.

use serde_json::{Value as Json, json};

use crate::support::{
    app::{PASSWORD, TestApp},
    client::{Client, Reply, path_of},
};

/// A collection with one record of `length` letters.
fn with_note(length: usize) -> (TestApp, Client, String) {
    let app = TestApp::start();
    app.collection("notes", json!([{ "name": "body", "type": "text" }]));
    let admin = app.admin().with("Accept-Encoding", "gzip, deflate, br");
    let note = admin.post("/api/v1/notes", &json!({ "body": "x".repeat(length) }));
    let note: Json = serde_json::from_slice(&note.response.unpacked().body).unwrap();
    let path = path_of("notes", &note["data"]);
    (app, admin, path)
}

fn is_packed(reply: &Reply) -> bool {
    reply.header("content-encoding") == Some("gzip")
}

#[test]
fn an_answer_over_1_kib_is_packed_for_who_asks() {
    let (app, admin, path) = with_note(4000);
    let (plain, packed) = (app.admin().get(&path), admin.get(&path));
    assert!(!is_packed(&plain) && is_packed(&packed));
    assert!(packed.response.body.len() < 1000);
    let unpacked: Json = serde_json::from_slice(&packed.response.unpacked().body).unwrap();
    assert_eq!(unpacked["data"], plain.ok());
    let length = packed.response.body.len().to_string();
    assert_eq!(packed.header("content-length"), Some(length.as_str()));
    for reply in [&plain, &packed] {
        assert!(reply.header("vary").unwrap().contains("Accept-Encoding"));
    }
}

#[test]
fn who_takes_no_gzip_gets_none() {
    let (app, _, path) = with_note(4000);
    for accepted in [
        "br",
        "gzip;q=0",
        "identity, gzip;q=0.5",
        "zstd, deflate",
        "",
    ] {
        let reply = app.admin().with("Accept-Encoding", accepted).get(&path);
        assert!(!is_packed(&reply), "{accepted}");
        reply.ok();
    }
}

#[test]
fn a_short_answer_stays_as_it_is() {
    let (_app, admin, path) = with_note(100);
    let reply = admin.get(&path);
    assert!(!is_packed(&reply) && reply.etag().starts_with('"'));
}

#[test]
fn the_tag_of_a_packed_answer_is_weak_and_good_for_both_questions() {
    let (app, admin, path) = with_note(4000);
    let (strong, weak) = (app.admin().get(&path).etag(), admin.get(&path).etag());
    assert_eq!(weak, format!("W/{strong}"));
    for tag in [&strong, &weak] {
        let known = admin.with("If-None-Match", tag).get(&path);
        assert_eq!((known.status(), known.etag()), (304, tag.clone()));
        assert_eq!(known.header("content-encoding"), None);
    }
    let body = json!({ "body": "y" });
    admin.with("If-Match", &weak).patch(&path, &body).ok();
    assert_eq!(
        admin.with("If-Match", &weak).patch(&path, &body).status(),
        412
    );
}

#[test]
fn a_head_says_what_a_get_would() {
    let (_app, admin, path) = with_note(4000);
    let admin = admin.with("X-Request-Id", "the-same");
    let (get, head) = (admin.get(&path), admin.send("HEAD", &path, None));
    for name in ["content-encoding", "content-length", "etag", "vary"] {
        assert_eq!(get.header(name), head.header(name), "{name}");
    }
}

#[test]
fn a_long_answer_is_packed_whole() {
    let (_app, admin, _) = with_note(5000);
    let body = json!({ "body": "Ünïcödé ".repeat(600) });
    let made: Vec<Reply> = (0..30)
        .map(|_| admin.post("/api/v1/notes", &body))
        .collect();
    assert!(made.iter().all(is_packed));
    let list = admin.get("/api/v1/notes?pageSize=100&sort=createdAt");
    assert!(is_packed(&list));
    let list: Json = serde_json::from_slice(&list.response.unpacked().body).unwrap();
    assert_eq!(list["data"]["items"][30]["body"], body["body"]);
}

#[test]
fn an_error_is_packed_in_its_envelope() {
    let (_app, admin, _) = with_note(10);
    let many: serde_json::Map<String, Json> = (0..100)
        .map(|number| (format!("field{number}"), json!(1)))
        .collect();
    let reply = admin.post("/api/v1/notes", &many.into());
    assert!(is_packed(&reply));
    let error: Json = serde_json::from_slice(&reply.response.unpacked().body).unwrap();
    assert_eq!(error["error"]["issues"].as_array().unwrap().len(), 100);
}

#[test]
fn what_holds_secrets_is_never_packed() {
    let app = TestApp::start();
    let long = "x".repeat(1500);
    let admin = app.admin();
    admin
        .patch(
            "/api/auth/me",
            &json!({ "avatarUrl": format!("https://a.example/{long}") }),
        )
        .ok();
    let asking = app.guest().with("Accept-Encoding", "gzip");
    let body = json!({ "email": "ann@example.com", "password": PASSWORD, "delivery": "body" });
    let login = asking.post("/api/auth/login", &body);
    let mut browser = app.browser();
    browser.cookies.remove("csrf_token");
    let me = browser.with("Accept-Encoding", "gzip").get("/api/auth/me");
    for reply in [login, me] {
        assert!(reply.response.body.len() > 1024 && !is_packed(&reply));
    }
    let fields: Vec<Json> = (0..40)
        .map(|number| json!({ "name": format!("field{number}"), "type": "text" }))
        .collect();
    let definition = json!({ "name": "wide", "fields": fields });
    let packs = admin.with("Accept-Encoding", "gzip");
    let made = packs.post("/api/system/collections", &definition);
    assert!(made.response.body.len() > 1024 && !is_packed(&made));
    assert!(
        is_packed(&packs.get("/api/system/collections/wide")),
        "a GET gives no keys"
    );
}
