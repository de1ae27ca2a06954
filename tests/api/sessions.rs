//! Sessions: seen and ended by their user, and by who may change that user.

use std::time::Duration;

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::{PASSWORD, TestApp},
    client::Client,
    race::at_once,
};

const ANN: &str = "ann@example.com";
const OWN: &str = "/api/auth/sessions";
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn sessions(client: &Client) -> Vec<Json> {
    client.get(OWN).ok()["items"].as_array().unwrap().clone()
}

fn current(client: &Client) -> String {
    let sessions = sessions(client);
    let current = sessions.iter().find(|one| one["current"] == true);
    current.unwrap()["id"].as_str().unwrap().to_owned()
}

fn id_of(client: &Client) -> String {
    let me = client.get("/api/auth/me").ok();
    me["id"].as_str().unwrap().to_owned()
}

fn is_in(client: &Client) -> bool {
    client.get("/api/auth/me").status() == 200
}

/// The path of the sessions of a user.
fn of(user: &str) -> String {
    format!("/api/system/users/{user}/sessions")
}

#[test]
fn get_sessions_lists_ones_own_the_one_used_last_first() {
    let app = TestApp::start();
    let program = app.guest().with("X-Forwarded-For", "203.0.113.9");
    let program = program.with("User-Agent", "curl/8").sign_in(ANN, PASSWORD);
    app.editor();
    app.clock().advance(MINUTE);
    let browser = app.browser();
    let reply = browser.get(OWN);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let items = reply.ok()["items"].as_array().unwrap().clone();
    let old = json!({
        "id": current(&program), "createdAt": "2026-01-15T10:30:00.000Z",
        "lastUsedAt": "2026-01-15T10:30:00.000Z", "address": "203.0.113.9",
        "userAgent": "curl/8", "current": false,
    });
    assert_eq!(items[0]["current"], true);
    assert_eq!(items.last(), Some(&old));
    assert!(!items.iter().any(|one| one["userAgent"] == "eve"));
}

#[test]
fn a_list_of_sessions_is_paged() {
    let app = TestApp::start();
    let all: Vec<Client> = (0..3).map(|_| app.admin()).collect();
    let page = all[0].get(&format!("{OWN}?page=2&pageSize=2")).ok();
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    assert_eq!(page["pagination"]["totalItems"], 3);
    let odd = all[0].get(&format!("{OWN}?pageSize=101&x=1"));
    odd.error(Code::InvalidInput);
}

#[test]
fn the_last_use_is_the_last_refresh_and_a_read_writes_nothing() {
    let app = TestApp::start();
    let admin = app.admin();
    app.clock().advance(MINUTE * 10);
    let before = app.rows();
    admin.get("/api/v1/users").ok();
    let last_used = || sessions(&admin)[0]["lastUsedAt"].clone();
    assert_eq!(last_used(), "2026-01-15T10:30:00.000Z");
    assert_eq!(app.rows(), before);
    let body = json!({ "refreshToken": admin.refresh });
    app.guest().post("/api/auth/refresh", &body).ok();
    assert_eq!(last_used(), "2026-01-15T10:40:00.000Z");
    app.clock().advance(Duration::from_secs(9));
    app.guest().post("/api/auth/refresh", &body).ok();
    assert_eq!(
        last_used(),
        "2026-01-15T10:40:09.000Z",
        "the other tab's too"
    );
}

#[test]
fn delete_a_session_ends_it_at_once_and_no_other() {
    let app = TestApp::start();
    let (own, lost, other) = (app.admin(), app.browser(), app.admin());
    own.delete(&format!("{OWN}/{}", current(&lost)))
        .no_content();
    lost.get("/api/auth/me").error(Code::TokenInvalid);
    lost.with_csrf()
        .send("POST", "/api/auth/refresh", None)
        .error(Code::TokenInvalid);
    assert!(is_in(&own) && is_in(&other));
    let ended = "SELECT count(*) FROM _audit_entries WHERE action = 'session.ended'";
    assert_eq!(app.count(ended), 1);
}

#[test]
fn a_session_of_somebody_else_is_not_found() {
    let app = TestApp::start();
    let (admin, eve) = (app.admin(), app.editor());
    for id in [current(&admin).as_str(), "01JHK3X5Z8Q4V6W7Y9ABCDEFGH", "x"] {
        eve.delete(&format!("{OWN}/{id}")).error(Code::NotFound);
    }
    assert!(is_in(&admin));
}

#[test]
fn who_ends_its_own_session_by_cookie_has_signed_out() {
    let app = TestApp::start();
    let browser = app.browser();
    let mut after = browser.clone();
    let path = format!("{OWN}/{}", current(&browser));
    let reply = browser.with_csrf().delete(&path);
    reply.no_content();
    after.keep_cookies(&reply);
    assert!(after.cookies.is_empty(), "{:?}", after.cookies);
    browser.get("/api/auth/me").error(Code::TokenInvalid);
}

#[test]
fn delete_sessions_ends_all_others_and_none_of_others() {
    let app = TestApp::start();
    let (own, browser, program, eve) = (app.admin(), app.browser(), app.admin(), app.editor());
    own.delete(OWN).no_content();
    assert!(is_in(&own) && is_in(&eve));
    for ended in [browser, program] {
        ended.get("/api/auth/me").error(Code::TokenInvalid);
    }
    assert_eq!(sessions(&own).len(), 1);
}

#[test]
fn of_two_sessions_that_end_each_other_one_is_left() {
    let app = TestApp::start();
    let both = [app.admin(), app.admin()];
    let mut statuses = at_once(2, |i| both[i].delete(OWN).status());
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 401]);
    assert_eq!(app.count("SELECT count(*) FROM _sessions"), 1);
}

