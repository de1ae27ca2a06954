//! Who fails to sign in too often waits: for an account from one network, from an address, and for
//! an account from everywhere.

use std::{num::NonZeroUsize, time::Duration};

use serde_json::json;
use stead::base::Code;

use crate::support::{
    app::{PASSWORD, TestApp},
    client::{Client, Reply},
    race::at_once,
};

const ANN: &str = "ann@example.com";
const NOBODY: &str = "nobody@example.com";
const HOME: &str = "203.0.113.9";
const ELSEWHERE: &str = "198.51.100.1";
const WRONG: &str = "not the password";

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn from(app: &TestApp, address: &str) -> Client {
    app.guest().with("X-Forwarded-For", address)
}

fn login(client: &Client, email: &str, password: &str) -> Reply {
    let body = json!({ "email": email, "password": password, "delivery": "body" });
    client.post("/api/auth/login", &body)
}

fn fail(app: &TestApp, email: &str, address: &str, times: usize) {
    for _ in 0..times {
        login(&from(app, address), email, WRONG).error(Code::InvalidCredentials);
    }
}

/// The seconds after which a refused attempt may come again.
#[track_caller]
fn wait(reply: &Reply) -> u64 {
    reply.error(Code::RateLimited);
    reply.header("retry-after").unwrap().parse().unwrap()
}

#[test]
fn after_5_failures_from_a_network_the_right_password_waits_too() {
    let app = TestApp::start();
    fail(&app, ANN, HOME, 5);
    let reply = login(&from(&app, HOME), ANN, PASSWORD);
    assert_eq!(wait(&reply), 30);
    let error = reply.error(Code::RateLimited);
    assert_eq!(
        error["message"],
        "Too many failed attempts, please try again later"
    );
    let neighbour = "203.0.113.200";
    assert_eq!(wait(&login(&from(&app, neighbour), ANN, PASSWORD)), 30);
    login(&from(&app, ELSEWHERE), ANN, PASSWORD).ok();
    app.clock().advance(Duration::from_millis(29_001));
    assert_eq!(wait(&login(&from(&app, HOME), ANN, PASSWORD)), 1);
    app.clock().advance(seconds(1));
    login(&from(&app, HOME), ANN, PASSWORD).ok();
}

#[test]
fn each_further_failure_doubles_the_wait_up_to_15_minutes() {
    let app = TestApp::start();
    fail(&app, ANN, HOME, 5);
    let mut waits = Vec::new();
    for _ in 0..7 {
        let seconds = wait(&login(&from(&app, HOME), ANN, WRONG));
        waits.push(seconds);
        app.clock().advance(self::seconds(seconds));
        fail(&app, ANN, HOME, 1);
    }
    assert_eq!(waits, [30, 60, 120, 240, 480, 900, 900]);
}

#[test]
fn an_account_that_does_not_exist_is_locked_like_one_that_does() {
    let app = TestApp::start();
    let answers = |email: &str, home: &str| -> Vec<(u16, Option<String>, String)> {
        let answer = |_| {
            let reply = login(&from(&app, home), email, WRONG);
            let wait = reply.header("retry-after").map(str::to_owned);
            (reply.status(), wait, reply.json()["error"].to_string())
        };
        (0..8).map(answer).collect()
    };
    let known = answers(ANN, HOME);
    assert_eq!(known, answers(NOBODY, ELSEWHERE));
    assert_eq!(known[5].1.as_deref(), Some("30"));
    let hidden = format!("%{NOBODY}%");
    let kept = format!("SELECT count(*) FROM _sign_in_failures WHERE subject LIKE '{hidden}'");
    assert_eq!(app.count(&kept), 0);
}

#[test]
fn five_failures_count_within_15_minutes() {
    let app = TestApp::start();
    for _ in 0..8 {
        fail(&app, ANN, HOME, 1);
        app.clock().advance(seconds(225));
    }
    fail(&app, ANN, HOME, 1);
    app.clock().advance(seconds(224));
    fail(&app, ANN, HOME, 1);
    wait(&login(&from(&app, HOME), ANN, PASSWORD));
}

#[test]
fn a_right_password_forgives_what_failed_from_there() {
    let app = TestApp::start();
    for _ in 0..3 {
        fail(&app, ANN, HOME, 4);
        login(&from(&app, HOME), ANN, PASSWORD).ok();
    }
}

#[test]
fn a_refused_attempt_computes_no_hash_and_writes_nothing() {
    let app = TestApp::start();
    fail(&app, ANN, HOME, 5);
    fail(&app, NOBODY, HOME, 5);
    let before = app.rows();
    let _all_turns = app.take_turns_to_hash();
    for email in [ANN, NOBODY] {
        wait(&login(&from(&app, HOME), email, PASSWORD));
    }
    assert_eq!(app.rows(), before);
}

