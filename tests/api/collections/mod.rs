//! Collections: definitions in and out, and what deleting one leaves.

mod refused;
mod seen;

use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::{Client, Reply, path_of},
    http::Connection,
};

const COLLECTIONS: &str = "/api/system/collections";

fn text(name: &str) -> Json {
    json!({ "name": name, "type": "text" })
}

fn define(client: &Client, name: &str, fields: &Json) -> Reply {
    client.post(COLLECTIONS, &json!({ "name": name, "fields": fields }))
}

fn count(app: &TestApp, sql: &str) -> i64 {
    app.sql().query_row(sql, [], |row| row.get(0)).unwrap()
}

/// What a refused definition must leave as it was.
fn stored(app: &TestApp) -> (i64, i64, i64) {
    (
        count(app, "SELECT count(*) FROM sqlite_schema"),
        count(app, "SELECT count(*) FROM _collections"),
        count(app, "SELECT count(*) FROM _revisions"),
    )
}

/// Asks until it is so, within a bound.
fn eventually(mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(20), "it never came");
        std::thread::yield_now();
    }
}

/// A definition without what its reader can do.
fn alone(mut shown: Json) -> Json {
    assert!(shown.as_object_mut().unwrap().remove("can").is_some());
    shown
}

#[test]
fn a_definition_comes_back_with_all_that_was_left_open() {
    let app = TestApp::start();
    let admin = app.admin();
    let reply = define(
        &admin,
        "order_items",
        &json!([
            text("note"), { "name": "price", "type": "decimal", "required": true },
            { "name": "user_id", "type": "relation", "collection": "users" },
        ]),
    );
    let whole = json!({
        "name": "order_items", "singular": "order_item", "deletion": "soft", "indexes": [],
        "fields": [
            { "name": "note", "type": "text", "max": 5000 },
            { "name": "price", "type": "decimal", "required": true, "scale": 2 },
            { "name": "user_id", "type": "relation", "collection": "users", "onDelete": "restrict" },
        ],
    });
    assert_eq!(alone(reply.created()), whole);
    let path = format!("{COLLECTIONS}/order_items");
    assert_eq!(reply.header("location"), Some(&*path));
    assert_eq!(alone(admin.get(&path).ok()), whole);
    assert_eq!(alone(admin.get(COLLECTIONS).ok()["items"][0].take()), whole);
}

#[test]
fn what_was_shown_can_be_sent_again() {
    let app = TestApp::start();
    let admin = app.admin();
    let definition = json!({
        "name": "things", "singular": "thingy", "deletion": "hard",
        "fields": [
            { "name": "code", "type": "text", "required": true, "unique": true, "min": 2, "max": 8, "pattern": "^[a-z]+$", "default": "ab" },
            { "name": "kind", "type": "select", "options": ["a", "b"], "default": "b" },
            { "name": "rate", "type": "decimal", "scale": 4, "min": "0.0000", "max": "1.0000" },
            { "name": "meta", "type": "json", "default": { "a_b": [1] } },
        ],
        "indexes": [{ "fields": ["kind", "-created_at"] }],
    });
    let shown = admin.post(COLLECTIONS, &definition).created();
    assert_eq!(alone(shown.clone()), definition);
    admin.delete(&format!("{COLLECTIONS}/things")).no_content();
    assert_eq!(admin.post(COLLECTIONS, &shown).created(), shown);
}

#[test]
fn a_collection_is_served_under_its_path_at_once() {
    let app = TestApp::start();
    app.collection("order_items", json!([text("display_name")]));
    let admin = app.admin();
    let made = admin
        .post("/api/v1/order-items", &json!({ "displayName": "A" }))
        .created();
    assert_eq!(
        admin.get(&path_of("order-items", &made)).ok()["displayName"],
        "A"
    );
    admin.get("/api/v1/order_items").error(Code::NotFound);
}

#[test]
fn the_singular_is_guessed_or_kept() {
    let app = TestApp::start();
    let admin = app.admin();
    assert_eq!(
        define(&admin, "stories", &json!([text("a")])).created()["singular"],
        "story"
    );
    let own = json!({ "name": "sheep", "singular": "ewe", "fields": [text("a")] });
    assert_eq!(admin.post(COLLECTIONS, &own).created()["singular"], "ewe");
    let clash = json!({ "name": "ewes", "fields": [text("a")] });
    admin
        .post(COLLECTIONS, &clash)
        .faults(Code::ValidationError, &["singular"]);
    let clash = json!({ "name": "tales", "singular": "story", "fields": [text("a")] });
    admin
        .post(COLLECTIONS, &clash)
        .faults(Code::ValidationError, &["singular"]);
}

