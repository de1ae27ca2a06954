//! Roles: what they allow is seen and changed by who may, from the next request of everybody.

use std::{collections::BTreeSet, fs, path::PathBuf};

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::{Client, Reply, path_of},
};

mod escalation;
mod races;

const ROLES: &str = "/api/system/roles";
const NOTES: &str = "/api/v1/notes";

fn one(name: &str) -> String {
    format!("{ROLES}/{name}")
}

fn role(name: &str, permissions: &[&str]) -> Json {
    json!({ "name": name, "permissions": permissions })
}

fn allow(client: &Client, name: &str, permissions: &[&str]) -> Reply {
    client.patch(&one(name), &json!({ "permissions": permissions }))
}

/// The path of who is signed in.
fn path(client: &Client) -> String {
    path_of("users", &client.get("/api/auth/me").ok())
}

/// With a collection `notes`, and its admin.
fn notes() -> (TestApp, Client) {
    let app = TestApp::start();
    app.collection("notes", json!([{ "name": "title", "type": "text" }]));
    let admin = app.admin();
    (app, admin)
}

fn audited(app: &TestApp, action: &str, role: &str) -> i64 {
    app.count(&format!(
        "SELECT count(*) FROM _audit_entries WHERE action = '{action}' AND target = '{role}'
         AND actor LIKE 'user:%' AND outcome = 'success' AND request_id IS NOT NULL"
    ))
}

#[test]
fn there_are_three_roles_to_start_with() {
    let app = TestApp::start();
    let list = app.admin().get(ROLES).ok();
    let all: Vec<Json> = list["items"].as_array().unwrap().clone();
    let all: Vec<(&Json, &Json)> = all
        .iter()
        .map(|role| (&role["name"], &role["permissions"]))
        .collect();
    let expected = [
        (json!("admin"), json!(["*"])),
        (json!("editor"), json!(["*:read", "*:write"])),
        (json!("viewer"), json!(["*:read"])),
    ];
    let expected: Vec<(&Json, &Json)> = expected.iter().map(|(a, b)| (a, b)).collect();
    assert_eq!(all, expected);
    let first = app.admin().get(&format!("{ROLES}?pageSize=2&page=2")).ok();
    assert_eq!(first["items"][0]["name"], "viewer");
    assert_eq!(first["pagination"]["totalItems"], 3);
    app.admin()
        .get(&format!("{ROLES}?sort=name"))
        .faults(Code::InvalidInput, &["sort"]);
}

#[test]
fn a_role_is_made_seen_changed_and_deleted() {
    let (app, admin) = notes();
    let reply = admin.post(ROLES, &role("night-shift", &["notes:read", "*:delete"]));
    let made = reply.created();
    assert_eq!(reply.header("location"), Some(&*one("night-shift")));
    let at = "2026-01-15T10:30:00.000Z";
    let expected = json!({ "name": "night-shift", "permissions": ["notes:read", "*:delete"],
        "version": 1, "createdAt": at, "updatedAt": at });
    assert_eq!(made, expected);
    let found = admin.get(&one("night-shift"));
    assert_eq!((found.ok(), found.etag()), (made, reply.etag()));
    app.clock().advance(std::time::Duration::from_secs(60));
    let changed = allow(&admin, "night-shift", &["*"]).ok();
    assert_eq!(
        (&changed["version"], &changed["createdAt"]),
        (&json!(2), &json!(at))
    );
    assert_eq!(changed["updatedAt"], "2026-01-15T10:31:00.000Z");
    assert_eq!(admin.get(&one("night-shift")).ok(), changed);
    admin.delete(&one("night-shift")).no_content();
    admin.get(&one("night-shift")).error(Code::NotFound);
    for action in ["role.created", "role.changed", "role.deleted"] {
        assert_eq!(audited(&app, action, "night-shift"), 1, "{action}");
    }
}

#[test]
fn roles_are_for_who_may_see_or_change_them() {
    let (app, admin) = notes();
    admin
        .post(ROLES, &role("seer", &["system:roles:read"]))
        .created();
    admin
        .post(ROLES, &role("smith", &["system:roles:write"]))
        .created();
    let (seer, smith) = (app.user("sue", &["seer"]), app.user("sam", &["smith"]));
    seer.get(ROLES).ok();
    seer.get(&one("editor")).ok();
    for reply in [
        seer.post(ROLES, &role("x", &[])),
        allow(&seer, "seer", &[]),
        seer.delete(&one("viewer")),
        smith.get(ROLES),
        smith.get(&one("smith")),
        app.editor().get(ROLES),
    ] {
        reply.error(Code::InsufficientPermissions);
    }
    smith
        .post(ROLES, &role("x", &["system:roles:write"]))
        .created();
    allow(&smith, "x", &[]).ok();
    smith.delete(&one("x")).no_content();
    app.guest().get(ROLES).error(Code::Unauthorized);
}

