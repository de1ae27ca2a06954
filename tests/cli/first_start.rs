//! The first start: what it makes, and the link by which the first admin is made.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use serde_json::json;

use crate::{
    durability::skip,
    support::{
        http::Response,
        process::{Stead, unconfigured},
    },
};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Starts a server that makes a link, and gives the file of it, as the log names it.
fn with_link(dir: &Path) -> (Stead, PathBuf) {
    let stead = Stead::launch(dir, &[], &[]);
    let mut path = None;
    let named = stead.line(|line| {
        let message = line["message"].as_str().unwrap_or_default();
        path = message.split_once(" is in ").map(|(_, path)| path.into());
        path.is_some()
    });
    assert!(named.is_some(), "the log names the file");
    (stead.listening(), path.unwrap())
}

fn token(link: &str) -> &str {
    link.trim().split_once("#setup=").unwrap().1
}

fn set_up(stead: &Stead, token: &str) -> Response {
    let body = json!({ "token": token, "email": "ann@example.com", "displayName": "Ann",
        "password": "a long enough password" });
    stead.request("", "POST", "/api/auth/setup", &body)
}

#[test]
fn what_a_first_start_makes_is_for_its_owner_alone() {
    let here = tempfile::tempdir().unwrap();
    let dir = here.path().join("new").join("data");
    let _stead = Stead::start(&dir);
    assert_eq!(mode(&dir), 0o700);
    let files = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap());
    let modes: BTreeMap<String, u32> = files
        .map(|file| (file.file_name().into_string().unwrap(), mode(&file.path())))
        .collect();
    let names: Vec<&str> = modes.keys().map(String::as_str).collect();
    let expected = [
        "instance.key",
        "keys.json",
        "setup-link",
        "stead.db",
        "stead.db-shm",
        "stead.db-wal",
        "stead.lock",
        "stead.sock",
    ];
    assert_eq!(names, expected);
    assert!(modes.values().all(|mode| *mode == 0o600), "{modes:?}");
}

#[test]
fn an_empty_directory_that_others_may_enter_is_closed_to_them() {
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let _stead = Stead::start(dir.path());
    assert_eq!(mode(dir.path()), 0o700);
}

#[test]
fn a_directory_of_others_is_not_closed_to_them() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("page.html"), "somebody's").unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    for start in ["first", "second"] {
        let _stead = Stead::start(dir.path());
        assert_eq!(mode(dir.path()), 0o755, "{start} start");
    }
    assert_eq!(mode(&dir.path().join("stead.db")), 0o600);
}

#[test]
fn the_link_leads_to_the_page_of_this_server_and_makes_the_first_admin() {
    let dir = tempfile::tempdir().unwrap();
    let (stead, path) = with_link(dir.path());
    let link = fs::read_to_string(&path).unwrap();
    let start = format!("http://{}/admin/#setup=", stead.address());
    assert!(link.starts_with(&start), "{link}");
    assert_eq!(set_up(&stead, "guessed").status, 401);
    assert!(path.exists(), "it is still needed");
    let made = set_up(&stead, token(&link));
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(
        set_up(&stead, token(&link)).status,
        404,
        "as if nothing were there"
    );
    assert!(!path.exists(), "nobody needs it any more");
}

#[test]
fn a_restart_makes_a_new_link_until_there_is_an_admin() {
    let dir = tempfile::tempdir().unwrap();
    let (mut stead, path) = with_link(dir.path());
    let old = fs::read_to_string(&path).unwrap();
    stead.terminate();
    let (mut stead, path) = with_link(dir.path());
    let new = fs::read_to_string(&path).unwrap();
    assert_ne!(token(&old), token(&new));
    assert_eq!(set_up(&stead, token(&old)).status, 401);
    assert_eq!(set_up(&stead, token(&new)).status, 201);
    stead.terminate();
    let stead = Stead::start(dir.path());
    assert!(!path.exists());
    stead.signal("TERM");
    let log = format!("{:?}", stead.rest_of_log());
    assert!(!log.contains("setup-link"), "{log}");
}

#[test]
fn the_link_leads_to_the_public_address_where_there_is_one() {
    let dir = tempfile::tempdir().unwrap();
    let env = ("STEAD_SERVER__PUBLIC_URL", "https://example.org");
    let _stead = Stead::launch(dir.path(), &[], &[env]).listening();
    let link = fs::read_to_string(dir.path().join("setup-link")).unwrap();
    assert!(
        link.starts_with("https://example.org/admin/#setup="),
        "{link}"
    );
}

#[test]
fn on_a_terminal_the_link_is_shown_there_and_not_kept() {
    let dir = tempfile::tempdir().unwrap();
    let mut terminal = unconfigured("script");
    let data = dir.path().join("data");
    let serve = format!(
        "{} serve --listen 127.0.0.1:0 --data-dir {}",
        env!("CARGO_BIN_EXE_stead"),
        data.display()
    );
    terminal.args(["--quiet", "--return", "--command", &serve, "/dev/null"]);
    if unconfigured("script").arg("--version").output().is_err() {
        return skip("a link on a terminal", "no `script` to make a terminal");
    }
    let stead = Stead::spawn(terminal);
    let link = stead.line(|line| line.to_string().contains("/admin/#setup="));
    assert!(link.is_some());
    let listens = stead.line(|line| line.to_string().contains("Listening"));
    assert!(listens.is_some());
    assert!(!data.join("setup-link").exists());
}
