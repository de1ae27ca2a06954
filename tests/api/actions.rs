//! Actions on a record under an `Idempotency-Key`: `restore`, `activate`, `deactivate`,
//! `unlock`.

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::{Client, Reply, path_of},
    race::at_once,
};

const KEPT: &str = "SELECT count(*) FROM _idempotency_keys";
const RESTORED: &str = "SELECT count(*) FROM _events WHERE type LIKE '%.restored'";

/// A note that is there, and its path.
fn note() -> (TestApp, Client, String) {
    let app = TestApp::start();
    app.collection("notes", json!([{ "name": "title", "type": "text" }]));
    let admin = app.admin();
    let note = admin.post("/api/v1/notes", &json!({ "title": "Bread" }));
    let path = path_of("notes", &note.created());
    (app, admin, path)
}

/// The same note, deleted.
fn deleted_note() -> (TestApp, Client, String) {
    let (app, admin, path) = note();
    admin.delete(&path).no_content();
    (app, admin, path)
}

/// Does `action` on what is at `path`, once.
fn act(client: &Client, key: &str, path: &str, action: &str) -> Reply {
    let client = client.with("Idempotency-Key", key);
    client.send("POST", &format!("{path}/{action}"), None)
}

/// Expects that `reply` gives `first` again, and returns its `data`.
#[track_caller]
fn expect_again(reply: &Reply, first: &Reply) -> Json {
    assert_eq!(first.header("idempotency-replayed"), None);
    assert_eq!(reply.header("idempotency-replayed"), Some("true"));
    assert_eq!(reply.ok(), first.ok());
    assert_eq!(reply.etag(), first.etag());
    reply.ok()
}

/// A user, her path, and the admin.
fn user() -> (TestApp, Client, String) {
    let app = TestApp::start();
    let path = path_of("users", &app.editor().get("/api/auth/me").ok());
    let admin = app.admin();
    (app, admin, path)
}

#[test]
fn what_is_restored_under_a_key_and_deleted_again_stays_deleted() {
    let (app, admin, path) = deleted_note();
    let first = act(&admin, "k", &path, "restore");
    assert_eq!(first.ok()["version"], 3);
    admin.patch(&path, &json!({ "title": "Toast" })).ok();
    admin.delete(&path).no_content();
    let again = expect_again(&act(&admin, "k", &path, "restore"), &first);
    assert_eq!(again["title"], "Bread");
    admin.get(&path).error(Code::NotFound);
    assert_eq!(app.count(RESTORED), 1);
    act(&admin, "other", &path, "restore").ok();
    assert_eq!((app.count(RESTORED), app.count(KEPT)), (2, 2));
}

#[test]
fn a_restoration_that_found_nothing_to_do_is_done_once_too() {
    let (app, admin, path) = note();
    let before = admin.get(&path);
    let first = act(&admin, "k", &path, "restore");
    assert_eq!((first.ok(), first.etag()), (before.ok(), before.etag()));
    admin.delete(&path).no_content();
    expect_again(&act(&admin, "k", &path, "restore"), &first);
    admin.get(&path).error(Code::NotFound);
    assert_eq!((app.count(RESTORED), app.count(KEPT)), (0, 1));
}

#[test]
fn where_a_collection_deletes_hard_restoring_is_done_once_too() {
    let app = TestApp::start();
    app.define(json!({ "name": "marks", "deletion": "hard",
        "fields": [{ "name": "title", "type": "text" }] }));
    let admin = app.admin();
    let mark = path_of("marks", &admin.post("/api/v1/marks", &json!({})).created());
    let first = act(&admin, "k", &mark, "restore");
    expect_again(&act(&admin, "k", &mark, "restore"), &first);
    admin.delete(&mark).no_content();
    act(&admin, "other", &mark, "restore").error(Code::NotFound);
    assert_eq!(app.count(KEPT), 1);
}

#[test]
fn a_refused_restoration_is_not_kept() {
    let (app, admin, path) = deleted_note();
    let stale = admin.with("If-Match", "\"1\"");
    act(&stale, "k", &path, "restore").error(Code::PreconditionFailed);
    act(&app.editor(), "k", &path, "restore").error(Code::InsufficientPermissions);
    act(&admin, "k", "/api/v1/notes/x", "restore").error(Code::NotFound);
    assert_eq!(app.count(KEPT), 0);
    act(&admin, "k", &path, "restore").ok();
    act(&stale, "other", &path, "restore").error(Code::PreconditionFailed);
    assert_eq!(app.count(KEPT), 1);
}

#[test]
fn a_key_stands_for_one_action_on_one_record() {
    let (app, admin, path) = deleted_note();
    act(&admin, "k", &path, "restore").ok();
    let user = path_of("users", &app.editor().get("/api/auth/me").ok());
    for action in ["restore", "activate", "deactivate"] {
        act(&admin, "k", &user, action).error(Code::Unprocessable);
    }
    // What is not read makes it no other request.
    let careful = admin.with("Idempotency-Key", "k");
    let again = careful.post(&format!("{path}/restore"), &json!({ "any": "thing" }));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
}