#[test]
fn words_of_sql_are_names_like_others() {
    let app = TestApp::start();
    let admin = app.admin();
    let words = [
        "order", "group", "select", "table", "index", "values", "null", "default", "primary",
    ];
    let fields: Json = words
        .iter()
        .map(|word| json!({ "name": word, "type": "text", "unique": true }))
        .collect();
    for name in ["orders", "select", "group", "transaction"] {
        define(&admin, name, &fields).created();
        let path = format!("/api/v1/{name}");
        let made = admin
            .post(&path, &json!({ "order": "1", "group": "2", "null": "3" }))
            .created();
        let changed = admin
            .patch(
                &path_of(name, &made),
                &json!({ "select": "x", "order": null }),
            )
            .ok();
        assert_eq!(
            (&changed["select"], &changed["order"]),
            (&json!("x"), &Json::Null)
        );
        let listed = admin.get(&format!("{path}?group=2&sort=-order,table")).ok();
        assert_eq!(listed["items"], json!([changed]));
        admin
            .post(&path, &json!({ "null": "3" }))
            .faults(Code::AlreadyExists, &["null"]);
        admin.delete(&path_of(name, &made)).no_content();
    }
}

#[test]
fn a_description_is_kept_for_people() {
    let app = TestApp::start();
    let admin = app.admin();
    let field = json!({ "name": "a", "type": "text", "description": "What it says" });
    let body = json!({ "name": "notes", "description": "Short texts", "fields": [field] });
    admin.post(COLLECTIONS, &body).created();
    let shown = admin.get(&format!("{COLLECTIONS}/notes")).ok();
    assert_eq!(shown["description"], "Short texts");
    assert_eq!(shown["fields"][0]["description"], "What it says");
    let long = "a".repeat(2_001);
    let field = json!({ "name": "a", "type": "text", "description": long });
    let body = json!({ "name": "others", "description": 1, "fields": [field] });
    admin.post(COLLECTIONS, &body).faults(
        Code::ValidationError,
        &["description", "fields[0].description"],
    );
}

#[test]
fn a_name_that_is_taken_is_a_conflict() {
    let app = TestApp::start();
    let admin = app.admin();
    define(&admin, "notes", &json!([text("a")])).created();
    let before = stored(&app);
    define(&admin, "notes", &json!([text("b")])).faults(Code::AlreadyExists, &["name"]);
    define(&admin, "users", &json!([text("b")])).faults(Code::AlreadyExists, &["name"]);
    assert_eq!(stored(&app), before);
}

#[test]
fn of_many_who_make_one_collection_at_once_one_does() {
    let app = TestApp::start();
    let admin = app.admin();
    let start = std::sync::Barrier::new(8);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let make = || {
            start.wait();
            let reply = define(&admin, "notes", &json!([text("a")]));
            if reply.status() == 409 {
                reply.faults(Code::AlreadyExists, &["name"]);
            }
            reply.status()
        };
        let all: Vec<_> = (0..8).map(|_| scope.spawn(make)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let made = statuses.iter().filter(|status| **status == 201).count();
    assert_eq!(
        (
            made,
            statuses.iter().filter(|status| **status == 409).count()
        ),
        (1, 7)
    );
    assert_eq!(count(&app, "SELECT count(*) FROM _revisions"), 2);
}

#[test]
fn collections_that_are_made_at_once_are_all_there() {
    let app = TestApp::start();
    let admin = app.admin();
    std::thread::scope(|scope| {
        for name in ["aa", "bb", "cc", "dd"] {
            let admin = &admin;
            scope.spawn(move || define(admin, name, &json!([text("a")])).created());
        }
    });
    let names: Vec<Json> = admin.get(COLLECTIONS).ok()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["name"].clone())
        .collect();
    assert_eq!(names, ["aa", "bb", "cc", "dd", "users"]);
}

#[test]
fn a_deleted_collection_is_gone_but_its_events_stay() {
    let app = TestApp::start();
    let admin = app.admin();
    define(&admin, "notes", &json!([text("a")])).created();
    admin.post("/api/v1/notes", &json!({ "a": "x" })).created();
    admin.delete(&format!("{COLLECTIONS}/notes")).no_content();
    admin.get("/api/v1/notes").error(Code::NotFound);
    admin
        .get(&format!("{COLLECTIONS}/notes"))
        .error(Code::NotFound);
    admin
        .delete(&format!("{COLLECTIONS}/notes"))
        .error(Code::NotFound);
    assert_eq!(
        count(
            &app,
            "SELECT count(*) FROM sqlite_schema WHERE tbl_name = 'notes'"
        ),
        0
    );
    assert_eq!(
        count(
            &app,
            "SELECT count(*) FROM _events WHERE collection = 'notes'"
        ),
        1
    );
}

#[test]
fn a_collection_that_was_made_again_is_empty_and_of_another_revision() {
    let app = TestApp::start();
    let admin = app.admin();
    let id = "01HZXK5V8QWERTYASDFGHJKMNP";
    for field in ["a", "b"] {
        define(&admin, "notes", &json!([text(field)])).created();
        assert_eq!(
            admin.get("/api/v1/notes").ok()["pagination"]["totalItems"],
            0
        );
        admin
            .post("/api/v1/notes", &json!({ "id": id, field: "x" }))
            .created();
        if field == "a" {
            admin.delete(&format!("{COLLECTIONS}/notes")).no_content();
        }
    }
    assert_eq!(
        count(
            &app,
            "SELECT count(DISTINCT revision) FROM _events WHERE collection = 'notes'"
        ),
        2
    );
}

