//! The record editor: making, changing, conflicts, drafts, deleting, history.

mod deletion;
mod inputs;

use serde_json::{Value, json};

use super::{
    driver::Page,
    story::{Stage, story},
};
use crate::support::process::PASSWORD;

/// Collections that point at each other; articles keep a history.
fn define(stage: &Stage) {
    for definition in [
        json!({ "name": "authors", "fields": [
            { "name": "name", "type": "text", "required": true, "max": 100 } ] }),
        json!({ "name": "tags", "deletion": "hard", "fields": [
            { "name": "label", "type": "text", "required": true, "unique": true, "max": 30 } ] }),
        json!({ "name": "articles", "history": true, "fields": [
            { "name": "title", "type": "text", "required": true, "min": 3, "max": 200 },
            { "name": "slug", "type": "text", "unique": true, "max": 60 },
            { "name": "lead", "type": "text", "max": 250 },
            { "name": "price", "type": "decimal", "scale": 2 },
            { "name": "words", "type": "integer" },
            { "name": "meta", "type": "json" },
            { "name": "author_id", "type": "relation", "collection": "authors" },
            { "name": "tag_ids", "type": "relations", "collection": "tags" } ] }),
    ] {
        stage.post("/api/system/collections", &definition);
    }
}

/// An article, and the path of it in the API.
fn article(stage: &Stage, body: &Value) -> (String, String) {
    let made = stage.post("/api/v1/articles", body);
    let id = made["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/articles/{id}");
    (id, path)
}

fn editor(stage: &Stage, id: &str) -> Page {
    stage.admin(&format!("/admin/#/records/articles/{id}"))
}

fn patch(stage: &Stage, path: &str, body: &Value) {
    stage.api("PATCH", path, body);
}

fn delete(stage: &Stage, path: &str) {
    stage.api("DELETE", path, &Value::Null);
}

#[test]
fn a_record_is_made_by_the_keyboard_alone() {
    story(|stage| {
        define(stage);
        let page = stage.admin("/admin/#/records/articles/new");
        page.focuses("textbox", "title");
        page.types("By hand");
        page.press("Control+s");
        page.hears("The article By hand is created.");
        let made = stage.get("/api/v1/articles")["items"][0].take();
        assert_eq!(made["title"], "By hand");
        assert_eq!(made["lead"], Value::Null, "what nobody typed has no value");
        page.arrives(&format!(
            "#/records/articles/{}",
            made["id"].as_str().unwrap()
        ));
    });
}

#[test]
fn faults_stand_at_their_fields_and_nothing_is_lost() {
    story(|stage| {
        define(stage);
        article(stage, &json!({ "title": "First", "slug": "taken" }));
        let page = stage.admin("/admin/#/records/articles/new");
        page.fill("title", "ab");
        page.fill("words", "many");
        page.click("button", "Create");
        page.focuses("textbox", "words");
        page.describes("words", "Write a whole number");
        page.fill("words", "12");
        page.fill("slug", "taken");
        page.expects(400);
        page.click("button", "Create");
        page.describes("title", "At least 3 characters, this has 2.");
        page.focuses("textbox", "title");
        page.fill("title", "Second");
        page.expects(409);
        page.click("button", "Create");
        page.describes("slug", "This is taken already.");
        page.holds("words", "12");
    });
}

#[test]
fn what_was_typed_outlives_a_reload_and_leaving() {
    story(|stage| {
        define(stage);
        let (id, _) = article(stage, &json!({ "title": "Draft" }));
        let page = editor(stage, &id);
        page.fill("lead", "Half a thought");
        page.has("heading", "• Draft");
        page.reload();
        page.holds("lead", "Half a thought");
        page.sees("Your unsaved changes of");
        page.click("button", "Close");
        page.hears("Your changes are kept here, unsaved.");
        page.go(&format!("#/records/articles/{id}"));
        page.holds("lead", "Half a thought");
        page.click("button", "Discard changes");
        page.holds("lead", "");
        page.reload();
        page.has("heading", "Draft");
        page.does_not_see("Your unsaved changes of");
    });
}

#[test]
fn only_what_was_changed_is_sent() {
    story(|stage| {
        define(stage);
        let big = "9007199254740993";
        let (id, path) = article(stage, &json!({ "title": "Exact", "words": big }));
        let page = editor(stage, &id);
        page.holds("words", big);
        page.fill("title", "Exactly");
        page.press("Control+s");
        page.hears("Exactly is saved.");
        let versions = stage.get(&format!("{path}/history"));
        let changes = versions["items"][0]["changes"].as_object().unwrap();
        assert_eq!(changes.len(), 1, "{changes:?}");
        page.press("Control+s");
        page.hears("Nothing has changed");
        assert_eq!(stage.get(&path)["words"], big);
    });
}