#[test]
fn a_restoration_is_given_again_to_those_alone_who_may_still_see_it() {
    let (app, admin, path) = deleted_note();
    let role = |permissions: &Json| {
        app.change_by_sql(&format!(
            "INSERT INTO _roles (name, permissions, created_at, updated_at)
             VALUES ('mender', '{permissions}', '', '') ON CONFLICT (name)
             DO UPDATE SET permissions = excluded.permissions, version = version + 1"
        ));
    };
    let blind = json!(["notes:delete", "notes:restore"]);
    role(&blind);
    let mender = app.user("max", &["mender"]);
    let first = act(&mender, "blind", &path, "restore");
    expect_again(&act(&mender, "blind", &path, "restore"), &first);
    role(&json!(["notes:delete", "notes:restore", "notes:read"]));
    admin.delete(&path).no_content();
    let seen = act(&mender, "seeing", &path, "restore");
    expect_again(&act(&mender, "seeing", &path, "restore"), &seen);
    role(&blind);
    act(&mender, "seeing", &path, "restore").error(Code::InsufficientPermissions);
}

#[test]
fn of_equal_restorations_at_once_one_is_done() {
    let (app, admin, path) = deleted_note();
    let replies = at_once(16, |_| act(&admin, "k", &path, "restore"));
    for reply in replies.iter().filter(|reply| reply.status() != 200) {
        reply.error(Code::Conflict);
    }
    assert_eq!((app.count(RESTORED), app.count(KEPT)), (1, 1));
    let done = replies.iter().find(|reply| reply.status() == 200).unwrap();
    assert_eq!(act(&admin, "k", &path, "restore").ok(), done.ok());
}

#[test]
fn a_user_is_deactivated_and_activated_once() {
    let (app, admin, user) = user();
    let off = act(&admin, "off", &user, "deactivate");
    let on = act(&admin, "on", &user, "activate");
    assert_eq!(
        (&off.ok()["version"], &on.ok()["version"]),
        (&json!(3), &json!(4))
    );
    let again = expect_again(&act(&admin, "off", &user, "deactivate"), &off);
    assert_eq!(again["status"], "disabled");
    assert_eq!(admin.get(&user).ok()["status"], "active");
    act(&admin, "off again", &user, "deactivate").faults(Code::InvalidInput, &["Idempotency-Key"]);
    act(&admin, "off-again", &user, "deactivate").ok();
    expect_again(&act(&admin, "on", &user, "activate"), &on);
    assert_eq!(admin.get(&user).ok()["status"], "disabled");
    let audited = "SELECT count(*) FROM _audit_entries WHERE action LIKE 'user.%activated'";
    assert_eq!((app.count(audited), app.count(KEPT)), (3, 3));
}

#[test]
fn who_was_active_already_is_activated_once_too() {
    let (app, admin, user) = user();
    let first = act(&admin, "k", &user, "activate");
    assert_eq!(first.ok()["version"], 2);
    act(&admin, "off", &user, "deactivate").ok();
    expect_again(&act(&admin, "k", &user, "activate"), &first);
    assert_eq!(admin.get(&user).ok()["status"], "disabled");
    let audited = "SELECT count(*) FROM _audit_entries WHERE action = 'user.activated'";
    assert_eq!((app.count(audited), app.count(KEPT)), (0, 2));
}

#[test]
fn a_user_is_restored_once() {
    let (app, admin, user) = user();
    admin.delete(&user).no_content();
    let first = act(&admin, "k", &user, "restore");
    assert_eq!(first.ok()["roles"], json!(["editor"]));
    admin.delete(&user).no_content();
    expect_again(&act(&admin, "k", &user, "restore"), &first);
    admin.get(&user).error(Code::NotFound);
    let audited = "SELECT count(*) FROM _audit_entries WHERE action = 'user.restored'";
    assert_eq!(app.count(audited), 1);
}

#[test]
fn a_user_is_unlocked_once() {
    let (app, admin, user) = user();
    let first = act(&admin, "k", &user, "unlock");
    assert_eq!(first.ok(), admin.get(&user).ok());
    app.change_by_sql(
        "INSERT INTO _sign_in_failures
           (subject, user_id, recent, level, expires_at, created_at, updated_at)
         SELECT 'account x', id, '[]', 0, '2027', '', '' FROM users WHERE email LIKE 'e%'",
    );
    admin.patch(&user, &json!({ "displayName": "Edwin" })).ok();
    expect_again(&act(&admin, "k", &user, "unlock"), &first);
    let failures = "SELECT count(*) FROM _sign_in_failures";
    let audited = "SELECT count(*) FROM _audit_entries WHERE action = 'user.unlocked'";
    assert_eq!((app.count(failures), app.count(audited)), (1, 1));
    act(&admin, "k", &user, "activate").error(Code::Unprocessable);
    act(&admin, "other", &user, "unlock").ok();
    assert_eq!((app.count(failures), app.count(KEPT)), (0, 2));
    let nobody = "/api/v1/users/01JHK3X5Z8Q4V6W7Y9ABCDEFGH";
    act(&admin, "nobody", nobody, "unlock").error(Code::NotFound);
    assert_eq!(app.count(KEPT), 2);
}