#[test]
fn a_collection_that_another_points_at_stays() {
    let app = TestApp::start();
    let admin = app.admin();
    define(&admin, "authors", &json!([text("a")])).created();
    let relation = json!({ "name": "author_id", "type": "relation", "collection": "authors" });
    define(&admin, "books", &json!([relation])).created();
    let error = admin
        .delete(&format!("{COLLECTIONS}/authors"))
        .error(Code::Conflict);
    assert_eq!(
        error["issues"][0]["params"],
        json!({ "collection": "books", "field": "author_id" })
    );
    let author = admin.post("/api/v1/authors", &json!({})).created();
    admin
        .post("/api/v1/books", &json!({ "authorId": author["id"] }))
        .created();
    admin.delete(&format!("{COLLECTIONS}/books")).no_content();
    admin.delete(&path_of("authors", &author)).no_content();
    admin.delete(&format!("{COLLECTIONS}/authors")).no_content();
}

#[test]
fn a_collection_that_points_at_itself_can_be_deleted() {
    let app = TestApp::start();
    let admin = app.admin();
    let relation = json!({ "name": "outer_id", "type": "relation", "collection": "folders" });
    define(&admin, "folders", &json!([relation])).created();
    let outer = admin.post("/api/v1/folders", &json!({})).created();
    admin
        .post("/api/v1/folders", &json!({ "outerId": outer["id"] }))
        .created();
    admin.delete(&format!("{COLLECTIONS}/folders")).no_content();
}

#[test]
fn the_users_stay() {
    let app = TestApp::start();
    let admin = app.admin();
    admin
        .delete(&format!("{COLLECTIONS}/users"))
        .error(Code::Unprocessable);
    admin.get("/api/v1/users").ok();
}

#[test]
fn definitions_are_for_admins() {
    let app = TestApp::start();
    let notes = json!({ "name": "notes", "fields": [text("a")] });
    let users = format!("{COLLECTIONS}/users");
    for (client, code) in [
        (app.guest(), Code::Unauthorized),
        (app.editor(), Code::InsufficientPermissions),
        (app.viewer(), Code::InsufficientPermissions),
    ] {
        client.post(COLLECTIONS, &notes).error(code);
        client.post(COLLECTIONS, &json!({})).error(code);
        client.delete(&users).error(code);
    }
    assert_eq!(count(&app, "SELECT count(*) FROM _collections"), 1);
}

#[test]
fn definitions_are_kept_by_no_cache() {
    let app = TestApp::start();
    let reply = app.admin().get(&format!("{COLLECTIONS}/users"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
}

/// Sends a request and hangs up without waiting for its answer.
fn send_and_hang_up(app: &TestApp, client: &Client, path: &str, body: &Json) {
    let (body, token) = (body.to_string(), client.access.as_deref().unwrap());
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut connection = Connection::open(app.address()).unwrap();
    connection.write(request.as_bytes()).unwrap();
}

#[test]
fn who_hangs_up_while_a_collection_is_made_leaves_a_whole_one_or_none() {
    let app = TestApp::start();
    let admin = app.admin();
    for i in 0..8 {
        let name = format!("notes{}", char::from(b'a' + i));
        send_and_hang_up(
            &app,
            &admin,
            COLLECTIONS,
            &json!({ "name": name, "fields": [text("a")] }),
        );
        // Whether the server has seen the request in time or not: it can be made now, or is there.
        eventually(|| {
            matches!(
                define(&admin, &name, &json!([text("a")])).status(),
                201 | 409
            )
        });
        admin
            .post(&format!("/api/v1/{name}"), &json!({ "a": "x" }))
            .created();
    }
    let tables = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name LIKE 'notes%'";
    assert_eq!(
        (
            count(&app, tables),
            count(&app, "SELECT count(*) FROM _collections")
        ),
        (8, 9)
    );
    admin.get("/api/auth/me").ok();
}

#[test]
fn who_hangs_up_while_a_record_is_made_leaves_it_with_its_event_or_neither() {
    let app = TestApp::start();
    let admin = app.admin();
    define(
        &admin,
        "notes",
        &json!([{ "name": "a", "type": "text", "unique": true }]),
    )
    .created();
    for i in 0..32 {
        send_and_hang_up(
            &app,
            &admin,
            "/api/v1/notes",
            &json!({ "a": i.to_string() }),
        );
    }
    for i in 0..32 {
        let again = || {
            admin
                .post("/api/v1/notes", &json!({ "a": i.to_string() }))
                .status()
        };
        eventually(|| matches!(again(), 201 | 409));
    }
    assert_eq!(count(&app, "SELECT count(*) FROM notes"), 32);
    let events = "SELECT count(*) FROM _events e JOIN notes n ON n.id = e.record_id AND n.a = e.after ->> 'a'";
    assert_eq!(count(&app, events), 32);
}
