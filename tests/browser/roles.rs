//! What users may do: the matrix of a role, its text, and what stands in the way of a change.

use serde_json::{Value, json};

use super::{
    colleague::ben,
    driver::Page,
    story::{Stage, story},
};

const NIGHT: &str = "/api/system/roles/night";

/// An instance with posts and a role for them; the admin looks at the role.
#[track_caller]
fn at_the_role(stage: &Stage, permissions: &[&str]) -> Page {
    let posts = json!({ "name": "posts", "fields": [{ "name": "title", "type": "text" }] });
    stage.post("/api/system/collections", &posts);
    let role = json!({ "name": "night", "permissions": permissions });
    stage.post("/api/system/roles", &role);
    stage.admin("/admin/#/roles/night")
}

fn permissions(stage: &Stage) -> Value {
    stage.get(NIGHT)["permissions"].clone()
}

#[test]
fn boxes_of_the_matrix_are_saved_together() {
    story(|stage| {
        let page = at_the_role(stage, &["posts:read"]);
        page.check("night: delete posts");
        page.uncheck("night: read posts");
        page.sees("+ posts:delete");
        page.sees("− posts:read");
        assert_eq!(permissions(stage), json!(["posts:read"]));
        page.press("Control+s");
        page.hears("The role night was saved.");
        assert_eq!(permissions(stage), json!(["posts:delete"]));
    });
}

#[test]
fn what_a_wider_permission_brings_along_says_so() {
    story(|stage| {
        let page = at_the_role(stage, &["*:read"]);
        page.holds("night: read posts. comes with *:read", "true");
        page.is_disabled("checkbox", "night: read posts. comes with *:read");
        page.holds("night: read users", "false");
        page.uncheck("night: read All collections but users");
        page.holds("night: read posts", "false");
    });
}

#[test]
fn half_of_a_write_can_be_taken() {
    story(|stage| {
        let page = at_the_role(stage, &["posts:write"]);
        page.holds("night: create posts", "true");
        page.uncheck("night: create posts");
        page.click("button", "Save");
        page.hears("The role night was saved.");
        assert_eq!(permissions(stage), json!(["posts:update"]));
    });
}

#[test]
fn the_text_and_the_matrix_are_one() {
    story(|stage| {
        let page = at_the_role(stage, &["posts:read"]);
        page.fill("As text", "posts:read\nposts:reed");
        page.expects(400);
        page.click("button", "Save");
        page.sees("posts:reed: There is no action reed");
        page.fill("As text", "posts:*");
        page.holds("night: all posts", "true");
        page.click("button", "Save");
        page.hears("The role night was saved.");
        assert_eq!(permissions(stage), json!(["posts:*"]));
    });
}

#[test]
fn what_somebody_else_saved_first_is_shown_beside() {
    story(|stage| {
        let page = at_the_role(stage, &["posts:read"]);
        page.check("night: delete posts");
        stage.api("PATCH", NIGHT, &json!({ "permissions": ["posts:create"] }));
        page.expects(412);
        page.click("button", "Save");
        page.has("heading", "Somebody else saved first");
        page.has("row", "posts:create");
        page.click("button", "Take theirs");
        page.holds("night: create posts", "true");
        page.has_no("button", "Discard");
        assert_eq!(permissions(stage), json!(["posts:create"]));
    });
}

#[test]
fn changes_wait_while_one_looks_at_another_role() {
    story(|stage| {
        let page = at_the_role(stage, &[]);
        page.check("night: read posts");
        page.click("link", "viewer");
        page.has_no("button", "Discard");
        page.click("link", "night (changed)");
        page.holds("night: read posts", "true");
        page.click("button", "Discard");
        page.holds("night: read posts", "false");
    });
}

#[test]
fn a_role_that_somebody_has_leads_to_them() {
    story(|stage| {
        let page = at_the_role(stage, &[]);
        ben(stage, &["night"]);
        page.reload();
        page.has("link", "1 user has this role");
        page.click("button", "Delete role");
        page.has("heading", "night is in use");
        page.click("link", "Show 1 user with this role");
        page.arrives("#/users?role=night");
        page.has("link", "Ben Baker");
    });
}

#[test]
fn a_role_is_made_from_another_and_deleted() {
    story(|stage| {
        let page = stage.admin("/admin/#/roles");
        page.click("button", "New role");
        page.fill("Name", "night");
        page.select("Begin with what this role allows", "viewer");
        page.click("button", "Create role");
        page.arrives("#/roles/night");
        assert_eq!(permissions(stage), json!(["*:read"]));
        page.click("button", "Delete role");
        page.within("dialog", "Delete the role night?")
            .click("button", "Delete");
        page.hears("The role night is gone.");
        page.has_no("link", "night");
    });
}

#[test]
fn admin_is_as_it_is() {
    story(|stage| {
        let page = stage.admin("/admin/#/roles/admin");
        page.sees("can be neither changed nor deleted");
        page.has("link", "1 user has this role");
        page.has_no("button", "Delete role");
        page.has_no("textbox", "As text");
    });
}