#[test]
fn all_faults_of_a_role_are_told_at_once() {
    let (_app, admin) = notes();
    let permissions = json!([
        "notes:read",
        7,
        "pages:read",
        "notes:read",
        "notes",
        "system:role:read",
        "notes:reed",
    ]);
    let faults = [
        "colour",
        "name",
        "permissions[1]",
        "permissions[2]",
        "permissions[3]",
        "permissions[4]",
        "permissions[5]",
        "permissions[6]",
    ];
    let body = json!({ "name": "Night Shift", "permissions": permissions, "colour": "red" });
    let error = admin
        .post(ROLES, &body)
        .faults(Code::ValidationError, &faults);
    assert_eq!(
        error["details"]["permissions[2]"],
        json!(["There is no collection pages"])
    );
    let body = json!({ "permissions": permissions, "colour": "red", "name": "x" });
    let reply = admin.patch(&one("viewer"), &body);
    reply.faults(Code::ValidationError, &faults);
    let reply = admin.post(ROLES, &json!({}));
    reply.faults(Code::MissingField, &["name", "permissions"]);
    for (body, fault) in [
        (json!({ "name": "", "permissions": [] }), "name"),
        (json!({ "name": 1, "permissions": [] }), "name"),
        (json!({ "name": "x", "permissions": "*" }), "permissions"),
        (json!({ "name": "x", "permissions": null }), "permissions"),
        (
            json!({ "name": "x", "permissions": vec!["*"; 201] }),
            "permissions",
        ),
        (
            json!({ "name": "x", "permissions": [], "version": 1 }),
            "version",
        ),
    ] {
        let details = admin.post(ROLES, &body).json()["error"]["details"].clone();
        assert_eq!(
            details.as_object().unwrap().keys().collect::<Vec<_>>(),
            [fault]
        );
    }
    assert_eq!(admin.get(ROLES).ok()["pagination"]["totalItems"], 3);
}

#[test]
fn the_name_of_a_role_is_taken_once() {
    let app = TestApp::start();
    for name in ["viewer", "admin"] {
        let reply = app.admin().post(ROLES, &role(name, &[]));
        reply.faults(Code::AlreadyExists, &["name"]);
    }
}

#[test]
fn a_role_is_made_once_under_a_key() {
    let (app, admin) = notes();
    let careful = admin.with("Idempotency-Key", "k");
    let body = role("night-shift", &["notes:read"]);
    let first = careful.post(ROLES, &body);
    allow(&admin, "night-shift", &[]).ok();
    let again = careful.post(ROLES, &body);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(
        (again.created(), again.etag()),
        (first.created(), first.etag())
    );
    assert_eq!(again.header("location"), first.header("location"));
    careful
        .post(ROLES, &role("x", &[]))
        .error(Code::Unprocessable);
    assert_eq!(audited(&app, "role.created", "night-shift"), 1);
}

#[test]
fn a_role_has_a_version_like_any_record() {
    let app = TestApp::start();
    let admin = app.admin();
    let tag = admin.get(&one("viewer")).etag();
    let careful = admin.with("If-Match", &tag);
    assert_ne!(allow(&careful, "viewer", &[]).etag(), tag);
    allow(&careful, "viewer", &["*"]).error(Code::PreconditionFailed);
    careful
        .delete(&one("viewer"))
        .error(Code::PreconditionFailed);
    let stale = json!({ "permissions": ["*"], "version": 1 });
    let reply = admin.patch(&one("viewer"), &stale);
    reply.faults(Code::Conflict, &["version"]);
    let reply = admin.patch(&one("viewer"), &json!({ "version": 1 }));
    reply.faults(Code::Conflict, &["version"]);
    let nothing = admin.patch(&one("viewer"), &json!({ "version": 2 })).ok();
    assert_eq!(
        (&nothing["version"], &nothing["permissions"]),
        (&json!(2), &json!([]))
    );
    let reply = admin.patch(&one("viewer"), &json!({ "version": "x" }));
    reply.faults(Code::ValidationError, &["version"]);
}

#[test]
fn the_role_admin_stays_as_it_is() {
    let app = TestApp::start();
    let admin = app.admin();
    let rows = app.rows();
    for reply in [
        allow(&admin, "admin", &[]),
        allow(&admin, "admin", &["*"]),
        admin.patch(&one("admin"), &json!({})),
        admin.delete(&one("admin")),
    ] {
        reply.error(Code::Unprocessable);
    }
    assert_eq!(app.rows(), rows);
}

