//! `stead rules test`.

use std::{fs, path::Path};

use serde_json::{Value as Json, json};

use super::{Ended, stead};
use crate::support::process::{EMAIL, Stead, create_admin};

/// Notes of which everybody sees what is public, and one that is not.
fn notes(server: &Stead) -> String {
    let token = server.sign_in();
    let definition = json!({
        "name": "notes",
        "fields": [{ "name": "title", "type": "text" }, { "name": "public", "type": "boolean" }],
        "rules": { "view": "public && title != 'Salt'" },
    });
    let made = server.request(&token, "POST", "/api/system/collections", &definition);
    assert_eq!(made.status, 201);
    let note = json!({ "title": "Salt", "public": true });
    let made = server
        .request(&token, "POST", "/api/v1/notes", &note)
        .json();
    made["data"]["id"].as_str().unwrap().to_owned()
}

fn test(here: &Path, file: &str, text: &str, code: i32) -> Ended {
    fs::write(here.join(file), text).unwrap();
    stead(here, &["rules", "test", file, "--data-dir", "data"]).expect(code, &[])
}

fn cases(note: &str) -> String {
    format!(
        "[[case]]
         name = \"Salt is for nobody\"
         collection = \"notes\"
         rule = \"view\"
         as = \"guest\"
         record = \"{note}\"
         expected = false

         [[case]]
         collection = \"notes\"
         rule = \"create\"
         as = \"{EMAIL}\"
         record = {{ title = \"Bread\", public = false }}
         expected = true
        "
    )
}

#[test]
fn cases_hold_beside_a_server_and_without_one() {
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("data");
    create_admin(&data);
    let server = Stead::start(&data);
    let note = notes(&server);
    let expected = format!("ok      Salt is for nobody\nok      notes: create, as {EMAIL}\n");
    assert_eq!(
        test(here.path(), "rules.toml", &cases(&note), 0).stdout,
        expected
    );
    drop(server);
    assert_eq!(
        test(here.path(), "rules.toml", &cases(&note), 0).stdout,
        expected
    );
}

#[test]
fn a_case_that_fails_says_which_part_was_false_for_whom() {
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("data");
    create_admin(&data);
    let server = Stead::start(&data);
    let note = notes(&server);
    let case = |rule: &str, by: &str, record: Json| json!({ "collection": "notes", "rule": rule, "as": by, "record": record, "expected": true });
    let cases = json!({ "case": [
        case("view", "guest", json!(note)),
        case("titel == 'Salt'", "guest", json!(note)),
        case("view", "nobody@example.com", json!(note)),
        case("title == null", "guest", json!({ "title": null })),
    ] });
    let ended = test(here.path(), "rules.json", &cases.to_string(), 1);
    let expected = format!(
        "FAILED  notes: view, as guest
        expected to be allowed, but is refused: notes \"{note}\" as guest
        unknown  auth.can(\"notes:bypass\")
        true     public
        false    title != 'Salt'
FAILED  notes: titel == 'Salt', as guest
        rule: line 1, column 1: `notes` has no field `titel`; it has"
    );
    assert!(ended.stdout.starts_with(&expected), "{}", ended.stdout);
    let rest = "FAILED  notes: view, as nobody@example.com
        There is no account with the address nobody@example.com
ok      notes: title == null, as guest\n";
    assert!(ended.stdout.ends_with(rest), "{}", ended.stdout);
    assert_eq!(ended.stderr, "stead: 3 of 4 cases failed\n");
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let here = tempfile::tempdir().unwrap();
    create_admin(&here.path().join("data"));
    let ended = test(here.path(), "rules.toml", "[[case]]\nrule = 1\n", 1);
    assert!(
        ended.stderr.starts_with("stead: rules.toml: "),
        "{}",
        ended.stderr
    );
    let missing = stead(
        here.path(),
        &["rules", "test", "none.toml", "--data-dir", "data"],
    );
    missing.expect(1, &["none.toml"]);
}
