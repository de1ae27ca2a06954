//! What the instance runs with, and how that is changed.

use super::story::story;

#[test]
fn a_setting_says_what_it_is_for_and_how_to_change_it() {
    story(|stage| {
        let page = stage.admin("/admin/#/settings");
        page.fill("Name or purpose", "shortest password");
        page.hears("1 of ");
        page.sees("Must be a whole number from 8 to 1024");
        page.script("document.querySelector('summary').click()");
        page.sees("password_min = 8");
        page.sees("STEAD_AUTH__PASSWORD_MIN=8");
    });
}

#[test]
fn what_differs_from_the_default_can_be_seen_alone() {
    story(|stage| {
        let page = stage.admin("/admin/#/settings");
        page.sees("password_min");
        page.check("Only what differs from the default");
        page.does_not_see("password_min");
        page.sees("data_dir");
        page.fill("Name or purpose", "no such thing");
        page.sees("No setting fits");
        page.click("button", "Show all");
        page.sees("password_min");
    });
}
