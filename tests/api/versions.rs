//! Versions: tags of records, and changes that hang on them.

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::{Client, Reply, path_of},
};

/// A note at its third version.
fn third() -> (TestApp, Client, String) {
    let app = TestApp::start();
    app.collection("notes", json!([{ "name": "score", "type": "integer" }]));
    let admin = app.admin();
    let path = path_of("notes", &admin.post("/api/v1/notes", &json!({})).created());
    for score in [2, 3] {
        admin.patch(&path, &json!({ "score": score })).ok();
    }
    (app, admin, path)
}

fn get_unless(client: &Client, path: &str, tags: &str) -> Reply {
    client.with("If-None-Match", tags).get(path)
}

fn patch_if(client: &Client, path: &str, tag: &str) -> Reply {
    client
        .with("If-Match", tag)
        .patch(path, &json!({ "score": 9 }))
}

#[test]
fn a_tag_begins_with_the_version() {
    let (_app, admin, path) = third();
    let reply = admin.get(&path);
    assert!(reply.etag().starts_with("\"3-"), "{}", reply.etag());
    assert_eq!(reply.header("cache-control"), Some("private, no-cache"));
    assert_eq!(
        reply.header("vary"),
        Some("Cookie, Authorization, Accept-Encoding, Origin")
    );
}

#[test]
fn every_answer_with_a_record_has_the_tag_that_reading_shows() {
    let (_app, admin, path) = third();
    let made = admin.post("/api/v1/notes", &json!({}));
    assert_eq!(
        made.etag(),
        admin.get(&path_of("notes", &made.created())).etag()
    );
    let changed = admin.patch(&path, &json!({ "score": 4 }));
    assert_eq!(changed.etag(), admin.get(&path).etag());
    assert_eq!(admin.send("HEAD", &path, None).etag(), changed.etag());
}

#[test]
fn what_the_client_has_already_is_not_sent_again() {
    let (_app, admin, path) = third();
    let tag = admin.get(&path).etag();
    for tags in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"x\", {tag} , \"y\""),
        "*".to_owned(),
    ] {
        let reply = get_unless(&admin, &path, &tags);
        assert_eq!(
            (reply.status(), reply.response.body.len()),
            (304, 0),
            "{tags}"
        );
        let weak = tags.starts_with("W/");
        let expected = if weak { tags.clone() } else { tag.clone() };
        assert_eq!(reply.etag(), expected, "as the client has it");
        assert!(reply.header("vary").is_some());
    }
}

#[test]
fn another_tag_gets_the_record() {
    let (_app, admin, path) = third();
    let tag = admin.get(&path).etag();
    for tags in [
        "\"3\"",
        "3",
        "\"2-0\"",
        "\"\"",
        "W/\"3-x\"",
        tag.trim_matches('"'),
    ] {
        get_unless(&admin, &path, tags).ok();
    }
    admin.patch(&path, &json!({ "score": 4 })).ok();
    get_unless(&admin, &path, &tag).ok();
}

#[test]
fn a_tag_that_a_write_shows_means_nothing_to_a_write() {
    let (_app, admin, path) = third();
    let tag = admin.get(&path).etag();
    admin
        .with("If-None-Match", &tag)
        .patch(&path, &json!({ "score": 9 }))
        .ok();
}

#[test]
fn a_change_may_hang_on_the_tag() {
    let (_app, admin, path) = third();
    let tag = admin.get(&path).etag();
    assert_eq!(patch_if(&admin, &path, &tag).ok()["version"], 4);
    patch_if(&admin, &path, &tag).error(Code::PreconditionFailed);
    admin
        .with("If-Match", &tag)
        .delete(&path)
        .error(Code::PreconditionFailed);
    assert_eq!(admin.get(&path).ok()["version"], 4);
}

#[test]
fn only_the_version_in_the_tag_counts() {
    for tag in [
        "\"3-0123456789abcdef\"",
        "W/\"3-x\"",
        "W/\"3\"",
        "\"3\"",
        "3",
        "*",
    ] {
        let (_app, admin, path) = third();
        assert_eq!(patch_if(&admin, &path, tag).ok()["version"], 4, "{tag}");
    }
}

