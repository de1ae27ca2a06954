//! `Idempotency-Key`: a request that is sent twice is done once.

use std::time::Duration;

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::{PASSWORD, TestApp},
    client::{Client, Reply, path_of},
    race::at_once,
};

const NOTES: &str = "/api/v1/notes";
const KEPT: &str = "SELECT count(*) FROM _idempotency_keys";

fn notes() -> (TestApp, Client) {
    let app = TestApp::start();
    app.collection(
        "notes",
        json!([
            { "name": "title", "type": "text", "required": true },
            { "name": "code", "type": "text", "unique": true },
            { "name": "score", "type": "number" },
            { "name": "cost", "type": "decimal" },
            { "name": "big", "type": "integer" },
            { "name": "done", "type": "boolean" },
            { "name": "meta", "type": "json" },
        ]),
    );
    let admin = app.admin();
    (app, admin)
}

fn bread() -> Json {
    json!({ "title": "Bread \"fresh\"", "score": 0.1 + 0.2, "cost": "99.90", "done": true,
        "big": "9223372036854775807", "meta": { "a": [1, null, "\u{e9}", 1e300], "b": " x " } })
}

/// The same caller, who wants its next request done once.
fn once(client: &Client, key: &str) -> Client {
    client.with("Idempotency-Key", key)
}

/// Expects that `reply` gives `first` again, and returns its `data`.
#[track_caller]
fn expect_again(reply: &Reply, first: &Reply) -> Json {
    assert_eq!(reply.created(), first.created());
    assert_eq!(reply.header("idempotency-replayed"), Some("true"));
    for name in ["etag", "location", "content-type", "cache-control"] {
        assert_eq!(reply.header(name), first.header(name), "{name}");
    }
    reply.created()
}

#[test]
fn the_first_success_is_given_again() {
    let (app, admin) = notes();
    let careful = once(&admin, "k1");
    let first = careful.post(NOTES, &bread());
    assert_eq!(first.header("idempotency-replayed"), None);
    for _ in 0..2 {
        expect_again(&careful.post(NOTES, &bread()), &first);
    }
    assert_eq!(app.count("SELECT count(*) FROM notes"), 1);
    assert_eq!(
        app.count("SELECT count(*) FROM _events WHERE type = 'note.created'"),
        1
    );
    let other = once(&admin, "k2").post(NOTES, &bread());
    assert_ne!(other.created()["id"], first.created()["id"]);
}

#[test]
fn after_24_hours_the_request_is_done_anew() {
    let (app, admin) = notes();
    let first = once(&admin, "k").post(NOTES, &bread());
    app.clock()
        .advance(Duration::from_hours(24) - Duration::from_millis(1));
    expect_again(&once(&app.admin(), "k").post(NOTES, &bread()), &first);
    app.clock().advance(Duration::from_millis(1));
    let admin = app.admin();
    let anew = once(&admin, "k").post(NOTES, &bread());
    assert_ne!(anew.created()["id"], first.created()["id"]);
    assert_eq!(anew.header("idempotency-replayed"), None);
    expect_again(&once(&admin, "k").post(NOTES, &bread()), &anew);
    assert_eq!(app.count(KEPT), 1);
}

#[test]
fn the_answer_is_the_record_as_it_was_then() {
    let (_app, admin) = notes();
    let first = once(&admin, "k").post(NOTES, &bread());
    let path = path_of("notes", &first.created());
    admin.patch(&path, &json!({ "title": "Toast" })).ok();
    expect_again(&once(&admin, "k").post(NOTES, &bread()), &first);
    admin.delete(&path).no_content();
    expect_again(&once(&admin, "k").post(NOTES, &bread()), &first);
}

#[test]
fn a_key_is_its_callers_own() {
    let (app, admin) = notes();
    let editor = app.editor();
    let [one, other] = [&admin, &editor].map(|client| once(client, "k").post(NOTES, &bread()));
    assert_ne!(one.created()["id"], other.created()["id"]);
    expect_again(&once(&editor, "k").post(NOTES, &bread()), &other);
    let browser = once(&app.browser().with_csrf(), "k");
    expect_again(&browser.post(NOTES, &bread()), &one);
}

