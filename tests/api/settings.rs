//! The settings in force, over the API.

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{app::TestApp, client::Client};

const SETTINGS: &str = "/api/system/settings";

/// A setting as the admin sees it.
fn setting(admin: &Client, section: &str, key: &str) -> Json {
    let items = admin.get(&format!("{SETTINGS}?pageSize=100")).ok()["items"].take();
    let items = items.as_array().unwrap().iter();
    let mut found = items.filter(|item| item["section"] == section && item["key"] == key);
    found.next().unwrap().clone()
}

#[test]
fn a_setting_is_told_as_it_is_and_as_it_would_be() {
    let app = TestApp::start_with(|config| config.server.body_limit = 4_096);
    let limit = setting(&app.admin(), "server", "body_limit_bytes");
    assert_eq!(limit["value"], "4096");
    assert_eq!(limit["default"], "1048576");
    assert_eq!(limit["variable"], "STEAD_SERVER__BODY_LIMIT_BYTES");
    assert_eq!(
        (&limit["source"], &limit["name"]),
        (&json!("default"), &Json::Null)
    );
    assert_eq!(
        (&limit["fixed"], &limit["secret"]),
        (&json!(false), &json!(false))
    );
    let listen = setting(&app.admin(), "server", "listen");
    assert_eq!(listen["value"], "\"127.0.0.1:8080\"", "as TOML");
}

#[test]
fn every_setting_is_there_by_pages() {
    let app = TestApp::start();
    let all = app.admin().get(&format!("{SETTINGS}?pageSize=100")).ok();
    let all = all["items"].as_array().unwrap().clone();
    assert_eq!(all[0]["key"], "data_dir");
    assert_eq!(all[0]["fixed"], true, "no file names it");
    let second = app
        .admin()
        .get(&format!("{SETTINGS}?pageSize=10&page=2"))
        .ok();
    assert_eq!(second["items"].as_array().unwrap()[..], all[10..20]);
    assert_eq!(second["pagination"]["totalItems"], all.len());
}

#[test]
fn the_permission_lets_in_and_nothing_else_does() {
    let app = TestApp::start();
    app.admin()
        .post(
            "/api/system/roles",
            &json!({ "name": "keeper", "permissions": ["system:settings:read"] }),
        )
        .created();
    app.user("kim", &["keeper"]).get(SETTINGS).ok();
    let refused = app.user("eve", &["editor"]).get(SETTINGS);
    refused.error(Code::InsufficientPermissions);
}

#[test]
fn nobody_is_given_a_permission_to_change_them() {
    let app = TestApp::start();
    let role = json!({ "name": "keeper", "permissions": ["system:settings:write"] });
    let refused = app.admin().post("/api/system/roles", &role);
    refused.faults(Code::ValidationError, &["permissions[0]"]);
}
