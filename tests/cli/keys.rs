//! `stead keys rotate`.

use std::{os::unix::fs::PermissionsExt, path::Path};

use serde_json::{Value as Json, json};

use super::{Call, stead};
use crate::support::process::{EMAIL, PASSWORD, Stead, create_admin};

fn rotate(here: &Path) -> Call {
    stead(here, &["keys", "rotate", "--data-dir", "data"])
}

#[test]
fn a_new_key_signs_nobody_out() {
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("data");
    create_admin(&data);
    let token = {
        let stead = Stead::start(&data);
        let body = json!({ "email": EMAIL, "password": PASSWORD, "delivery": "body" });
        let answer = stead.request("", "POST", "/api/auth/login", &body).json();
        answer["data"]["accessToken"].as_str().unwrap().to_owned()
    };
    let ended = rotate(here.path()).expect(0, &[]);
    assert!(ended.stdout.contains("k4.lid."), "{}", ended.stdout);
    let file = data.join("keys.json");
    let keys: Json = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let stead = Stead::start(&data);
    let me = stead.request(&token, "GET", "/api/auth/me", &().into());
    assert_eq!(me.status, 200);
}

#[test]
fn a_running_server_makes_tokens_by_the_new_key_at_once() {
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("data");
    create_admin(&data);
    let stead = Stead::start(&data);
    // The footer of a token names its key.
    let key = |token: &str| token.rsplit('.').next().unwrap().to_owned();
    let old = stead.sign_in();
    rotate(here.path()).expect(0, &[]);
    assert_ne!(key(&stead.sign_in()), key(&old));
    let me = stead.request(&old, "GET", "/api/auth/me", &().into());
    assert_eq!(me.status, 200);
}
