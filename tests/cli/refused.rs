//! Starts that do not succeed: the exit code, and what to do about it.

use std::{fs, net::TcpListener};

use super::stead;
use crate::support::process::{Stead, create_admin};

#[test]
fn what_the_command_line_does_not_know_is_told_with_the_way_to_help() {
    let here = tempfile::tempdir().unwrap();
    for words in [
        &["dance"][..],
        &[],
        &["serve", "--no-such-flag"],
        &["admin"],
        &["config"],
    ] {
        stead(here.path(), words).expect(2, &["Usage"]);
    }
    assert!(fs::read_dir(here.path()).unwrap().next().is_none());
}

#[test]
fn help_and_version_succeed() {
    let here = tempfile::tempdir().unwrap();
    for words in [&["--help"][..], &["serve", "--help"], &["--version"]] {
        let ended = stead(here.path(), words).expect(0, &[]);
        assert!(!ended.stdout.is_empty());
    }
}

#[test]
fn an_address_that_is_in_use_is_named_with_the_way_out() {
    let here = tempfile::tempdir().unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let words = ["serve", "--data-dir", "data", "--listen", &address];
    stead(here.path(), &words).expect(1, &[&address, "in use", "--listen"]);
}

#[test]
fn the_same_command_twice_is_told_of_the_directory_not_of_the_address() {
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("data");
    let first = Stead::start(&data);
    let address = first.address().to_string();
    let words = ["serve", "--data-dir", "data", "--listen", &address];
    stead(here.path(), &words).expect(4, &["data is in use", "--data-dir"]);
}

#[test]
fn a_directory_that_cannot_be_used_is_named() {
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("letter"), "no directory").unwrap();
    for path in ["letter", "letter/below", "/proc/stead"] {
        let words = ["serve", "--listen", "127.0.0.1:0", "--data-dir", path];
        stead(here.path(), &words).expect(1, &[path, "cannot be used"]);
    }
}

#[test]
fn keys_that_are_damaged_stop_the_start_and_are_not_replaced() {
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("data");
    create_admin(&data);
    for damaged in ["{", "{\"keys\":[]}", "{\"keys\":[\"k4.local.x\"]}"] {
        fs::write(data.join("keys.json"), damaged).unwrap();
        let words = ["serve", "--listen", "127.0.0.1:0", "--data-dir", "data"];
        stead(here.path(), &words).expect(1, &["data/keys.json", "restore", "move it away"]);
        assert_eq!(fs::read_to_string(data.join("keys.json")).unwrap(), damaged);
    }
    fs::rename(data.join("keys.json"), data.join("keys.old")).unwrap();
    Stead::start(&data).sign_in();
}