/// Access tokens outlive the time that a session may stay unused, so that only a look at the
/// session itself can tell.
fn short_sessions() -> TestApp {
    TestApp::start_with(|config| {
        config.auth.access = DAY;
        config.auth.refresh = DAY / 2;
        config.auth.session = DAY * 2;
    })
}

fn refresh(app: &TestApp, client: &mut Client) {
    let body = json!({ "refreshToken": client.refresh });
    let data = app.guest().post("/api/auth/refresh", &body).ok();
    client.access = data["accessToken"].as_str().map(str::to_owned);
    client.refresh = data["refreshToken"].as_str().map(str::to_owned);
}

#[test]
fn each_use_asks_whether_a_session_was_unused_for_too_long() {
    let app = short_sessions();
    let (unused, mut used) = (app.admin(), app.admin());
    app.clock().advance(DAY / 2 - MINUTE);
    assert!(is_in(&unused));
    refresh(&app, &mut used);
    app.clock().advance(MINUTE);
    unused.get("/api/auth/me").error(Code::TokenInvalid);
    assert_eq!(sessions(&used).len(), 1, "what is over is not shown");
}

#[test]
fn each_use_asks_whether_the_time_of_a_session_as_a_whole_is_over() {
    let app = short_sessions();
    let mut used = app.admin();
    for _ in 0..4 {
        app.clock().advance(DAY / 2 - MINUTE);
        refresh(&app, &mut used);
    }
    app.clock().advance(MINUTE * 4 - Duration::from_millis(1));
    assert!(is_in(&used));
    app.clock().advance(Duration::from_millis(1));
    used.get("/api/auth/me").error(Code::TokenInvalid);
}

#[test]
fn a_lifetime_that_is_shortened_holds_for_sessions_that_are_there() {
    let mut app = TestApp::start();
    let admin = app.admin();
    app.clock().advance(MINUTE * 10);
    app.restart_with(|config| config.auth.refresh = MINUTE * 10);
    let bearer = format!("Bearer {}", admin.access.unwrap());
    let again = app.guest().with("Authorization", &bearer);
    again.get("/api/auth/me").error(Code::TokenInvalid);
    let body = json!({ "refreshToken": admin.refresh });
    let refresh = app.guest().post("/api/auth/refresh", &body);
    // What is over is cleared away when a server starts: whichever comes first.
    let code = refresh.json()["error"]["code"].to_string();
    assert!(
        ["\"TOKEN_EXPIRED\"", "\"TOKEN_INVALID\""].contains(&code.as_str()),
        "{code}"
    );
}

#[test]
fn sessions_that_are_over_are_removed_at_the_next_sign_in() {
    let app = TestApp::start();
    app.admin();
    app.clock().advance(DAY * 7);
    app.admin();
    assert_eq!(app.count("SELECT count(*) FROM _sessions"), 1);
    assert_eq!(app.count("SELECT count(*) FROM _refresh_tokens"), 1);
}

#[test]
fn an_admin_sees_and_ends_the_sessions_of_a_user() {
    let app = TestApp::start();
    let (admin, eve) = (app.admin(), app.editor());
    let other = app.guest().sign_in("eve@example.com", PASSWORD);
    let path = of(&id_of(&eve));
    let listed = admin.get(&path).ok();
    assert_eq!(listed["pagination"]["totalItems"], 3);
    assert!(
        listed["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["current"] == false)
    );
    admin
        .delete(&format!("{path}/{}", current(&eve)))
        .no_content();
    eve.get("/api/auth/me").error(Code::TokenInvalid);
    assert!(is_in(&other));
    admin.delete(&path).no_content();
    other.get("/api/auth/me").error(Code::TokenInvalid);
    assert!(is_in(&admin));
}

#[test]
fn sessions_of_nobody_and_sessions_of_another_are_not_found() {
    let app = TestApp::start();
    let (admin, eve) = (app.admin(), app.editor());
    for path in [of("01JHK3X5Z8Q4V6W7Y9ABCDEFGH"), of("x")] {
        admin.get(&path).error(Code::NotFound);
        admin.delete(&path).error(Code::NotFound);
    }
    let wrong = format!("{}/{}", of(&id_of(&eve)), current(&admin));
    admin.delete(&wrong).error(Code::NotFound);
    assert!(is_in(&admin) && is_in(&eve));
}

#[test]
fn nobody_ends_sessions_of_somebody_who_may_do_more() {
    let app = TestApp::start();
    app.change_by_sql(
        "INSERT INTO _roles (name, permissions, created_at, updated_at)
         VALUES ('helpdesk', '[\"users:read\",\"users:write\"]', '', '')",
    );
    let (admin, eve) = (app.admin(), app.editor());
    let (helper, peer) = (
        app.user("hal", &["helpdesk"]),
        app.user("pia", &["helpdesk"]),
    );
    for (user, may) in [(&admin, false), (&eve, false), (&peer, true)] {
        let path = of(&id_of(user));
        let unlock = format!("/api/v1/users/{}/unlock", id_of(user));
        let replies = [
            helper.send("POST", &unlock, None),
            helper.delete(&format!("{path}/{}", current(user))),
            helper.delete(&path),
        ];
        for reply in replies {
            assert_eq!(
                [200, 204].contains(&reply.status()),
                may,
                "{:?}",
                reply.status()
            );
            assert!(may || reply.error(Code::InsufficientPermissions).is_object());
        }
        assert_eq!(is_in(user), !may);
    }
}
