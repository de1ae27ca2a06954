//! Many records at once: deleted, changed, brought back.

use serde_json::{Value, json};

use super::{bake, breads, count, found, id};
use crate::browser::story::story;

#[test]
fn many_are_deleted_at_once_and_come_back() {
    story(|stage| {
        bake(stage, 4);
        let page = breads(stage, "?sort=name");
        page.check("Select Loaf 001");
        page.check("Select Loaf 002");
        page.click("button", "Delete");
        page.hears("2 records deleted.");
        page.has_no("row", "Loaf 001");
        assert_eq!(count(stage, ""), 2);
        page.click("button", "Undo");
        page.hears("Undone: ");
        page.has("row", "Loaf 001");
        assert_eq!(count(stage, ""), 4);
    });
}

#[test]
fn what_cannot_be_undone_is_asked_first() {
    story(|stage| {
        let crumbs = json!({ "name": "crumbs", "deletion": "hard",
            "fields": [{ "name": "name", "type": "text", "required": true }] });
        stage.post("/api/system/collections", &crumbs);
        stage.post(
            "/api/v1/crumbs",
            &json!([{ "name": "Rye" }, { "name": "Oat" }]),
        );
        let page = stage.admin("/admin/#/records/crumbs");
        page.check("Select Rye");
        page.click("button", "Delete");
        let question = page.within("dialog", "Delete 1 record?");
        question.sees("They go for good and cannot be brought back.");
        question.click("button", "Cancel");
        page.has("row", "Rye");
        page.click("button", "Delete");
        question.click("button", "Delete");
        page.hears("1 record deleted.");
        page.has_no("row", "Rye");
        assert_eq!(stage.get("/api/v1/crumbs")["pagination"]["totalItems"], 1);
    });
}

#[test]
fn objects_of_many_records_are_replaced_not_merged() {
    story(|stage| {
        let boxes = json!({ "name": "boxes", "fields": [
            { "name": "name", "type": "text", "required": true }, { "name": "size", "type": "json" }] });
        stage.post("/api/system/collections", &boxes);
        let two = json!([
            { "name": "Flat", "size": { "height": 1 } },
            { "name": "Tall", "size": { "height": 9, "lid": { "height": 2 } } },
        ]);
        stage.post("/api/v1/boxes", &two);
        let page = stage.admin("/admin/#/records/boxes");
        page.check("Select all that are shown");
        page.click("button", "Edit");
        page.select("Field", "size");
        page.click("button", "Change all");
        page.describes("New value", "Fill this in.");
        page.fill("New value", r#"{ "width": 5 }"#);
        page.click("button", "Change all");
        page.hears("2 records changed.");
        let sizes = || {
            let list = stage.get("/api/v1/boxes?sort=name");
            json!([list["items"][0]["size"], list["items"][1]["size"]])
        };
        assert_eq!(sizes(), json!([{ "width": 5 }, { "width": 5 }]));
        page.click("button", "Undo");
        page.hears("Undone: 2 records changed.");
        assert_eq!(sizes(), json!([two[0]["size"], two[1]["size"]]));
    });
}

#[test]
fn one_field_of_all_that_fit_is_changed_and_taken_back() {
    story(|stage| {
        bake(stage, 130);
        let page = breads(stage, "?filter=stock >= 10");
        page.check("Select all that are shown");
        page.click("button", "Select all 120");
        page.click("button", "Edit");
        page.select("Field", "state");
        page.select("New value", "stale");
        page.click("button", "Change all");
        page.hears("120 records changed.");
        assert_eq!(count(stage, "state=stale"), 120);
        page.click("button", "Undo");
        page.hears("Undone: ");
        assert_eq!(count(stage, "state=stale"), 0);
    });
}

#[test]
fn deleted_records_are_restored_or_go_for_good() {
    story(|stage| {
        for bread in &bake(stage, 3)[..2] {
            stage.api(
                "DELETE",
                &format!("/api/v1/breads/{}", id(bread)),
                &Value::Null,
            );
        }
        let page = breads(stage, "");
        page.click("button", "More");
        page.click("menuitem", "Deleted records");
        page.check("Select Loaf 000");
        page.click("button", "Restore");
        page.hears("1 record restored.");
        page.check("Select Loaf 001");
        page.click("button", "Delete for good");
        page.within("dialog", "Delete 1 record for good?")
            .click("button", "Delete for good");
        page.sees("Nothing deleted");
        assert_eq!(count(stage, "trashed=with"), 2);
    });
}

#[test]
fn many_are_emptied_only_by_who_says_so() {
    story(|stage| {
        let path = found(stage);
        let page = stage.admin("/admin/#/records/bakeries");
        page.check("Select Corner");
        page.click("button", "Edit");
        page.select("Field", "openedOn");
        page.click("button", "Change all");
        page.describes("New value", "Fill this in.");
        assert_eq!(stage.get(&path)["openedOn"], "2026-01-15");
        page.check("Make it empty");
        page.click("button", "Change all");
        page.hears("1 record changed.");
        assert_eq!(stage.get(&path)["openedOn"], Value::Null);
    });
}

#[test]
fn a_record_that_is_deleted_in_its_window_is_no_longer_selected() {
    story(|stage| {
        bake(stage, 3);
        let page = breads(stage, "?sort=name");
        page.check("Select Loaf 000");
        page.check("Select Loaf 001");
        page.sees("2 selected");
        page.click("link", "Loaf 001");
        page.click("button", "More actions");
        page.click("menuitem", "Delete");
        page.sees("1 selected");
        page.click("button", "Delete");
        page.hears("1 record deleted.");
        assert_eq!(count(stage, ""), 1);
    });
}
