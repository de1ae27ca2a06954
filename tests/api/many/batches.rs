//! `POST /api/batch`.

use std::borrow::Borrow;

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{LINES, ORDERS, id_of, made, orders, unchanged};
use crate::support::{
    app::TestApp,
    client::{Client, Reply, path_of},
};

fn open() -> (TestApp, Client) {
    let app = orders(&json!({}));
    let admin = app.admin();
    (app, admin)
}

fn batch(client: &Client, operations: impl Borrow<Json>) -> Reply {
    client.post("/api/batch", &json!({ "operations": operations.borrow() }))
}

fn post(path: &str, body: impl Borrow<Json>) -> Json {
    json!({ "method": "POST", "path": path, "body": body.borrow() })
}

fn on(method: &str, record: &Json, body: impl Borrow<Json>) -> Json {
    json!({ "method": method, "path": path_of("orders", record), "body": body.borrow() })
}

fn delete(record: &Json) -> Json {
    json!({ "method": "DELETE", "path": path_of("orders", record) })
}

fn statuses(reply: &Reply) -> Vec<i64> {
    let results = reply.ok()["results"].as_array().unwrap().clone();
    results
        .iter()
        .map(|one| one["status"].as_i64().unwrap())
        .collect()
}

#[test]
fn a_batch_does_its_operations_in_their_order() {
    let (app, admin) = open();
    let old = made(&admin, &["a", "b", "c"]);
    let reply = batch(
        &admin,
        json!([
            post(ORDERS, json!({ "number": "d" })),
            on("PATCH", &old[0], json!({ "total": { "$inc": "1.5" } })),
            on(
                "PATCH",
                &old[0],
                json!({ "total": { "$inc": 1 }, "version": 2 })
            ),
            on("PUT", &old[1], json!({ "number": "e" })),
            on("PATCH", &old[1], json!({})),
            delete(&old[2]),
            post(ORDERS, json!({ "number": "c" })),
        ]),
    );
    assert_eq!(statuses(&reply), [201, 200, 200, 200, 200, 204, 201]);
    let results = &reply.ok()["results"];
    assert_eq!(
        (&results[1]["data"]["total"], &results[2]["data"]["total"]),
        (&json!("1.50"), &json!("2.50"))
    );
    assert_eq!(
        (&results[4]["data"], &results[5]["data"]),
        (&results[3]["data"], &json!(null))
    );
    for i in [0, 2, 4, 6] {
        let record = &results[i]["data"];
        assert_eq!(&admin.get(&path_of("orders", record)).ok(), record);
    }
    admin.get(&path_of("orders", &old[2])).error(Code::NotFound);
    assert_eq!(
        app.count("SELECT count(*) FROM _events WHERE collection = 'orders'"),
        3 + 6
    );
}

#[test]
fn a_later_operation_names_the_record_of_an_earlier_one() {
    let (app, admin) = open();
    let mut order = post(ORDERS, json!({ "number": "$o.id" }));
    order["ref"] = json!("o");
    let reply = batch(
        &admin,
        json!([
            order,
            post(LINES, json!({ "title": "$o.id", "orderId": "$o.id" })),
        ]),
    );
    let results = reply.ok()["results"].clone();
    assert_eq!(results[1]["data"]["orderId"], results[0]["data"]["id"]);
    assert_eq!(
        results[1]["data"]["title"], "$o.id",
        "a text stays what it is"
    );
    let lost = json!([post(LINES, json!({ "title": "a", "orderId": "$x.id" }))]);
    let reply = unchanged(&app, || batch(&admin, lost));
    reply.faults(Code::ValidationError, &["operations[0].orderId"]);
    order["body"] = json!({});
    let twice = json!([order, order]);
    batch(&admin, twice).faults(Code::InvalidInput, &["operations[1].ref"]);
}

