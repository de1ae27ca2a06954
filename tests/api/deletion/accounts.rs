//! Accounts that are disabled, deleted, brought back and purged.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::relation;
use crate::support::{
    app::{PASSWORD, TestApp},
    client::{Client, Reply},
    race::at_once,
};

fn path(client: &Client) -> String {
    let me = client.get("/api/auth/me").ok();
    format!("/api/v1/users/{}", me["id"].as_str().unwrap())
}

fn post(client: &Client, user: &str, what: &str) -> Reply {
    client.send("POST", &format!("{user}/{what}"), None)
}

fn sign_in(app: &TestApp, name: &str) -> Reply {
    let body = json!({ "email": format!("{name}@example.com"), "password": PASSWORD });
    app.guest().post("/api/auth/login", &body)
}

fn with_role(app: &TestApp, name: &str, permissions: &str) -> Client {
    app.change_by_sql(&format!(
        "INSERT INTO _roles (name, permissions, created_at, updated_at) VALUES
         ('{name}', '{permissions}', '2026-01-15T10:30:00.000Z', '2026-01-15T10:30:00.000Z')",
    ));
    app.user(name, &[name])
}

fn sessions(app: &TestApp, user: &str) -> i64 {
    app.count(&format!(
        "SELECT (SELECT count(*) FROM _sessions WHERE '/api/v1/users/' || user_id = '{user}') +
           (SELECT count(*) FROM _refresh_tokens t JOIN _sessions s ON s.id = t.session_id
            WHERE '/api/v1/users/' || s.user_id = '{user}')"
    ))
}

