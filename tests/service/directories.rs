//! The directories that systemd gives a service.

use std::{fs, path::Path};

use crate::support::process::{EMAIL, Stead, unconfigured};

/// `stead serve` as a unit runs it: without a flag, in a working directory of no meaning.
fn service(state: &Path, credentials: &Path) -> std::process::Command {
    let mut command = unconfigured(env!("CARGO_BIN_EXE_stead"));
    command
        .arg("serve")
        .current_dir("/")
        .envs([
            ("STATE_DIRECTORY", state),
            ("CREDENTIALS_DIRECTORY", credentials),
        ])
        .env("STEAD_LOG__FORMAT", "json");
    command
}

#[test]
fn the_data_is_in_the_state_directory() {
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("state");
    let mut command = service(&state, dir.path());
    command.env("STEAD_SERVER__LISTEN", "127.0.0.1:0");
    let _stead = Stead::spawn(command).listening();
    assert!(state.join("stead.db").exists());
    let link = fs::read_to_string(state.join("setup-link")).unwrap();
    assert!(link.starts_with("http://127.0.0.1:"), "{link}");
    // A flag goes before it.
    let mut command = service(&state, dir.path());
    let other = dir.path().join("other");
    command
        .env("STEAD_SERVER__LISTEN", "127.0.0.1:0")
        .arg("--data-dir")
        .arg(&other);
    let _other = Stead::spawn(command).listening();
    assert!(other.join("stead.db").exists());
}

#[test]
fn a_credential_is_a_setting_by_the_name_of_its_file() {
    let dir = tempfile::tempdir().unwrap();
    let credentials = dir.path().join("credentials");
    fs::create_dir(&credentials).unwrap();
    fs::write(credentials.join("server.listen"), "127.0.0.1:0\n").unwrap();
    fs::write(credentials.join("server.public_url"), "https://example.org").unwrap();
    fs::write(credentials.join("something-else"), "of no concern").unwrap();
    let state = dir.path().join("state");
    let _stead = Stead::spawn(service(&state, &credentials)).listening();
    let link = fs::read_to_string(state.join("setup-link")).unwrap();
    assert!(link.starts_with("https://example.org/admin/"), "{link}");
}

#[test]
fn a_credential_that_is_wrong_is_told_without_its_content() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("server.listen"), EMAIL).unwrap();
    fs::write(dir.path().join("server.lisen"), "").unwrap();
    let (status, words) = Stead::spawn(service(&dir.path().join("state"), dir.path())).exit();
    assert_eq!(status.code(), Some(3), "{words}");
    assert!(words.contains("server.listen: must be"), "{words}");
    assert!(words.contains("did you mean \"listen\""), "{words}");
    assert!(!words.contains(EMAIL), "{words}");
    assert!(!dir.path().join("state").exists());
}