#[test]
fn of_many_guesses_at_once_five_are_told_that_they_are_wrong() {
    // All of them are tried at the same time, and each is counted on what the others have left.
    let app = TestApp::start_with(|config| {
        config.auth.hashes_at_once = NonZeroUsize::new(16).unwrap();
    });
    let replies = at_once(16, |_| login(&from(&app, HOME), ANN, WRONG).status());
    let told = replies.iter().filter(|status| **status == 401).count();
    assert_eq!(told, 5, "{replies:?}");
    assert!(replies.iter().all(|status| [401, 429].contains(status)));
}

#[test]
fn an_address_fails_20_times_over_all_accounts() {
    let app = TestApp::start();
    for i in 0..20 {
        fail(&app, &format!("user{i}@example.com"), HOME, 1);
    }
    assert_eq!(wait(&login(&from(&app, HOME), ANN, PASSWORD)), 30);
    let neighbour = "203.0.113.10";
    login(&from(&app, neighbour), ANN, PASSWORD).ok();
    app.clock().advance(seconds(30));
    fail(&app, "another@example.com", HOME, 1);
    assert_eq!(wait(&login(&from(&app, HOME), ANN, PASSWORD)), 60);
}

#[test]
fn ones_own_account_does_not_clear_an_address() {
    let app = TestApp::start();
    for i in 0..19 {
        fail(&app, &format!("user{i}@example.com"), HOME, 1);
        login(&from(&app, HOME), ANN, PASSWORD).ok();
    }
    fail(&app, NOBODY, HOME, 1);
    wait(&login(&from(&app, HOME), ANN, PASSWORD));
}

#[test]
fn the_address_of_a_trusted_proxy_itself_is_not_counted() {
    let app = TestApp::start();
    for i in 0..25 {
        let email = format!("user{i}@example.com");
        login(&app.guest(), &email, WRONG).error(Code::InvalidCredentials);
    }
    login(&app.guest(), ANN, PASSWORD).ok();
}

/// Fails so often for an account, each time from another network.
fn besiege(app: &TestApp, email: &str, times: usize) {
    for i in 0..times {
        fail(app, email, &format!("10.0.{i}.1"), 1);
    }
}

#[test]
fn over_50_failures_an_hour_strangers_get_one_attempt_every_10_seconds() {
    let app = TestApp::start();
    login(&from(&app, HOME), ANN, PASSWORD).ok();
    besiege(&app, ANN, 51);
    for stranger in [ELSEWHERE, "10.0.7.1", "2001:db8::1"] {
        assert_eq!(wait(&login(&from(&app, stranger), ANN, PASSWORD)), 10);
    }
    login(&from(&app, HOME), ANN, PASSWORD).ok();
    fail(&app, ANN, HOME, 1);
    app.clock().advance(seconds(10));
    fail(&app, ANN, "10.1.1.1", 1);
    wait(&login(&from(&app, ELSEWHERE), ANN, PASSWORD));
    app.clock().advance(seconds(10));
    login(&from(&app, ELSEWHERE), ANN, PASSWORD).ok();
    login(&from(&app, ELSEWHERE), ANN, PASSWORD).ok();
}

#[test]
fn failures_of_an_hour_ago_slow_nobody() {
    let app = TestApp::start();
    besiege(&app, ANN, 50);
    app.clock().advance(seconds(3_600));
    besiege(&app, ANN, 2);
    login(&from(&app, ELSEWHERE), ANN, PASSWORD).ok();
}

#[test]
fn a_restart_does_not_forgive() {
    let mut app = TestApp::start();
    fail(&app, ANN, HOME, 4);
    app.restart_with(|_| {});
    fail(&app, ANN, HOME, 1);
    app.restart_with(|_| {});
    assert_eq!(wait(&login(&from(&app, HOME), ANN, PASSWORD)), 30);
}

