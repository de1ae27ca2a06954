//! `DELETE /api/v1/{collection}/import/{importId}`, and imports that do not get to their end.

use std::time::Duration;

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{CSV, import, products, titles};
use crate::support::client::{Client, path_of};

fn imported(client: &Client, text: &str) -> String {
    let report = import(client, "products", "", CSV, text).ok();
    format!(
        "/api/v1/products/import/{}",
        report["importId"].as_str().unwrap()
    )
}

fn find(client: &Client, title: &str) -> Json {
    client.get(&format!("/api/v1/products?title={title}")).ok()["items"][0].clone()
}

#[test]
fn a_created_import_is_taken_back() {
    let app = products();
    let admin = app.admin();
    admin
        .post("/api/v1/products", &json!({ "title": "other" }))
        .created();
    let path = imported(&admin, "title\na\nb\nc\nd\n");
    let changed = find(&admin, "a");
    admin
        .patch(&path_of("products", &changed), &json!({ "stock": 1 }))
        .ok();
    admin
        .delete(&path_of("products", &find(&admin, "b")))
        .no_content();
    assert_eq!(admin.delete(&path).ok(), json!({ "deleted": 2, "kept": 2 }));
    assert_eq!(titles(&admin, "products"), ["a", "other"]);
    admin.delete(&path).error(Code::NotFound);
}

#[test]
fn what_others_point_at_stays() {
    let app = products();
    let admin = app.admin();
    app.define(json!({ "name": "lines", "fields": [
        { "name": "product_id", "type": "relation", "collection": "products" }] }));
    let path = imported(&admin, "title\na\nb\n");
    let line = json!({ "productId": find(&admin, "a")["id"] });
    admin.post("/api/v1/lines", &line).created();
    assert_eq!(admin.delete(&path).ok(), json!({ "deleted": 1, "kept": 1 }));
    assert_eq!(titles(&admin, "products"), ["a"]);
}

#[test]
fn only_who_has_imported_takes_back_and_only_who_may_delete() {
    let app = products();
    let (admin, editor) = (app.admin(), app.editor());
    let path = imported(&editor, "title\na\n");
    admin.delete(&path).error(Code::NotFound);
    editor.delete(&path).error(Code::InsufficientPermissions);
    let upsert = import(
        &admin,
        "products",
        "?mode=upsert&on=code",
        CSV,
        "code,title\na,b\n",
    )
    .ok();
    let id = upsert["importId"].as_str().unwrap();
    admin
        .delete(&format!("/api/v1/products/import/{id}"))
        .error(Code::NotFound);
    admin
        .delete("/api/v1/makers/import/nothing")
        .error(Code::NotFound);
}

#[test]
fn after_a_week_it_is_forgotten() {
    let app = products();
    let admin = app.admin();
    let path = imported(&admin, "title\na\n");
    app.clock().advance(Duration::from_hours(6 * 24));
    app.clear_away();
    assert_eq!(app.count("SELECT count(*) FROM _import_records"), 1);
    app.clock().advance(Duration::from_hours(24));
    app.clear_away();
    assert_eq!(app.count("SELECT count(*) FROM _imports"), 0);
    assert_eq!(app.count("SELECT count(*) FROM _import_records"), 0);
    app.admin().delete(&path).error(Code::NotFound);
    assert_eq!(titles(&app.admin(), "products"), ["a"]);
}

/// As if the server had ended between two batches.
fn cut_off(mode: &str, on_error: &str) -> (crate::support::app::TestApp, Json) {
    let app = products();
    imported(&app.admin(), "id,title\n01K00000000000000000000000,a\n,b\n");
    let sql = format!("UPDATE _imports SET is_done = 0, mode = '{mode}', on_error = '{on_error}'");
    app.change_by_sql(&sql);
    app.clear_away();
    let left = json!(titles(&app.admin(), "products"));
    (app, left)
}

#[test]
fn one_that_was_cut_off_is_taken_back_if_it_was_to_be_whole() {
    let (app, left) = cut_off("create", "abort");
    assert_eq!(left, json!([]));
    for table in ["_imports", "_import_records", "products", "_tombstones"] {
        assert_eq!(
            app.count(&format!("SELECT count(*) FROM {table}")),
            0,
            "{table}"
        );
    }
    let images = "SELECT count(*) FROM _events WHERE type LIKE 'product.%' AND after IS NOT NULL";
    assert_eq!(app.count(images), 0, "nothing of them is told any more");
    let again = "id,title\n01K00000000000000000000000,a\n";
    imported(&app.admin(), again);
}

#[test]
fn one_that_was_cut_off_stays_as_far_as_it_came_if_it_was_not() {
    for (mode, on_error) in [("create", "skip"), ("upsert", "abort")] {
        let (app, left) = cut_off(mode, on_error);
        assert_eq!(left, json!(["a", "b"]));
        assert_eq!(app.count("SELECT count(*) FROM _imports WHERE is_done"), 1);
    }
}

/// The rule counts what the rows before it have written, so only the writing can say no.
#[test]
fn what_the_writing_refuses_takes_back_what_was_written_before() {
    let app = crate::support::app::TestApp::start();
    app.define(
        json!({ "name": "teams", "fields": [{ "name": "name", "type": "text" }],
        "rules": { "list": "true", "view": "true" } }),
    );
    app.define(
        json!({ "name": "products", "fields": [{ "name": "title", "type": "text" },
        { "name": "team_id", "type": "relation", "collection": "teams" }],
        "rules": { "create": "team.products.size() < 300", "list": "true", "view": "true" } }),
    );
    let team = app.admin().post("/api/v1/teams", &json!({})).created();
    let team = team["id"].as_str().unwrap();
    let rows: String = (0..400).map(|i| format!("{i:03},{team}\n")).collect();
    let text = format!("title,teamId\n{rows}");
    let guest = app.guest();
    let error = import(&guest, "products", "", CSV, &text).error(Code::ValidationError);
    assert_eq!(
        error["message"],
        "1 row cannot be imported; nothing was written"
    );
    assert_eq!(error["issues"][0]["field"], "lines[302]");
    assert_eq!(titles(&guest, "products"), Vec::<String>::new());
    assert_eq!(app.count("SELECT count(*) FROM products"), 0);
    assert_eq!(app.count("SELECT count(*) FROM _imports"), 0);
}

#[test]
fn imports_follow_the_name_of_their_collection() {
    let app = products();
    let admin = app.admin();
    let path = imported(&admin, "title\na\n");
    imported(&admin, "title\nb\n");
    app.change_by_sql("UPDATE _imports SET is_done = 0 WHERE id = (SELECT max(id) FROM _imports)");
    let rename = |name: &str, to: &str| {
        let path = format!("/api/system/collections/{name}");
        admin.patch(&path, &json!({ "name": to })).ok();
    };
    rename("products", "wares");
    app.clear_away();
    assert_eq!(
        titles(&admin, "wares"),
        ["a"],
        "what was cut off is taken back"
    );
    let path = path.replace("/products/", "/wares/");
    assert_eq!(admin.delete(&path).ok(), json!({ "deleted": 1, "kept": 0 }));
}
