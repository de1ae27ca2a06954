//! Setting up, signing in and out.

use serde_json::{Value, json};

use super::story::{story, story_from_nothing};
use crate::support::process::{EMAIL, PASSWORD};

#[test]
fn the_setup_link_makes_the_first_account_and_enters() {
    story_from_nothing(|stage| {
        let page = stage.guest(&stage.setup_link());
        page.focuses("textbox", "Name");
        assert_eq!(page.address(), "", "the token has left the address");
        page.fill("Name", "Ann");
        page.fill("Email", EMAIL);
        page.fill("Password", PASSWORD);
        page.click("button", "Create account");
        page.has("button", "Sign out");
        assert_eq!(stage.get("/api/auth/me")["displayName"], "Ann");
    });
}

#[test]
fn faults_of_the_first_account_stand_at_their_fields() {
    story_from_nothing(|stage| {
        let page = stage.guest(&stage.setup_link());
        page.click("button", "Create account");
        page.focuses("textbox", "Name");
        page.fill("Name", "Ann");
        page.fill("Email", EMAIL);
        page.fill("Password", "short");
        page.expects(400);
        page.click("button", "Create account");
        page.focuses("textbox", "Password");
        page.is_invalid("Password");
        page.describes("Password", "At least 8 characters.");
        assert_eq!(page.value("Email"), EMAIL);
    });
}

#[test]
fn a_setup_link_that_is_wrong_makes_nobody() {
    story_from_nothing(|stage| {
        let page = stage.guest("/admin/#setup=wrong");
        page.expects(401);
        page.fill("Name", "Eve");
        page.fill("Email", EMAIL);
        page.fill("Password", PASSWORD);
        page.click("button", "Create account");
        page.hears("This link is wrong or too old.");
    });
}

#[test]
fn a_wrong_password_is_told_and_the_right_one_enters() {
    story(|stage| {
        let page = stage.guest("/admin/");
        page.expects(401);
        page.fill("Email", EMAIL);
        page.fill("Password", "a wrong one");
        page.click("button", "Sign in");
        page.hears("Email and password do not match.");
        assert_eq!(page.value("Email"), EMAIL);
        page.fill("Password", PASSWORD);
        page.click("button", "Sign in");
        page.has("button", "Sign out");
    });
}

#[test]
fn one_enters_by_the_keyboard_alone() {
    story(|stage| {
        let page = stage.guest("/admin/");
        page.focuses("textbox", "Email");
        page.types(EMAIL);
        page.press("Tab");
        page.focuses("textbox", "Password");
        page.press("Enter");
        page.describes("Password", "");
        page.types(PASSWORD);
        page.press("Enter");
        page.has("button", "Sign out");
    });
}

#[test]
fn who_signs_out_is_out_in_every_tab() {
    story(|stage| {
        // Where nothing is asked for any more that an ended session would be refused.
        let page = stage.admin("/admin/#/api");
        page.has("link", "users");
        page.click("button", "Sign out");
        page.hears("You are signed out.");
        let beside = page.tab("/admin/");
        beside.has("heading", "Sign in");
        page.reload();
        page.has("heading", "Sign in");
    });
}

#[test]
fn a_session_that_was_ended_elsewhere_asks_for_the_password() {
    story(|stage| {
        let page = stage.admin("/admin/");
        page.has("button", "Sign out");
        let id = stage.get("/api/auth/me")["id"].as_str().unwrap().to_owned();
        let sessions = format!("/api/system/users/{id}/sessions");
        stage.api("DELETE", &sessions, &Value::Null);
        page.expects(401);
        page.reload();
        page.has("heading", "Sign in");
    });
}

#[test]
fn nobody_else_is_signed_in_by_it() {
    story(|stage| {
        let page = stage.admin("/admin/");
        page.has("button", "Sign out");
        page.another("/admin/").has("heading", "Sign in");
        page.tab("/admin/").has("button", "Sign out");
    });
}

#[test]
fn who_was_given_a_password_chooses_another() {
    story(|stage| {
        let ben = json!({
            "email": "ben@example.com", "password": PASSWORD, "displayName": "Ben",
            "roles": ["admin"],
        });
        stage.post("/api/v1/users", &ben);
        let page = stage.signed_in("ben@example.com", PASSWORD, "/admin/");
        page.fill("Current password", PASSWORD);
        page.fill("New password", "another good passphrase");
        page.click("button", "Change password");
        page.has("button", "Sign out");
    });
}

#[test]
fn who_has_tried_too_often_sees_how_long_to_wait() {
    story(|stage| {
        let page = stage.guest("/admin/");
        page.expects(401);
        page.expects(429);
        page.fill("Email", EMAIL);
        for _ in 0..5 {
            page.fill("Password", "a wrong one");
            page.click("button", "Sign in");
            page.hears("Email and password do not match.");
        }
        page.fill("Password", PASSWORD);
        page.click("button", "Sign in");
        page.hears("Too many tries. Wait 30 seconds");
        page.script_holds(
            "/^Wait [0-9]+ s$/.test(document.querySelector('[type=submit]').textContent.trim())",
        );
        page.script_holds("document.querySelector('[type=submit]').ariaDisabled === 'true'");
    });
}

#[test]
fn who_is_disabled_is_told_so() {
    story(|stage| {
        let ben = json!({ "email": "ben@example.com", "password": PASSWORD, "displayName": "Ben" });
        let id = stage.post("/api/v1/users", &ben)["id"].clone();
        let path = format!("/api/v1/users/{}/deactivate", id.as_str().unwrap());
        stage.post(&path, &Value::Null);
        let page = stage.guest("/admin/");
        page.fill("Email", "ben@example.com");
        page.fill("Password", PASSWORD);
        page.expects(403);
        page.click("button", "Sign in");
        page.hears("This account is disabled.");
    });
}
