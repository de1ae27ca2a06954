//! An export that is imported gives the same collection.

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Map, Value as Json, json};

use super::{CSV, NDJSON, export, import};
use crate::support::{app::TestApp, client::Client};

/// Types with values of theirs, as a body has them.
fn value(kind: &'static str) -> BoxedStrategy<Json> {
    let text = prop_oneof![
        Just(String::new()),
        "[ -~]{0,12}",
        "[\"',\r\n=+\u{e9}\u{1f600} ]{1,8}",
    ];
    match kind {
        "text" => text.prop_map(Json::from).boxed(),
        "integer" => any::<i64>().prop_map(|n| n.to_string().into()).boxed(),
        "number" => any::<f64>()
            .prop_filter("finite", |n| n.is_finite())
            .prop_map(Json::from)
            .boxed(),
        "decimal" => (-1_000_000..1_000_000_i64)
            .prop_map(|n| {
                format!(
                    "{}{}.{:02}",
                    if n < 0 { "-" } else { "" },
                    n.abs() / 100,
                    n.abs() % 100
                )
                .into()
            })
            .boxed(),
        "boolean" => any::<bool>().prop_map(Json::from).boxed(),
        "datetime" => (0..4_000_000_000_000_i64)
            .prop_map(|at| stead::base::Instant::from_millis(at).to_string().into())
            .boxed(),
        "multiselect" => vec(any::<bool>(), 2)
            .prop_map(|on| {
                ["red", "blue"]
                    .iter()
                    .zip(on)
                    .filter(|(_, on)| *on)
                    .map(|(one, _)| *one)
                    .collect()
            })
            .boxed(),
        _ => prop_oneof![
            text.prop_map(Json::from),
            any::<i32>().prop_map(|n| json!({ "a": [n, null, "\"x\""] })),
            Just(json!([])),
            Just(json!(true)),
        ]
        .boxed(),
    }
}

const KINDS: [&str; 8] = [
    "text",
    "integer",
    "number",
    "decimal",
    "boolean",
    "datetime",
    "multiselect",
    "json",
];

/// A definition of some fields, and records of it; a field that a record has not is absent.
fn collection() -> impl Strategy<Value = (Vec<&'static str>, Vec<Map<String, Json>>)> {
    vec(proptest::sample::select(&KINDS[..]), 1..5).prop_flat_map(|kinds| {
        let values: Vec<_> = kinds
            .iter()
            .map(|kind| {
                proptest::option::weighted(0.8, proptest::option::weighted(0.8, value(kind)))
            })
            .collect();
        let record = values.prop_map(|values| {
            let sent = values.into_iter().enumerate();
            let sent = sent.filter_map(|(i, value)| Some((format!("f{i}"), value?.into())));
            sent.collect::<Map<String, Json>>()
        });
        (Just(kinds), vec(record, 0..6))
    })
}

fn define(app: &TestApp, name: &str, kinds: &[&str]) {
    let fields = kinds.iter().enumerate().map(|(i, kind)| {
        let mut field = json!({ "name": format!("f{i}"), "type": kind });
        match *kind {
            "decimal" => field["scale"] = 2.into(),
            "multiselect" => field["options"] = json!(["red", "blue"]),
            "text" => field["default"] = "given".into(),
            _ => {}
        }
        field
    });
    app.define(json!({ "name": name, "fields": fields.collect::<Vec<_>>() }));
}

/// Every record without what Stead keeps itself.
fn records(client: &Client, collection: &str) -> Vec<String> {
    let text = export(client, collection, "?format=ndjson&sort=id");
    let lines = text.lines().map(|line| {
        let mut record: Json = serde_json::from_str(line).unwrap();
        for kept in ["createdAt", "updatedAt", "version"] {
            record.as_object_mut().unwrap().remove(kept);
        }
        record.to_string()
    });
    lines.collect()
}

#[test]
fn import_of_an_export_gives_the_same_collection() {
    let app = TestApp::start();
    let admin = app.admin();
    let mut runner = TestRunner::new(Config {
        cases: 24,
        ..Config::default()
    });
    let number = std::cell::Cell::new(0);
    let outcome = runner.run(&collection(), |(kinds, bodies)| {
        number.set(number.get() + 1);
        let name = |what: &str| format!("{what}{}", number.get());
        define(&app, &name("from"), &kinds);
        for body in &bodies {
            admin
                .post(&format!("/api/v1/{}", name("from")), &json!(body))
                .created();
        }
        let expected = records(&admin, &name("from"));
        for (format, media, to) in [("csv", CSV, "c"), ("ndjson", NDJSON, "n")] {
            define(&app, &name(to), &kinds);
            let text = export(&admin, &name("from"), &format!("?format={format}"));
            let report = import(&admin, &name(to), "", media, &text).ok();
            prop_assert_eq!(&report["created"], &json!(bodies.len()));
            prop_assert_eq!(&records(&admin, &name(to)), &expected, "{}", text);
            admin.delete(&format!(
                "/api/system/collections/{}?confirm={}",
                name(to),
                name(to)
            ));
        }
        Ok(())
    });
    outcome.unwrap();
}
