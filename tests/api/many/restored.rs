//! Records that are brought back by a batch: what a change by filter has deleted, in one request.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{LINES, ORDERS, made, orders, unchanged};
use crate::support::client::{Client, Reply};

fn path(collection: &str, record: &Json) -> String {
    format!("{collection}/{}", record["id"].as_str().unwrap())
}

/// Brings these back, in this order.
fn restore(client: &Client, paths: &[String]) -> Reply {
    let operation = |path: &String| json!({ "method": "POST", "path": format!("{path}/restore") });
    let operations: Json = paths.iter().map(operation).collect();
    client.post("/api/batch", &json!({ "operations": operations }))
}

fn total(client: &Client, path: &str) -> Json {
    client.get(path).ok()["pagination"]["totalItems"].clone()
}

/// Deletes these, by a filter that names their ids.
fn delete_all(client: &Client, records: &[Json]) {
    let ids: Vec<&str> = records
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    let by_list = format!("{ORDERS}?id[in]={}&expect={}", ids.join(","), ids.len());
    assert_eq!(
        client.delete(&by_list).ok(),
        json!({ "changed": ids.len() })
    );
}

#[test]
fn what_a_filter_has_deleted_comes_back_at_once() {
    let app = orders(&json!({}));
    let admin = app.admin();
    let numbers: Vec<String> = (0..100).map(|number| format!("n{number}")).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let all = made(&admin, &numbers);
    let line = json!({ "title": "Bread", "orderId": all[7]["id"] });
    admin.post(LINES, &line).created();
    delete_all(&admin, &all);
    assert_eq!(
        (total(&admin, ORDERS), total(&admin, LINES)),
        (json!(0), json!(0))
    );
    let paths: Vec<String> = all.iter().map(|one| path(ORDERS, one)).collect();
    let results = restore(&admin, &paths).ok()["results"].take();
    assert_eq!(results[99]["status"], 200);
    assert_eq!(results[99]["data"]["number"], "n99");
    assert_eq!(
        (total(&admin, ORDERS), total(&admin, LINES)),
        (json!(100), json!(1))
    );
}

#[test]
fn records_by_an_expression_of_their_ids_are_changed_alike() {
    let app = orders(&json!({}));
    let admin = app.admin();
    let numbers: Vec<String> = (0..100).map(|number| format!("n{number}")).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let all = made(&admin, &numbers);
    let ids: Vec<String> = all
        .iter()
        .map(|one| format!("'{}'", one["id"].as_str().unwrap()))
        .collect();
    let filter = format!("id in [{}]", ids.join(",")).replace(' ', "%20");
    let path = format!("{ORDERS}?filter={filter}&expect=100");
    let changed = admin.patch(&path, &json!({ "status": "paid" })).ok();
    assert_eq!(changed, json!({ "changed": 100 }));
    assert_eq!(total(&admin, &format!("{ORDERS}?status=paid")), 100);
}

#[test]
fn what_came_along_is_not_brought_back_twice() {
    let app = orders(&json!({}));
    let admin = app.admin();
    let order = &made(&admin, &["a"])[0];
    let line = json!({ "title": "Bread", "orderId": order["id"] });
    let line = admin.post(LINES, &line).created();
    admin.delete(&path(ORDERS, order)).no_content();
    let (parent, child) = (path(ORDERS, order), path(LINES, &line));
    unchanged(&app, || {
        restore(&admin, &[child.clone(), parent.clone()]).error(Code::Conflict)
    });
    let results = restore(&admin, &[parent.clone(), child, parent]).ok()["results"].take();
    let versions: Vec<&Json> = results
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["data"]["version"])
        .collect();
    assert_eq!(versions, [3, 3, 3]);
}

#[test]
fn all_come_back_or_none() {
    let app = orders(&json!({}));
    let admin = app.admin();
    let all = made(&admin, &["a", "b"]);
    delete_all(&admin, &all);
    made(&admin, &["b"]);
    let paths: Vec<String> = all.iter().map(|one| path(ORDERS, one)).collect();
    let refused = unchanged(&app, || restore(&admin, &paths));
    refused.faults(Code::AlreadyExists, &["operations[1].number"]);
    let gone = format!("{ORDERS}/01JZZZZZZZZZZZZZZZZZZZZZZZ");
    unchanged(&app, || {
        restore(&admin, &[paths[0].clone(), gone]).error(Code::NotFound)
    });
}

#[test]
fn it_takes_what_it_takes_for_one() {
    let app = orders(&json!({ "list": "true", "view": "true", "delete": "number == 'a'" }));
    let admin = app.admin();
    let all = made(&admin, &["a", "b"]);
    delete_all(&admin, &all);
    let paths: Vec<String> = all.iter().map(|one| path(ORDERS, one)).collect();
    let eve = app.user("eve", &[]);
    unchanged(&app, || restore(&eve, &paths).error(Code::NotFound));
    restore(&eve, &paths[..1]).ok();
    let (single, viewer) = (format!("{}/restore", paths[1]), app.viewer());
    viewer.send("POST", &single, None).error(Code::NotFound);
}

#[test]
fn what_an_operation_before_has_moved_is_not_guessed() {
    let app = orders(&json!({}));
    let admin = app.admin();
    let order = &made(&admin, &["a"])[0];
    let line = json!({ "title": "Bread", "orderId": order["id"] });
    let line = admin.post(LINES, &line).created();
    let (order, line) = (path(ORDERS, order), path(LINES, &line));
    let undo = |path: &str| json!({ "method": "POST", "path": format!("{path}/restore") });
    let delete = |path: &str| json!({ "method": "DELETE", "path": path });
    let send = |operations: Json| {
        unchanged(&app, || {
            let reply = admin.post("/api/batch", &json!({ "operations": operations }));
            reply.error(Code::Unprocessable)
        })
    };
    send(json!([delete(&order), undo(&order)]));
    send(json!([delete(&order), undo(&line)]));
    admin.delete(&line).no_content();
    send(json!([undo(&line), delete(&order)]));
    admin.send("POST", &format!("{line}/restore"), None).ok();
    admin.delete(&order).no_content();
    send(json!([undo(&order), delete(&order)]));
    send(json!([undo(&order), delete(&line)]));
    send(json!([undo(&order), delete(&order), undo(&order)]));
    let change = json!({ "method": "PATCH", "path": line, "body": { "title": "Salt" } });
    let both = json!({ "operations": [undo(&order), change] });
    let results = admin.post("/api/batch", &both).ok()["results"].take();
    assert_eq!(results[1]["data"]["title"], "Salt");
}
