//! `PATCH` and `DELETE /api/v1/{collection}?filter=...&expect=...`.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{LINES, ORDERS, id_of, items, made, orders, unchanged};
use crate::support::{
    app::TestApp,
    client::{Client, path_of},
    race::at_once,
};

const OPEN: &str = "/api/v1/orders?status=open";

fn open() -> (TestApp, Client) {
    let app = orders(&json!({}));
    let admin = app.admin();
    (app, admin)
}

fn total(client: &Client, path: &str) -> Json {
    client.get(path).ok()["pagination"]["totalItems"].clone()
}

#[test]
fn all_records_that_fit_are_changed_alike() {
    let (app, admin) = open();
    let old = made(&admin, &["a", "b", "c"]);
    admin
        .patch(&path_of("orders", &old[2]), &json!({ "total": "5" }))
        .ok();
    let body = json!({ "status": "paid", "total": { "$inc": "1.50" } });
    let path = format!("{ORDERS}?filter=total%20%3C%205&expect=2");
    assert_eq!(admin.patch(&path, &body).ok(), json!({ "changed": 2 }));
    for (order, status, total, version) in
        [(&old[0], "paid", "1.50", 2), (&old[2], "open", "5.00", 2)]
    {
        let now = admin.get(&path_of("orders", order)).ok();
        assert_eq!(
            (&now["status"], &now["total"], &now["version"]),
            (&json!(status), &json!(total), &json!(version))
        );
    }
    let told =
        "SELECT group_concat((before ->> 'status') || (after ->> 'status') || (after ->> 'total'))
        FROM _events WHERE type = 'order.updated' AND before ->> 'status' IS NOT NULL";
    let told: String = app.sql().query_row(told, [], |row| row.get(0)).unwrap();
    assert_eq!(told, "openpaid150,openpaid150");
}

#[test]
fn all_records_that_fit_are_deleted_with_what_goes_along() {
    let (app, admin) = open();
    let old = made(&admin, &["a", "b", "c"]);
    for order in &old {
        admin
            .post(LINES, &json!({ "title": "x", "orderId": order["id"] }))
            .created();
    }
    admin
        .patch(&path_of("orders", &old[2]), &json!({ "status": "paid" }))
        .ok();
    assert_eq!(
        admin.delete(&format!("{OPEN}&expect=2")).ok(),
        json!({ "changed": 2 })
    );
    assert_eq!(
        (total(&admin, ORDERS), total(&admin, LINES)),
        (json!(1), json!(1))
    );
    assert_eq!(
        app.count("SELECT count(*) FROM _events WHERE type LIKE '%.deleted'"),
        4
    );
    let restore = format!("{}/restore", path_of("orders", &old[0]));
    admin.send("POST", &restore, None).ok();
    assert_eq!(total(&admin, LINES), 2, "its line comes back, and no other");
}

#[test]
fn what_deletes_hard_goes_for_good() {
    let app = TestApp::start();
    app.define(json!({ "name": "notes", "deletion": "hard", "fields": [
        { "name": "title", "type": "text" } ] }));
    let admin = app.admin();
    admin
        .post(
            "/api/v1/notes",
            &json!([{ "title": "a" }, { "title": "a" }, {}]),
        )
        .created();
    admin.delete("/api/v1/notes?title=a&expect=2").ok();
    assert_eq!(app.count("SELECT count(*) FROM notes"), 1);
    assert_eq!(app.count("SELECT count(*) FROM _tombstones"), 2);
}

#[test]
fn another_number_than_was_expected_changes_nothing() {
    let (app, admin) = open();
    made(&admin, &["a", "b"]);
    for (expect, count) in [(1, 2), (3, 2), (0, 2)] {
        let path = format!("{OPEN}&expect={expect}");
        for reply in [
            unchanged(&app, || admin.patch(&path, &json!({ "note": "x" }))),
            unchanged(&app, || admin.delete(&path)),
        ] {
            let error = reply.faults(Code::Conflict, &["expect"]);
            assert_eq!(error["issues"][0]["params"]["count"], count);
        }
    }
    let none = format!("{ORDERS}?status=paid&expect=0");
    assert_eq!(
        unchanged(&app, || admin.delete(&none)).ok(),
        json!({ "changed": 0 })
    );
    let nothing = unchanged(&app, || {
        admin.patch(&format!("{OPEN}&expect=2"), &json!({}))
    });
    assert_eq!(nothing.ok(), json!({ "changed": 0 }));
}