/// The actions of the audit log about a user since the account was made.
fn audited(app: &TestApp, user: &str) -> Vec<String> {
    let conn = app.sql();
    let sql = "SELECT action FROM _audit_entries WHERE '/api/v1/users/' || target = ?
               AND action LIKE 'user.%' AND action <> 'user.created' ORDER BY seq";
    let mut query = conn.prepare(sql).unwrap();
    let rows = query.query_map([user], |row| row.get(0));
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_deactivated_user_is_out_at_once_until_activated_again() {
    let app = TestApp::start();
    let (admin, eve) = (app.admin(), app.editor());
    let user = path(&eve);
    let disabled = post(&admin, &user, "deactivate").ok();
    assert_eq!(
        (&disabled["status"], &disabled["version"]),
        (&json!("disabled"), &json!(3))
    );
    eve.get("/api/auth/me").error(Code::TokenInvalid);
    assert_eq!(sessions(&app, &user), 0);
    sign_in(&app, "eve").error(Code::Forbidden);
    assert_eq!(post(&admin, &user, "activate").ok()["status"], "active");
    // What was ended does not come back.
    eve.get("/api/auth/me").error(Code::TokenInvalid);
    sign_in(&app, "eve").ok();
    assert_eq!(audited(&app, &user), ["user.deactivated", "user.activated"]);
}

#[test]
fn who_is_so_already_stays_as_it_is() {
    let app = TestApp::start();
    let (admin, eve) = (app.admin(), app.editor());
    let user = path(&eve);
    let before = admin.get(&user).ok();
    assert_eq!(post(&admin, &user, "activate").ok(), before);
    let stale = admin.with("If-Match", "\"99\"");
    post(&stale, &user, "activate").error(Code::PreconditionFailed);
    post(&stale, &user, "deactivate").error(Code::PreconditionFailed);
    assert_eq!(admin.get(&user).ok(), before);
    eve.get("/api/auth/me").ok();
    assert!(audited(&app, &user).is_empty());
}

#[test]
fn a_deleted_user_is_gone_at_once_and_comes_back_with_its_roles() {
    let app = TestApp::start();
    let (admin, eve) = (app.admin(), app.editor());
    let user = path(&eve);
    admin.delete(&user).no_content();
    eve.get("/api/auth/me").error(Code::TokenInvalid);
    assert_eq!(sessions(&app, &user), 0);
    sign_in(&app, "eve").error(Code::InvalidCredentials);
    for reply in [
        admin.get(&user),
        admin.delete(&user),
        post(&admin, &user, "deactivate"),
    ] {
        reply.error(Code::NotFound);
    }
    assert_eq!(
        post(&admin, &user, "restore").ok()["roles"],
        json!(["editor"])
    );
    sign_in(&app, "eve").ok();
    assert_eq!(audited(&app, &user), ["user.deleted", "user.restored"]);
}

#[test]
fn an_address_that_somebody_else_has_by_now_stops_a_restoration() {
    let app = TestApp::start();
    let (admin, user) = (app.admin(), path(&app.editor()));
    admin.delete(&user).no_content();
    app.add_user("eve", &[]);
    post(&admin, &user, "restore").faults(Code::AlreadyExists, &["email"]);
}

#[test]
fn a_purged_user_leaves_an_id_and_nothing_else() {
    let app = TestApp::start();
    let (admin, eve) = (app.admin(), app.editor());
    let user = path(&eve);
    admin.delete(&format!("{user}?hard=true")).no_content();
    eve.get("/api/auth/me").error(Code::TokenInvalid);
    assert_eq!(sessions(&app, &user), 0);
    post(&admin, &user, "restore").error(Code::NotFound);
    assert_eq!(app.count("SELECT count(*) FROM _user_roles"), 1);
    let rows = app.rows().join("\n");
    assert!(!rows.contains("eve@example.com"), "{rows}");
    let id = user.rsplit('/').next().unwrap();
    let again =
        json!({ "id": id, "email": "x@example.com", "password": PASSWORD, "displayName": "X" });
    let again = admin.post("/api/v1/users", &again);
    again.faults(Code::AlreadyExists, &["id"]);
    assert_eq!(audited(&app, &user), ["user.purged"]);
}

#[test]
fn every_table_of_the_system_that_points_at_users_gives_way_to_a_purge() {
    let app = TestApp::start();
    let conn = app.sql();
    let sql = "SELECT m.name FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
               WHERE m.type = 'table' AND f.\"table\" = 'users' ORDER BY m.name";
    let mut query = conn.prepare(sql).unwrap();
    let rows = query.query_map([], |row| row.get(0)).unwrap();
    let tables: Vec<String> = rows.map(Result::unwrap).collect();
    // A new one needs its line in what a purge takes along, and a row in the story above.
    assert_eq!(tables, ["_sessions", "_sign_in_prefixes", "_user_roles"]);
}

#[test]
fn the_last_active_admin_stays() {
    let app = TestApp::start();
    let (admin, bob) = (app.admin(), app.user("bob", &["admin"]));
    let (ann, bob) = (path(&admin), path(&bob));
    post(&admin, &bob, "deactivate").ok();
    let rows = app.rows();
    let last = [
        admin.delete(&ann),
        admin.delete(&format!("{ann}?hard=true")),
        post(&admin, &ann, "deactivate"),
    ];
    for reply in last {
        let error = reply.error(Code::Unprocessable);
        assert_eq!(error["message"], "At least one active admin must remain");
    }
    assert_eq!(app.rows(), rows);
    admin.delete(&bob).no_content();
    post(&admin, &bob, "restore").ok();
    post(&admin, &bob, "activate").ok();
    admin.delete(&ann).no_content();
}

#[test]
fn two_admins_who_disable_each_other_at_once_leave_one() {
    let app = TestApp::start();
    for _ in 0..5 {
        let name = format!("bob{}", app.count("SELECT count(*) FROM users"));
        let admins = [app.admin(), app.user(&name, &["admin"])];
        let paths = [path(&admins[0]), path(&admins[1])];
        let replies = at_once(2, |i| match i {
            0 => post(&admins[0], &paths[1], "deactivate").status(),
            _ => admins[1].delete(&paths[0]).status(),
        });
        let active = "SELECT count(*) FROM users u JOIN _user_roles m ON m.user_id = u.id
                      WHERE m.role = 'admin' AND u.status = 'active' AND u.deleted_at IS NULL";
        assert!(app.count(active) >= 1, "{replies:?}");
        app.change_by_sql(
            "UPDATE users SET deleted_at = NULL, _deletion = NULL, status = 'active',
             version = version + 1",
        );
    }
}

#[test]
fn nobody_touches_who_may_do_more() {
    let app = TestApp::start();
    let (admin, kim) = (app.admin(), with_role(&app, "keeper", r#"["users:*"]"#));
    let bob = path(&app.user("bob", &["admin"]));
    let all = |user: &str| {
        [
            kim.delete(user),
            kim.delete(&format!("{user}?hard=true")),
            post(&kim, user, "deactivate"),
            post(&kim, user, "activate"),
            post(&kim, user, "restore"),
        ]
    };
    for reply in all(&bob) {
        let error = reply.error(Code::InsufficientPermissions);
        let message = "This user may do more than you may do yourself";
        assert_eq!(error["message"], message);
    }
    admin.delete(&bob).no_content();
    post(&kim, &bob, "restore").error(Code::InsufficientPermissions);
    let eve = path(&app.user("eve", &[]));
    post(&kim, &eve, "deactivate").ok();
    kim.delete(&eve).no_content();
}

#[test]
fn a_deleted_user_is_not_found_whatever_it_could_do() {
    let app = TestApp::start();
    let (admin, kim) = (app.admin(), with_role(&app, "keeper", r#"["users:*"]"#));
    let bob = path(&app.user("bob", &["admin"]));
    admin.delete(&bob).no_content();
    for reply in [
        kim.get(&bob),
        kim.patch(&bob, &json!({ "displayName": "X" })),
        kim.delete(&bob),
        post(&kim, &bob, "deactivate"),
        post(&kim, &bob, "activate"),
        post(&kim, &bob, "unlock"),
        kim.delete(&format!("{}/sessions", bob.replace("/v1/", "/system/"))),
    ] {
        reply.error(Code::NotFound);
    }
}

#[test]
fn each_of_these_has_its_permission() {
    let app = TestApp::start();
    let user = path(&app.user("bob", &[]));
    let rights = [
        ("writer", r#"["users:write"]"#, [200, 200, 403, 403, 403]),
        ("updater", r#"["users:update"]"#, [403, 403, 403, 403, 403]),
        ("deleter", r#"["users:delete"]"#, [403, 403, 204, 403, 403]),
        (
            "restorer",
            r#"["users:delete","users:restore"]"#,
            [403, 403, 404, 200, 403],
        ),
        (
            "purger",
            r#"["users:delete","users:purge"]"#,
            [403, 403, 204, 403, 204],
        ),
    ];
    for (name, permissions, expected) in rights {
        let client = with_role(&app, name, permissions);
        let found = [
            post(&client, &user, "deactivate").status(),
            post(&client, &user, "activate").status(),
            client.delete(&user).status(),
            post(&client, &user, "restore").status(),
            client.delete(&format!("{user}?hard=true")).status(),
        ];
        assert_eq!(found, expected, "{name}");
    }
    let guest = post(&app.guest(), &user, "deactivate");
    guest.error(Code::Unauthorized);
}

#[test]
fn what_is_a_users_goes_along_as_its_relation_says() {
    let app = TestApp::start();
    app.collection("diaries", json!([relation("user_id", "users", "cascade")]));
    app.collection("pages", json!([relation("user_id", "users", "setNull")]));
    app.collection("debts", json!([relation("user_id", "users", "restrict")]));
    let (admin, eve) = (app.admin(), app.editor());
    let user = path(&eve);
    let of = json!({ "userId": user.rsplit('/').next().unwrap() });
    let made = |name: &str| {
        let made = admin.post(&format!("/api/v1/{name}"), &of).created();
        format!("/api/v1/{name}/{}", made["id"].as_str().unwrap())
    };
    let (diary, page, debt) = (made("diaries"), made("pages"), made("debts"));
    admin.delete(&user).error(Code::Conflict);
    eve.get("/api/auth/me").ok();
    admin.delete(&debt).no_content();
    admin.delete(&user).no_content();
    admin.get(&diary).error(Code::NotFound);
    post(&admin, &user, "restore").ok();
    admin.get(&diary).ok();
    admin.delete(&format!("{debt}?hard=true")).no_content();
    admin.delete(&format!("{user}?hard=true")).no_content();
    assert_eq!(admin.get(&page).ok()["userId"], Json::Null);
}

#[test]
fn events_of_accounts_tell_what_was_done() {
    let app = TestApp::start();
    let (admin, user) = (app.admin(), path(&app.editor()));
    post(&admin, &user, "deactivate").ok();
    admin.delete(&user).no_content();
    post(&admin, &user, "restore").ok();
    let sql = format!(
        "SELECT group_concat(type || ':' || coalesce(after ->> 'status', ''), ' ') FROM
           (SELECT * FROM _events WHERE '/api/v1/users/' || record_id = '{user}' ORDER BY seq)"
    );
    let told: String = app.sql().query_row(&sql, [], |row| row.get(0)).unwrap();
    assert_eq!(
        told,
        "user.created:active user.updated:active user.updated:disabled user.deleted: \
         user.restored:disabled"
    );
}