#[test]
fn two_who_change_one_record_choose_field_by_field() {
    story(|stage| {
        define(stage);
        let (id, path) = article(stage, &json!({ "title": "As it was", "slug": "a" }));
        let page = editor(stage, &id);
        page.fill("title", "As I want it");
        page.fill("slug", "mine");
        patch(
            stage,
            &path,
            &json!({ "title": "As others want it", "slug": "theirs", "words": 7 }),
        );
        page.expects(412);
        page.click("button", "Save");
        page.sees("Somebody else has saved this record.");
        page.within("group", "title").sees("As it was");
        page.within("group", "slug").check("Stored now");
        page.click("button", "Save these choices");
        page.hears("As I want it is saved.");
        let now = stage.get(&path);
        assert_eq!(
            (&now["title"], &now["slug"]),
            (&json!("As I want it"), &json!("theirs"))
        );
        assert_eq!(now["words"], 7, "what others alone have changed stays");
    });
}

#[test]
fn a_draft_on_an_older_version_leads_to_the_conflict() {
    story(|stage| {
        define(stage);
        let (id, path) = article(stage, &json!({ "title": "Old" }));
        let page = editor(stage, &id);
        page.fill("title", "Mine");
        page.click("button", "Close");
        page.hears("Your changes are kept here");
        patch(stage, &path, &json!({ "title": "Theirs" }));
        page.go(&format!("#/records/articles/{id}"));
        page.sees("Somebody has saved this record since");
        page.expects(412);
        page.click("button", "Save");
        page.within("group", "title").sees("Theirs");
        page.click("button", "Take all as stored");
        page.holds("title", "Theirs");
    });
}

#[test]
fn a_record_goes_back_to_a_version_and_forth() {
    story(|stage| {
        define(stage);
        let (id, path) = article(stage, &json!({ "title": "One word" }));
        patch(stage, &path, &json!({ "title": "Another word" }));
        let page = stage.admin(&format!("/admin/#/records/articles/{id}/history"));
        page.within("listitem", "Version 1").sees("made");
        page.within("listitem", "Version 1")
            .click("button", "Show this version");
        page.has("heading", "One word, version 1");
        page.press("Escape");
        page.within("listitem", "Version 1")
            .click("button", "Go back to this version");
        page.hears("The record is as it was in version 1.");
        assert_eq!(stage.get(&path)["title"], "One word");
        page.click("button", "Undo");
        page.hears("Undone: ");
        assert_eq!(stage.get(&path)["title"], "Another word");
    });
}

#[test]
fn nothing_is_lost_while_stead_cannot_be_reached() {
    story(|stage| {
        define(stage);
        let (id, path) = article(stage, &json!({ "title": "Online" }));
        let page = editor(stage, &id);
        page.fill("title", "Offline");
        page.expects_silence();
        page.offline(true);
        page.click("button", "Save");
        page.hears("so nothing was saved");
        page.holds("title", "Offline");
        page.offline(false);
        page.click("button", "Save");
        page.hears("Offline is saved.");
        assert_eq!(stage.get(&path)["title"], "Offline");
    });
}

#[test]
fn a_copy_leaves_out_what_must_be_unique() {
    story(|stage| {
        define(stage);
        let (id, _) = article(
            stage,
            &json!({ "title": "Form", "slug": "form", "words": 3 }),
        );
        let page = editor(stage, &id);
        page.click("button", "More actions");
        page.click("menuitem", "Duplicate");
        page.sees("A copy of Form.");
        page.holds("words", "3");
        page.holds("slug", "");
        page.click("button", "Create and add another");
        page.hears("The article Form is created.");
        page.focuses("textbox", "title");
        page.holds("title", "");
    });
}

#[test]
fn a_session_that_ends_under_an_open_record_is_begun_again_before_it() {
    story(|stage| {
        define(stage);
        let (id, _) = article(stage, &json!({ "title": "Signed in" }));
        let page = editor(stage, &id);
        page.fill("title", "Signed out");
        let user = stage.get("/api/auth/me")["id"].as_str().unwrap().to_owned();
        delete(stage, &format!("/api/system/users/{user}/sessions"));
        page.expects(401);
        page.click("button", "Save");
        page.has("heading", "Sign in");
        page.focuses("textbox", "Password");
        page.types(PASSWORD);
        page.press("Enter");
        page.hears("Signed out is saved.");
        page.reload();
        page.has("dialog", "Signed out");
        page.does_not_see("Your unsaved changes");
    });
}
