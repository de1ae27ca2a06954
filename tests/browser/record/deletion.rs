//! Deleting a record, and what becomes of one that was deleted.

use serde_json::json;

use super::{article, define, delete, editor, patch};
use crate::browser::{
    colleague::{as_ben, ben},
    story::story,
};

#[test]
fn what_was_deleted_meanwhile_is_made_again() {
    story(|stage| {
        define(stage);
        let (id, path) = article(stage, &json!({ "title": "Here", "words": 5 }));
        let page = editor(stage, &id);
        page.fill("title", "Still here");
        delete(stage, &path);
        page.expects(404);
        page.click("button", "Save");
        page.hears("Somebody has deleted this record meanwhile.");
        page.holds("title", "Still here");
        page.click("button", "Make it again");
        page.hears("The article Still here is created.");
        let made = stage.get("/api/v1/articles")["items"][0].take();
        assert_ne!(made["id"], id.as_str());
        assert_eq!(
            (&made["title"], &made["words"]),
            (&json!("Still here"), &json!(5))
        );
    });
}

#[test]
fn a_deletion_is_taken_back() {
    story(|stage| {
        define(stage);
        let (id, path) = article(stage, &json!({ "title": "Precious" }));
        let page = editor(stage, &id);
        page.click("button", "More actions");
        page.click("menuitem", "Delete");
        page.hears("Precious is deleted.");
        page.arrives("#/records/articles");
        page.click("button", "Undo");
        page.hears("Undone: ");
        assert_eq!(stage.get(&path)["title"], "Precious");
    });
}

#[test]
fn a_deleted_record_is_shown_and_restored() {
    story(|stage| {
        define(stage);
        let (id, path) = article(stage, &json!({ "title": "Buried" }));
        delete(stage, &path);
        let page = stage.admin("/admin/");
        page.expects(404);
        page.go(&format!("#/records/articles/{id}"));
        page.sees("This record was deleted");
        page.click("button", "Restore");
        page.hears("Buried is restored.");
        page.holds("title", "Buried");
        assert_eq!(stage.get(&path)["title"], "Buried");
    });
}

#[test]
fn who_may_not_restore_is_not_offered_to() {
    story(|stage| {
        define(stage);
        let (id, path) = article(stage, &json!({ "title": "Buried" }));
        let (other, _) = article(stage, &json!({ "title": "Living" }));
        delete(stage, &path);
        // Only who has both rights may bring a record back.
        for (role, right) in [
            ("keeper", "articles:restore"),
            ("digger", "articles:delete"),
        ] {
            let role = json!({ "name": role, "permissions": ["articles:read", right] });
            stage.post("/api/system/roles", &role);
        }
        let user = ben(stage, &["keeper"]);
        let page = as_ben(stage, "/admin/");
        page.expects(404);
        page.go(&format!("#/records/articles/{id}"));
        page.sees("This record was deleted");
        page.has_no("button", "Restore");
        patch(
            stage,
            &format!("/api/v1/users/{user}"),
            &json!({ "roles": ["digger"] }),
        );
        let page = as_ben(stage, &format!("/admin/#/records/articles/{other}"));
        page.click("button", "More actions");
        page.click("menuitem", "Delete");
        page.hears("Living is deleted.");
        // It would go by itself in the end.
        page.impatient().has_no("button", "Undo");
    });
}

#[test]
fn what_is_in_the_way_of_a_deletion_is_told() {
    story(|stage| {
        define(stage);
        let author = stage.post("/api/v1/authors", &json!({ "name": "Ada" }));
        article(
            stage,
            &json!({ "title": "Notes", "authorId": author["id"] }),
        );
        let page = stage.admin(&format!(
            "/admin/#/records/authors/{}",
            author["id"].as_str().unwrap()
        ));
        page.within("listitem", "articles, by authorId")
            .sees("1 record");
        page.click("button", "More actions");
        page.expects(409);
        page.click("menuitem", "Delete");
        page.hears("records of articles point at it by authorId");
        page.click("link", "Show them");
        page.sees("Notes");
    });
}

#[test]
fn what_is_lost_for_good_is_asked_before() {
    story(|stage| {
        define(stage);
        let tag = stage.post("/api/v1/tags", &json!({ "label": "red" }));
        let (_, path) = article(stage, &json!({ "title": "Notes", "tagIds": [tag["id"]] }));
        let page = stage.admin(&format!(
            "/admin/#/records/tags/{}",
            tag["id"].as_str().unwrap()
        ));
        page.click("button", "More actions");
        page.click("menuitem", "Delete for good");
        page.sees("articles: tagIds of 1 record will not name it any more");
        page.within("dialog", "Delete red for good?")
            .click("button", "Delete for good");
        page.hears("red is deleted for good.");
        assert_eq!(stage.get(&path)["tagIds"], json!([]));
    });
}
