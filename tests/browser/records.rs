//! The records of a collection: finding them, and what is done with one, with many, with all.

use std::fmt::Write as _;
use std::fs;

use serde_json::{Value, json};

use super::{
    driver::Page,
    story::{Stage, story},
};
use crate::support::process::PASSWORD;

/// A collection `breads` with a field for each of what these stories do, and `count` records:
/// `Loaf 000`, `Loaf 001` and so on, whose stock is their number.
fn bake(stage: &Stage, count: usize) -> Vec<Value> {
    for definition in [
        json!({ "name": "mills", "fields": [{ "name": "name", "type": "text", "required": true }] }),
        json!({ "name": "breads", "fields": [
            { "name": "name", "type": "text", "required": true, "unique": true },
            { "name": "stock", "type": "integer", "min": 0 },
            { "name": "vegan", "type": "boolean" },
            { "name": "mill_id", "type": "relation", "collection": "mills" },
            { "name": "state", "type": "select", "options": ["fresh", "stale"] } ] }),
    ] {
        stage.post("/api/system/collections", &definition);
    }
    let mill = stage.post("/api/v1/mills", &json!({ "name": "Old Mill" }));
    let breads = (0..count).map(|at| {
        json!({ "name": format!("Loaf {at:03}"), "stock": at, "vegan": true, "millId": mill["id"], "state": "fresh" })
    });
    let body = Value::Array(breads.collect());
    let made = stage.post("/api/v1/breads", &body);
    made["items"].as_array().unwrap().clone()
}

fn breads(stage: &Stage, query: &str) -> Page {
    stage.admin(&format!("/admin/#/records/breads{query}"))
}

/// A bread as it is stored.
fn stored(stage: &Stage, bread: &Value) -> Value {
    stage.get(&format!("/api/v1/breads/{}", id(bread)))
}

fn id(bread: &Value) -> &str {
    bread["id"].as_str().unwrap()
}

/// How many breads fit a condition.
fn count(stage: &Stage, condition: &str) -> Value {
    let list = stage.get(&format!("/api/v1/breads?pageSize=1&{condition}"));
    list["pagination"]["totalItems"].clone()
}

#[test]
fn a_relation_is_the_title_of_its_record_and_leads_there_without_leaving_the_list() {
    story(|stage| {
        bake(stage, 2);
        let page = breads(stage, "?sort=name");
        page.within("row", "Loaf 000").click("link", "Old Mill");
        page.script_holds("location.hash.includes('open=mills')");
        page.back();
        page.has("row", "Loaf 001");
        page.arrives("#/records/breads?sort=name");
    });
}

#[test]
fn the_order_stands_in_the_address() {
    story(|stage| {
        bake(stage, 3);
        let page = breads(stage, "");
        page.has("row", "Loaf 002");
        page.within("columnheader", "stock")
            .click("button", "stock");
        page.arrives("#/records/breads?sort=stock");
        page.within("columnheader", "stock")
            .click("button", "stock");
        page.reload();
        page.has("row", "Loaf 002");
        let first = page.script("document.querySelector('tbody th').innerText");
        assert_eq!(first, "Loaf 002");
    });
}

#[test]
fn more_rows_come_below_those_that_are_there() {
    story(|stage| {
        bake(stage, 60);
        let page = breads(stage, "?sort=name");
        page.sees("50 of 60 records");
        page.click("button", "Show more");
        page.has("row", "Loaf 059");
        page.has("row", "Loaf 000");
        page.sees("60 records");
        page.has_no("button", "Show more");
    });
}

#[test]
fn one_box_takes_words_and_expressions() {
    story(|stage| {
        bake(stage, 12);
        let page = breads(stage, "");
        page.fill("Search", "loaf 003");
        page.press("Enter");
        page.sees("1 record");
        page.fill("Search", "stock > 8 && vegan == true");
        page.press("Enter");
        page.sees("stock is more than 8");
        page.sees("3 records");
        page.click("button", "Remove: stock is more than 8");
        page.sees("12 records");
        page.holds("Search", "vegan == true");
    });
}

#[test]
fn a_fault_of_an_expression_is_told_at_the_box_with_its_place() {
    story(|stage| {
        bake(stage, 1);
        let page = breads(stage, "");
        page.has("row", "Loaf 000");
        page.expects(400);
        page.fill("Search", "stock = 8");
        page.press("Enter");
        page.is_invalid("Search");
        page.describes("Search", "At character 7: Write == to compare");
        page.has("row", "Loaf 000");
    });
}

#[test]
fn a_filter_is_put_together_by_choosing() {
    story(|stage| {
        bake(stage, 12);
        let page = breads(stage, "");
        page.click("button", "Filter");
        page.select("Field", "millId");
        page.fill("Value", "Old");
        page.sees("mill.name.contains(\"Old\")");
        page.click("button", "Show what fits");
        page.sees("millId is called like Old");
        page.sees("12 records");
    });
}

