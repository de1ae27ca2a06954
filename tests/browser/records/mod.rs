//! The records of a collection: finding them, and what is done with one, with many, with all.

mod cells;
mod finding;
mod many;
mod transfer;

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
fn a_wider_window_has_more_columns() {
    story(|stage| {
        bake(stage, 60);
        let page = breads(stage, "?sort=name");
        page.click("button", "Show more");
        page.has("row", "Loaf 059");
        page.width(768);
        page.has_no("columnheader", "state");
        page.width(1_440);
        page.has("columnheader", "state");
        page.within("row", "Loaf 059").has("cell", "fresh");
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

#[test]
fn a_record_is_closed_by_a_click_beside_it_but_not_by_the_second_of_two() {
    story(|stage| {
        let all = bake(stage, 2);
        let page = breads(stage, "");
        page.click("link", "Loaf 001");
        page.has("button", "Save");
        page.click_beside(2);
        page.fill("stock", "7");
        page.arrives(&format!("#/records/breads/{}", id(&all[1])));
        page.click_beside(1);
        page.arrives("#/records/breads");
        page.focuses("link", "Loaf 001");
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
