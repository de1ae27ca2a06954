//! `stead import` and `stead export`.

use std::{fs, path::Path};

use serde_json::json;

use super::{Ended, stead};
use crate::support::process::{Stead, create_admin};

/// A data directory with the collection `notes`, and a server on it.
fn notes(here: &Path) -> Stead {
    let data = here.join("data");
    create_admin(&data);
    let server = Stead::start(&data);
    let definition = json!({ "name": "notes", "fields": [
        { "name": "title", "type": "text", "unique": true },
        { "name": "total", "type": "integer" } ] });
    let token = server.sign_in();
    let made = server.request(&token, "POST", "/api/system/collections", &definition);
    assert_eq!(made.status, 201);
    server
}

fn run(here: &Path, words: &[&str], code: i32, said: &[&str]) -> Ended {
    stead(here, &[words, &["--data-dir", "data"]].concat()).expect(code, said)
}

/// The same beside a server and without one.
fn both(story: impl Fn(&Path)) {
    for is_served in [true, false] {
        let here = tempfile::tempdir().unwrap();
        let mut server = notes(here.path());
        if !is_served {
            let (status, words) = server.terminate();
            assert!(status.success(), "{words}");
        }
        story(here.path());
    }
}

#[test]
fn what_is_imported_is_exported_again() {
    both(|here| {
        let text = "title,total\r\na,1\r\n\"b,\"\"c\",\r\n";
        fs::write(here.join("in.csv"), text).unwrap();
        let ended = run(here, &["import", "notes", "in.csv"], 0, &[]);
        assert!(
            ended
                .stdout
                .starts_with("created 2, updated 0, failed 0 (import ")
        );
        let words = [
            "export",
            "notes",
            "--fields",
            "title,total",
            "--sort",
            "title",
        ];
        assert_eq!(run(here, &words, 0, &[]).stdout, text);
        run(
            here,
            &["export", "notes", "out.ndjson", "--filter", "total > 0"],
            0,
            &[],
        );
        let out = fs::read_to_string(here.join("out.ndjson")).unwrap();
        assert_eq!(out.lines().count(), 1);
        assert!(out.contains("\"title\":\"a\""), "{out}");
        assert!(!here.join("out.ndjson.part").exists());
    });
}

#[test]
fn a_dash_is_standard_input() {
    both(|here| {
        let words = [
            "import",
            "notes",
            "-",
            "--format",
            "ndjson",
            "--data-dir",
            "data",
        ];
        let ended = stead(here, &words).stdin("{\"title\":\"a\"}\n").run();
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let text = run(here, &["export", "notes", "-", "--fields", "title"], 0, &[]).stdout;
        assert_eq!(text, "title\r\na\r\n");
    });
}

#[test]
fn rows_that_fail_are_told_by_line_and_the_command_fails() {
    both(|here| {
        fs::write(here.join("in.csv"), "title,total\na,1\nb,x\n").unwrap();
        let told = [
            "1 row cannot be imported; nothing was written",
            "lines[3].total",
        ];
        run(here, &["import", "notes", "in.csv"], 1, &told);
        assert_eq!(
            run(here, &["export", "notes", "--fields", "title"], 0, &[]).stdout,
            "title\r\n"
        );
        let words = ["import", "notes", "in.csv", "--on-error", "skip"];
        let ended = run(
            here,
            &words,
            1,
            &["1 rows were not imported", "line 3, total:"],
        );
        assert!(ended.stdout.starts_with("created 1, updated 0, failed 1"));
        fs::write(here.join("in.csv"), "title,total\na,7\nc,8\n").unwrap();
        let words = [
            "import", "notes", "in.csv", "--mode", "upsert", "--on", "title",
        ];
        let ended = run(here, &words, 0, &[]);
        assert!(ended.stdout.starts_with("created 1, updated 1, failed 0"));
    });
}

#[test]
fn what_is_not_there_is_said_and_leaves_no_file() {
    both(|here| {
        run(
            here,
            &["import", "notes", "none.csv"],
            1,
            &["none.csv cannot be read"],
        );
        run(here, &["export", "nothing", "out.csv"], 1, &["Not found"]);
        run(
            here,
            &["export", "notes", "out.csv", "--fields", "nope"],
            1,
            &["no field nope"],
        );
        let out = fs::read_dir(here).unwrap().filter_map(Result::ok);
        let names: Vec<_> = out.map(|entry| entry.file_name()).collect();
        assert!(
            !names
                .iter()
                .any(|name| name.to_string_lossy().starts_with("out")),
            "{names:?}"
        );
    });
}