#[test]
fn an_admin_unlocks_a_user() {
    let app = TestApp::start();
    let email = app.add_user("eve", &["editor"]);
    besiege(&app, &email, 46);
    fail(&app, &email, HOME, 5);
    wait(&login(&from(&app, HOME), &email, PASSWORD));
    wait(&login(&from(&app, ELSEWHERE), &email, PASSWORD));
    let admin = app.admin();
    let users = admin.get("/api/v1/users?email=eve@example.com").ok();
    let eve = users["items"][0].clone();
    let path = format!("/api/v1/users/{}/unlock", eve["id"].as_str().unwrap());
    assert_eq!(admin.send("POST", &path, None).ok(), eve);
    login(&from(&app, HOME), &email, PASSWORD).ok();
    login(&from(&app, ELSEWHERE), &email, PASSWORD).ok();
    let unlocked = "SELECT count(*) FROM _audit_entries WHERE action = 'user.unlocked'";
    assert_eq!(app.count(unlocked), 1);
    let nobody = "/api/v1/users/01JHK3X5Z8Q4V6W7Y9ABCDEFGH/unlock";
    admin.send("POST", nobody, None).error(Code::NotFound);
}

#[test]
fn a_stolen_session_does_not_guess_the_password_either() {
    let app = TestApp::start();
    let thief = app.admin();
    let change = |current: &str| {
        let body = json!({ "currentPassword": current, "newPassword": "another password" });
        thief.post("/api/auth/password", &body)
    };
    for _ in 0..5 {
        change(WRONG).error(Code::InvalidCredentials);
    }
    assert_eq!(wait(&change(PASSWORD)), 30);
    app.clock().advance(seconds(30));
    change(PASSWORD).no_content();
}

#[test]
fn what_hangs_on_no_account_is_bounded_and_pushes_no_account_out() {
    let app = TestApp::start();
    fail(&app, ANN, HOME, 5);
    app.change_by_sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
         INSERT INTO _sign_in_failures
           (subject, recent, level, expires_at, created_at, updated_at)
         SELECT 'address ' || i, '[]', 0, '2026-01-15T11:30:00.000Z', '', '' FROM n",
    );
    fail(&app, NOBODY, ELSEWHERE, 1);
    let strangers = "SELECT count(*) FROM _sign_in_failures WHERE user_id IS NULL";
    assert_eq!(app.count(strangers), 5_000);
    wait(&login(&from(&app, HOME), ANN, PASSWORD));
}

#[test]
fn what_counts_no_more_is_removed() {
    let app = TestApp::start();
    fail(&app, ANN, HOME, 4);
    fail(&app, NOBODY, ELSEWHERE, 5);
    app.clock().advance(seconds(3_600));
    fail(&app, "another@example.com", "192.0.2.1", 1);
    assert_eq!(app.count("SELECT count(*) FROM _sign_in_failures"), 3);
}

#[test]
fn refusals_in_the_audit_log_are_bounded_for_each_account_and_for_all_that_are_none() {
    let app = TestApp::start();
    app.change_by_sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
         INSERT INTO _audit_entries (at, action, actor, target, outcome)
         SELECT '', 'session.refused', 'guest', target, 'failure' FROM n,
           (SELECT '' AS target UNION ALL SELECT id FROM users)",
    );
    fail(&app, ANN, HOME, 2);
    fail(&app, NOBODY, HOME, 2);
    let refused = "SELECT count(*) FROM _audit_entries WHERE action = 'session.refused'";
    assert_eq!(app.count(refused), 2_000);
    assert_eq!(
        app.count(&format!("{refused} AND at <> ''")),
        4,
        "the last ones are kept"
    );
}

#[test]
fn networks_that_an_account_was_used_from_are_bounded() {
    let app = TestApp::start();
    app.change_by_sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
         INSERT INTO _sign_in_prefixes (user_id, prefix, created_at)
         SELECT id, i, '' FROM n, users",
    );
    login(&from(&app, HOME), ANN, PASSWORD).ok();
    login(&from(&app, HOME), ANN, PASSWORD).ok();
    assert_eq!(app.count("SELECT count(*) FROM _sign_in_prefixes"), 200);
    let home = "SELECT count(*) FROM _sign_in_prefixes WHERE prefix = '203.0.113.0/24'";
    assert_eq!(app.count(home), 1);
}

#[test]
fn who_may_see_users_sees_whether_one_is_locked() {
    let app = TestApp::start();
    let bob = app.user("bob", &["viewer"]).get("/api/auth/me").ok();
    let path = format!("/api/system/users/{}/lockout", bob["id"].as_str().unwrap());
    let (open, admin) = (json!({ "locked": false, "lockedUntil": null }), app.admin());
    assert_eq!(admin.get(&path).ok(), open);
    fail(&app, "bob@example.com", ELSEWHERE, 5);
    let locked = json!({ "locked": true, "lockedUntil": "2026-01-15T10:30:30.000Z" });
    assert_eq!(admin.get(&path).ok(), locked);
    app.editor().get(&path).error(Code::InsufficientPermissions);
    app.clock().advance(seconds(31));
    assert_eq!(admin.get(&path).ok(), open);
}
