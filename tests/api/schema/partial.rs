//! Indexes of some records, and such as allow no two alike.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{DEFINITION, ITEMS, items, kinds, planned, refused, send, whole};
use crate::support::app::TestApp;

fn bookings(records: &[Json]) -> TestApp {
    let fields = json!([
        { "name": "seat", "type": "integer" },
        { "name": "guest", "type": "text" },
        { "name": "status", "type": "select", "options": ["open", "gone"] },
        { "name": "tags", "type": "multiselect", "options": ["a", "b"] } ]);
    items(&fields, records)
}

fn index(condition: &str) -> Json {
    json!({ "indexes": [{ "fields": ["seat"], "unique": true, "where": condition }] })
}

fn seat(seat: i64, status: &str) -> Json {
    json!({ "seat": seat, "status": status })
}

#[test]
fn an_index_of_some_records_is_made_and_dropped() {
    let app = bookings(&[seat(1, "open"), seat(1, "gone"), seat(1, "gone")]);
    let body = index("status == 'open'");
    assert_eq!(kinds(&planned(&app, &body)), ["addIndex"]);
    let changed = send(&app, &body).ok();
    assert_eq!(changed["indexes"], body["indexes"]);
    let admin = app.admin();
    let twin = admin.post(ITEMS, &seat(1, "open"));
    let fault = twin.error(Code::AlreadyExists);
    assert_eq!(fault["issues"][0]["field"], "seat");
    admin.post(ITEMS, &seat(1, "gone")).created();
    admin.post(ITEMS, &seat(2, "open")).created();
    // What is shown can be sent again.
    assert_eq!(kinds(&planned(&app, &changed)), [""; 0]);
    let none = json!({ "indexes": [] });
    assert_eq!(kinds(&planned(&app, &none)), ["dropIndex"]);
    send(&app, &none).ok();
    admin.post(ITEMS, &seat(1, "open")).created();
}

#[test]
fn records_that_an_index_would_hold_twice_stand_in_its_way() {
    let records = [(1, "open"), (1, "open"), (2, "gone"), (2, "gone")];
    let app = bookings(&records.map(|(number, status)| seat(number, status)));
    let body = index("status == 'open'");
    let plan = planned(&app, &body);
    let obstacle = &plan["obstacles"][0];
    assert_eq!(
        (&obstacle["count"], &obstacle["code"]),
        (&json!(2), &json!("TAKEN"))
    );
    refused(&app, &body, Code::Unprocessable);
    send(&app, &index("status == 'open' && guest != null")).ok();
}

#[test]
fn an_index_asks_a_record_alone() {
    let app = bookings(&[]);
    for condition in [
        "auth.id == guest",
        "auth.can('items:read')",
        "createdAt < now()",
        "previous.seat == 1",
        "'a' in tags",
        "tags.contains('a')",
        "true",
        "nope == 1",
        "seat ==",
    ] {
        app.admin()
            .patch(DEFINITION, &index(condition))
            .faults(Code::ValidationError, &["indexes[0].where"]);
    }
    whole(&app);
}

#[test]
fn texts_of_a_condition_are_literals() {
    let guest = "a'?\"b";
    let app = bookings(&[json!({ "guest": guest, "seat": 4 })]);
    let text = json!(guest).to_string();
    let condition = format!("guest == {text} && seat > 3");
    send(&app, &index(&condition)).ok();
    let twin = json!({ "guest": guest, "seat": 4 });
    app.admin().post(ITEMS, &twin).error(Code::AlreadyExists);
    let other = json!({ "guest": "a'?", "seat": 4 });
    app.admin().post(ITEMS, &other).created();
}

#[test]
fn an_index_follows_the_names_of_its_table_and_columns() {
    let app = bookings(&[seat(1, "open")]);
    send(&app, &index("status == 'open'")).ok();
    let body = json!({ "name": "seats", "fields": [
        { "name": "state", "renamedFrom": "status" } ] });
    let admin = app.admin();
    admin
        .patch(DEFINITION, &body)
        .faults(Code::ValidationError, &["indexes[0].where"]);
    let mut both = body;
    both["indexes"] = index("state == 'open'")["indexes"].clone();
    admin.patch(DEFINITION, &both).ok();
    whole(&app);
    admin
        .post("/api/v1/seats", &json!({ "seat": 1, "state": "open" }))
        .error(Code::AlreadyExists);
}