#[test]
fn what_cannot_be_understood_is_refused() {
    let (app, admin) = open();
    made(&admin, &["a"]);
    for (query, fault) in [
        ("expect=1", "filter"),
        ("status=open", "expect"),
        ("status=open&expect=-1", "expect"),
        ("status=open&expect=1&page=1", "page"),
        ("filter=x&expect=1", "filter"),
        ("status=open&expect=1&hard=true", "hard"),
    ] {
        let reply = unchanged(&app, || admin.delete(&format!("{ORDERS}?{query}")));
        reply.faults(Code::InvalidInput, &[fault]);
    }
    let path = format!("{OPEN}&expect=1");
    let tagged = admin.with("If-Match", "\"1\"");
    tagged
        .delete(&path)
        .faults(Code::InvalidInput, &["If-Match"]);
    admin
        .patch(&path, &json!({ "version": 1 }))
        .faults(Code::ValidationError, &["version"]);
    admin
        .patch(&path, &json!({ "total": "-1", "x": 1 }))
        .faults(Code::ValidationError, &["total", "x"]);
    let all = format!("{OPEN}&expect=1001");
    admin.delete(&all).error(Code::Unprocessable);
    admin
        .delete("/api/v1/users?status=active&expect=1")
        .error(Code::MethodNotAllowed);
    admin
        .patch("/api/v1/users?status=active&expect=1", &json!({}))
        .error(Code::MethodNotAllowed);
}

#[test]
fn a_value_that_one_of_them_cannot_have_changes_none() {
    let (app, admin) = open();
    let old = made(&admin, &["a", "b"]);
    let refused = |body: Json, code, fault: &str| {
        let reply = unchanged(&app, || admin.patch(&format!("{OPEN}&expect=2"), &body));
        reply.faults(code, &[fault]);
    };
    refused(json!({ "number": "x" }), Code::AlreadyExists, "number");
    refused(
        json!({ "total": { "$inc": "-0.01" } }),
        Code::ValidationError,
        "total",
    );
    refused(
        json!({ "ownerId": old[0]["id"] }),
        Code::ValidationError,
        "ownerId",
    );
    app.collection(
        "bills",
        json!([{ "name": "order_id", "type": "relation", "collection": "orders" }]),
    );
    admin
        .post("/api/v1/bills", &json!({ "orderId": old[1]["id"] }))
        .created();
    let reply = unchanged(&app, || admin.delete(&format!("{OPEN}&expect=2")));
    reply.faults(Code::Conflict, &["_"]);
}

#[test]
fn up_to_a_thousand_records_are_changed_at_once() {
    let (app, admin) = open();
    let bodies: Json = (0..1_000).map(|_| json!({})).collect();
    admin.post(ORDERS, &bodies).created();
    let body = json!({ "total": { "$inc": 1 } });
    assert_eq!(
        admin.patch(&format!("{OPEN}&expect=1000"), &body).ok()["changed"],
        1_000
    );
    admin.post(ORDERS, &json!({})).created();
    let error = unchanged(&app, || admin.patch(&format!("{OPEN}&expect=1000"), &body));
    assert_eq!(
        error.error(Code::Conflict)["issues"][0]["params"]["count"],
        1_001
    );
    admin.delete(&format!("{ORDERS}?total=1&expect=1000")).ok();
}

