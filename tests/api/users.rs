//! Users: an admin makes them and gives them roles, and nobody gives what it does not have.

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::{PASSWORD, TestApp},
    client::{Client, Reply},
    race::at_once,
};

const USERS: &str = "/api/v1/users";

fn account(name: &str, roles: &[&str]) -> Json {
    let email = format!("{name}@example.com");
    json!({ "email": email, "password": PASSWORD, "displayName": name, "roles": roles })
}

fn path(client: &Client) -> String {
    let me = client.get("/api/auth/me").ok();
    format!("{USERS}/{}", me["id"].as_str().unwrap())
}

fn give(admin: &Client, user: &str, roles: &[&str]) -> Reply {
    admin.patch(user, &json!({ "roles": roles }))
}

/// Somebody with a role of the operator's own.
fn keeper(app: &TestApp, permissions: &str) -> Client {
    app.change_by_sql(&format!(
        "INSERT INTO _roles (name, permissions, created_at, updated_at) VALUES
         ('keeper', '{permissions}', '2026-01-15T10:30:00.000Z', '2026-01-15T10:30:00.000Z')",
    ));
    app.user("kim", &["keeper"])
}

#[test]
fn an_admin_creates_a_user_with_a_role() {
    let app = TestApp::start();
    let reply = app.admin().post(USERS, &account("bob", &["viewer"]));
    let made = reply.created();
    let location = reply.header("location").unwrap();
    assert_eq!(
        location,
        format!("{USERS}/{}", made["id"].as_str().unwrap())
    );
    assert_eq!(
        (&made["roles"], &made["status"]),
        (&json!(["viewer"]), &json!("active"))
    );
    assert_eq!(app.admin().get(location).ok(), made);
    let list = app.admin().get(USERS).ok();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    let bob = app.guest().sign_in("bob@example.com", PASSWORD);
    assert_eq!(bob.get("/api/auth/me").ok()["mustChangePassword"], true);
}

#[test]
fn a_user_shows_what_the_protocol_names_and_nothing_else() {
    let app = TestApp::start();
    let made = app.admin().post(USERS, &account("bob", &[])).created();
    let mut keys: Vec<&String> = made.as_object().unwrap().keys().collect();
    keys.sort();
    let mut expected = [
        "id",
        "email",
        "displayName",
        "avatarUrl",
        "status",
        "verified",
        "roles",
        "version",
        "createdAt",
        "updatedAt",
    ];
    expected.sort_unstable();
    assert_eq!(keys, expected);
    assert_eq!(
        (&made["roles"], &made["verified"]),
        (&json!([]), &json!(false))
    );
}

#[test]
fn users_are_for_who_may_read_them() {
    let app = TestApp::start();
    let ann = path(&app.admin());
    for client in [app.editor(), app.viewer(), app.user("bob", &[])] {
        client.get(USERS).error(Code::InsufficientPermissions);
        client.get(&ann).error(Code::InsufficientPermissions);
        let body = account("x", &[]);
        client
            .post(USERS, &body)
            .error(Code::InsufficientPermissions);
        give(&client, &ann, &[]).error(Code::InsufficientPermissions);
    }
    app.guest().get(USERS).error(Code::Unauthorized);
    app.guest()
        .post(USERS, &account("x", &[]))
        .error(Code::Unauthorized);
    app.guest()
        .patch(&ann, &json!({}))
        .error(Code::Unauthorized);
}

#[test]
fn roles_reach_as_far_as_their_wildcards() {
    let app = TestApp::start();
    app.collection("notes", json!([{ "name": "title", "type": "text" }]));
    let (notes, body) = ("/api/v1/notes", json!({ "title": "Bread" }));
    let (viewer, editor) = (app.viewer(), app.editor());
    let nobody = app.user("bob", &[]);
    viewer.get(notes).ok();
    viewer
        .post(notes, &body)
        .error(Code::InsufficientPermissions);
    editor.post(notes, &body).created();
    nobody.get(notes).error(Code::InsufficientPermissions);
    for client in [viewer, editor, nobody] {
        let error = client.get("/api/system/roles");
        let error = error.error(Code::InsufficientPermissions);
        let message = "The permission `system:roles:read` is missing";
        assert_eq!(error["message"], message);
    }
}

