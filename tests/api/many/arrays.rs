//! `POST /api/v1/{collection}` with an array.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{LINES, ORDERS, id_of, items, made, orders, unchanged};
use crate::support::{app::TestApp, client::path_of};

fn open() -> TestApp {
    orders(&json!({}))
}

#[test]
fn an_array_makes_all_its_records_in_their_order() {
    let app = open();
    let admin = app.admin();
    let body = json!([{ "number": "a", "total": "1.50" }, {}, { "number": "c", "note": null }]);
    let reply = admin.post(ORDERS, &body);
    assert_eq!(
        (reply.header("location"), reply.header("etag")),
        (None, None)
    );
    let made = items(&reply.created());
    assert_eq!(
        (&made[0]["total"], &made[1]["status"]),
        (&json!("1.50"), &json!("open"))
    );
    for record in &made {
        assert_eq!(&admin.get(&path_of("orders", record)).ok(), record);
    }
    let sql = "SELECT group_concat(record_id) FROM _events WHERE type = 'order.created'";
    let told: String = app.sql().query_row(sql, [], |row| row.get(0)).unwrap();
    let ids: Vec<&str> = made.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(told, ids.join(","), "an event for each, in this order");
}

#[test]
fn the_faults_of_all_records_are_told_by_their_places() {
    let app = open();
    let admin = app.admin();
    let body = json!([{}, { "total": "-1", "x": 1 }, { "number": "n".repeat(21) }]);
    let reply = unchanged(&app, || admin.post(ORDERS, &body));
    let named = ["[1].total", "[1].x", "[2].number"];
    reply.faults(Code::ValidationError, &named);
    let reply = admin.post(LINES, &json!([{ "title": "a" }, {}]));
    reply.faults(Code::MissingField, &["[1].title"]);
    for (body, fault) in [
        ("[{}, 7]", "[1]"),
        ("[]", "_"),
        ("[{}", "_"),
        ("[{\"a\":1,\"a\":2}]", "[0]"),
    ] {
        let reply = admin.send_text("POST", ORDERS, body);
        reply.faults(Code::InvalidInput, &[fault]);
    }
}

#[test]
fn one_record_that_is_refused_undoes_all() {
    let app = open();
    let admin = app.admin();
    let taken = made(&admin, &["a"]);
    let again = json!([{ "number": "b" }, { "number": "a" }]);
    let reply = unchanged(&app, || admin.post(ORDERS, &again));
    reply.faults(Code::AlreadyExists, &["[1].number"]);
    let twice = json!([{ "number": "b" }, { "number": "b" }]);
    let reply = unchanged(&app, || admin.post(ORDERS, &twice));
    reply.faults(Code::AlreadyExists, &["[1].number"]);
    let used = json!([{}, { "id": taken[0]["id"] }]);
    let reply = unchanged(&app, || admin.post(ORDERS, &used));
    reply.faults(Code::AlreadyExists, &["[1].id"]);
    let lost = json!([{ "title": "a", "orderId": taken[0]["id"] },
        { "title": "b", "orderId": "01ARZ3NDEKTSV4RRFFQ69G5FAV" }]);
    let reply = unchanged(&app, || admin.post(LINES, &lost));
    reply.faults(Code::ValidationError, &["[1].orderId"]);
}

#[test]
fn each_record_needs_what_it_would_need_alone() {
    let app = orders(&json!({ "create": "ownerId == auth.id", "view": "true" }));
    let tom = app.user("tom", &[]);
    let me = id_of(&tom);
    let foreign = json!([{ "ownerId": me }, { "ownerId": id_of(&app.admin()) }]);
    let reply = unchanged(&app, || tom.post(ORDERS, &foreign));
    reply.faults(Code::Forbidden, &["[1]"]);
    tom.post(ORDERS, &json!([{ "ownerId": me }, { "ownerId": me }]))
        .created();
    app.guest()
        .post(ORDERS, &json!([{}]))
        .error(Code::Unauthorized);
    tom.post(LINES, &json!([{ "title": "a" }]))
        .error(Code::InsufficientPermissions);
}

#[test]
fn a_rule_sees_the_records_before_its_own() {
    let app =
        orders(&json!({ "create": "owner.orders.size() < 2", "list": "true", "view": "true" }));
    let tom = app.user("tom", &[]);
    let one = json!({ "ownerId": id_of(&tom) });
    let reply = unchanged(&app, || tom.post(ORDERS, &json!([one, one, one])));
    reply.faults(Code::Forbidden, &["[2]"]);
    tom.post(ORDERS, &json!([one, one])).created();
}

