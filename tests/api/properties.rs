//! What holds for any input: no body ends in a fault of the server, names change and values come
//! back as they were sent.

use proptest::{
    collection::{btree_map, vec},
    option,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value as Json, json};

use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

const THINGS: &str = "/api/v1/things";

fn things() -> (TestApp, Client) {
    let app = TestApp::start();
    app.collection(
        "things",
        json!([
            { "name": "title", "type": "text", "max": 50 },
            { "name": "rank", "type": "integer" },
            { "name": "weight", "type": "number" },
            { "name": "cost", "type": "decimal", "scale": 3 },
            { "name": "done", "type": "boolean" },
            { "name": "seen_at", "type": "datetime" },
            { "name": "day", "type": "date" },
            { "name": "kind", "type": "select", "options": ["a", "é"] },
            { "name": "meta", "type": "json" },
        ]),
    );
    let admin = app.admin();
    (app, admin)
}

fn check<S: Strategy>(
    cases: u32,
    strategy: S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config).run(&strategy, test).unwrap();
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::from),
            btree_map(any::<String>(), inner, 0..4)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

const KEYS: &[&str] = &[
    "id", "version", "title", "rank", "weight", "cost", "done", "seenAt", "day", "kind", "meta",
    "$inc",
];

/// A body whose keys are often those of the collection.
fn any_body() -> impl Strategy<Value = Json> {
    let key =
        prop_oneof![4 => prop::sample::select(KEYS).prop_map(str::to_owned), 1 => any::<String>()];
    let value = prop_oneof![4 => any_json(), 1 => any_json().prop_map(|by| json!({ "$inc": by }))];
    btree_map(key, value, 0..5).prop_map(|map| Json::Object(map.into_iter().collect()))
}

#[test]
fn no_body_of_any_bytes_is_a_fault_of_the_server() {
    let (_app, admin) = things();
    let path = path_of("things", &admin.post(THINGS, &json!({})).created());
    check(150, vec(any::<u8>(), 0..200), |body| {
        for (method, path) in [
            ("POST", THINGS),
            ("PATCH", &path),
            ("POST", "/api/system/collections"),
        ] {
            let reply = admin.send_bytes(method, path, Some("application/json"), &body);
            prop_assert_eq!(reply.status(), 400, "{:?}", reply.json());
        }
        Ok(())
    });
}

#[test]
fn no_body_of_any_json_is_a_fault_of_the_server() {
    let (_app, admin) = things();
    let path = path_of("things", &admin.post(THINGS, &json!({})).created());
    check(200, any_body(), |body| {
        for (method, path) in [("POST", THINGS), ("PATCH", &path)] {
            let reply = admin.send(method, path, Some(&body));
            prop_assert!(reply.status() < 500, "{}: {}", body, reply.json());
        }
        Ok(())
    });
}

#[test]
fn no_definition_of_any_json_is_a_fault_of_the_server() {
    let (_app, admin) = things();
    let field = btree_map(
        "name|type|required|min|max|default|options|pattern",
        any_json(),
        0..4,
    );
    let field = field.prop_map(|map| Json::Object(map.into_iter().collect()));
    let fields = prop_oneof![vec(field, 0..4).prop_map(Json::from), any_json()];
    check(150, (any::<String>(), fields), |(name, fields)| {
        let body = json!({ "name": name, "fields": fields });
        let reply = admin.post("/api/system/collections", &body);
        prop_assert!(reply.status() < 500, "{}: {}", body, reply.json());
        Ok(())
    });
}

#[test]
fn no_path_and_query_is_a_fault_of_the_server() {
    let (_app, admin) = things();
    check(
        200,
        "(/api/v1/things|/api/system/collections|/%61pi/v1/things|/[ -~&&[^ ]]{0,20})(/[!-~&&[^?#\"<>]]{0,8})?(\\?[!-~&&[^#\"<>]]{0,30})?",
        |path| {
            if path.contains(['"', '<', '>', '#', '\\', '^', '`', '{', '|', '}']) {
                return Ok(());
            }
            let reply = admin.get(&path);
            prop_assert!(reply.status() < 500, "{path}");
            Ok(())
        },
    );
}

