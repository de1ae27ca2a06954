//! Finding records: order, words, expressions, filters.

use serde_json::json;

use super::{bake, breads, found};
use crate::browser::story::story;

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
fn what_is_typed_into_the_emptied_box_stays() {
    story(|stage| {
        bake(stage, 12);
        let page = breads(stage, "?search=loaf%20003");
        page.sees("1 record");
        let fast = "const box = document.querySelector('[type=search]'); box.focus(); \
                    for (const text of ['', 'stock > 8']) { box.value = text; \
                    box.dispatchEvent(new InputEvent('input', { bubbles: true })); }";
        page.script(&format!("(() => {{ {fast} }})()"));
        page.sees("12 records");
        page.holds("Search", "stock > 8");
        page.press("Enter");
        page.sees("3 records");
        page.click("button", "Remove: stock is more than 8");
        page.sees("12 records");
        page.holds("Search", "");
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