#[test]
fn a_record_may_point_at_one_before_it() {
    let app = TestApp::start();
    app.collection(
        "nodes",
        json!([{ "name": "parent_id", "type": "relation", "collection": "nodes" }]),
    );
    let (first, second) = ("01ARZ3NDEKTSV4RRFFQ69G5FAA", "01ARZ3NDEKTSV4RRFFQ69G5FAB");
    let (root, leaf) = (
        json!({ "id": first }),
        json!({ "id": second, "parentId": first }),
    );
    let reply = app.admin().post("/api/v1/nodes", &json!([leaf, root]));
    reply.faults(Code::ValidationError, &["[0].parentId"]);
    app.admin()
        .post("/api/v1/nodes", &json!([root, leaf]))
        .created();
}

#[test]
fn what_may_not_be_seen_of_a_record_is_left_out_of_its_answer() {
    let app = orders(&json!({ "create": "true", "view": "note == \"mine\"" }));
    app.admin()
        .patch(
            "/api/system/collections/orders",
            &json!({ "fields": [
            { "name": "total", "readRule": "status == \"open\"" } ] }),
        )
        .ok();
    let body = json!([{ "note": "mine" }, { "note": "x" }, { "note": "mine", "status": "paid" }]);
    let made = items(&app.user("tom", &[]).post(ORDERS, &body).created());
    let shown = |i: usize, field: &str| made[i].get(field).is_some();
    assert_eq!(
        [shown(0, "note"), shown(1, "note"), shown(2, "note")],
        [true, false, true]
    );
    assert_eq!([shown(0, "total"), shown(2, "total")], [true, false]);
}

#[test]
fn up_to_a_thousand_records_are_made_at_once() {
    let app = open();
    let admin = app.admin();
    let bodies = |count: usize| -> Json {
        (0..count)
            .map(|i| json!({ "number": i.to_string() }))
            .collect()
    };
    let reply = unchanged(&app, || admin.post(ORDERS, &bodies(1_001)));
    reply.error(Code::Unprocessable);
    assert_eq!(
        items(&admin.post(ORDERS, &bodies(1_000)).created()).len(),
        1_000
    );
}

#[test]
fn more_than_one_transaction_takes_is_refused_in_words() {
    let app = open();
    let admin = app.admin();
    let bodies: Json = (0..1_000)
        .map(|i| json!({ "number": i.to_string() }))
        .collect();
    let orders = items(&admin.post(ORDERS, &bodies).created());
    let line = |order: &Json| json!({ "title": "a", "orderId": order["id"] });
    let distinct: Json = orders.iter().map(line).collect();
    let error = unchanged(&app, || admin.post(LINES, &distinct)).error(Code::Unprocessable);
    assert_eq!(error["message"], "More changes than one request may make");
    let same: Json = orders.iter().map(|_| line(&orders[0])).collect();
    admin.post(LINES, &same).created();
}

#[test]
fn more_bytes_than_one_transaction_takes_are_refused() {
    let app = TestApp::start_with(|config| config.server.body_limit = 8 << 20);
    app.collection("notes", json!([{ "name": "text", "type": "text" }]));
    let admin = app.admin();
    let notes = |length: usize| -> Json {
        let text = "x".repeat(length);
        (0..1_000).map(|_| json!({ "text": text })).collect()
    };
    let reply = unchanged(&app, || admin.post("/api/v1/notes", &notes(5_000)));
    reply.error(Code::Unprocessable);
    admin.post("/api/v1/notes", &notes(3_000)).created();
}

#[test]
fn under_a_key_an_array_is_made_once() {
    let app = open();
    let careful = app.admin().with("Idempotency-Key", "k");
    let body = json!([{ "number": "a" }, { "number": "b", "note": "x" }]);
    let first = careful.post(ORDERS, &body).created();
    app.admin()
        .patch(
            &path_of("orders", &first["items"][0]),
            &json!({ "note": "later" }),
        )
        .ok();
    let again = unchanged(&app, || careful.post(ORDERS, &body));
    assert_eq!(
        (again.created(), again.header("idempotency-replayed")),
        (first, Some("true"))
    );
    careful
        .post(ORDERS, &json!([{}]))
        .error(Code::Unprocessable);
}

#[test]
fn a_purged_record_leaves_nothing_in_an_answer_that_is_given_again() {
    let app = open();
    let careful = app.admin().with("Idempotency-Key", "k");
    let body = json!([{ "note": "a secret" }, {}]);
    let first = items(&careful.post(ORDERS, &body).created());
    let path = format!("{}?hard=true", path_of("orders", &first[0]));
    app.admin().delete(&path).no_content();
    assert!(!app.rows().iter().any(|row| row.contains("a secret")));
    careful.post(ORDERS, &body).error(Code::NotFound);
}

#[test]
fn a_key_that_is_void_is_free_for_another_array() {
    let app = open();
    let body = json!([{}, {}]);
    app.admin()
        .with("Idempotency-Key", "k")
        .post(ORDERS, &body)
        .created();
    app.clock().advance(std::time::Duration::from_hours(25));
    let careful = app.admin().with("Idempotency-Key", "k");
    let second = careful.post(ORDERS, &body);
    assert_eq!(second.header("idempotency-replayed"), None);
    assert_eq!(careful.post(ORDERS, &body).created(), second.created());
}
