//! Nobody comes by rights that it does not hold, nor touches who may do more.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{ROLES, allow, notes, one, path, role};
use crate::support::{
    app::{PASSWORD, TestApp},
    client::{Client, Reply},
};

/// Somebody who keeps roles and users, and may read notes.
fn keeper(app: &TestApp, admin: &Client) -> Client {
    let held = [
        "system:roles:read",
        "system:roles:write",
        "users:*",
        "notes:read",
    ];
    admin.post(ROLES, &role("keeper", &held)).created();
    app.user("kim", &["keeper"])
}

fn give(client: &Client, user: &str, roles: &[&str]) -> Reply {
    client.patch(user, &json!({ "roles": roles }))
}

fn account(name: &str, roles: &[&str]) -> Json {
    json!({ "email": format!("{name}@example.com"), "password": PASSWORD, "displayName": name,
        "roles": roles })
}

#[test]
fn nobody_makes_a_role_of_what_it_does_not_hold() {
    let (app, admin) = notes();
    let kim = keeper(&app, &admin);
    let wanted = [
        "notes:read",
        "*",
        "notes:create",
        "*:read",
        "system:*",
        "users:read",
    ];
    let reply = kim.post(ROLES, &role("queen", &wanted));
    let faults = [
        "permissions[1]",
        "permissions[2]",
        "permissions[3]",
        "permissions[4]",
    ];
    reply.faults(Code::InsufficientPermissions, &faults);
    kim.get(&one("queen")).error(Code::NotFound);
    let within = [
        "notes:read",
        "users:write",
        "users:bypass",
        "system:roles:read",
    ];
    kim.post(ROLES, &role("deputy", &within)).created();
    kim.post(ROLES, &role("lesser", &["notes:read"])).created();
}

#[test]
fn nobody_adds_to_its_own_role_or_to_that_of_others() {
    let (app, admin) = notes();
    let kim = keeper(&app, &admin);
    admin
        .post(ROLES, &role("reader", &["notes:read"]))
        .created();
    let bob = app.user("bob", &["reader"]);
    let rows = app.rows();
    for name in ["keeper", "reader"] {
        for more in [
            "*",
            "notes:write",
            "notes:bypass",
            "*:read",
            "system:collections:read",
        ] {
            let reply = allow(&kim, name, &["notes:read", more]);
            reply.faults(Code::InsufficientPermissions, &["permissions[1]"]);
        }
    }
    assert_eq!(app.rows(), rows);
    allow(&kim, "reader", &["notes:read", "users:read"]).ok();
    bob.get("/api/v1/users").ok();
}

#[test]
fn nobody_takes_from_a_role_what_it_does_not_hold() {
    let (app, admin) = notes();
    let kim = keeper(&app, &admin);
    let rows = app.rows();
    for reply in [
        allow(&kim, "editor", &[]),
        allow(&kim, "viewer", &["notes:read"]),
        kim.delete(&one("editor")),
    ] {
        reply.error(Code::InsufficientPermissions);
    }
    assert_eq!(app.rows(), rows);
}

#[test]
fn a_role_that_is_less_can_be_given_and_one_that_is_more_cannot() {
    let (app, admin) = notes();
    let kim = keeper(&app, &admin);
    admin
        .post(ROLES, &role("reader", &["notes:read"]))
        .created();
    admin
        .post(ROLES, &role("writer", &["notes:write"]))
        .created();
    let bob = path(&app.user("bob", &[]));
    give(&kim, &bob, &["reader"]).ok();
    kim.post("/api/v1/users", &account("x", &["reader"]))
        .created();
    for roles in [
        &["writer"][..],
        &["reader", "writer"],
        &["editor"],
        &["admin"],
    ] {
        give(&kim, &bob, roles).error(Code::InsufficientPermissions);
        give(&kim, &path(&kim), roles).error(Code::InsufficientPermissions);
        let made = kim.post("/api/v1/users", &account("y", roles));
        made.error(Code::InsufficientPermissions);
    }
    // What was less is more by now.
    allow(&admin, "reader", &["notes:read", "notes:write"]).ok();
    give(&kim, &bob, &[]).error(Code::InsufficientPermissions);
    kim.delete(&bob).error(Code::InsufficientPermissions);
}