#[test]
fn a_role_that_does_not_exist_is_refused() {
    let app = TestApp::start();
    let admin = app.admin();
    let body = account("bob", &["viewer", "emperor"]);
    let error = admin
        .post(USERS, &body)
        .faults(Code::ValidationError, &["roles"]);
    assert_eq!(
        error["details"]["roles"],
        json!(["There is no role emperor"])
    );
    for roles in [json!("admin"), json!([1]), json!(null)] {
        let mut body = account("bob", &[]);
        body["roles"] = roles;
        admin
            .post(USERS, &body)
            .faults(Code::ValidationError, &["roles"]);
    }
    assert_eq!(app.count("SELECT count(*) FROM users"), 1);
}

#[test]
fn an_address_is_taken_in_any_case() {
    let app = TestApp::start();
    let mut body = account("ann", &[]);
    body["email"] = "ANN@Example.com".into();
    let reply = app.admin().post(USERS, &body);
    reply.faults(Code::AlreadyExists, &["email"]);
}

#[test]
fn of_several_who_want_one_address_one_gets_it() {
    let app = TestApp::start();
    let admin = app.admin();
    let mut replies = at_once(4, |_| {
        admin.post(USERS, &account("bob", &["viewer"])).status()
    });
    replies.sort_unstable();
    assert_eq!(replies, [201, 409, 409, 409]);
}

#[test]
fn a_bad_account_is_told_with_all_its_faults() {
    let app = TestApp::start();
    let body = json!({ "email": "x", "password": "short", "displayName": " ", "roles": 1 });
    let reply = app.admin().post(USERS, &body);
    let faults = ["displayName", "email", "password", "roles"];
    reply.faults(Code::ValidationError, &faults);
    let missing = ["displayName", "email", "password"];
    app.admin()
        .post(USERS, &json!({}))
        .faults(Code::MissingField, &missing);
}

#[test]
fn at_least_one_admin_remains() {
    let app = TestApp::start();
    let admin = app.admin();
    let ann = path(&admin);
    give(&admin, &ann, &["editor"]).error(Code::Unprocessable);
    assert_eq!(admin.get("/api/auth/me").ok()["roles"], json!(["admin"]));
    let bob = app.user("bob", &["admin"]);
    give(&bob, &ann, &["editor"]).ok();
    give(&bob, &path(&bob), &[]).error(Code::Unprocessable);
}

#[test]
fn two_admins_who_step_down_at_once_leave_one() {
    let app = TestApp::start();
    let admins = [app.admin(), app.user("bob", &["admin"])];
    let paths = [path(&admins[0]), path(&admins[1])];
    let mut replies = at_once(2, |i| give(&admins[i], &paths[i], &[]).status());
    replies.sort_unstable();
    assert_eq!(replies, [200, 422]);
}

#[test]
fn a_changed_role_counts_from_the_next_request() {
    let app = TestApp::start();
    let (admin, vic) = (app.admin(), app.viewer());
    vic.get(USERS).error(Code::InsufficientPermissions);
    give(&admin, &path(&vic), &["admin", "viewer", "admin"]).ok();
    vic.get(USERS).ok();
    assert_eq!(
        vic.get("/api/auth/me").ok()["roles"],
        json!(["admin", "viewer"])
    );
    give(&admin, &path(&vic), &[]).ok();
    vic.get(USERS).error(Code::InsufficientPermissions);
}

