//! The accounts of an instance: made, found, changed, shut out, deleted and brought back.

use serde_json::json;

use super::{
    colleague::{as_ben, ben},
    story::{Stage, story},
};

/// Whether Ben may sign in, and what he may do.
fn of_ben(stage: &Stage, id: &str, what: &str) -> String {
    stage.get(&format!("/api/v1/users/{id}"))[what].to_string()
}

#[test]
fn a_new_user_is_handed_a_password_and_must_choose_another() {
    story(|stage| {
        let page = stage.admin("/admin/#/users");
        page.click("link", "New user");
        page.fill("Email", "cleo@example.com");
        page.fill("Name", "Cleo");
        page.click("button", "Generate");
        page.check("viewer");
        page.click("button", "Create user");
        page.sees("the password is shown this once");
        page.click_beside(1);
        let lines = page.script("document.querySelector('dialog pre').textContent");
        let password = lines.as_str().unwrap().lines().last().unwrap();
        let cleo = stage.signed_in("cleo@example.com", password, "/admin/");
        cleo.has("heading", "Choose a new password");
    });
}

#[test]
fn a_click_beside_throws_nothing_away_that_was_typed() {
    story(|stage| {
        let page = stage.admin("/admin/#/users");
        page.click("link", "New user");
        page.fill("Name", "Cleo");
        page.click_beside(1);
        page.focuses("textbox", "Name");
        page.types("o");
        assert_eq!(page.value("Name"), "Cleoo");
        page.press("Escape");
        page.arrives("#/users");
        page.focuses("link", "New user");
    });
}

#[test]
fn an_email_that_is_taken_is_told_at_its_field() {
    story(|stage| {
        ben(stage, &[]);
        let page = stage.admin("/admin/#/users/new");
        page.fill("Email", "Ben@Example.com");
        page.fill("Name", "Another Ben");
        page.fill("Password", "a good passphrase");
        page.expects(409);
        page.click("button", "Create user");
        page.focuses("textbox", "Email");
        page.describes("Email", "This is taken already.");
        assert_eq!(page.value("Name"), "Another Ben");
    });
}

#[test]
fn users_are_found_by_name_address_and_role() {
    story(|stage| {
        ben(stage, &["viewer"]);
        let page = stage.admin("/admin/#/users");
        page.fill("Name or email", "BAKER");
        page.sees("1 user");
        page.has("link", "Ben Baker");
        page.fill("Name or email", "ben@EXAMPLE");
        page.sees("1 user");
        page.arrives("#/users?q=ben%40EXAMPLE");
        page.select("Role", "admin");
        page.sees("Nobody fits");
        page.click("link", "Show all");
        page.sees("2 users");
        page.holds("Name or email", "");
    });
}

#[test]
fn who_is_disabled_is_out_at_once_and_comes_back_by_undo() {
    story(|stage| {
        let id = ben(stage, &["viewer"]);
        let page = stage.admin(&format!("/admin/#/users/{id}"));
        page.click("button", "Disable");
        page.hears("Ben Baker is disabled and signed out.");
        assert_eq!(of_ben(stage, &id, "status"), "\"disabled\"");
        page.click("button", "Undo");
        page.hears("Undone: ");
        page.has("button", "Disable");
        assert_eq!(of_ben(stage, &id, "status"), "\"active\"");
    });
}

#[test]
fn the_last_administrator_stays() {
    story(|stage| {
        let page = stage.admin("/admin/#/users?role=admin");
        let id = stage.get("/api/auth/me")["id"].as_str().unwrap().to_owned();
        page.script(&format!("location.hash = '/users/{id}'"));
        page.click("button", "Disable");
        page.expects(422);
        page.click("button", "Go on");
        page.hears("This is the last active administrator.");
        page.has("button", "Disable");
    });
}

#[test]
fn roles_are_given_and_what_somebody_else_saved_is_shown() {
    story(|stage| {
        let id = ben(stage, &[]);
        let page = stage.admin(&format!("/admin/#/users/{id}"));
        page.check("editor");
        let changed = json!({ "displayName": "Benjamin" });
        stage.api("PATCH", &format!("/api/v1/users/{id}"), &changed);
        page.expects(412);
        page.click("button", "Save");
        page.has("heading", "Somebody else saved first");
        page.has("row", "Benjamin");
        page.click("button", "Keep mine");
        page.hears("Ben Baker was saved.");
        assert_eq!(of_ben(stage, &id, "roles"), r#"["editor"]"#);
    });
}

#[test]
fn who_has_failed_too_often_is_unlocked() {
    story(|stage| {
        let id = ben(stage, &[]);
        let wrong = json!({ "email": "ben@example.com", "password": "a wrong one" });
        for _ in 0..5 {
            stage.stead.request("", "POST", "/api/auth/login", &wrong);
        }
        let page = stage.admin(&format!("/admin/#/users/{id}"));
        page.sees("Too many wrong passwords");
        page.click("button", "Unlock");
        page.hears("Ben Baker can sign in without waiting.");
        page.has_no("button", "Unlock");
        let lockout = stage.get(&format!("/api/system/users/{id}/lockout"));
        assert_eq!(lockout["locked"], false);
    });
}

#[test]
fn a_session_that_is_ended_leaves() {
    story(|stage| {
        let id = ben(stage, &["admin"]);
        let there = as_ben(stage, "/admin/#/account");
        there.has("heading", "Your account");
        let page = stage.admin(&format!("/admin/#/users/{id}"));
        page.click("button", "End all sessions");
        page.within("dialog", "End all sessions of Ben Baker?")
            .click("button", "End all sessions");
        page.hears("All sessions were ended.");
        there.expects(401);
        there.script("dispatchEvent(new Event('focus'))");
        there.hears("Your session has ended.");
    });
}

#[test]
fn who_is_deleted_waits_in_the_trash() {
    story(|stage| {
        let id = ben(stage, &["viewer"]);
        let page = stage.admin(&format!("/admin/#/users/{id}"));
        page.click("button", "Delete");
        page.hears("Ben Baker was deleted and signed out.");
        page.arrives("#/users");
        page.click("link", "Trash");
        page.click("button", "Restore");
        page.hears("Ben Baker is back, with all roles.");
        page.sees("The trash is empty");
        assert_eq!(of_ben(stage, &id, "roles"), r#"["viewer"]"#);
    });
}

#[test]
fn who_is_purged_is_asked_for_and_gone() {
    story(|stage| {
        let id = ben(stage, &[]);
        let path = format!("/api/v1/users/{id}");
        stage.api("DELETE", &path, &json!(null));
        let page = stage.admin("/admin/#/users?trash=1");
        page.click("button", "Delete for good");
        page.within("dialog", "Delete Ben Baker for good?")
            .click("button", "Delete for good");
        page.hears("Ben Baker is gone for good.");
        let trash = stage.get("/api/v1/users?trashed=only");
        assert_eq!(trash["pagination"]["totalItems"], 0);
    });
}

#[test]
fn nobody_changes_who_may_do_more() {
    story(|stage| {
        let permissions = json!([
            "users:read",
            "users:write",
            "system:roles:read",
            "system:collections:read"
        ]);
        let desk = json!({ "name": "desk", "permissions": permissions });
        stage.post("/api/system/roles", &desk);
        ben(stage, &["desk"]);
        let admin = stage.get("/api/auth/me")["id"].as_str().unwrap().to_owned();
        let page = as_ben(stage, &format!("/admin/#/users/{admin}"));
        page.sees("This user may do more than your account");
        page.is_disabled("checkbox", "viewer");
        page.has_no("button", "Save");
        page.has_no("button", "Disable");
    });
}