#[test]
fn what_is_no_tag_is_refused() {
    let (_app, admin, path) = third();
    for tag in [
        "",
        "x",
        "\"x-3\"",
        "\"-3\"",
        "W/",
        "3.0",
        "+3",
        "\"3",
        "\"1-a\", \"3-b\"",
        "W/W/3",
    ] {
        let reply = patch_if(&admin, &path, tag);
        reply.faults(Code::InvalidInput, &["If-Match"]);
        admin
            .with("If-Match", tag)
            .delete(&path)
            .faults(Code::InvalidInput, &["If-Match"]);
    }
    assert_eq!(admin.get(&path).ok()["version"], 3);
}

#[test]
fn a_version_beyond_all_versions_does_not_match() {
    let (_app, admin, path) = third();
    patch_if(&admin, &path, "\"9223372036854775807\"").error(Code::PreconditionFailed);
    patch_if(&admin, &path, "\"9223372036854775808\"").faults(Code::InvalidInput, &["If-Match"]);
}

#[test]
fn the_version_may_stand_in_the_body() {
    let (_app, admin, path) = third();
    for stale in [json!(2), json!("2"), json!(4)] {
        let reply = admin.patch(&path, &json!({ "version": stale, "score": 9 }));
        let error = reply.faults(Code::Conflict, &["version"]);
        assert_eq!(error["issues"][0]["code"], "STALE");
    }
    let changed = admin
        .patch(&path, &json!({ "version": 3, "score": 9 }))
        .ok();
    assert_eq!(
        (&changed["version"], &changed["score"]),
        (&json!(4), &json!(9))
    );
}

#[test]
fn a_version_that_is_none_is_a_fault() {
    let (_app, admin, path) = third();
    for version in [json!("x"), json!(1.5), json!([]), json!(true)] {
        let reply = admin.patch(&path, &json!({ "version": version, "score": 9 }));
        reply.faults(Code::ValidationError, &["version"]);
    }
    let reply = admin.patch(&path, &json!({ "version": null, "score": 9 }));
    reply.faults(Code::MissingField, &["version"]);
}

#[test]
fn header_and_body_must_both_be_right() {
    let (_app, admin, path) = third();
    let both = |header: &str, body: i64| {
        admin
            .with("If-Match", header)
            .patch(&path, &json!({ "version": body, "score": 9 }))
    };
    both("\"3\"", 2).faults(Code::InvalidInput, &["version"]);
    both("\"2\"", 3).faults(Code::InvalidInput, &["version"]);
    both("\"2\"", 2).error(Code::PreconditionFailed);
    both("*", 2).error(Code::Conflict);
    both("\"3\"", 3).ok();
}

#[test]
fn a_patch_of_nothing_hangs_on_the_version_too() {
    let (_app, admin, path) = third();
    admin
        .with("If-Match", "2")
        .patch(&path, &json!({}))
        .error(Code::PreconditionFailed);
    admin
        .patch(&path, &json!({ "version": 2 }))
        .faults(Code::Conflict, &["version"]);
    assert_eq!(
        admin.patch(&path, &json!({ "version": 3 })).ok()["version"],
        3
    );
}

#[test]
fn a_record_that_is_gone_is_not_found_whatever_its_version() {
    let (_app, admin, path) = third();
    admin.with("If-Match", "\"3\"").delete(&path).no_content();
    patch_if(&admin, &path, "\"4\"").error(Code::NotFound);
    admin
        .with("If-Match", "\"4\"")
        .delete(&path)
        .error(Code::NotFound);
}

#[test]
fn tags_differ_with_what_is_seen() {
    let (app, admin, path) = third();
    let other = admin.post("/api/v1/notes", &json!({ "score": 3 }));
    assert_ne!(other.etag(), admin.get(&path).etag());
    let email = app.add_user("bob", &[]);
    let users = admin.get(&format!("/api/v1/users?email={email}")).ok();
    let bob = path_of("users", &users["items"][0]);
    let before = admin.get(&bob).etag();
    let id: Json = users["items"][0]["id"].clone();
    // Roles stand in another table; what a caller sees of the user changes with them all the same.
    app.admin()
        .patch(
            &format!("/api/v1/users/{}", id.as_str().unwrap()),
            &json!({ "roles": ["viewer"] }),
        )
        .ok();
    assert_ne!(admin.get(&bob).etag(), before);
    get_unless(&admin, &bob, &before).ok();
}
