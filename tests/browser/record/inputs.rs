//! The inputs of fields that take more than a line of text.

use serde_json::{Value, json};

use super::{article, define, editor};
use crate::browser::story::story;

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
