//! One's own account: seen, changed, and its password.

use serde_json::json;
use stead::{
    app::App,
    base::{Code, secret::SecretString},
};

use crate::support::{
    app::{PASSWORD, TestApp},
    race::at_once,
};

const NEW: &str = "an even better password";

#[test]
fn an_account_is_shown_with_its_roles_and_rights() {
    let app = TestApp::start();
    let me = app.editor().get("/api/auth/me").ok();
    assert_eq!(me["displayName"], "eve");
    assert_eq!(me["roles"], json!(["editor"]));
    assert_eq!(me["permissions"], json!(["*:read", "*:write"]));
    assert_eq!(me["status"], "active");
}

#[test]
fn name_and_picture_are_ones_own() {
    let app = TestApp::start();
    let viewer = app.viewer();
    let body = json!({ "displayName": "Victor", "avatarUrl": "https://example.com/v.png" });
    let me = viewer.patch("/api/auth/me", &body).ok();
    assert_eq!(me["displayName"], "Victor");
    assert_eq!(me["avatarUrl"], "https://example.com/v.png");
    assert_eq!(viewer.get("/api/auth/me").ok(), me);
}

#[test]
fn nothing_else_of_an_account_is_ones_own() {
    let app = TestApp::start();
    let viewer = app.viewer();
    let before = viewer.get("/api/auth/me").ok();
    let id = before["id"].clone();
    for (key, value) in [
        ("email", json!("root@example.com")),
        ("status", json!("active")),
        ("roles", json!(["admin"])),
        ("permissions", json!(["*"])),
        ("verified", json!(true)),
        ("emailVerifiedAt", json!("2026-01-01T00:00:00Z")),
        ("passwordHash", json!("x")),
        ("password", json!(NEW)),
        ("mustChangePassword", json!(false)),
        ("id", id),
    ] {
        let reply = viewer.patch("/api/auth/me", &json!({ key: value }));
        reply.faults(Code::ValidationError, &[key]);
    }
    assert_eq!(viewer.get("/api/auth/me").ok(), before);
}

#[test]
fn a_picture_is_a_web_address() {
    let app = TestApp::start();
    let viewer = app.viewer();
    for url in [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://x/y",
        "//x/y",
    ] {
        let reply = viewer.patch("/api/auth/me", &json!({ "avatarUrl": url }));
        reply.faults(Code::ValidationError, &["avatarUrl"]);
    }
}

#[test]
fn a_new_password_ends_every_other_session() {
    let app = TestApp::start();
    let (own, browser, program) = (app.admin(), app.browser(), app.admin());
    let body = json!({ "currentPassword": PASSWORD, "newPassword": NEW });
    own.post("/api/auth/password", &body).no_content();
    own.get("/api/auth/me").ok();
    browser.get("/api/auth/me").error(Code::TokenInvalid);
    let body = json!({ "refreshToken": program.refresh });
    let refresh = app.guest().post("/api/auth/refresh", &body);
    refresh.error(Code::TokenInvalid);
    let old = json!({ "email": "ann@example.com", "password": PASSWORD });
    let reply = app.guest().post("/api/auth/login", &old);
    reply.error(Code::InvalidCredentials);
    app.guest().sign_in("ann@example.com", NEW);
}

#[test]
fn a_password_is_changed_by_who_knows_the_present_one() {
    let app = TestApp::start();
    let admin = app.admin();
    let change = |current: &str, new: &str| {
        let body = json!({ "currentPassword": current, "newPassword": new });
        admin.post("/api/auth/password", &body)
    };
    let wrong = change("not the password", NEW);
    wrong.faults(Code::InvalidCredentials, &["currentPassword"]);
    let refused = "SELECT count(*) FROM _audit_entries
                   WHERE action = 'password.refused' AND outcome = 'failure'";
    assert_eq!(app.count(refused), 1);
    change(PASSWORD, "7 chars").faults(Code::ValidationError, &["newPassword"]);
    let long = "x".repeat(1_025);
    change(PASSWORD, &long).faults(Code::ValidationError, &["newPassword"]);
    app.guest().sign_in("ann@example.com", PASSWORD);
}

