//! What stands around all screens.

use serde_json::Value;

use super::story::story;
use crate::support::process::PASSWORD;

#[test]
fn keys_lead_to_screens_and_are_listed() {
    story(|stage| {
        let page = stage.admin("/admin/");
        page.focuses("heading", "Home");
        page.press("g");
        page.press("a");
        page.arrives("#/api");
        page.focuses("heading", "API");
        page.press("?");
        page.within("dialog", "Keyboard shortcuts").sees("Home");
        page.press("Escape");
        page.focuses("heading", "API");
    });
}

#[test]
fn a_phone_has_the_ways_in_a_drawer() {
    story(|stage| {
        let page = stage.admin("/admin/");
        page.width(360);
        page.focuses("heading", "Home");
        page.click("button", "Open the menu");
        page.press("Escape");
        page.focuses("button", "Open the menu");
        page.click("button", "Open the menu");
        page.within("dialog", "Stead").click("link", "Collections");
        page.focuses("heading", "Collections");
        page.has_no("dialog", "Stead");
    });
}

#[test]
fn work_goes_on_where_a_session_ended() {
    story(|stage| {
        let page = stage.admin("/admin/#/api/users?call=createUser");
        let form = page.within("region", "Try it");
        form.fill("Body", "{ \"email\": \"half");
        let id = stage.get("/api/auth/me")["id"].as_str().unwrap().to_owned();
        let sessions = format!("/api/system/users/{id}/sessions");
        stage.api("DELETE", &sessions, &Value::Null);
        page.expects(401);
        page.script("document.dispatchEvent(new Event('visibilitychange'))");
        page.has("heading", "Sign in");
        page.fill("Password", PASSWORD);
        page.click("button", "Sign in");
        page.arrives("#/api/users?call=createUser");
        form.holds("Body", "{ \"email\": \"half");
    });
}

#[test]
fn what_was_loaded_stays_while_the_server_is_away() {
    story(|stage| {
        let page = stage.admin("/admin/#/api/users");
        page.within("region", "Try it").hears("Done.");
        page.expects_silence();
        stage.stead.signal("KILL");
        page.click("button", "Ask again");
        page.hears("What was loaded stays; nothing can be saved until it is back.");
        page.has("link", "GET View one");
    });
}
