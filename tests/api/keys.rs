//! A running server makes its tokens by a new key.

use std::time::Duration;

use stead::app::App;

use crate::support::app::TestApp;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const MINUTE: Duration = Duration::from_secs(60);

/// The part of a token that names its key.
fn footer(token: Option<&String>) -> String {
    token.unwrap().rsplit('.').next().unwrap().to_owned()
}

#[test]
fn a_running_server_rotates_its_keys_and_signs_nobody_out() {
    let app = TestApp::start();
    let (old, browser) = (app.admin(), app.browser());
    let id = app
        .block_on(app.auth().rotate_keys(&App::operator("test")))
        .unwrap();
    let new = app.admin();
    assert_ne!(footer(old.access.as_ref()), footer(new.access.as_ref()));
    for client in [&old, &browser, &new] {
        client.get("/api/auth/me").ok();
    }
    browser
        .with_csrf()
        .send("POST", "/api/auth/refresh", None)
        .ok();
    let noted = format!(
        "SELECT count(*) FROM _audit_entries WHERE action = 'keys.rotated' AND target = '{id}'"
    );
    assert_eq!(app.count(&noted), 1);
}

#[test]
fn keys_are_rotated_when_they_are_as_old_as_the_setting_says() {
    let app = TestApp::start_with(|config| config.auth.rotate_keys_days = 30);
    let look = || {
        app.block_on(app.auth().rotate_old_keys(&App::operator("test")))
            .unwrap()
    };
    app.clock().advance(DAY * 30 - MINUTE);
    let old = app.admin();
    assert_eq!(look(), None);
    app.clock().advance(MINUTE);
    assert!(look().is_some());
    assert_ne!(
        footer(old.access.as_ref()),
        footer(app.admin().access.as_ref())
    );
    old.get("/api/auth/me").ok();
    assert_eq!(look(), None);
}

#[test]
fn with_0_days_keys_are_never_rotated() {
    let app = TestApp::start_with(|config| config.auth.rotate_keys_days = 0);
    app.clock().advance(DAY * 3650);
    let operator = App::operator("test");
    let look = app.auth().rotate_old_keys(&operator);
    assert_eq!(app.block_on(look).unwrap(), None);
}