#[test]
fn a_cell_is_changed_in_place_and_taken_back() {
    story(|stage| {
        let all = bake(stage, 2);
        let page = breads(stage, "");
        page.double_click("cell", "1");
        page.fill("stock", "77");
        page.press("Enter");
        page.hears("Saved.");
        page.has("cell", "77");
        assert_eq!(stored(stage, &all[1])["stock"], 77);
        page.click("button", "Undo");
        page.hears("stock is as it was before.");
        assert_eq!(stored(stage, &all[1])["stock"], 1);
    });
}

#[test]
fn what_may_not_be_is_said_in_the_cell() {
    story(|stage| {
        let all = bake(stage, 2);
        let page = breads(stage, "");
        page.double_click("cell", "1");
        page.fill("stock", "-5");
        page.expects(400);
        page.press("Enter");
        page.is_invalid("stock");
        page.press("Escape");
        page.has("cell", "1");
        assert_eq!(stored(stage, &all[1])["stock"], 1);
    });
}

#[test]
fn who_is_overtaken_is_told_and_overwrites_nothing() {
    story(|stage| {
        let all = bake(stage, 2);
        let page = breads(stage, "");
        page.double_click("cell", "1");
        let path = format!("/api/v1/breads/{}", id(&all[1]));
        stage.api("PATCH", &path, &json!({ "stock": 30 }));
        page.expects(412);
        page.fill("stock", "77");
        page.press("Enter");
        page.hears("Somebody else has changed this record.");
        page.has("cell", "30");
        page.click("link", "Open it");
        page.script_holds("location.hash.startsWith('#/records/breads/0')");
    });
}

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
fn ten_thousand_rows_are_imported_and_taken_back() {
    story(|stage| {
        bake(stage, 1);
        let file = stage.data().join("breads.csv");
        let rows = (0..10_000).fold(String::from("name,stock\n"), |mut text, at| {
            let _ = writeln!(text, "Roll {at},{at}");
            text
        });
        fs::write(&file, rows).unwrap();
        let page = breads(stage, "");
        page.click("button", "More");
        page.click("menuitem", "Import");
        page.upload("File", &file);
        page.click("button", "Import");
        page.hears("10,000 made.");
        assert_eq!(count(stage, ""), 10_001);
        page.click("button", "Take it back");
        page.hears("10,000 records taken back.");
        assert_eq!(count(stage, ""), 1);
    });
}

#[test]
fn bad_lines_of_a_file_are_told_and_nothing_is_imported() {
    story(|stage| {
        bake(stage, 1);
        let file = stage.data().join("breads.csv");
        fs::write(&file, "name,stock\nRoll,1\nLoaf 000,2\n").unwrap();
        let page = breads(stage, "");
        page.click("button", "More");
        page.click("menuitem", "Import");
        page.upload("File", &file);
        page.expects(400);
        page.click("button", "Import");
        page.hears("Nothing was imported.");
        page.within("region", "Bad lines").sees("3");
        assert_eq!(count(stage, ""), 1);
    });
}

#[test]
fn what_the_filter_shows_is_exported() {
    story(|stage| {
        bake(stage, 12);
        let page = breads(stage, "?filter=stock >= 10");
        page.sees("2 records");
        page.click("button", "More");
        page.click("menuitem", "Export");
        page.click("button", "Export");
        let file = page.download();
        assert_eq!(file.name, "breads.csv");
        let text = String::from_utf8(file.bytes).unwrap();
        assert_eq!(text.lines().count(), 3, "{text}");
        page.hears("2 records exported.");
    });
}

#[test]
fn the_list_is_walked_by_keys() {
    story(|stage| {
        bake(stage, 3);
        let page = breads(stage, "?sort=name");
        page.has("row", "Loaf 002");
        page.press("j");
        page.press("j");
        page.focuses("link", "Loaf 001");
        page.press("x");
        page.sees("1 selected");
        page.press("ArrowRight");
        page.press("F2");
        page.fill("stock", "9");
        page.press("Enter");
        page.hears("Saved.");
        page.press("n");
        page.arrives("#/records/breads/new?sort=name");
    });
}

#[test]
fn columns_are_chosen_and_remembered() {
    story(|stage| {
        bake(stage, 1);
        let page = breads(stage, "");
        page.has("columnheader", "stock");
        page.click("button", "Columns");
        page.uncheck("stock");
        page.has_no("columnheader", "stock");
        page.reload();
        page.has("row", "Loaf 000");
        page.has_no("columnheader", "stock");
    });
}