#[test]
fn one_operation_that_is_refused_undoes_all() {
    let (app, admin) = open();
    let old = made(&admin, &["a", "b"]);
    let refused = |operation: Json, code, fault: &str| {
        let first = post(ORDERS, json!({ "number": "new" }));
        let reply = unchanged(&app, || batch(&admin, json!([first, operation])));
        reply.faults(code, &[fault]);
    };
    let at = |field: &str| format!("operations[1]{field}");
    refused(
        post(ORDERS, json!({ "number": "new" })),
        Code::AlreadyExists,
        &at(".number"),
    );
    refused(
        on("PATCH", &old[0], json!({ "number": "b" })),
        Code::AlreadyExists,
        &at(".number"),
    );
    refused(
        on("PATCH", &old[0], json!({ "note": "x", "version": 7 })),
        Code::Conflict,
        &at(".version"),
    );
    refused(
        on("PATCH", &old[0], json!({ "version": 7 })),
        Code::Conflict,
        &at(".version"),
    );
    refused(
        on("PATCH", &old[0], json!({ "total": { "$inc": -1 } })),
        Code::ValidationError,
        &at(".total"),
    );
    refused(
        on("PUT", &old[0], json!({ "total": "x" })),
        Code::ValidationError,
        &at(".total"),
    );
    refused(post(LINES, json!({})), Code::MissingField, &at(".title"));
    let absent = json!({ "id": "01ARZ3NDEKTSV4RRFFQ69G5FAV" });
    refused(delete(&absent), Code::NotFound, &at(""));
    refused(on("PATCH", &absent, json!({})), Code::NotFound, &at(""));
    refused(post("/api/v1/nothing", json!({})), Code::NotFound, &at(""));
}

#[test]
fn the_first_operation_that_is_refused_is_told() {
    let (_app, admin) = open();
    let reply = batch(
        &admin,
        json!([
            post(LINES, json!({})),
            post(ORDERS, json!({ "total": "x" })),
            { "method": "GET", "path": ORDERS },
        ]),
    );
    reply.faults(Code::MissingField, &["operations[0].title"]);
}

#[test]
fn what_no_batch_can_do_is_refused_by_its_place() {
    let (app, admin) = open();
    let order = &made(&admin, &["a"])[0];
    let path = path_of("orders", order);
    let refused = |operation: Json, field: &str| {
        let reply = unchanged(&app, || batch(&admin, json!([operation])));
        reply.faults(Code::InvalidInput, &[&format!("operations[0]{field}")]);
    };
    refused(json!({ "method": "GET", "path": path }), ".method");
    refused(
        json!({ "method": "DELETE", "path": format!("{path}?hard=true") }),
        ".path",
    );
    refused(post(&format!("{path}/restore"), json!({})), ".body");
    refused(post(&format!("{path}/revert"), json!({})), ".path");
    refused(
        post(&format!("{path}/lines"), json!({ "title": "a" })),
        ".path",
    );
    refused(post("/api/v1/users", json!({})), ".path");
    refused(
        json!({ "method": "DELETE", "path": "/api/system/roles/editor" }),
        ".path",
    );
    refused(
        json!({ "method": "PATCH", "path": ORDERS, "body": {} }),
        ".path",
    );
    refused(json!({ "method": "POST", "path": ORDERS }), ".body");
    refused(
        json!({ "method": "DELETE", "path": path, "body": {} }),
        ".body",
    );
    refused(
        json!({ "method": "DELETE", "path": path, "header": 1 }),
        ".header",
    );
    refused(json!(7), "");
    refused(post(ORDERS, json!([{}])), "");
    for body in [
        json!({}),
        json!({ "operations": [] }),
        json!({ "operations": 1 }),
    ] {
        admin
            .post("/api/batch", &body)
            .faults(Code::InvalidInput, &["operations"]);
    }
}

#[test]
fn up_to_a_hundred_operations_are_done_at_once() {
    let (app, admin) = open();
    let many = |count: usize| -> Json { (0..count).map(|_| post(ORDERS, json!({}))).collect() };
    unchanged(&app, || batch(&admin, many(101))).error(Code::Unprocessable);
    assert_eq!(statuses(&batch(&admin, many(100))).len(), 100);
}

#[test]
fn each_operation_needs_what_it_would_need_alone() {
    let app = orders(
        &json!({ "list": "true", "view": "status == \"open\"", "create": "true",
        "update": "ownerId == auth.id", "delete": "ownerId == auth.id" }),
    );
    let (admin, tom) = (app.admin(), app.user("tom", &[]));
    let mine = json!({ "ownerId": id_of(&tom) });
    let foreign = admin.post(ORDERS, &json!({})).created();
    let hidden = admin.post(ORDERS, &json!({ "status": "paid" })).created();
    let note = json!({ "note": "x" });
    for (record, code) in [(&foreign, Code::Forbidden), (&hidden, Code::NotFound)] {
        for operation in [
            on("PATCH", record, note.clone()),
            on("PUT", record, note.clone()),
            delete(record),
        ] {
            let both = json!([post(ORDERS, mine.clone()), operation]);
            let reply = unchanged(&app, || batch(&tom, both));
            reply.faults(code, &["operations[1]"]);
        }
    }
    let both = json!([post(ORDERS, mine), post(LINES, json!({ "title": "a" }))]);
    unchanged(&app, || batch(&tom, both)).error(Code::InsufficientPermissions);
    let own = json!([on("PATCH", &foreign, note)]);
    batch(&app.guest(), own).error(Code::Unauthorized);
}

