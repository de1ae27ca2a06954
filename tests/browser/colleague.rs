//! Somebody beside the admin, who has an account and is past its first sign-in.

use serde_json::{Value, json};

use super::{driver::Page, story::Stage};
use crate::support::process::PASSWORD;

pub const EMAIL: &str = "ben@example.com";

/// What Ben has chosen in place of the password that he was given.
pub const CHOSEN: &str = "another good passphrase";

/// Makes Ben, who has these roles, and has chosen his password. Gives his id.
#[track_caller]
pub fn ben(stage: &Stage, roles: &[&str]) -> String {
    let account = json!({
        "email": EMAIL, "password": PASSWORD, "displayName": "Ben Baker", "roles": roles,
    });
    let made = stage.post("/api/v1/users", &account);
    let sign_in = json!({ "email": EMAIL, "password": PASSWORD, "delivery": "body" });
    let answer = stage
        .stead
        .request("", "POST", "/api/auth/login", &sign_in)
        .json();
    let token = answer["data"]["accessToken"].as_str().unwrap();
    let change = json!({ "currentPassword": PASSWORD, "newPassword": CHOSEN });
    let changed = stage
        .stead
        .request(token, "POST", "/api/auth/password", &change);
    assert_eq!(changed.status, 204);
    stage
        .stead
        .request(token, "POST", "/api/auth/logout", &Value::Null);
    made["id"].as_str().unwrap().to_owned()
}

/// Opens an address as Ben.
#[track_caller]
pub fn as_ben(stage: &Stage, path: &str) -> Page {
    stage.signed_in(EMAIL, CHOSEN, path)
}
