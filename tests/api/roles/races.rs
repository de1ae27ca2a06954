//! What is allowed by rights that are taken away before it is written is not done.

use std::thread;

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{NOTES, ROLES, allow, notes, one, path, role};
use crate::support::{
    app::{PASSWORD, TestApp},
    client::{Client, Reply},
    race::at_once,
};

/// What is asked for by a client that waits to have a password hashed while `meanwhile` happens.
fn while_it_waits(app: &TestApp, client: &Client, body: &Json, meanwhile: impl FnOnce()) -> Reply {
    let careful = client.with("Idempotency-Key", "k");
    let turns = app.take_turns_to_hash();
    thread::scope(|scope| {
        let make = || careful.post("/api/v1/users", body);
        let both = [scope.spawn(make), scope.spawn(make)];
        // One of the two is told that the other is on its way.
        while !both.iter().any(|request| request.is_finished()) {
            thread::yield_now();
        }
        meanwhile();
        drop(turns);
        let [one, other] = both.map(|request| request.join().unwrap());
        let (told, made) = match one.status() {
            409 => (one, other),
            _ => (other, one),
        };
        told.error(Code::Conflict);
        made
    })
}

fn account(roles: &[&str]) -> Json {
    json!({ "email": "x@example.com", "password": PASSWORD, "displayName": "X", "roles": roles })
}

/// Kim, who may make users, with whatever else.
fn keeper(app: &TestApp, admin: &Client) -> Client {
    let held = ["users:create", "users:update", "notes:read"];
    admin.post(ROLES, &role("keeper", &held)).created();
    app.user("kim", &["keeper"])
}

#[track_caller]
fn expect_nothing_made(app: &TestApp, reply: &Reply) {
    assert!(
        [401, 403, 503].contains(&reply.status()),
        "{}",
        reply.json()
    );
    assert_eq!(
        app.count("SELECT count(*) FROM users WHERE email LIKE 'x@%'"),
        0
    );
    let kept = "SELECT count(*) FROM _idempotency_keys";
    assert_eq!(app.count(kept), 0);
}

#[test]
fn who_loses_its_roles_meanwhile_gives_nothing() {
    let (app, admin) = notes();
    let kim = keeper(&app, &admin);
    let kims = path(&kim);
    let strip = || drop(admin.patch(&kims, &json!({ "roles": [] })).ok());
    let reply = while_it_waits(&app, &kim, &account(&["keeper"]), strip);
    expect_nothing_made(&app, &reply);
}

#[test]
fn whose_role_is_made_smaller_meanwhile_gives_nothing() {
    let (app, admin) = notes();
    let kim = keeper(&app, &admin);
    let shrink = || drop(allow(&admin, "keeper", &["users:create"]).ok());
    let reply = while_it_waits(&app, &kim, &account(&[]), shrink);
    expect_nothing_made(&app, &reply);
}

#[test]
fn who_is_deactivated_meanwhile_gives_nothing() {
    let (app, admin) = notes();
    let kim = keeper(&app, &admin);
    let off = format!("{}/deactivate", path(&kim));
    let off = || drop(admin.send("POST", &off, None).ok());
    let reply = while_it_waits(&app, &kim, &account(&["keeper"]), off);
    expect_nothing_made(&app, &reply);
}

#[test]
fn a_role_that_is_made_larger_meanwhile_is_not_given() {
    let (app, admin) = notes();
    let kim = keeper(&app, &admin);
    admin
        .post(ROLES, &role("helper", &["notes:read"]))
        .created();
    let grow = || drop(allow(&admin, "helper", &["*"]).ok());
    let reply = while_it_waits(&app, &kim, &account(&["helper"]), grow);
    expect_nothing_made(&app, &reply);
}

#[test]
fn a_role_that_is_made_anew_meanwhile_is_not_given() {
    let (app, admin) = notes();
    let kim = keeper(&app, &admin);
    admin
        .post(ROLES, &role("helper", &["notes:read"]))
        .created();
    let anew = || {
        admin.delete(&one("helper")).no_content();
        admin.post(ROLES, &role("helper", &["*"])).created();
    };
    let reply = while_it_waits(&app, &kim, &account(&["helper"]), anew);
    expect_nothing_made(&app, &reply);
}

#[test]
fn who_is_let_be_gives_what_it_has() {
    let (app, admin) = notes();
    let kim = keeper(&app, &admin);
    while_it_waits(&app, &kim, &account(&["keeper"]), || {}).created();
}