#[test]
fn what_the_rule_refuses_of_one_is_refused_of_all() {
    let own = "ownerId == auth.id";
    let app = orders(
        &json!({ "list": "note != \"hidden\"", "view": "true", "create": "true",
        "update": own, "delete": own }),
    );
    let (admin, tom) = (app.admin(), app.user("tom", &[]));
    let mine = json!({ "ownerId": id_of(&tom) });
    let hidden = json!({ "note": "hidden" });
    admin.post(ORDERS, &json!([mine, mine, hidden])).created();
    let body = json!({ "note": "x" });
    assert_eq!(
        tom.patch(&format!("{OPEN}&expect=2"), &body).ok()["changed"],
        2
    );
    let foreign = admin.post(ORDERS, &json!({})).created();
    let path = format!("{OPEN}&expect=3");
    unchanged(&app, || tom.patch(&path, &body)).error(Code::Forbidden);
    unchanged(&app, || tom.delete(&path)).error(Code::Forbidden);
    let guest = app.guest();
    unchanged(&app, || guest.delete(&path)).error(Code::Unauthorized);
    unchanged(&app, || tom.delete(&format!("{LINES}?title=a&expect=0")))
        .error(Code::InsufficientPermissions);
    admin.delete(&path_of("orders", &foreign)).no_content();
    let away = json!({ "ownerId": null });
    unchanged(&app, || tom.patch(&format!("{OPEN}&expect=2"), &away)).error(Code::Forbidden);
    assert_eq!(tom.delete(&format!("{OPEN}&expect=2")).ok()["changed"], 2);
}

#[test]
fn a_field_that_may_not_be_written_or_read_is_as_with_one_record() {
    let app =
        orders(&json!({ "list": "true", "view": "true", "create": "true", "update": "true" }));
    let fields = json!({ "fields": [
        { "name": "note", "writeRule": "status == \"open\"" },
        { "name": "total", "readRule": "status == \"open\"" } ] });
    app.admin()
        .patch("/api/system/collections/orders", &fields)
        .ok();
    let tom = app.user("tom", &[]);
    tom.post(ORDERS, &json!([{}, { "status": "paid" }]))
        .created();
    let all = format!("{ORDERS}?createdAfter=2020-01-01&expect=2");
    let reply = unchanged(&app, || tom.patch(&all, &json!({ "note": "x" })));
    reply.faults(Code::Forbidden, &["note"]);
    let reply = unchanged(&app, || tom.patch(&all, &json!({ "total": { "$inc": 1 } })));
    reply.faults(Code::Forbidden, &["total"]);
    let told = unchanged(&app, || {
        tom.patch(
            &format!("{ORDERS}?total=0&expect=2"),
            &json!({ "number": "x" }),
        )
    });
    assert_eq!(
        told.error(Code::Conflict)["issues"][0]["params"]["count"],
        1
    );
}

#[test]
fn a_rule_that_counts_its_own_collection_holds_for_each_in_turn() {
    let few = "owner.orders.size() < 2";
    let app = orders(
        &json!({ "list": "true", "view": "true", "create": "true", "update": few,
        "delete": "owner.orders.size() > 1" }),
    );
    let (admin, tom) = (app.admin(), app.user("tom", &[]));
    admin.post(ORDERS, &json!([{}, {}, {}])).created();
    let body = json!({ "ownerId": id_of(&tom) });
    let reply = unchanged(&app, || tom.patch(&format!("{OPEN}&expect=3"), &body));
    reply.error(Code::Forbidden);
    let two = items(&admin.get(ORDERS).ok());
    let two = format!(
        "{ORDERS}?id[in]={},{}&expect=2",
        two[0]["id"].as_str().unwrap(),
        two[1]["id"].as_str().unwrap()
    );
    assert_eq!(tom.patch(&two, &body).ok()["changed"], 2);
    let reply = unchanged(&app, || tom.delete(&two));
    reply.error(Code::Unprocessable);
    admin.delete(&two).ok();
}

#[test]
fn of_all_who_change_the_same_records_each_has_the_number_it_expects() {
    let (app, admin) = open();
    let bodies: Json = (0..20).map(|_| json!({})).collect();
    admin.post(ORDERS, &bodies).created();
    let path = format!("{OPEN}&expect=20");
    let paid = json!({ "status": "paid" });
    let replies = at_once(6, |_| admin.patch(&path, &paid).status());
    assert_eq!(replies.iter().filter(|status| **status == 200).count(), 1);
    assert!(
        replies.iter().all(|status| [200, 409].contains(status)),
        "{replies:?}"
    );
    assert_eq!(
        app.count("SELECT count(*) FROM _events WHERE type = 'order.updated'"),
        20
    );
}
