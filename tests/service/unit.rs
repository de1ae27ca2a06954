//! The unit that is delivered.

use std::{fs, path::Path, process::Command};

/// Files of `deploy`.
fn deploy(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("deploy")
        .join(name)
}

#[test]
fn the_unit_leaves_little_open() {
    let analyze = Command::new("systemd-analyze")
        .args(["security", "--offline=true", "--threshold=15", "--no-pager"])
        .arg(deploy("stead.service"))
        .output();
    let output = match analyze {
        Ok(output) => output,
        Err(error) if std::env::var_os("CI").is_none() => {
            eprintln!("left out, because systemd-analyze cannot be had: {error}");
            return;
        }
        Err(error) => panic!("systemd-analyze: {error}"),
    };
    let words = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{words}");
    assert!(words.contains("Overall exposure level"), "{words}");
}

#[test]
fn the_unit_restarts_after_what_mends_itself_alone() {
    let unit = fs::read_to_string(deploy("stead.service")).unwrap();
    let line = |start: &str| unit.lines().find_map(|line| line.strip_prefix(start));
    assert_eq!(line("Type="), Some("notify"));
    assert_eq!(line("RestartPreventExitStatus="), Some("2 3 4 5"));
    assert!(line("WatchdogSec=").is_some());
}