#[test]
fn a_phone_shows_a_list_with_the_title_first() {
    story(|stage| {
        bake(stage, 30);
        let page = breads(stage, "?sort=name");
        page.width(360);
        page.within("region", "Records of breads")
            .counts("listitem", 30);
        let shown = "[...document.querySelectorAll('[data-row]')].filter((row) => \
                     row.getBoundingClientRect().bottom < innerHeight).length";
        assert!(page.script(shown).as_u64() >= Some(6));
        page.click("button", "More of Loaf 000");
        page.within("listitem", "Loaf 000").sees("Old Mill");
        page.has("link", "New record");
    });
}

#[test]
fn what_was_loaded_stays_without_a_network() {
    story(|stage| {
        bake(stage, 60);
        let page = breads(stage, "?sort=name");
        page.sees("50 of 60 records");
        page.expects_silence();
        page.offline(true);
        page.click("button", "Show more");
        page.sees("Stead cannot be reached.");
        page.has("row", "Loaf 000");
        page.offline(false);
        page.does_not_see("Stead cannot be reached.");
        page.click("button", "Show more");
        page.has("row", "Loaf 059");
    });
}

#[test]
fn who_only_reads_is_offered_nothing_else() {
    story(|stage| {
        let all = bake(stage, 2);
        let cleo = json!({
            "email": "cleo@example.com", "password": PASSWORD, "displayName": "Cleo", "roles": ["viewer"],
        });
        stage.post("/api/v1/users", &cleo);
        let page = stage.signed_in("cleo@example.com", PASSWORD, "/admin/#/records/breads");
        page.fill("Current password", PASSWORD);
        page.fill("New password", "another good passphrase");
        page.click("button", "Change password");
        page.check("Select Loaf 000");
        page.has("button", "Export");
        page.has_no("button", "Delete");
        page.has_no("link", "New record");
        page.double_click("cell", "1");
        page.arrives(&format!("#/records/breads/{}", id(&all[1])));
    });
}

/// Bakeries with a day and a number, one of them with both.
fn found(stage: &Stage) -> String {
    let bakeries = json!({ "name": "bakeries", "fields": [
        { "name": "name", "type": "text", "required": true },
        { "name": "opened_on", "type": "date" } ] });
    stage.post("/api/system/collections", &bakeries);
    let body = json!({ "name": "Corner", "openedOn": "2026-01-15" });
    let made = stage.post("/api/v1/bakeries", &body);
    format!("/api/v1/bakeries/{}", id(&made))
}

#[test]
fn a_day_of_which_a_part_is_missing_empties_no_cell() {
    story(|stage| {
        let path = found(stage);
        let page = stage.admin("/admin/#/records/bakeries");
        page.double_click("cell", "Jan 15, 2026");
        page.script_holds("document.activeElement.type === 'date'");
        page.press("Backspace");
        page.press("Enter");
        page.describes("openedOn", "Fill in all parts of it, or none.");
        page.press("Escape");
        page.has("cell", "Jan 15, 2026");
        assert_eq!(stage.get(&path)["openedOn"], "2026-01-15");
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
fn a_collection_that_was_renamed_elsewhere_is_told_to_be_gone() {
    story(|stage| {
        found(stage);
        let page = stage.admin("/admin/#/records/bakeries");
        page.has("row", "Corner");
        let name = json!({ "name": "shops" });
        stage.api("PATCH", "/api/system/collections/bakeries", &name);
        page.expects(404);
        page.within("columnheader", "name").click("button", "name");
        page.has("heading", "There is no collection bakeries");
        page.within("navigation", "Main").click("link", "shops");
        page.has("row", "Corner");
    });
}

#[test]
fn an_order_that_there_is_not_is_left_by_one_click() {
    story(|stage| {
        bake(stage, 1);
        let page = stage.admin("/admin/#/collections");
        page.expects(400);
        page.go("/admin/#/records/breads?sort=weight");
        page.sees("They cannot be sorted so");
        page.click("button", "Show them without it");
        page.has("row", "Loaf 000");
        page.arrives("#/records/breads");
    });
}

#[test]
fn an_address_that_was_cut_leads_to_no_blank_page() {
    story(|stage| {
        let page = stage.admin("/admin/#/records/%E0%A4%A");
        page.has("heading", "There is no collection %E0%A4%A");
    });
}

#[test]
fn a_field_that_went_elsewhere_takes_its_order_along() {
    story(|stage| {
        found(stage);
        let page = stage.admin("/admin/#/records/bakeries?sort=openedOn");
        page.has("row", "Corner");
        let renamed = json!({ "fields": [
            { "name": "since", "type": "date", "renamedFrom": "opened_on" } ] });
        stage.api("PATCH", "/api/system/collections/bakeries", &renamed);
        page.expects(400);
        page.click("button", "More");
        page.click("menuitem", "Load again");
        page.click("button", "Show them without it");
        page.has("row", "Corner");
        page.has_no("columnheader", "openedOn");
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
