//! One cell, changed where it stands.

use serde_json::json;

use super::{bake, breads, found, id, stored};
use crate::browser::story::story;

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
fn what_is_typed_is_saved_where_its_column_goes() {
    story(|stage| {
        let all = bake(stage, 2);
        let page = breads(stage, "?sort=name");
        page.double_click("cell", "1");
        page.types("23");
        page.width(360);
        page.hears("Saved.");
        assert_eq!(stored(stage, &all[1])["stock"], 23);
    });
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
