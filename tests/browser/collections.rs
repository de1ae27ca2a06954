//! Collections: their list and picture, and the editor of their definitions.

use serde_json::{Value, json};

use super::{
    driver::Page,
    story::{Stage, story},
};

const POSTS: &str = "/api/system/collections/posts";

/// Posts, two of them, and the editor of their definition at one of its tabs.
fn posts(stage: &Stage, tab: &str) -> Page {
    let definition = json!({
        "name": "posts",
        "fields": [
            { "name": "owner_id", "type": "relation", "collection": "users" },
            { "name": "title", "type": "text", "required": true },
            { "name": "body", "type": "text" },
            { "name": "status", "type": "select", "options": ["draft", "published"] },
        ],
    });
    stage.post("/api/system/collections", &definition);
    for (title, status) in [("Rain", "published"), ("Snow", "draft")] {
        let post = json!({ "title": title, "body": "Some words", "status": status });
        stage.post("/api/v1/posts", &post);
    }
    stage.admin(&format!("/admin/#/collections/posts/{tab}"))
}

fn names(definition: &Value) -> Vec<&str> {
    let fields = definition["fields"].as_array().unwrap();
    fields
        .iter()
        .filter_map(|field| field["name"].as_str())
        .collect()
}

/// Looks at the plan, and has it carried out.
fn apply(page: &Page) {
    page.click("button", "Review and save");
    page.click("button", "Apply");
    page.hears("was saved.");
}

#[test]
fn a_collection_is_made_field_by_field() {
    story(|stage| {
        let page = stage.admin("/admin/#/collections/new");
        page.fill("Name", "Shopping lists");
        page.holds("Name", "shopping_lists");
        page.click("button", "Text A line, or many pages.");
        page.focuses("textbox", "Name");
        page.types("title");
        page.check("Required");
        page.click("button", "Create collection");
        page.hears("shopping_lists was created.");
        page.arrives("#/records/shopping_lists");
        let made = stage.get("/api/system/collections/shopping_lists");
        assert_eq!(made["fields"][0]["required"], true, "{made}");
    });
}

#[test]
fn what_a_new_collection_lacks_is_told_at_its_place() {
    story(|stage| {
        let page = stage.admin("/admin/#/collections/new");
        page.fill("Name", "notes");
        page.click("button", "Relation Points at one record.");
        page.expects(400);
        page.click("button", "Create collection");
        page.describes("Points at", "Fill this in.");
        page.select("Points at", "users");
        // It is called after what it points at, unless it has a name.
        page.click("button", "Create collection");
        page.hears("notes was created.");
        let made = stage.get("/api/system/collections/notes");
        assert_eq!(names(&made), ["user_id"]);
    });
}

#[test]
fn a_template_fills_the_editor_one_collection_after_the_other() {
    story(|stage| {
        let page = stage.admin("/admin/#/collections");
        page.click(
            "link",
            "Blog Posts with an author, and comments under them.",
        );
        page.fill("Name", "articles");
        page.click("button", "Create collection");
        page.sees("2 of 2: articles, then comments");
        page.click("button", "Create collection");
        page.hears("comments was created.");
        let made = stage.get("/api/system/collections/comments");
        assert_eq!(made["fields"][0]["collection"], "articles");
    });
}

#[test]
fn a_field_that_is_renamed_keeps_its_values() {
    story(|stage| {
        let page = posts(stage, "fields");
        page.click("button", "body Text");
        page.fill("Name", "content");
        page.click("button", "Review and save");
        page.sees("Renames the field body to content; its values stay.");
        page.click("button", "Apply");
        page.hears("posts was saved.");
        let listed = stage.get("/api/v1/posts");
        assert_eq!(listed["items"][0]["content"], "Some words");
    });
}

#[test]
fn what_is_lost_is_told_and_the_name_is_to_be_typed() {
    story(|stage| {
        let page = posts(stage, "fields");
        page.click("button", "Drop body");
        page.has("button", "Keep it");
        page.click("button", "Review and save");
        page.sees("The values of body are lost");
        page.sees("in 2 records");
        page.is_disabled("button", "Apply and lose this");
        page.fill("Type posts to apply it", "posts");
        page.click("button", "Apply and lose this");
        page.hears("posts was saved.");
        let stored = stage.get(POSTS);
        assert_eq!(names(&stored), ["owner_id", "title", "status"]);
    });
}

#[test]
fn records_that_are_in_the_way_are_shown_and_nothing_can_be_applied() {
    story(|stage| {
        let page = posts(stage, "fields");
        page.click("button", "title Text required");
        page.fill("Most characters", "3");
        page.click("button", "Review and save");
        page.sees("What is in the way");
        page.sees("Rain");
        page.has_no("button", "Apply");
    });
}

