//! The record editor: making, changing, conflicts, drafts, deleting, history.

use serde_json::{Value, json};

use super::{
    colleague::{as_ben, ben},
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
fn what_was_deleted_meanwhile_is_made_again() {
    story(|stage| {
        define(stage);
        let (id, path) = article(stage, &json!({ "title": "Here", "words": 5 }));
        let page = editor(stage, &id);
        page.fill("title", "Still here");
        delete(stage, &path);
        page.expects(404);
        page.click("button", "Save");
        page.hears("Somebody has deleted this record meanwhile.");
        page.holds("title", "Still here");
        page.click("button", "Make it again");
        page.hears("The article Still here is created.");
        let made = stage.get("/api/v1/articles")["items"][0].take();
        assert_ne!(made["id"], id.as_str());
        assert_eq!(
            (&made["title"], &made["words"]),
            (&json!("Still here"), &json!(5))
        );
    });
}

#[test]
fn a_deletion_is_taken_back() {
    story(|stage| {
        define(stage);
        let (id, path) = article(stage, &json!({ "title": "Precious" }));
        let page = editor(stage, &id);
        page.click("button", "More actions");
        page.click("menuitem", "Delete");
        page.hears("Precious is deleted.");
        page.arrives("#/records/articles");
        page.click("button", "Undo");
        page.hears("Undone: ");
        assert_eq!(stage.get(&path)["title"], "Precious");
    });
}

#[test]
fn a_deleted_record_is_shown_and_restored() {
    story(|stage| {
        define(stage);
        let (id, path) = article(stage, &json!({ "title": "Buried" }));
        delete(stage, &path);
        let page = stage.admin("/admin/");
        page.expects(404);
        page.go(&format!("#/records/articles/{id}"));
        page.sees("This record was deleted");
        page.click("button", "Restore");
        page.hears("Buried is restored.");
        page.holds("title", "Buried");
        assert_eq!(stage.get(&path)["title"], "Buried");
    });
}

#[test]
fn who_may_not_restore_is_not_offered_to() {
    story(|stage| {
        define(stage);
        let (id, path) = article(stage, &json!({ "title": "Buried" }));
        let (other, _) = article(stage, &json!({ "title": "Living" }));
        delete(stage, &path);
        // Only who has both rights may bring a record back.
        for (role, right) in [
            ("keeper", "articles:restore"),
            ("digger", "articles:delete"),
        ] {
            let role = json!({ "name": role, "permissions": ["articles:read", right] });
            stage.post("/api/system/roles", &role);
        }
        let user = ben(stage, &["keeper"]);
        let page = as_ben(stage, "/admin/");
        page.expects(404);
        page.go(&format!("#/records/articles/{id}"));
        page.sees("This record was deleted");
        page.has_no("button", "Restore");
        patch(
            stage,
            &format!("/api/v1/users/{user}"),
            &json!({ "roles": ["digger"] }),
        );
        let page = as_ben(stage, &format!("/admin/#/records/articles/{other}"));
        page.click("button", "More actions");
        page.click("menuitem", "Delete");
        page.hears("Living is deleted.");
        // It would go by itself in the end.
        page.impatient().has_no("button", "Undo");
    });
}

#[test]
fn what_is_in_the_way_of_a_deletion_is_told() {
    story(|stage| {
        define(stage);
        let author = stage.post("/api/v1/authors", &json!({ "name": "Ada" }));
        article(
            stage,
            &json!({ "title": "Notes", "authorId": author["id"] }),
        );
        let page = stage.admin(&format!(
            "/admin/#/records/authors/{}",
            author["id"].as_str().unwrap()
        ));
        page.within("listitem", "articles, by authorId")
            .sees("1 record");
        page.click("button", "More actions");
        page.expects(409);
        page.click("menuitem", "Delete");
        page.hears("records of articles point at it by authorId");
        page.click("link", "Show them");
        page.sees("Notes");
    });
}

#[test]
fn what_is_lost_for_good_is_asked_before() {
    story(|stage| {
        define(stage);
        let tag = stage.post("/api/v1/tags", &json!({ "label": "red" }));
        let (_, path) = article(stage, &json!({ "title": "Notes", "tagIds": [tag["id"]] }));
        let page = stage.admin(&format!(
            "/admin/#/records/tags/{}",
            tag["id"].as_str().unwrap()
        ));
        page.click("button", "More actions");
        page.click("menuitem", "Delete for good");
        page.sees("articles: tagIds of 1 record will not name it any more");
        page.within("dialog", "Delete red for good?")
            .click("button", "Delete for good");
        page.hears("red is deleted for good.");
        assert_eq!(stage.get(&path)["tagIds"], json!([]));
    });
}

#[test]
fn a_record_to_point_at_is_found_or_made_on_the_way() {
    story(|stage| {
        define(stage);
        let ada = stage.post("/api/v1/authors", &json!({ "name": "Ada Lovelace" }));
        let page = stage.admin("/admin/#/records/articles/new");
        page.fill("title", "Notes");
        page.click("combobox", "authorId");
        page.types("love");
        page.has("option", "Ada Lovelace");
        page.press("Enter");
        page.holds("authorId", "Ada Lovelace");
        page.click("combobox", "tagIds");
        page.types("engines");
        page.click("option", "New tag “engines”");
        page.holds("label", "engines");
        page.within("dialog", "• New tag").click("button", "Create");
        page.has("link", "engines");
        page.click("button", "Create");
        page.hears("The article Notes is created.");
        let made = stage.get("/api/v1/articles")["items"][0].take();
        assert_eq!(made["authorId"], ada["id"]);
        assert_eq!(made["tagIds"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn escape_closes_a_list_of_options_and_not_the_window() {
    story(|stage| {
        define(stage);
        stage.post("/api/v1/authors", &json!({ "name": "Ada" }));
        let page = stage.admin("/admin/#/records/articles/new");
        page.click("combobox", "authorId");
        page.press("ArrowDown");
        page.has("option", "Ada");
        page.press("Escape");
        page.has_no("option", "Ada");
        page.has("dialog", "New article");
        page.press("Escape");
        page.arrives("#/records/articles");
    });
}

#[test]
fn json_tells_the_place_of_its_fault_and_is_replaced_as_a_whole() {
    story(|stage| {
        define(stage);
        let (id, path) = article(
            stage,
            &json!({ "title": "Data", "meta": { "a": 1, "b": { "c": 2 } } }),
        );
        let page = editor(stage, &id);
        page.fill("meta", "{\n  \"a\": 1,\n  \"a\": 2\n}");
        page.hears("Line 3, column 3: the name “a” stands twice.");
        page.fill("meta", "[12345678901234567890]");
        page.hears("browsers cannot keep 12345678901234567890 exactly");
        page.fill("meta", "{\"b\": {\"d\": null}}");
        page.press("Control+s");
        page.hears("Data is saved.");
        assert_eq!(stage.get(&path)["meta"], json!({ "b": { "d": null } }));
        page.fill("meta", "{\"b\": {}}");
        page.press("Control+s");
        page.has_no("heading", "• Data");
        assert_eq!(stage.get(&path)["meta"], json!({ "b": {} }));
    });
}

#[test]
fn an_empty_text_and_no_value_are_told_apart() {
    story(|stage| {
        define(stage);
        let (id, path) = article(stage, &json!({ "title": "Lead", "lead": "Words" }));
        let page = editor(stage, &id);
        page.fill("lead", "");
        page.sees("Empty text");
        page.press("Control+s");
        page.hears("Lead is saved.");
        assert_eq!(stage.get(&path)["lead"], "");
        page.click("button", "Set to no value");
        page.press("Control+s");
        page.has_no("heading", "• Lead");
        assert_eq!(stage.get(&path)["lead"], Value::Null);
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

#[test]
fn a_number_beyond_all_is_refused_and_not_forgotten() {
    story(|stage| {
        let sizes = json!({ "name": "sizes", "fields": [{ "name": "metres", "type": "number" }] });
        stage.post("/api/system/collections", &sizes);
        let made = stage.post("/api/v1/sizes", &json!({ "metres": 1.5 }));
        let id = made["id"].as_str().unwrap();
        let page = stage.admin(&format!("/admin/#/records/sizes/{id}"));
        page.fill("metres", "1e400");
        page.click("button", "Save");
        page.is_invalid("metres");
        assert_eq!(stage.get(&format!("/api/v1/sizes/{id}"))["metres"], 1.5);
    });
}
