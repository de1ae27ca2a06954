//! `PUT /api/v1/{collection}?on=number`.

use serde_json::json;
use stead::base::Code;

use super::{LINES, ORDERS, id_of, made, orders, unchanged};
use crate::support::{app::TestApp, client::Client, client::path_of, race::at_once};

const UPSERT: &str = "/api/v1/orders?on=number";

fn open() -> (TestApp, Client) {
    let app = orders(&json!({}));
    let admin = app.admin();
    (app, admin)
}

#[test]
fn the_first_makes_a_record_and_the_second_replaces_it() {
    let (app, admin) = open();
    let first = admin.put(UPSERT, &json!({ "number": "a", "note": "x", "total": "1" }));
    let order = first.created();
    let path = path_of("orders", &order);
    assert_eq!(first.header("location"), Some(&*path));
    assert_eq!(admin.get(&path).etag(), first.etag());
    let second = admin.put(UPSERT, &json!({ "number": "a", "total": "2" }));
    let now = second.ok();
    assert_eq!(
        (&now["id"], &now["note"], &now["total"]),
        (&order["id"], &json!(null), &json!("2.00"))
    );
    assert_eq!(admin.get(&path).ok(), now);
    let told = "SELECT group_concat(type) FROM _events WHERE collection = 'orders'";
    let told: String = app.sql().query_row(told, [], |row| row.get(0)).unwrap();
    assert_eq!(told, "order.created,order.updated");
}

#[test]
fn a_deleted_record_is_not_replaced() {
    let (_app, admin) = open();
    let old = made(&admin, &["a"]);
    admin.delete(&path_of("orders", &old[0])).no_content();
    let new = admin.put(UPSERT, &json!({ "number": "a" })).created();
    assert_ne!(new["id"], old[0]["id"]);
}

#[test]
fn a_version_says_that_the_record_is_there() {
    let (app, admin) = open();
    let body = json!({ "number": "a", "version": 1 });
    let absent = unchanged(&app, || admin.put(UPSERT, &body));
    absent.faults(Code::Conflict, &["version"]);
    let tagged = admin.with("If-Match", "\"1\"");
    let note = json!({ "number": "a", "note": "x" });
    unchanged(&app, || tagged.put(UPSERT, &note)).error(Code::PreconditionFailed);
    made(&admin, &["a"]);
    admin.put(UPSERT, &body).ok();
    unchanged(&app, || admin.put(UPSERT, &body)).faults(Code::Conflict, &["version"]);
    unchanged(&app, || tagged.put(UPSERT, &note)).error(Code::PreconditionFailed);
}

#[test]
fn what_cannot_be_understood_is_refused() {
    let (app, admin) = open();
    for path in [
        ORDERS,
        "/api/v1/orders?on=note",
        "/api/v1/orders?on=id",
        "/api/v1/orders?on=x",
        LINES,
    ] {
        let reply = unchanged(&app, || admin.put(path, &json!({ "title": "a" })));
        reply.faults(Code::InvalidInput, &["on"]);
    }
    admin
        .put("/api/v1/orders?on=number&x=1", &json!({}))
        .faults(Code::InvalidInput, &["x"]);
    admin
        .put("/api/v1/users?on=email", &json!({}))
        .error(Code::MethodNotAllowed);
    let refused = |body, code, fault: &str| {
        let reply = unchanged(&app, || admin.put(UPSERT, &body));
        reply.faults(code, &[fault]);
    };
    refused(json!({ "note": "x" }), Code::MissingField, "number");
    refused(json!({ "number": null }), Code::MissingField, "number");
    refused(
        json!({ "number": "a", "total": "-1" }),
        Code::ValidationError,
        "total",
    );
    refused(
        json!({ "number": "a", "id": "01ARZ3NDEKTSV4RRFFQ69G5FAV" }),
        Code::ValidationError,
        "id",
    );
    refused(
        json!({ "number": "a", "ownerId": "01ARZ3NDEKTSV4RRFFQ69G5FAV" }),
        Code::ValidationError,
        "ownerId",
    );
}

#[test]
fn it_needs_what_making_or_changing_needs_as_it_turns_out() {
    let app = orders(
        &json!({ "view": "true", "create": "note == \"new\"", "update": "ownerId == auth.id" }),
    );
    let (admin, tom) = (app.admin(), app.user("tom", &[]));
    let own = json!({ "number": "mine", "note": "new", "ownerId": id_of(&tom) });
    tom.put(UPSERT, &own).created();
    tom.put(UPSERT, &own).ok();
    made(&admin, &["foreign"]);
    let foreign = json!({ "number": "foreign", "note": "new" });
    unchanged(&app, || tom.put(UPSERT, &foreign)).error(Code::Forbidden);
    let old = json!({ "number": "b", "note": "old" });
    unchanged(&app, || tom.put(UPSERT, &old)).error(Code::Forbidden);
}

#[test]
fn who_may_not_make_a_record_is_not_told_whether_there_is_one() {
    let app =
        orders(&json!({ "create": "false", "view": "false", "update": "status == \"paid\"" }));
    made(&app.admin(), &["there"]);
    for caller in [app.guest(), app.user("tom", &[])] {
        let told = |number: &str| {
            let reply = caller.put(UPSERT, &json!({ "number": number }));
            (reply.status(), reply.json()["error"].clone())
        };
        assert_eq!(told("there"), told("absent"));
    }
    let viewer = app.viewer();
    let reply = viewer.put("/api/v1/lines?on=title", &json!({ "title": "a" }));
    reply.error(Code::InsufficientPermissions);
}

#[test]
fn of_all_who_upsert_one_value_at_once_one_makes_it() {
    let (app, admin) = open();
    for round in 0..5 {
        let body = json!({ "number": round.to_string() });
        let replies = at_once(6, |_| admin.put(UPSERT, &body).status());
        assert_eq!(
            replies.iter().filter(|status| **status == 201).count(),
            1,
            "{replies:?}"
        );
        assert_eq!(
            replies.iter().filter(|status| **status == 200).count(),
            5,
            "{replies:?}"
        );
    }
    assert_eq!(
        app.count("SELECT count(*) FROM orders WHERE version = 6"),
        5
    );
}
