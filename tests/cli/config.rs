//! `stead config check` and `show`, and where a setting comes from.

use std::{fs, process::Command};

use serde_json::{Value, json};

use super::stead;
use crate::support::process::{Stead, unconfigured};

const CHECK: &[&str] = &["config", "check", "--data-dir", "data"];

#[test]
fn a_sound_configuration_is_said_to_be_so_with_its_place_and_nothing_is_made() {
    let here = tempfile::tempdir().unwrap();
    let ended = stead(here.path(), CHECK).expect(0, &[]);
    assert!(ended.stdout.contains("without a file"), "{}", ended.stdout);
    assert!(!here.path().join("data").exists());
    fs::write(here.path().join("config.toml"), "[server]\nworkers = 2\n").unwrap();
    let ended = stead(here.path(), CHECK).expect(0, &[]);
    assert!(ended.stdout.contains("config.toml"), "{}", ended.stdout);
}

#[test]
fn the_example_is_a_sound_configuration() {
    let here = tempfile::tempdir().unwrap();
    let example = include_str!("../../config.example.toml");
    fs::write(here.path().join("config.toml"), example).unwrap();
    stead(here.path(), CHECK).expect(0, &[]);
}

#[test]
fn all_faults_are_told_at_once_each_with_its_place() {
    let here = tempfile::tempdir().unwrap();
    let text = "[server]\nworkers = \"many\"\nlisen = \"x\"\n[nonsense]\na = 1\n";
    fs::write(here.path().join("config.toml"), text).unwrap();
    let places = [
        "workers",
        "lisen",
        "nonsense",
        "config.toml",
        "STEAD_AUTH__PASSWORD_MIN",
        "STEAD_NO_SUCH",
    ];
    for command in [CHECK, &["serve", "--data-dir", "data"]] {
        stead(here.path(), command)
            .env("STEAD_AUTH__PASSWORD_MIN", "1")
            .env("STEAD_NO_SUCH", "1")
            .expect(3, &places);
    }
    assert!(!here.path().join("data").exists(), "nothing was started");
}

/// Starts a server and gives the address on which it listens, without its port.
fn listens_on(command: Command) -> String {
    let stead = Stead::spawn(command).listening();
    stead.address().ip().to_string()
}

#[test]
fn flags_overrule_the_environment_which_overrules_the_file() {
    let here = tempfile::tempdir().unwrap();
    let text = "[server]\nlisten = \"127.0.0.2:0\"\n[log]\nformat = \"json\"\n";
    fs::write(here.path().join("config.toml"), text).unwrap();
    let serve = || {
        let mut command = unconfigured(env!("CARGO_BIN_EXE_stead"));
        command.current_dir(here.path()).arg("serve");
        command
    };
    assert_eq!(listens_on(serve()), "127.0.0.2");
    let mut command = serve();
    command.env("STEAD_SERVER__LISTEN", "127.0.0.3:0");
    assert_eq!(listens_on(command), "127.0.0.3");
    let mut command = serve();
    command.env("STEAD_SERVER__LISTEN", "127.0.0.3:0");
    command.args(["--listen", "127.0.0.4:0"]);
    assert_eq!(listens_on(command), "127.0.0.4");
    assert!(here.path().join("stead-data").join("stead.db").exists());
}

#[test]
fn every_setting_in_force_is_shown_with_where_it_was_given() {
    let here = tempfile::tempdir().unwrap();
    let text = "\n[server]\nworkers = 2\nbody_limit_bytes = 4096\n";
    fs::write(here.path().join("config.toml"), text).unwrap();
    let shown = stead(here.path(), &["config", "show", "--data-dir", "data"])
        .env("STEAD_SERVER__BODY_LIMIT_BYTES", "8192")
        .expect(0, &[])
        .stdout;
    let line = |key: &str| {
        let line = shown.lines().find(|line| line.contains(key)).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("data_dir"), "# data_dir = \"data\" # --data-dir");
    assert_eq!(line("workers"), "workers = 2 # config.toml:3");
    let limit = "body_limit_bytes = 8192 # STEAD_SERVER__BODY_LIMIT_BYTES";
    assert_eq!(line("body_limit_bytes"), limit);
    assert_eq!(line("queue_batches"), "queue_batches = 1024 # default");
    assert!(!here.path().join("data").exists(), "nothing was made");
}

#[test]
fn what_is_shown_is_a_configuration_that_says_the_same() {
    let here = tempfile::tempdir().unwrap();
    let text = "[server]\nworkers = 2\n[log]\nlevel = \"warn\"\n";
    fs::write(here.path().join("config.toml"), text).unwrap();
    let show = || {
        let ended = stead(here.path(), &["config", "show", "--json"]).expect(0, &[]);
        let mut all: Value = serde_json::from_str(&ended.stdout).unwrap();
        let all = all.as_array_mut().unwrap().iter_mut();
        all.map(|one| (one["key"].take(), one["value"].take()))
            .collect::<Vec<_>>()
    };
    let before = show();
    assert!(before.contains(&(json!("server.workers"), json!(2))));
    let shown = stead(here.path(), &["config", "show"])
        .expect(0, &[])
        .stdout;
    fs::write(here.path().join("config.toml"), shown).unwrap();
    assert_eq!(show(), before);
}

#[test]
fn what_came_from_a_file_of_its_own_is_masked() {
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("secret"), "[::1]:4711\n").unwrap();
    for words in [&["config", "show"][..], &["config", "show", "--json"]] {
        let shown = stead(here.path(), words)
            .env("STEAD_SERVER__LISTEN_FILE", "secret")
            .expect(0, &[]);
        assert!(!shown.stdout.contains("4711"), "{}", shown.stdout);
        assert!(shown.stdout.contains("***"));
        assert!(shown.stdout.contains("STEAD_SERVER__LISTEN_FILE"));
    }
}

#[test]
fn what_systemd_hands_over_is_shown_with_where_it_was_given() {
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("server.listen"), "[::1]:4711\n").unwrap();
    fs::write(here.path().join("server.tls_key"), "a key").unwrap();
    fs::write(here.path().join("server.tls_certificate"), "a chain").unwrap();
    let shown = stead(here.path(), &["config", "show", "--json"])
        .env("STATE_DIRECTORY", "state")
        .env("CREDENTIALS_DIRECTORY", here.path().to_str().unwrap())
        .expect(0, &[]);
    let all: Vec<Value> = serde_json::from_str(&shown.stdout).unwrap();
    let setting = |key: &str| all.iter().find(|one| one["key"] == key).unwrap();
    assert_eq!(setting("data_dir")["place"], "STATE_DIRECTORY");
    assert_eq!(setting("server.listen")["value"], "***");
    assert_eq!(setting("server.listen")["source"], "credential");
    // The value is the path of the key, and that is no secret.
    let path = here.path().join("server.tls_key");
    assert_eq!(setting("server.tls_key")["value"], path.to_str().unwrap());
    assert_eq!(setting("server.tls_key")["place"], path.to_str().unwrap());
}