/// Whatever the order: what kim has done, it did before its rights were gone.
#[test]
fn nothing_is_done_to_roles_after_the_right_to_it_is_gone() {
    let (app, admin) = notes();
    let held = ["system:roles:read", "system:roles:write", "notes:read"];
    admin.post(ROLES, &role("smith", &held)).created();
    admin.post(ROLES, &role("plain", &[])).created();
    let sam = app.user("sam", &["smith"]);
    let sams = path(&sam);
    for _ in 0..10 {
        admin.patch(&sams, &json!({ "roles": ["smith"] })).ok();
        at_once(4, |i| match i {
            0 => drop(admin.patch(&sams, &json!({ "roles": [] })).ok()),
            _ => drop(allow(&sam, "plain", &["notes:read"])),
        });
        let late = "SELECT count(*) FROM _audit_entries WHERE action = 'role.changed' AND seq >
            (SELECT max(seq) FROM _audit_entries WHERE action = 'user.roles_changed')";
        assert_eq!(app.count(late), 0);
    }
}

#[test]
fn who_may_do_more_of_a_sudden_is_left_alone() {
    let (app, admin) = notes();
    let kim = keeper(&app, &admin);
    admin
        .post(ROLES, &role("helper", &["notes:read"]))
        .created();
    let bob = path(&app.user("bob", &["helper"]));
    let kims = path(&kim).replace("/api/v1/users/", "user:");
    for _ in 0..20 {
        allow(&admin, "helper", &["notes:read"]).ok();
        admin.patch(&bob, &json!({ "roles": ["helper"] })).ok();
        at_once(4, |i| match i {
            0 => drop(allow(&admin, "helper", &["*"]).ok()),
            _ => drop(kim.patch(&bob, &json!({ "roles": ["keeper"] }))),
        });
        let late = format!(
            "SELECT count(*) FROM _audit_entries
             WHERE action = 'user.roles_changed' AND actor = '{kims}' AND seq >
               (SELECT max(seq) FROM _audit_entries WHERE action = 'role.changed')"
        );
        assert_eq!(app.count(&late), 0);
    }
}

#[test]
fn of_changes_of_a_role_at_once_each_counts_one_version() {
    let (app, admin) = notes();
    let replies = at_once(6, |i| {
        let permissions: &[&str] = if i % 2 == 0 {
            &["*:read"]
        } else {
            &["notes:read"]
        };
        allow(&admin, "viewer", permissions).status()
    });
    let done = replies.iter().filter(|status| **status == 200).count();
    assert!(
        replies.iter().all(|status| [200, 503].contains(status)),
        "{replies:?}"
    );
    let version = admin.get(&one("viewer")).ok()["version"].as_u64().unwrap();
    assert_eq!(version, 1 + done as u64);
    app.viewer().get(NOTES).ok();
}

#[test]
fn a_role_is_deleted_or_given_and_never_both() {
    let (app, admin) = notes();
    let bob = path(&app.user("bob", &[]));
    for _ in 0..10 {
        admin
            .post(ROLES, &role("fleeting", &["notes:read"]))
            .created();
        let replies = at_once(2, |i| match i {
            0 => admin.delete(&one("fleeting")).status(),
            _ => admin
                .patch(&bob, &json!({ "roles": ["fleeting"] }))
                .status(),
        });
        let has = admin.get(&bob).ok()["roles"] == json!(["fleeting"]);
        assert!(
            matches!(
                (replies[0], replies[1], has),
                (204, 400 | 503, false) | (409, 200, true)
            ),
            "{replies:?}"
        );
        admin.patch(&bob, &json!({ "roles": [] })).ok();
        admin.delete(&one("fleeting"));
    }
}

#[test]
fn a_collection_that_goes_meanwhile_leaves_no_permission_behind() {
    let (app, admin) = notes();
    for _ in 0..5 {
        app.collection("pages", json!([{ "name": "a", "type": "text" }]));
        let replies = at_once(2, |i| match i {
            0 => admin.delete("/api/system/collections/pages").status(),
            _ => allow(&admin, "viewer", &["pages:read"]).status(),
        });
        assert_eq!(replies[0], 204);
        assert!([200, 400, 503].contains(&replies[1]), "{replies:?}");
        let left = "SELECT count(*) FROM _roles WHERE permissions LIKE '%pages%'";
        assert_eq!(app.count(left), 0);
    }
}