#[test]
fn a_key_that_was_used_for_another_request_is_refused() {
    let (app, admin) = notes();
    app.collection("pages", json!([{ "name": "title", "type": "text" }]));
    let careful = once(&admin, "k");
    let body = json!({ "title": "Bread" });
    careful.post(NOTES, &body).created();
    let before = app.rows();
    careful
        .post(NOTES, &json!({ "title": "bread" }))
        .error(Code::Unprocessable);
    careful
        .send_text("POST", NOTES, "{ \"title\": \"Bread\" }")
        .error(Code::Unprocessable);
    careful
        .send_text("POST", NOTES, "no JSON")
        .error(Code::Unprocessable);
    careful
        .post("/api/v1/pages", &body)
        .error(Code::Unprocessable);
    careful
        .post("/api/v1/users", &body)
        .error(Code::Unprocessable);
    assert_eq!(app.rows(), before);
}

#[test]
fn failures_are_not_kept() {
    let (app, admin) = notes();
    let careful = once(&admin, "k");
    admin
        .post(NOTES, &json!({ "title": "x", "code": "a" }))
        .created();
    careful.post(NOTES, &json!({})).error(Code::MissingField);
    careful
        .send_text("POST", NOTES, "{")
        .error(Code::InvalidInput);
    careful
        .post("/api/v1/nothing", &json!({}))
        .error(Code::NotFound);
    careful
        .post(NOTES, &json!({ "title": "x", "code": "a" }))
        .error(Code::AlreadyExists);
    once(&app.viewer(), "k")
        .post(NOTES, &bread())
        .error(Code::InsufficientPermissions);
    assert_eq!(app.count(KEPT), 0);
    careful
        .post(NOTES, &json!({ "title": "x", "code": "b" }))
        .created();
}

#[test]
fn a_key_has_1_to_255_visible_characters_and_stands_once() {
    let (app, admin) = notes();
    let long = "k".repeat(255);
    for key in ["k", "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", "~!", &long] {
        once(&admin, key).post(NOTES, &bread()).created();
    }
    let made = app.count(KEPT);
    for key in [
        "",
        "two words",
        "caf\u{e9}",
        &format!("{long}k"),
        "tab\tbed",
    ] {
        let reply = once(&admin, key).post(NOTES, &bread());
        reply.faults(Code::InvalidInput, &["Idempotency-Key"]);
    }
    let twice = once(&once(&admin, "a"), "a").post(NOTES, &bread());
    twice.faults(Code::InvalidInput, &["Idempotency-Key"]);
    assert_eq!(app.count("SELECT count(*) FROM notes"), made);
}

#[test]
fn of_equal_requests_at_once_one_is_done() {
    let (app, admin) = notes();
    let careful = once(&admin, "k");
    let replies = at_once(32, |_| careful.post(NOTES, &bread()));
    let (made, others): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status() == 201);
    assert!(!made.is_empty());
    for reply in &made {
        assert_eq!(reply.created(), made[0].created());
    }
    for reply in others {
        reply.error(Code::Conflict);
    }
    assert_eq!(app.count("SELECT count(*) FROM notes"), 1);
    assert_eq!(careful.post(NOTES, &bread()).created(), made[0].created());
}

#[test]
fn of_many_keys_at_once_each_makes_one_record() {
    let (app, admin) = notes();
    let replies = at_once(32, |i| {
        once(&admin, &format!("k{}", i % 8)).post(NOTES, &bread())
    });
    for reply in replies.iter().filter(|reply| reply.status() != 201) {
        reply.error(Code::Conflict);
    }
    assert_eq!(app.count("SELECT count(*) FROM notes"), 8);
    assert_eq!(app.count(KEPT), 8);
}

#[test]
fn who_may_not_read_any_more_gets_what_reading_gives() {
    let (app, admin) = notes();
    let editor = app.editor();
    let first = once(&editor, "k").post(NOTES, &bread());
    let path = path_of("notes", &first.created());
    let user = path_of("users", &editor.get("/api/auth/me").ok());
    admin.patch(&user, &json!({ "roles": ["viewer"] })).ok();
    editor
        .post(NOTES, &bread())
        .error(Code::InsufficientPermissions);
    expect_again(&once(&editor, "k").post(NOTES, &bread()), &first);
    admin.patch(&user, &json!({ "roles": [] })).ok();
    let [read, again] = [editor.get(&path), once(&editor, "k").post(NOTES, &bread())]
        .map(|reply| reply.error(Code::InsufficientPermissions));
    assert_eq!(again, read);
}