#[test]
fn a_role_that_somebody_has_cannot_be_deleted() {
    let app = TestApp::start();
    let (admin, vic) = (app.admin(), app.viewer());
    let user = path(&vic);
    let refused = || {
        let reply = admin.delete(&one("viewer"));
        reply.faults(Code::Conflict, &["_"]);
    };
    refused();
    admin.delete(&user).no_content();
    refused();
    admin.send("POST", &format!("{user}/restore"), None).ok();
    admin.patch(&user, &json!({ "roles": [] })).ok();
    admin.delete(&one("viewer")).no_content();
    let reply = admin.patch(&user, &json!({ "roles": ["viewer"] }));
    reply.faults(Code::ValidationError, &["roles"]);
}

#[test]
fn roles_that_do_not_exist_are_not_found() {
    let app = TestApp::start();
    let admin = app.admin();
    for name in ["x", "Viewer", "%00", "viewer%20"] {
        admin.get(&one(name)).error(Code::NotFound);
        allow(&admin, name, &[]).error(Code::NotFound);
        admin.delete(&one(name)).error(Code::NotFound);
    }
}

#[test]
fn a_changed_role_counts_from_the_next_request_of_who_has_it() {
    let (app, admin) = notes();
    let (vic, bread) = (app.viewer(), json!({ "title": "Bread" }));
    for _ in 0..10 {
        vic.post(NOTES, &bread).error(Code::InsufficientPermissions);
        allow(&admin, "viewer", &["*:read", "notes:create"]).ok();
        vic.post(NOTES, &bread).created();
        let me = vic.get("/api/auth/me").ok();
        assert_eq!(me["permissions"], json!(["*:read", "notes:create"]));
        allow(&admin, "viewer", &[]).ok();
        vic.get(NOTES).error(Code::InsufficientPermissions);
        allow(&admin, "viewer", &["*:read"]).ok();
        vic.get(NOTES).ok();
    }
}

#[test]
fn who_has_several_roles_may_do_what_any_of_them_allows() {
    let (app, admin) = notes();
    admin
        .post(ROLES, &role("maker", &["notes:create"]))
        .created();
    admin
        .post(ROLES, &role("mender", &["notes:update"]))
        .created();
    let bob = app.user("bob", &["maker", "mender"]);
    let note = path_of("notes", &bob.post(NOTES, &json!({})).created());
    bob.patch(&note, &json!({ "title": "Bread" })).ok();
    bob.get(&note).error(Code::InsufficientPermissions);
    bob.delete(&note).error(Code::InsufficientPermissions);
}

#[test]
fn what_write_means_can_be_held_in_parts() {
    let (app, admin) = notes();
    admin
        .post(ROLES, &role("creator", &["users:create"]))
        .created();
    admin
        .post(ROLES, &role("updater", &["users:update"]))
        .created();
    let vic = path_of("users", &app.user("vic", &[]).get("/api/auth/me").ok());
    let unlock = |client: &Client| client.send("POST", &format!("{vic}/unlock"), None);
    unlock(&app.user("bob", &["creator"])).error(Code::InsufficientPermissions);
    unlock(&app.user("kim", &["creator", "updater"])).ok();
}

/// What the server asks for stands in its source.
#[test]
fn every_permission_that_stead_asks_for_can_be_given() {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src/features");
    let mut folders = vec![PathBuf::from(source)];
    let mut asked = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(path).unwrap();
            let strings = text.split('"').skip(1).step_by(2);
            let permissions = strings.filter(|string| string.starts_with("system:"));
            asked.extend(permissions.map(str::to_owned));
        }
    }
    assert!(asked.contains("system:roles:write"), "{asked:?}");
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    let app = TestApp::start();
    app.admin().post(ROLES, &role("all", &asked)).created();
}

#[test]
fn a_deleted_collection_takes_its_permissions_along() {
    let (app, admin) = notes();
    app.collection("notes_of_old", json!([{ "name": "title", "type": "text" }]));
    let held = [
        "notes:read",
        "notes_of_old:read",
        "*:delete",
        "notes:*",
        "users:read",
    ];
    admin.post(ROLES, &role("reader", &held)).created();
    let bob = app.user("bob", &["reader"]);
    bob.get(NOTES).ok();
    admin.delete("/api/system/collections/notes").no_content();
    app.collection("notes", json!([{ "name": "secret", "type": "text" }]));
    bob.get(NOTES).error(Code::InsufficientPermissions);
    let reader = admin.get(&one("reader")).ok();
    let left = json!(["notes_of_old:read", "*:delete", "users:read"]);
    assert_eq!(
        (&reader["permissions"], &reader["version"]),
        (&left, &json!(2))
    );
    assert_eq!(admin.get(&one("editor")).ok()["version"], 1);
}
