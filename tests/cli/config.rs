//! `stead config check`, and where a setting comes from.

use std::{fs, process::Command};

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