/// Sets what the role `maker` may do.
fn set_role(app: &TestApp, permissions: &Json) {
    app.change_by_sql(&format!(
        "INSERT INTO _roles (name, permissions, created_at, updated_at)
         VALUES ('maker', '{permissions}', '', '')
         ON CONFLICT (name) DO UPDATE SET permissions = excluded.permissions, version = version + 1"
    ));
}

#[test]
fn who_never_could_read_gets_its_own_answer_again_as_long_as_it_may_make() {
    let (app, _admin) = notes();
    set_role(&app, &json!(["notes:create"]));
    let maker = app.user("max", &["maker"]);
    let first = once(&maker, "k").post(NOTES, &bread());
    maker.get(NOTES).error(Code::InsufficientPermissions);
    expect_again(&once(&maker, "k").post(NOTES, &bread()), &first);
    set_role(&app, &json!(["pages:create"]));
    let late = once(&maker, "k").post(NOTES, &bread());
    late.error(Code::InsufficientPermissions);
}

#[test]
fn who_could_read_and_may_only_make_now_gets_it_no_more() {
    let (app, _admin) = notes();
    set_role(&app, &json!(["notes:create", "notes:read"]));
    let maker = app.user("max", &["maker"]);
    once(&maker, "k").post(NOTES, &bread()).created();
    set_role(&app, &json!(["notes:create"]));
    let late = once(&maker, "k").post(NOTES, &bread());
    late.error(Code::InsufficientPermissions);
    assert_eq!(app.count("SELECT count(*) FROM notes"), 1);
}

#[test]
fn what_is_gone_with_its_collection_is_not_told_again() {
    let (app, admin) = notes();
    once(&admin, "k").post(NOTES, &bread()).created();
    admin.delete("/api/system/collections/notes").no_content();
    once(&admin, "k")
        .post(NOTES, &bread())
        .error(Code::NotFound);
    app.collection("notes", json!([{ "name": "title", "type": "text" }]));
    once(&admin, "k")
        .post(NOTES, &bread())
        .error(Code::NotFound);
    assert_eq!(app.count("SELECT count(*) FROM notes"), 0);
}

#[test]
fn an_image_that_was_emptied_is_not_told_and_nothing_is_done_again() {
    let (app, admin) = notes();
    once(&admin, "k").post(NOTES, &bread()).created();
    app.change_by_sql("UPDATE _idempotency_keys SET image = NULL");
    once(&admin, "k")
        .post(NOTES, &bread())
        .error(Code::NotFound);
    assert_eq!(app.count("SELECT count(*) FROM notes"), 1);
}

#[test]
fn a_user_is_made_once_and_its_password_is_not_kept() {
    let (app, admin) = notes();
    let account = json!({ "email": "bob@example.com", "password": "a password of bob",
        "displayName": "Bob", "roles": ["viewer", "editor"] });
    let careful = once(&admin, "k");
    let first = careful.post("/api/v1/users", &account);
    let bob = expect_again(&careful.post("/api/v1/users", &account), &first);
    assert_eq!(bob["roles"], json!(["editor", "viewer"]));
    assert_eq!(
        app.count("SELECT count(*) FROM _audit_entries WHERE action = 'user.created'"),
        1
    );
    let kept = "SELECT route || body || image FROM _idempotency_keys";
    let kept: String = app.sql().query_row(kept, [], |row| row.get(0)).unwrap();
    for secret in ["a password of bob", "argon2", "password"] {
        assert!(!kept.contains(secret), "{secret} in {kept}");
    }
    let mut other = account.clone();
    other["password"] = PASSWORD.into();
    careful
        .post("/api/v1/users", &other)
        .error(Code::Unprocessable);
}