#[test]
fn where_rules_ask_for_roles_a_role_is_given_by_who_has_it() {
    let (app, admin) = notes();
    let kim = keeper(&app, &admin);
    admin.post(ROLES, &role("staff", &[])).created();
    let (bob, kims) = (path(&app.user("bob", &[])), path(&kim));
    give(&kim, &bob, &["staff"]).ok();
    app.define(
        json!({ "name": "memos", "fields": [{ "name": "a", "type": "text" }],
        "rules": { "list": "\"staff\" in auth.roles" } }),
    );
    give(&kim, &kims, &["keeper", "staff"]).error(Code::InsufficientPermissions);
    let made = kim.post("/api/v1/users", &account("x", &["staff"]));
    made.error(Code::InsufficientPermissions);
    give(&kim, &bob, &[]).error(Code::InsufficientPermissions);
    give(&admin, &kims, &["keeper", "staff"]).ok();
    give(&kim, &bob, &[]).ok();
    give(&kim, &bob, &["staff", "keeper"]).ok();
}

#[test]
fn a_rule_of_a_field_asks_for_roles_as_well() {
    for rule in ["readRule", "writeRule"] {
        let (app, admin) = notes();
        let kim = keeper(&app, &admin);
        admin.post(ROLES, &role("staff", &[])).created();
        let bob = path(&app.user("bob", &[]));
        give(&kim, &bob, &["staff"]).ok();
        give(&kim, &bob, &[]).ok();
        let field = json!({ "name": "a", "type": "text", rule: "\"staff\" in auth.roles" });
        app.collection("memos", json!([field]));
        give(&kim, &bob, &["staff"]).error(Code::InsufficientPermissions);
    }
}

#[test]
fn who_keeps_users_does_not_change_who_may_do_more() {
    let (app, admin) = notes();
    let kim = keeper(&app, &admin);
    app.user("eve", &["editor"]);
    let users = admin.get("/api/v1/users?email=eve@example.com").ok();
    let eve = format!(
        "/api/v1/users/{}",
        users["items"][0]["id"].as_str().unwrap()
    );
    let rows = app.rows();
    for (key, value) in [
        ("displayName", json!("X")),
        ("roles", json!([])),
        ("roles", json!(["keeper"])),
    ] {
        let reply = kim.patch(&eve, &json!({ key: value }));
        reply.error(Code::InsufficientPermissions);
    }
    // What nobody changes for others.
    for (key, value) in [
        ("email", json!("x@example.com")),
        ("password", json!("an even better password")),
        ("status", json!("disabled")),
    ] {
        let reply = kim.patch(&eve, &json!({ key: value }));
        reply.faults(Code::ValidationError, &[key]);
    }
    for action in ["activate", "deactivate", "restore", "unlock"] {
        let reply = kim.send("POST", &format!("{eve}/{action}"), None);
        reply.error(Code::InsufficientPermissions);
    }
    for path in [&eve, &format!("{eve}?hard=true")] {
        kim.delete(path).error(Code::InsufficientPermissions);
    }
    assert_eq!(app.rows(), rows);
}

#[test]
fn the_last_admin_cannot_be_removed_in_any_way() {
    let (app, admin) = notes();
    let ann = path(&admin);
    let rows = app.rows();
    let post = |action: &str| admin.send("POST", &format!("{ann}/{action}"), None);
    for reply in [
        give(&admin, &ann, &[]),
        give(&admin, &ann, &["editor", "viewer"]),
        post("deactivate"),
        admin.delete(&ann),
        admin.delete(&format!("{ann}?hard=true")),
        allow(&admin, "admin", &["*:read"]),
        admin.delete(&one("admin")),
    ] {
        reply.error(Code::Unprocessable);
    }
    assert_eq!(app.rows(), rows);
    // A disabled admin is none that is left, nor is a deleted one.
    for leave in ["deactivate", ""] {
        let name = format!("bob{}", leave.len());
        let bob = path(&app.user(&name, &["admin"]));
        match leave {
            "" => admin.delete(&bob).no_content(),
            leave => drop(admin.send("POST", &format!("{bob}/{leave}"), None).ok()),
        }
        give(&admin, &ann, &[]).error(Code::Unprocessable);
        admin.delete(&ann).error(Code::Unprocessable);
    }
}
