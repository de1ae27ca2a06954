//! What README says, done as it is printed.

use std::{
    path::Path,
    process::{Command, Output},
};

use crate::support::process::{Stead, eventually, unconfigured};

const README: &str = include_str!("../../README.md");

/// Stands before the story in README.
const MARK: &str = "<!-- story -->\n```sh\n";

/// The commands of the story, as they are printed.
fn story() -> &'static str {
    let (_, rest) = README.split_once(MARK).expect("README has a story");
    rest.split_once("\n```\n").expect("the story ends").0
}

/// A new demo, with address and password of the first of its users.
fn demo(dir: &Path) -> (Stead, String, String) {
    let mut command = unconfigured(env!("CARGO_BIN_EXE_stead"));
    command
        .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(dir.join("data"))
        .env("STEAD_LOG__FORMAT", "json");
    let stead = Stead::spawn(command).listening();
    eventually("the users are shown", || stead.said().contains("viewer"));
    let said = stead.said();
    let first = said.lines().find(|line| line.contains('@')).unwrap();
    let mut words = first.split_whitespace().map(str::to_owned);
    let (email, password) = (words.next().unwrap(), words.next().unwrap());
    (stead, email, password)
}

/// Runs a script against a new demo, in a directory of its own; it ends at the first command that
/// fails.
fn run(script: &str) -> Output {
    let dir = tempfile::tempdir().unwrap();
    let (stead, email, password) = demo(dir.path());
    Command::new("bash")
        .args(["-euo", "pipefail", "-c", script])
        .current_dir(dir.path())
        .env("STEAD", format!("http://{}", stead.address()))
        .env("EMAIL", email)
        .env("PASSWORD", password)
        .env("TMPDIR", dir.path())
        .output()
        .expect("bash and curl are there")
}

#[test]
fn the_story_of_readme_runs_as_it_is_printed() {
    let script = story();
    let output = run(script);
    let said = String::from_utf8_lossy(&output.stdout);
    let faults = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{faults}");
    for word in [
        "\"Buy milk\"",
        "\"isPinned\":true",
        "\"views\":1",
        "\"totalItems\":1",
    ] {
        assert!(said.contains(word), "{word} in {said}");
    }
    let commands = script.matches("curl ").count();
    assert!(
        commands >= 6,
        "sign in, define, create, list, patch, sign out: {commands}"
    );
    assert!(script.contains("If-Match") && script.contains("X-CSRF-Token"));
}

#[test]
fn a_story_with_a_command_that_fails_fails() {
    let broken = [
        story().replace("\"If-Match: $ETAG\"", "'If-Match: \"7\"'"),
        story().replace("\"title\": \"Buy milk\"", "\"titel\": \"Buy milk\""),
        story().replace("X-CSRF-Token: $CSRF", "X-CSRF-Token: forged"),
        story().replace("\\\"$PASSWORD\\\"", "\\\"a wrong password\\\""),
    ];
    for script in broken {
        assert_ne!(script, story());
        let output = run(&script);
        assert!(!output.status.success(), "{script}");
    }
}

#[test]
fn readme_names_the_two_commands() {
    for command in ["cargo run --release -- serve --demo", "cargo test"] {
        let block = format!("```sh\n{command}\n```\n");
        assert!(README.contains(&block), "{command}");
    }
}