#[test]
fn a_collection_is_made_once() {
    let (app, admin) = notes();
    let definition = json!({ "name": "tags", "fields": [{ "name": "tag", "type": "text" }] });
    let careful = once(&admin, "k");
    let first = careful.post("/api/system/collections", &definition);
    expect_again(
        &careful.post("/api/system/collections", &definition),
        &first,
    );
    assert_eq!(
        first.header("location"),
        Some("/api/system/collections/tags")
    );
    assert_eq!(
        app.count("SELECT count(*) FROM _collections WHERE name = 'tags'"),
        1
    );
    admin
        .post("/api/system/collections", &definition)
        .error(Code::AlreadyExists);
}

#[test]
fn what_is_made_under_a_parent_is_made_once() {
    let (app, admin) = notes();
    let relation = |name: &str| json!({ "name": name, "type": "relation", "collection": "notes" });
    app.collection("links", json!([relation("from_id"), relation("to_id")]));
    let note = path_of("notes", &admin.post(NOTES, &bread()).created());
    let (from, to) = (
        format!("{note}/links?via=fromId"),
        format!("{note}/links?via=toId"),
    );
    let careful = once(&admin, "k");
    let first = careful.post(&from, &json!({}));
    let link = expect_again(&careful.post(&from, &json!({})), &first);
    assert_eq!(first.header("location"), Some(&*path_of("links", &link)));
    careful.post(&to, &json!({})).error(Code::Unprocessable);
    admin.delete(&path_of("links", &link)).no_content();
    admin.delete(&note).no_content();
    expect_again(&careful.post(&from, &json!({})), &first);
    assert_eq!(app.count("SELECT count(*) FROM links"), 1);
}

#[test]
fn only_a_signed_in_post_heeds_the_key() {
    let (app, admin) = notes();
    once(&app.guest(), "k")
        .post(NOTES, &bread())
        .error(Code::Unauthorized);
    let path = path_of("notes", &admin.post(NOTES, &bread()).created());
    let add = json!({ "score": { "$inc": 1 } });
    for version in [2, 3] {
        assert_eq!(
            once(&admin, "k").patch(&path, &add).ok()["version"],
            version
        );
    }
    let login = json!({ "email": "ann@example.com", "password": PASSWORD, "delivery": "body" });
    for _ in 0..2 {
        let reply = once(&admin, "k").post("/api/auth/login", &login);
        assert_eq!(
            (reply.status(), reply.header("idempotency-replayed")),
            (200, None)
        );
    }
    assert_eq!(app.count(KEPT), 0);
}

/// Leaves 50 keys from before, which are past their time.
fn leave_old_keys(app: &TestApp) {
    app.change_by_sql(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)
         INSERT INTO _idempotency_keys
           (caller, key, route, body, status, permission, image, created_at)
         SELECT 'operator', 'old ' || i, '', '', 201, '', '{}', '2026-01-13T10:30:00.000Z' FROM n",
    );
}

#[test]
fn what_is_past_its_time_is_cleared_away_by_later_keys_in_small_steps() {
    let (app, admin) = notes();
    leave_old_keys(&app);
    once(&admin, "new").post(NOTES, &bread()).created();
    assert_eq!(app.count(KEPT), 31);
    once(&admin, "new").post(NOTES, &bread()).created();
    admin.get(NOTES).ok();
    admin.post(NOTES, &bread()).created();
    assert_eq!(
        app.count(KEPT),
        31,
        "neither a replay nor a read clears away"
    );
    for key in ["a", "b"] {
        once(&admin, key).post(NOTES, &bread()).created();
    }
    assert_eq!(app.count(KEPT), 3);
}

#[test]
fn a_key_past_its_time_is_free_however_many_others_wait_to_be_cleared_away() {
    let (app, admin) = notes();
    once(&admin, "k").post(NOTES, &bread()).created();
    app.change_by_sql("UPDATE _idempotency_keys SET created_at = '2026-01-14T10:30:00.000Z'");
    leave_old_keys(&app);
    let anew = once(&admin, "k").post(NOTES, &bread());
    assert_eq!(anew.header("idempotency-replayed"), None);
    assert_eq!(app.count("SELECT count(*) FROM notes"), 2);
}
