//! The API page: what is printed there works as it stands.

use std::process::Command;

use serde_json::{Value, json};

use super::{
    driver::Page,
    story::{Stage, story},
};

/// A collection that has every kind of call.
fn define(stage: &Stage) {
    let notes = json!({
        "name": "notes", "history": true,
        "fields": [
            { "name": "title", "type": "text", "required": true, "max": 60, "searchable": true },
            { "name": "slug", "type": "text", "unique": true, "pattern": "[a-z0-9-]+" },
            { "name": "status", "type": "select", "options": ["it's new", "done"], "default": "it's new" },
            { "name": "views", "type": "integer", "min": 0, "default": 0 },
            { "name": "tags", "type": "multiselect", "options": ["red", "blue"] },
            { "name": "owner_id", "type": "relation", "collection": "users" },
        ],
    });
    let remarks = json!({
        "name": "remarks",
        "fields": [{ "name": "note_id", "type": "relation", "collection": "notes", "required": true },
                   { "name": "text", "type": "text", "required": true }],
    });
    stage.post("/api/system/collections", &notes);
    stage.post("/api/system/collections", &remarks);
}

/// The calls by their names in the address, without that of an import which nobody has made.
fn calls(page: &Page) -> Vec<String> {
    page.script_holds("document.querySelectorAll('.api-list-wide a').length > 20");
    let names = "Array.from(document.querySelectorAll('.api-list-wide a'), (link) => \
                 new URLSearchParams(link.hash.split('?')[1]).get('call'))";
    let all = page.script(names);
    let all = all.as_array().unwrap().iter();
    let all = all.map(|name| name.as_str().unwrap().to_owned());
    all.filter(|name| !["sign-in", "takeBack"].contains(&name.as_str()))
        .collect()
}

/// The lines of a call, filled with a record that was made for it.
fn lines(stage: &Stage, page: &Page, call: &str, language: &str) -> String {
    let note = json!({ "title": "It's \"one\" $HOME `of` many", "slug": format!("{call}-{language}").to_lowercase() });
    let made = stage.post("/api/v1/notes", &note);
    let id = made["id"].as_str().unwrap();
    let address = format!("#/api/notes?call={call}&as={language}&id={id}");
    page.go(&address);
    page.arrives(&address);
    page.reload();
    // Some calls are known only once the contract is there; until then another one is shown.
    let current = "document.querySelector('.api-list-wide [aria-current]')?.hash.split('?')[1]";
    page.script_holds(&format!(
        "new URLSearchParams({current}).get('call') === '{call}'"
    ));
    let lines = "document.querySelector('.api-code pre')";
    page.script_holds(lines);
    page.script(&format!("{lines}.textContent"))
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn every_line_of_curl_works_as_it_is_printed() {
    story(|stage| {
        define(stage);
        let page = stage.admin("/admin/#/api/notes");
        let token = stage.stead.sign_in();
        for call in calls(&page) {
            let curl = lines(stage, &page, &call, "curl")
                .replace("curl -sS", "curl -sS -w ' %{http_code}'")
                // What is a file is shown here.
                .replace("-o 'notes.csv'", "-o -");
            let output = Command::new("bash")
                .args(["-c", &curl])
                .env("TOKEN", &token)
                .output()
                .unwrap();
            let said = String::from_utf8(output.stdout).unwrap();
            let (_, status) = said.rsplit_once(' ').unwrap();
            assert!(status.starts_with('2'), "{call}\n{curl}\n{said}");
        }
    });
}

#[test]
fn the_javascript_of_every_call_runs() {
    story(|stage| {
        define(stage);
        let page = stage.admin("/admin/#/api/notes");
        let token = stage.stead.sign_in();
        for call in calls(&page) {
            let program = lines(stage, &page, &call, "javascript");
            let (before, said) = program.rsplit_once("console.log(").unwrap();
            let run = format!(
                "(async () => {{ const token = '{token}'; {before}; return [{}]; }})()",
                said.trim_end_matches(");")
            );
            let answer = page.script(&run);
            let status = answer[0].as_u64().unwrap_or_default();
            assert!((200..300).contains(&status), "{call}\n{program}\n{answer}");
        }
    });
}

#[test]
fn reading_is_tried_at_once_and_changing_by_a_click() {
    story(|stage| {
        define(stage);
        let page = stage.admin("/admin/#/api/notes");
        page.within("region", "Try it").hears("Done.");
        page.go("#/api/notes?call=create");
        page.has("button", "Create this note");
        assert_eq!(count(stage), 0);
        page.click("button", "Create this note");
        page.within("region", "Answer").hears("Made.");
        assert_eq!(count(stage), 1);
    });
}

fn count(stage: &Stage) -> Value {
    stage.get("/api/v1/notes")["pagination"]["totalItems"].clone()
}

#[test]
fn the_lines_follow_what_is_typed() {
    story(|stage| {
        define(stage);
        let page = stage.admin("/admin/#/api/notes?call=filter");
        page.fill("filter", "title == \"it's\"");
        page.sees("--data-urlencode 'filter=title == \"it'\\''s\"'");
        page.click("button", "Ask again");
        page.sees("\"totalItems\": 0");
    });
}

#[test]
fn a_refusal_is_shown_as_it_came() {
    story(|stage| {
        define(stage);
        let page = stage.admin("/admin/#/api/notes?call=create");
        page.has("heading", "Answers");
        page.within("region", "Try it").fill("Body", "{}");
        page.expects(400);
        page.click("button", "Create this note");
        page.sees("\"code\": \"MISSING_FIELD\"");
    });
}
