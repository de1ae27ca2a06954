//! Whatever a record was, its history tells, and leads back to.

use std::time::Duration;

use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value as Json, json};

use super::{POSTS, entries, revert};
use crate::support::{app::TestApp, client::path_of};

/// A change of any field, and of nothing.
fn change() -> impl Strategy<Value = Json> {
    let number = (-1e300..1e300_f64).prop_map(Json::from);
    let big = any::<i64>().prop_map(|number| number.to_string().into());
    let json = prop_oneof![
        Just(json!(null)),
        Just(json!([1, 2.5, "x", null])),
        any::<i32>().prop_map(|n| json!({ "a": n, "b": { "c": null } })),
        "\\PC{0,8}".prop_map(Json::from),
        any::<bool>().prop_map(Json::from),
    ];
    let field = prop_oneof![
        ("\\PC{0,12}").prop_map(|text| ("title", text.replace('\0', "").into())),
        big.clone().prop_map(|number| ("views", number)),
        number.prop_map(|number| ("weight", number)),
        big.prop_map(|number: Json| ("cost", number.as_str().map(|n| format!("{}e-2", n)).into())),
        any::<bool>().prop_map(|flag| ("isPublic", flag.into())),
        json.prop_map(|value| ("meta", value)),
        Just(("title", Json::Null)),
        Just(("cost", Json::Null)),
        Just(("weight", Json::Null)),
    ];
    proptest::collection::vec(field, 1..4).prop_map(|fields| {
        fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    })
}

/// The fields of a record, without what Stead keeps.
fn fields(record: &Json) -> Json {
    let mut fields = record.clone();
    for kept in ["version", "updatedAt"] {
        fields.as_object_mut().unwrap().remove(kept);
    }
    fields
}

#[test]
fn reverting_to_any_version_gives_that_version() {
    let app = TestApp::start();
    app.define(json!({ "name": "posts", "history": true, "fields": [
        { "name": "title", "type": "text" }, { "name": "views", "type": "integer" },
        { "name": "weight", "type": "number" }, { "name": "cost", "type": "decimal" },
        { "name": "is_public", "type": "boolean" }, { "name": "meta", "type": "json" } ] }));
    let admin = app.admin();
    let mut runner = TestRunner::new(ProptestConfig::with_cases(24));
    let changes = proptest::collection::vec(change(), 1..8);
    let run = runner.run(&changes, |changes| {
        let mut states = vec![admin.post(POSTS, &json!({})).created()];
        let path = path_of("posts", &states[0]);
        for change in &changes {
            app.clock().advance(Duration::from_secs(1));
            let changed = admin.put(&path, change);
            prop_assert_eq!(changed.status(), 200, "{}", changed.json());
            states.push(changed.ok());
        }
        for state in &states {
            let at = state["updatedAt"].as_str().unwrap();
            prop_assert_eq!(&admin.get(&format!("{path}?at={at}")).ok(), state);
        }
        for state in &states {
            app.clock().advance(Duration::from_secs(1));
            let version = state["version"].as_i64().unwrap();
            prop_assert_eq!(fields(&revert(&admin, &path, version).ok()), fields(state));
        }
        let told = entries(&admin, &path).into_iter().rev();
        prop_assert_eq!(told_by(told, &states[0]), fields(&admin.get(&path).ok()));
        Ok(())
    });
    run.unwrap();
}

/// The fields that a record has by its history, from its first version on.
fn told_by(entries: impl Iterator<Item = Json>, first: &Json) -> Json {
    let mut fields = fields(first);
    for entry in entries {
        for (name, change) in entry["changes"].as_object().unwrap() {
            if name == "deletedAt" {
                continue;
            }
            assert_eq!(fields[name], change[0], "{entry}");
            fields[name] = change[1].clone();
        }
    }
    fields
}
