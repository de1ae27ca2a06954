//! The main story, told without a mouse: from the setup link to a record that is deleted and comes
//! back.

use super::{
    driver::Page,
    story::{Stage, story_from_nothing},
};
use crate::support::process::{EMAIL, PASSWORD};

/// More steps than any screen has from its beginning to its end.
const STEPS: usize = 120;

/// Goes on by Tab until the focus is there.
#[track_caller]
fn reach(page: &Page, role: &str, name: &str) {
    page.has(role, name);
    for _ in 0..STEPS {
        if page.focused() == (role.to_owned(), name.to_owned()) {
            return;
        }
        page.press("Tab");
    }
    page.focuses(role, name);
}

/// Reaches a button or a link, and presses it.
#[track_caller]
fn press(page: &Page, role: &str, name: &str) {
    reach(page, role, name);
    page.press("Enter");
}

fn set_up(stage: &Stage) -> Page {
    let page = stage.guest(&stage.setup_link());
    page.focuses("textbox", "Name");
    page.types("Ann");
    page.press("Tab");
    page.types(EMAIL);
    page.press("Tab");
    page.types(PASSWORD);
    page.press("Enter");
    page.focuses("heading", "Home");
    page
}

fn make_a_collection(page: &Page) {
    page.press("g");
    page.press("c");
    page.focuses("heading", "Collections");
    page.go("#/collections/new");
    reach(page, "textbox", "Name");
    page.types("notes");
    press(page, "button", "Text A line, or many pages.");
    page.focuses("textbox", "Name");
    page.types("title");
    press(page, "button", "Create collection");
    page.arrives("#/records/notes");
}

fn make_and_change_a_record(page: &Page) {
    page.has("heading", "notes");
    page.press("n");
    page.focuses("textbox", "title");
    page.types("Milk");
    page.press("Control+s");
    page.hears("The note Milk is created.");
    reach(page, "textbox", "title");
    page.press("Control+a");
    page.types("Bread");
    page.press("Control+s");
    page.hears("Bread is saved.");
    page.press("Escape");
    page.arrives("#/records/notes");
    page.has("row", "Bread");
}

fn delete_and_take_back(page: &Page) {
    page.press("j");
    page.focuses("link", "Bread");
    page.press("x");
    page.sees("1 selected");
    press(page, "button", "Delete");
    page.hears("1 record deleted.");
    press(page, "button", "Undo");
    page.hears("Undone: ");
    page.has("row", "Bread");
}

#[test]
fn the_main_story_needs_no_mouse() {
    story_from_nothing(|stage| {
        let page = set_up(stage);
        make_a_collection(&page);
        make_and_change_a_record(&page);
        delete_and_take_back(&page);
        let listed = stage.get("/api/v1/notes");
        assert_eq!(listed["items"][0]["title"], "Bread", "{listed}");
    });
}