#[test]
fn nobody_gives_what_it_does_not_have() {
    let app = TestApp::start();
    let kim = keeper(&app, r#"["users:write"]"#);
    let bob = path(&app.user("bob", &[]));
    for roles in [&["admin"][..], &["editor"], &["keeper", "viewer"]] {
        give(&kim, &bob, roles).error(Code::InsufficientPermissions);
        give(&kim, &path(&kim), roles).error(Code::InsufficientPermissions);
        let made = kim.post(USERS, &account("x", roles));
        made.error(Code::InsufficientPermissions);
    }
    give(&kim, &bob, &["keeper"]).ok();
    kim.post(USERS, &account("y", &["keeper"])).created();
    kim.get(&bob).error(Code::InsufficientPermissions);
}

#[test]
fn nobody_changes_who_may_do_more() {
    let app = TestApp::start();
    let (admin, kim) = (app.admin(), keeper(&app, r#"["users:write"]"#));
    let (bob, eve) = (path(&app.user("bob", &["admin"])), path(&app.editor()));
    let before = [admin.get(&bob).ok(), admin.get(&eve).ok()];
    for user in [&bob, &eve] {
        for roles in [&[][..], &["keeper"]] {
            give(&kim, user, roles).error(Code::InsufficientPermissions);
        }
        for body in [
            json!({ "displayName": "X" }),
            json!({ "avatarUrl": null }),
            json!({}),
        ] {
            kim.patch(user, &body).error(Code::InsufficientPermissions);
        }
    }
    assert_eq!([admin.get(&bob).ok(), admin.get(&eve).ok()], before);
    kim.patch(&path(&kim), &json!({ "displayName": "Kim" }))
        .ok();
}

#[test]
fn who_has_just_been_given_more_keeps_it() {
    let app = TestApp::start();
    let (admin, kim) = (app.admin(), keeper(&app, r#"["users:write"]"#));
    let bob = path(&app.user("bob", &[]));
    for _ in 0..20 {
        give(&admin, &bob, &[]).ok();
        let replies = at_once(4, |i| match i {
            0 => give(&admin, &bob, &["admin"]).status(),
            _ => give(&kim, &bob, &["keeper"]).status(),
        });
        assert_eq!(replies[0], 200);
        assert!(
            replies[1..]
                .iter()
                .all(|status| [200, 403].contains(status)),
            "{replies:?}"
        );
        assert_eq!(admin.get(&bob).ok()["roles"], json!(["admin"]));
    }
}

#[test]
fn a_change_of_roles_is_in_the_audit_log() {
    let app = TestApp::start();
    let (admin, bob) = (app.admin(), path(&app.user("bob", &["viewer"])));
    give(&admin, &bob, &["editor"]).ok();
    give(&admin, &bob, &["editor"]).ok();
    admin.patch(&bob, &json!({ "displayName": "Bo" })).ok();
    give(&admin, &path(&admin), &[]).error(Code::Unprocessable);
    let of_bob = format!(
        "SELECT count(*) FROM _audit_entries WHERE action = 'user.roles_changed'
         AND '{USERS}/' || target = '{bob}' AND outcome = 'success' AND actor LIKE 'user:%'",
    );
    assert_eq!(app.count(&of_bob), 1);
    let all = "SELECT count(*) FROM _audit_entries WHERE action = 'user.roles_changed'";
    assert_eq!(app.count(all), 1, "only what was done");
}

#[test]
fn only_names_pictures_and_roles_can_be_changed() {
    let app = TestApp::start();
    let (admin, bob) = (app.admin(), path(&app.user("bob", &["viewer"])));
    let before = admin.get(&bob).ok();
    for (key, value) in [
        ("email", json!("root@example.com")),
        ("status", json!("disabled")),
        ("verified", json!(true)),
        ("emailVerifiedAt", json!("2026-01-01T00:00:00Z")),
        ("password", json!("an even better password")),
        ("passwordHash", json!("x")),
        ("mustChangePassword", json!(false)),
        ("deletedAt", json!("2026-01-01T00:00:00Z")),
        ("createdAt", json!("2026-01-01T00:00:00Z")),
        ("id", before["id"].clone()),
    ] {
        let reply = admin.patch(&bob, &json!({ key: value }));
        reply.faults(Code::ValidationError, &[key]);
    }
    assert_eq!(admin.get(&bob).ok(), before);
}

#[test]
fn a_new_account_cannot_be_made_verified_or_settled() {
    let app = TestApp::start();
    for (key, value) in [
        ("verified", json!(true)),
        ("passwordHash", json!("x")),
        ("mustChangePassword", json!(false)),
        ("version", json!(7)),
    ] {
        let mut body = account("bob", &[]);
        body[key] = value;
        let reply = app.admin().post(USERS, &body);
        reply.faults(Code::ValidationError, &[key]);
    }
    assert_eq!(app.count("SELECT count(*) FROM users"), 1);
}

#[test]
fn a_user_has_a_version_like_any_record() {
    let app = TestApp::start();
    let (admin, bob) = (app.admin(), path(&app.user("bob", &["viewer"])));
    let tag = admin.get(&bob).etag();
    let reply = admin
        .with("If-Match", &tag)
        .patch(&bob, &json!({ "displayName": "Bo" }));
    assert_ne!(reply.etag(), tag);
    let stale = admin.with("If-Match", &tag);
    give(&stale, &bob, &["admin"]).error(Code::PreconditionFailed);
    assert_eq!(admin.get(&bob).ok()["roles"], json!(["viewer"]));
}

#[test]
fn users_that_do_not_exist_are_not_found() {
    let app = TestApp::start();
    let admin = app.admin();
    for id in ["01KEZZZZZZZZZZZZZZZZZZZZZZ", "x", "%00", "me"] {
        let path = format!("{USERS}/{id}");
        admin.get(&path).error(Code::NotFound);
        give(&admin, &path, &["viewer"]).error(Code::NotFound);
        admin.delete(&path).error(Code::NotFound);
    }
}
