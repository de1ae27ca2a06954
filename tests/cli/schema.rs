//! `stead schema`: definitions as files.

use std::{fs, path::Path};

use serde_json::{Value as Json, json};

use super::{Ended, stead};
use crate::support::process::{Stead, create_admin};

fn schema(here: &Path, words: &[&str], code: i32) -> Ended {
    let words = [&["schema"], words, &["--data-dir", "data"]].concat();
    stead(here, &words).expect(code, &[])
}

fn write(here: &Path, collections: &Json) {
    let text = json!({ "collections": collections }).to_string();
    fs::write(here.join("schema.json"), text).unwrap();
}

fn first() -> Json {
    json!([
        { "name": "notes", "fields": [
            { "name": "title", "type": "text" },
            { "name": "tag_id", "type": "relation", "collection": "tags" } ] },
        { "name": "tags", "fields": [{ "name": "name", "type": "text", "unique": true }] } ])
}

const NOTHING: &str = "Nothing to change: the definitions are as the file says\n";

#[test]
fn a_file_that_was_applied_changes_nothing_the_second_time() {
    let here = tempfile::tempdir().unwrap();
    create_admin(&here.path().join("data"));
    write(here.path(), &first());
    let planned = schema(here.path(), &["plan", "schema.json"], 0).stdout;
    assert!(planned.contains("notes: Makes the collection"), "{planned}");
    let applied = schema(here.path(), &["apply", "schema.json"], 0).stdout;
    assert_eq!(applied, planned);
    for word in ["plan", "apply"] {
        assert_eq!(
            schema(here.path(), &[word, "schema.json"], 0).stdout,
            NOTHING
        );
    }
    let exported = schema(here.path(), &["export"], 0).stdout;
    fs::write(here.path().join("exported.json"), exported).unwrap();
    assert_eq!(
        schema(here.path(), &["apply", "exported.json"], 0).stdout,
        NOTHING
    );
}

#[test]
fn a_running_server_applies_a_file_at_once() {
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("data");
    create_admin(&data);
    let server = Stead::start(&data);
    let token = server.sign_in();
    write(here.path(), &first());
    schema(here.path(), &["apply", "schema.json"], 0);
    let body = json!({ "title": "Salt" });
    assert_eq!(
        server
            .request(&token, "POST", "/api/v1/notes", &body)
            .status,
        201
    );
    let renamed = json!([
        { "name": "remarks", "renamedFrom": "notes", "singular": "note", "fields": [
            { "name": "heading", "renamedFrom": "title", "type": "text", "max": 10 } ] } ]);
    write(here.path(), &renamed);
    let refused = schema(here.path(), &["apply", "schema.json"], 1);
    assert!(
        refused
            .stderr
            .contains("The values of tag_id are lost: 0 records"),
        "{}",
        refused.stderr
    );
    let planned = schema(here.path(), &["plan", "schema.json"], 0).stdout;
    for word in [
        "Renames the collection",
        "Renames the field title",
        "LOST",
        "tags: Drops",
    ] {
        assert!(planned.contains(word), "{word} in {planned}");
    }
    schema(
        here.path(),
        &["apply", "schema.json", "--allow-destructive"],
        0,
    );
    let list = server
        .request(&token, "GET", "/api/v1/remarks", &json!({}))
        .json();
    assert_eq!(list["data"]["items"][0]["heading"], "Salt");
    assert_eq!(
        schema(here.path(), &["apply", "schema.json"], 0).stdout,
        NOTHING
    );
}

#[test]
fn a_fault_is_told_by_its_place_in_the_file() {
    let here = tempfile::tempdir().unwrap();
    create_admin(&here.path().join("data"));
    write(
        here.path(),
        &json!([{ "name": "notes", "fields": [{ "name": "a", "type": "colour" }] }]),
    );
    let refused = schema(here.path(), &["plan", "schema.json"], 1);
    assert!(
        refused.stderr.contains("collections[0].fields[0].type"),
        "{}",
        refused.stderr
    );
    write(
        here.path(),
        &json!([{ "name": "users", "fields": [{ "name": "a", "type": "text" }] }]),
    );
    let refused = schema(here.path(), &["apply", "schema.json"], 1);
    assert!(
        refused.stderr.contains("collections[0].name"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_file_says_of_each_thing_once_what_it_was() {
    let here = tempfile::tempdir().unwrap();
    create_admin(&here.path().join("data"));
    write(here.path(), &first());
    schema(here.path(), &["apply", "schema.json"], 0);
    let from = |name: &str, from: &Json| {
        json!({ "name": name, "singular": name, "renamedFrom": from,
            "fields": [{ "name": "title", "type": "text" }] })
    };
    let field =
        |name: &str, from: &Json| json!({ "name": name, "type": "text", "renamedFrom": from });
    let mut notes = first()[0].clone();
    notes["fields"] = json!([
        field("x", &json!("title")),
        field("y", &json!("title")),
        field("z", &json!(7))
    ]);
    let cases = [
        (
            json!([
                from("pages", &json!("notes")),
                from("sheets", &json!("notes"))
            ]),
            "collections[1].renamedFrom: Another definition",
        ),
        (
            json!([first()[1], first()[0], from("sheets", &json!("notes"))]),
            "collections[2].renamedFrom: Another definition",
        ),
        (
            json!([from("pages", &json!(7))]),
            "collections[0].renamedFrom: Must be a text",
        ),
        (
            json!([notes]),
            "collections[0].fields[1].renamedFrom: Is renamed to another",
        ),
        (
            json!([notes]),
            "collections[0].fields[2].renamedFrom: Must be a text",
        ),
    ];
    for (file, words) in cases {
        write(here.path(), &file);
        let refused = schema(here.path(), &["apply", "schema.json"], 1).stderr;
        assert!(refused.contains(words), "{words} in {refused}");
    }
}

#[test]
fn what_goes_leaves_its_names_to_what_comes() {
    let here = tempfile::tempdir().unwrap();
    create_admin(&here.path().join("data"));
    let one = |name: &str, field: &str| json!([{ "name": name, "fields": [{ "name": field, "type": "text", "unique": true }] }]);
    write(here.path(), &one("a_bs", "c"));
    schema(here.path(), &["apply", "schema.json"], 0);
    write(here.path(), &one("a", "bs_c"));
    let words = ["apply", "--allow-destructive", "schema.json"];
    schema(here.path(), &words, 0);
    assert_eq!(schema(here.path(), &words, 0).stdout, NOTHING);
}

#[test]
fn a_plan_shows_some_of_what_is_lost() {
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("data");
    create_admin(&data);
    let server = Stead::start(&data);
    let token = server.sign_in();
    write(here.path(), &first());
    schema(here.path(), &["apply", "schema.json"], 0);
    let long = "a line\n".repeat(20);
    for title in ["Salt", &long] {
        server.request(&token, "POST", "/api/v1/notes", &json!({ "title": title }));
    }
    let mut without = first();
    without[0]["fields"].as_array_mut().unwrap().remove(0);
    write(here.path(), &without);
    let planned = schema(here.path(), &["plan", "schema.json"], 0).stdout;
    assert!(
        planned.contains("LOST      notes: The values of title are lost: 2 records\n"),
        "{planned}"
    );
    assert!(planned.contains(": \"Salt\"\n"), "{planned}");
    assert!(planned.contains(" ...\n"), "{planned}");
    assert_eq!(planned.lines().count(), 5, "{planned}");
}