#[test]
fn fields_are_put_into_order_by_the_keyboard() {
    story(|stage| {
        let page = posts(stage, "fields");
        page.click("button", "status One of some");
        page.press("Alt+ArrowUp");
        page.press("Alt+ArrowUp");
        page.hears("status is now 2 of 4.");
        page.press("Control+s");
        page.sees("Changes the order of the fields.");
        page.click("button", "Apply");
        page.hears("posts was saved.");
        let stored = stage.get(POSTS);
        assert_eq!(names(&stored), ["owner_id", "status", "title", "body"]);
    });
}

#[test]
fn what_is_not_saved_survives_a_reload_and_can_be_discarded() {
    story(|stage| {
        let page = posts(stage, "options");
        page.fill("Description", "What we write");
        page.sees("Unsaved changes");
        page.reload();
        page.holds("Description", "What we write");
        page.hears("These changes are from before; they are not saved yet.");
        page.click("button", "Discard");
        page.holds("Description", "");
        page.click("button", "Undo");
        page.holds("Description", "What we write");
    });
}

#[test]
fn a_change_by_somebody_else_is_shown_beside_ones_own() {
    story(|stage| {
        let page = posts(stage, "options");
        page.fill("Description", "What we write");
        stage.api("PATCH", POSTS, &json!({ "history": true }));
        page.click("button", "Review and save");
        page.hears("Somebody else changed this collection meanwhile");
        page.click("button", "Keep mine on top of theirs");
        apply(&page);
        let stored = stage.get(POSTS);
        assert_eq!(stored["history"], true);
        assert_eq!(stored["description"], "What we write");
    });
}

#[test]
fn a_rule_is_completed_and_then_refuses() {
    story(|stage| {
        let page = posts(stage, "rules");
        page.select("View: who", "By a rule");
        page.click("textbox", "Rule on View");
        page.types("own");
        page.has("option", "ownerId relation");
        page.press("Enter");
        page.types(" == auth.id");
        page.hears("Understood.");
        apply(&page);
        assert_eq!(stage.get(POSTS)["rules"]["view"], "ownerId == auth.id");
        let first = stage.get("/api/v1/posts")["items"][0].clone();
        let path = format!("/api/v1/posts/{}", first["id"].as_str().unwrap());
        let answer = stage.stead.request("", "GET", &path, &Value::Null);
        assert_eq!(answer.status, 401, "{}", answer.text());
    });
}

#[test]
fn a_fault_of_a_rule_is_told_by_line_and_column() {
    story(|stage| {
        let page = posts(stage, "rules");
        page.expects(400);
        page.select("List: who", "By a rule");
        page.fill("Rule on List", "status == nothing");
        page.is_invalid("Rule on List");
        page.describes("Rule on List", "Line 1, column 11:");
        page.fill("Rule on List", "status == 'draft'");
        page.hears("Understood.");
    });
}

#[test]
fn a_rule_is_tried_on_a_record_and_explained() {
    story(|stage| {
        let page = posts(stage, "rules");
        page.select("Delete: who", "By a rule");
        page.fill("Rule on Delete", "status == 'draft' && auth != null");
        page.hears("Understood.");
        let trial = page.within("form", "Try the rule on Delete");
        page.script("document.querySelectorAll('.col-try')[4].open = true");
        trial.fill("On which record", "Rain");
        page.click("option", "Rain");
        trial.click("button", "Ask");
        page.hears("Refused");
        page.sees("status == 'draft'");
    });
}

#[test]
fn a_collection_goes_when_its_name_was_typed() {
    story(|stage| {
        let page = posts(stage, "options");
        page.click("button", "Delete posts");
        page.sees("2 records");
        page.is_disabled("button", "Delete");
        page.fill("Type posts to delete it", "posts");
        page.click("button", "Delete");
        page.hears("posts was deleted.");
        page.arrives("#/collections");
        assert_eq!(
            stage.get("/api/system/collections")["pagination"]["totalItems"],
            1
        );
    });
}

#[test]
fn the_picture_leads_to_each_editor() {
    story(|stage| {
        posts(stage, "fields");
        let page = stage.admin("/admin/#/collections/picture");
        page.click("group", "The same as text");
        page.sees("owner_id points at users, refuses its deletion");
        page.within("region", "Collections and the relations between them")
            .click("link", "posts");
        page.arrives("#/collections/posts/fields");
    });
}

#[test]
fn all_definitions_come_as_a_file_that_can_be_applied() {
    story(|stage| {
        posts(stage, "fields");
        let page = stage.admin("/admin/#/collections");
        page.click("button", "Export all");
        let file: Value = serde_json::from_slice(&page.download().bytes).unwrap();
        let mut stored = stage.get(POSTS);
        // What its reader may do is no part of a definition.
        stored.as_object_mut().unwrap().remove("can").unwrap();
        assert_eq!(file, json!({ "collections": [stored] }));
    });
}

#[test]
fn what_belongs_to_stead_is_shown_and_cannot_be_changed() {
    story(|stage| {
        let page = stage.admin("/admin/#/collections/users/fields");
        page.hears("This collection is a part of Stead");
        page.has_no("button", "Add a field");
        page.click("button", "email Email required unique");
        page.is_disabled("textbox", "Name");
    });
}
