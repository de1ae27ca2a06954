//! Records by files, in and out.

use std::fmt::Write as _;
use std::fs;

use super::{bake, breads, count};
use crate::browser::story::story;

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