#[test]
fn a_rule_reads_what_the_operations_before_have_written() {
    let app = orders(
        &json!({ "view": "true", "create": "owner.orders.size() < 1",
        "update": "status == \"open\" || previous.status == \"open\"" }),
    );
    let tom = app.user("tom", &[]);
    let one = post(ORDERS, json!({ "ownerId": id_of(&tom) }));
    let reply = unchanged(&app, || batch(&tom, json!([one, one])));
    reply.faults(Code::Forbidden, &["operations[1]"]);
    let order = app.admin().post(ORDERS, &json!({})).created();
    let pay = on("PATCH", &order, json!({ "status": "paid" }));
    let note = on("PATCH", &order, json!({ "note": "x" }));
    let reply = unchanged(&app, || batch(&tom, json!([pay, note])));
    reply.faults(Code::Forbidden, &["operations[1]"]);
    batch(&tom, json!([note, pay])).ok();
}

#[test]
fn a_deletion_goes_by_what_the_operations_before_have_left() {
    let (app, admin) = open();
    let order = &made(&admin, &["a"])[0];
    let line = |order: &Json| json!({ "title": "a", "orderId": order["id"] });
    let lines: Vec<Json> = (0..2)
        .map(|_| admin.post(LINES, &line(order)).created())
        .collect();
    let first = json!({ "method": "DELETE", "path": path_of("lines", &lines[0]) });
    batch(&admin, json!([first, delete(order)])).ok();
    assert_eq!(
        app.count("SELECT count(*) FROM lines WHERE deleted_at IS NULL"),
        0
    );
    assert_eq!(
        app.count("SELECT count(*) FROM _events WHERE type = 'line.deleted'"),
        2
    );
    let order = &made(&admin, &["b"])[0];
    let reply = unchanged(&app, || {
        batch(&admin, json!([post(LINES, line(order)), delete(order)]))
    });
    reply.faults(Code::Unprocessable, &["operations[1]"]);
    let reply = unchanged(&app, || {
        batch(&admin, json!([delete(order), delete(order)]))
    });
    reply.faults(Code::NotFound, &["operations[1]"]);
    let reply = unchanged(&app, || {
        batch(&admin, json!([delete(order), post(LINES, line(order))]))
    });
    reply.faults(Code::ValidationError, &["operations[1].orderId"]);
}

#[test]
fn under_a_key_a_batch_is_done_once() {
    let (app, admin) = open();
    let old = made(&admin, &["a", "b"]);
    let operations = json!([
        post(ORDERS, json!({ "number": "c" })),
        delete(&old[0]),
        on("PATCH", &old[1], json!({ "total": { "$inc": 1 } }))
    ]);
    let careful = admin.with("Idempotency-Key", "k");
    let first = batch(&careful, operations.clone()).ok();
    admin
        .patch(&path_of("orders", &old[1]), &json!({ "note": "later" }))
        .ok();
    let again = unchanged(&app, || batch(&careful, operations));
    assert_eq!(
        (again.ok(), again.header("idempotency-replayed")),
        (first, Some("true"))
    );
    batch(&careful, json!([delete(&old[1])])).error(Code::Unprocessable);
}

#[test]
fn an_answer_that_is_given_again_goes_by_the_rules_of_now() {
    let app = orders(&json!({ "view": "true", "create": "true" }));
    let tom = app.user("tom", &[]).with("Idempotency-Key", "k");
    let operations = json!([post(ORDERS, json!({ "note": "a" }))]);
    assert_eq!(
        batch(&tom, operations.clone()).ok()["results"][0]["data"]["note"],
        "a"
    );
    let closed = json!({ "rules": { "view": "false" } });
    app.admin()
        .patch("/api/system/collections/orders", &closed)
        .ok();
    let again = batch(&tom, operations).ok()["results"][0]["data"].clone();
    let keys: Vec<_> = again.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["id", "version"]);
}
