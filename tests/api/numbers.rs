//! Numbers that stay what they are, and nulls and defaults of every type.

use serde_json::{Value as Json, json};

use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

const ACCOUNTS: &str = "/api/v1/accounts";

fn accounts() -> (TestApp, Client) {
    let app = TestApp::start();
    app.collection(
        "accounts",
        json!([
            { "name": "amount", "type": "decimal", "scale": 2 },
            { "name": "counter", "type": "integer" },
        ]),
    );
    let admin = app.admin();
    (app, admin)
}

#[test]
fn a_tenth_added_ten_times_is_one() {
    let (_app, admin) = accounts();
    for start in [json!(null), json!("0.00")] {
        let made = admin.post(ACCOUNTS, &json!({ "amount": start })).created();
        let path = path_of("accounts", &made);
        for by in ["0.1", "0.10"].iter().cycle().take(10) {
            admin
                .patch(&path, &json!({ "amount": { "$inc": by } }))
                .ok();
        }
        assert_eq!(admin.get(&path).ok()["amount"], "1.00");
        let found = admin.get(&format!("{ACCOUNTS}?amount=1&filter=amount==1.00"));
        assert!(found.ok()["pagination"]["totalItems"].as_u64() > Some(0));
    }
}

#[test]
fn a_64_bit_integer_loses_nothing_by_create_read_list_filter_and_increment() {
    let (_app, admin) = accounts();
    for (number, next) in [
        ("9007199254740993", "9007199254740994"),
        ("9223372036854775806", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775807"),
    ] {
        let body = format!("{{\"counter\":{number}}}");
        let made = admin.send_text("POST", ACCOUNTS, &body).created();
        assert_eq!(made["counter"], number, "created");
        let path = path_of("accounts", &made);
        assert_eq!(admin.get(&path).ok()["counter"], number, "read");
        for query in [
            format!("counter={number}"),
            format!("counter[gte]={number}&counter[lte]={number}"),
            format!("filter=counter=={number}"),
            format!("filter=counter%20in%20[{number}]"),
        ] {
            let list = admin.get(&format!("{ACCOUNTS}?{query}")).ok();
            assert_eq!(list["pagination"]["totalItems"], 1, "{query}");
            assert_eq!(list["items"][0]["counter"], number, "listed");
        }
        let neighbour = admin.get(&format!("{ACCOUNTS}?counter={next}")).ok();
        assert_eq!(neighbour["pagination"]["totalItems"], 0, "{next}");
        let patch = json!({ "counter": { "$inc": 1 } });
        assert_eq!(admin.patch(&path, &patch).ok()["counter"], next, "added to");
    }
}

/// A field of each type, a default of it, and how that is shown.
fn with_defaults() -> Vec<(Json, Json)> {
    let field = |kind: &str, default: Json| json!({ "type": kind, "default": default });
    let options = json!(["a", "b"]);
    let select = json!({ "type": "select", "options": options, "default": "b" });
    let multiselect = json!({ "type": "multiselect", "options": options, "default": ["b", "a"] });
    vec![
        (field("text", json!("it's")), json!("it's")),
        (field("integer", json!(-1)), json!(-1)),
        (field("number", json!(0.5)), json!(0.5)),
        (field("decimal", json!("9.9")), json!("9.90")),
        (field("boolean", json!(false)), json!(false)),
        (
            field("datetime", json!("2026-01-15T10:30:00Z")),
            json!("2026-01-15T10:30:00.000Z"),
        ),
        (field("date", json!("2026-01-15")), json!("2026-01-15")),
        (field("json", json!({ "a": [1] })), json!({ "a": [1] })),
        (select, json!("b")),
        (multiselect, json!(["a", "b"])),
        (
            field("email", json!("a@example.org")),
            json!("a@example.org"),
        ),
        (field("url", json!("https://a.org")), json!("https://a.org")),
    ]
}

#[test]
fn every_type_may_be_null_and_have_a_default() {
    let app = TestApp::start();
    let (mut fields, mut shown) = (Vec::new(), Vec::new());
    for (i, (mut field, default)) in with_defaults().into_iter().enumerate() {
        field["name"] = json!(format!("f{i}"));
        fields.push(field.clone());
        field["name"] = json!(format!("n{i}"));
        field.as_object_mut().unwrap().remove("default");
        fields.push(field);
        shown.push((format!("f{i}"), format!("n{i}"), default));
    }
    app.collection("things", json!(fields));
    let admin = app.admin();
    let made = admin.post("/api/v1/things", &json!({})).created();
    app.change_by_sql("INSERT INTO things (id, created_at, updated_at) \
         VALUES ('01J00000000000000000000000', '2026-01-15T10:30:00.000Z', '2026-01-15T10:30:00.000Z')");
    let by_shell = admin.get("/api/v1/things/01J00000000000000000000000").ok();
    let nulls: Json = shown
        .iter()
        .map(|(name, ..)| (name.clone(), Json::Null))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let nulled = admin.post("/api/v1/things", &nulls).created();
    for (name, without, default) in &shown {
        assert_eq!(
            (&made[name], &made[without]),
            (default, &Json::Null),
            "{name}"
        );
        assert_eq!(&by_shell[name], default, "{name} by a shell");
        assert_eq!(nulled[name], Json::Null, "{name}: null is null");
    }
}
