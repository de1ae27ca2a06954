//! The home screen.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use super::story::{Stage, story};
use crate::support::process::PASSWORD;

fn notes(stage: &Stage, count: usize) {
    let fields = json!([{ "name": "title", "type": "text", "required": true }]);
    let definition = json!({ "name": "notes", "fields": fields });
    stage.post("/api/system/collections", &definition);
    for at in 0..count {
        stage.post("/api/v1/notes", &json!({ "title": format!("Note {at}") }));
    }
}

#[test]
fn it_tells_what_is_in_the_instance_and_what_to_mend() {
    story(|stage| {
        notes(stage, 3);
        let page = stage.admin("/admin/");
        let figures = page.within("list", "In this instance");
        figures.has("link", "1 collection");
        figures.has("link", "3 records");
        figures.has("link", "1 user");
        page.has("heading", "Records per collection");
        page.sees("Nothing limits how often somebody asks or tries a password.");
        page.within("list", "In this instance")
            .click("link", "3 records");
        page.focuses("heading", "Records per collection");
    });
}

#[test]
fn charts_say_their_numbers_and_have_them_as_a_table() {
    story(|stage| {
        let page = stage.admin("/admin/");
        let requests = page.within("figure", "Requests");
        requests.sees("in the last hour");
        requests.has_no("table", "");
        requests.click("button", "Show as table Requests");
        requests.has("columnheader", "Requests, a minute");
        requests.counts("rowheader", 60);
    });
}

#[test]
fn an_empty_instance_leads_to_the_first_answer_in_a_terminal() {
    story(|stage| {
        let page = stage.admin("/admin/");
        page.has("heading", "Three steps to your own API");
        page.has("link", "New collection");
        notes(stage, 1);
        page.reload();
        page.has("heading", "Done: Make a collection");
        page.has("heading", "Done: Add a record");
        let lines = page.script("document.querySelector('.home-steps pre').textContent");
        assert!(shell(&lines).contains("Note 0"));
        page.reload();
        page.has("heading", "Done: Read it by the API");
        page.click("button", "Hide these steps");
        page.has_no("heading", "Three steps to your own API");
    });
}

/// What the lines say in a shell, where the password is typed.
fn shell(lines: &Value) -> String {
    let mut bash = Command::new("bash")
        .args(["-c", lines.as_str().unwrap()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let typed = format!("{PASSWORD}\n");
    bash.stdin
        .take()
        .unwrap()
        .write_all(typed.as_bytes())
        .unwrap();
    String::from_utf8(bash.wait_with_output().unwrap().stdout).unwrap()
}

#[test]
fn who_may_not_know_the_status_finds_the_collections() {
    story(|stage| {
        notes(stage, 1);
        let permissions = ["system:collections:read", "notes:read"];
        let role = json!({ "name": "reader", "permissions": permissions });
        stage.post("/api/system/roles", &role);
        let ben = json!({
            "email": "ben@example.com", "password": PASSWORD, "displayName": "Ben", "roles": ["reader"],
        });
        stage.post("/api/v1/users", &ben);
        let page = stage.signed_in("ben@example.com", PASSWORD, "/admin/");
        page.fill("Current password", PASSWORD);
        page.fill("New password", "another good passphrase");
        page.click("button", "Change password");
        page.has("heading", "Hello, Ben");
        page.within("main", "").has("link", "notes");
        page.has("link", "Your account");
    });
}