fn any_instant() -> impl Strategy<Value = String> {
    let parts = (
        0..10_000_u32,
        1..13_u32,
        1..29_u32,
        0..24_u32,
        0..60_u32,
        0..60_u32,
        0..1_000_u32,
    );
    parts.prop_map(|(y, mo, d, h, mi, s, ms)| {
        format!("{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}.{ms:03}Z")
    })
}

/// A record in the form in which it is shown.
fn any_record() -> impl Strategy<Value = Json> {
    let text = "[^\\x00]{0,50}".prop_filter("50 characters", |text| text.chars().count() <= 50);
    let whole = prop_oneof![-(1_i64 << 53)..=1 << 53, any::<i64>()];
    let json = any_json().prop_filter("no U+0000", |json| !json.to_string().contains("\\u0000"));
    (
        option::of(text),
        option::of(whole),
        option::of(prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL),
        option::of(any::<i64>()),
        option::of(any::<bool>()),
        option::of(any_instant()),
        option::of(any_instant()),
        option::of(prop::sample::select(&["a", "é"][..])),
        json,
    )
        .prop_map(|(title, rank, weight, cost, done, seen, day, kind, meta)| {
            let rank = rank.map(|rank| match rank.unsigned_abs() > 1 << 53 {
                true => json!(rank.to_string()),
                false => json!(rank),
            });
            json!({
                "title": title, "rank": rank, "weight": weight, "cost": cost.map(decimal), "done": done,
                "seenAt": seen, "day": day.map(|day| day[..10].to_owned()), "kind": kind, "meta": meta,
            })
        })
}

fn decimal(thousandths: i64) -> String {
    let (sign, size) = (
        if thousandths < 0 { "-" } else { "" },
        thousandths.unsigned_abs(),
    );
    format!("{sign}{}.{:03}", size / 1_000, size % 1_000)
}

/// Whole doubles are shown without `.0`, so that numbers are compared by value.
fn is_same(sent: &Json, shown: &Json) -> bool {
    match (sent.as_f64(), shown.as_f64()) {
        (Some(sent), Some(shown)) => sent == shown,
        _ => sent == shown,
    }
}

#[test]
fn any_record_comes_back_as_it_was_sent() {
    let (_app, admin) = things();
    check(150, any_record(), |record| {
        let made = admin.post(THINGS, &record).created();
        let read = admin.get(&path_of("things", &made)).ok();
        prop_assert_eq!(&read, &made);
        for (name, sent) in record.as_object().unwrap() {
            prop_assert!(
                is_same(sent, &read[name]),
                "{}: {} became {}",
                name,
                sent,
                read[name]
            );
        }
        Ok(())
    });
}

#[test]
fn any_record_can_be_patched_into_any_other() {
    let (_app, admin) = things();
    check(100, (any_record(), any_record()), |(first, mut second)| {
        // An object would be merged.
        second["meta"] = json!([second["meta"].take()]);
        let path = path_of("things", &admin.post(THINGS, &first).created());
        admin.patch(&path, &second).ok();
        let read = admin.get(&path).ok();
        for (name, sent) in second.as_object().unwrap() {
            prop_assert!(
                is_same(sent, &read[name]),
                "{}: {} became {}",
                name,
                sent,
                read[name]
            );
        }
        Ok(())
    });
}

/// The change of names, written down once more.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap().to_owned();
    words.fold(first, |name, word| {
        name + &word[..1].to_uppercase() + &word[1..]
    })
}

#[test]
fn names_change_at_the_boundary_alone() {
    let app = TestApp::start();
    let admin = app.admin();
    let name = "x[a-z0-9]{0,5}(_[a-z][a-z0-9]{0,5}){0,3}";
    check(25, (name, name), |(table, column)| {
        if column.ends_with("_id") || column.ends_with("_ids") {
            return Ok(());
        }
        app.collection(&table, json!([{ "name": column, "type": "text" }]));
        let (path, field) = (table.replace('_', "-"), camel(&column));
        let made = admin
            .post(&format!("/api/v1/{path}"), &json!({ &field: "x" }))
            .created();
        prop_assert_eq!(&made[&field], "x");
        let sql = format!("SELECT \"{column}\" FROM \"{table}\"");
        let stored: String = app.sql().query_row(&sql, [], |row| row.get(0)).unwrap();
        prop_assert_eq!(stored, "x");
        admin
            .delete(&format!("/api/system/collections/{table}"))
            .no_content();
        Ok(())
    });
}