#[test]
fn a_password_counts_to_its_last_character() {
    let app = TestApp::start();
    let long = format!(" {} ", "\u{e9}".repeat(1_022));
    let body = json!({ "currentPassword": PASSWORD, "newPassword": long });
    app.admin().post("/api/auth/password", &body).no_content();
    let login = |password: &str| {
        let body = json!({ "email": "ann@example.com", "password": password });
        app.guest().post("/api/auth/login", &body)
    };
    login(&long).ok();
    for other in [long.trim_end(), long.trim_start(), &long.to_uppercase()] {
        login(other).error(Code::InvalidCredentials);
    }
}

#[test]
fn who_got_a_password_has_to_change_it_first() {
    let app = TestApp::start();
    let (email, first) = ("new@example.com", "chosen by the admin");
    let body = json!({
        "email": email, "password": first, "displayName": "New", "roles": ["admin"],
    });
    app.admin().post("/api/v1/users", &body).created();
    let new = app.guest().sign_in(email, first);
    assert_eq!(new.get("/api/auth/me").ok()["mustChangePassword"], true);
    for path in [
        "/api/v1/users",
        "/api/system/collections",
        "/api/v1/nothing",
    ] {
        let error = new.get(path).error(Code::Forbidden);
        assert_eq!(error["message"], "Password change required", "{path}");
    }
    let same = json!({ "currentPassword": first, "newPassword": first });
    let reply = new.post("/api/auth/password", &same);
    reply.faults(Code::ValidationError, &["newPassword"]);
    assert_eq!(new.get("/api/auth/me").ok()["mustChangePassword"], true);
    let body = json!({ "currentPassword": first, "newPassword": NEW });
    new.post("/api/auth/password", &body).no_content();
    assert_eq!(new.get("/api/auth/me").ok()["mustChangePassword"], false);
    new.get("/api/v1/users").ok();
}

#[test]
fn whoever_runs_the_instance_sets_a_password_and_that_ends_every_session() {
    let app = TestApp::start();
    let eve = app.editor();
    let me = eve.get("/api/auth/me").ok();
    let login = |password: &str| {
        let body = json!({ "email": me["email"], "password": password, "delivery": "body" });
        app.guest().post("/api/auth/login", &body)
    };
    for _ in 0..5 {
        login("not the password").error(Code::InvalidCredentials);
    }
    let operator = App::operator("test");
    let set = |password: &str| {
        let (email, password) = (me["email"].as_str().unwrap(), SecretString::from(password));
        app.block_on(app.auth().set_password(&operator, email, password))
    };
    assert_eq!(set("7 chars").unwrap_err().code(), Code::ValidationError);
    login(PASSWORD).error(Code::RateLimited);
    set(NEW).unwrap();
    eve.get("/api/auth/me").error(Code::TokenInvalid);
    assert_eq!(login(NEW).ok()["user"]["mustChangePassword"], false);
    login(PASSWORD).error(Code::InvalidCredentials);
}

#[test]
fn who_signs_in_by_the_old_password_meanwhile_is_out_as_well() {
    let app = TestApp::start();
    let own = app.admin();
    let login = json!({ "email": "ann@example.com", "password": PASSWORD, "delivery": "body" });
    let tokens = at_once(6, |i| {
        if i == 0 {
            let body = json!({ "currentPassword": PASSWORD, "newPassword": NEW });
            own.post("/api/auth/password", &body).no_content();
            return Vec::new();
        }
        let login = |_| {
            let reply = app.guest().post("/api/auth/login", &login);
            // Five that come too late are enough to have the next ones wait.
            assert!(
                [200, 401, 429].contains(&reply.status()),
                "{}",
                reply.json()
            );
            reply.json()
        };
        (0..3).map(login).collect()
    });
    for reply in tokens.iter().flatten() {
        let Some(token) = reply["data"]["accessToken"].as_str() else {
            continue;
        };
        let late = app
            .guest()
            .with("Authorization", &format!("Bearer {token}"));
        late.get("/api/auth/me").error(Code::TokenInvalid);
    }
}

#[test]
fn of_two_sessions_that_change_a_password_at_once_one_is_left() {
    let app = TestApp::start();
    let sessions = [app.admin(), app.admin()];
    let mut replies = at_once(2, |i| {
        let body = json!({ "currentPassword": PASSWORD, "newPassword": format!("{NEW} {i}") });
        sessions[i].post("/api/auth/password", &body).status()
    });
    let winner = replies.iter().position(|status| *status == 204).unwrap();
    app.guest()
        .sign_in("ann@example.com", &format!("{NEW} {winner}"));
    replies.sort_unstable();
    assert_eq!(replies, [204, 401]);
}
