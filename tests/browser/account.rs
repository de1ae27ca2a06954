//! One's own account.

use super::{
    colleague::{CHOSEN, as_ben, ben},
    story::story,
};

#[test]
fn ones_name_changes_everywhere_at_once() {
    story(|stage| {
        ben(stage, &["admin"]);
        let page = as_ben(stage, "/admin/#/account");
        page.fill("Name", "Benjamin");
        page.click("button", "Save");
        page.hears("Your profile was saved.");
        page.has("link", "Benjamin");
    });
}

#[test]
fn another_password_ends_every_other_session() {
    story(|stage| {
        ben(stage, &["admin"]);
        let other = as_ben(stage, "/admin/#/account");
        other.has("heading", "Your account");
        let page = as_ben(stage, "/admin/#/account");
        page.fill("Current password", CHOSEN);
        page.fill("New password", "yet another passphrase");
        page.click("button", "Change password");
        page.hears("Your other sessions were ended.");
        page.holds("Current password", "");
        page.has_no("button", "End all other sessions");
        other.expects(401);
        other.script("dispatchEvent(new Event('focus'))");
        other.hears("Your session has ended.");
    });
}

#[test]
fn a_wrong_password_changes_nothing() {
    story(|stage| {
        ben(stage, &["admin"]);
        let page = as_ben(stage, "/admin/#/account");
        page.fill("Current password", "a wrong one");
        page.fill("New password", "yet another passphrase");
        page.expects(401);
        page.click("button", "Change password");
        page.is_invalid("Current password");
        as_ben(stage, "/admin/#/account").has("heading", "Your account");
    });
}

#[test]
fn other_sessions_are_ended_from_here() {
    story(|stage| {
        ben(stage, &["admin"]);
        as_ben(stage, "/admin/#/account").has("heading", "Your account");
        let page = as_ben(stage, "/admin/#/account");
        page.sees("this one");
        page.click("button", "End all other sessions");
        page.within("dialog", "End all other sessions")
            .click("button", "End all other sessions");
        page.hears("All other sessions were ended.");
        page.has_no("button", "End all other sessions");
    });
}

#[test]
fn light_and_dark_are_remembered() {
    story(|stage| {
        let page = stage.admin("/admin/#/account");
        page.check("Dark");
        page.script_holds("document.documentElement.dataset.theme === 'dark'");
        page.reload();
        page.script_holds("document.documentElement.dataset.theme === 'dark'");
        page.holds("Dark", "true");
    });
}
