//! Changing the type of a field: values that convert, and those that do not.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{field, items, kinds, planned, refused, send, values};

/// What values of one type become as those of another; null for those that are lost.
fn converts(from: &Json, to: &Json, pairs: &[(Json, Json)]) {
    let named = |kind: &Json| {
        let mut field = kind.clone();
        field["name"] = json!("a");
        field
    };
    let records: Vec<Json> = pairs
        .iter()
        .map(|(value, _)| json!({ "a": value }))
        .collect();
    let app = items(&json!([named(from)]), &records);
    let mut change = named(to);
    // What the type does not know any more has to be taken away.
    for key in from.as_object().unwrap().keys() {
        if to.get(key).is_none() {
            change[key] = Json::Null;
        }
    }
    if from["type"] == "text" && to["type"] != "text" {
        change["max"] = Json::Null;
    }
    let mut body = field(change);
    let lost = pairs
        .iter()
        .filter(|(before, after)| !before.is_null() && after.is_null())
        .count();
    let plan = planned(&app, &body);
    let counted = plan["losses"][0]["count"].as_u64().unwrap_or(0);
    assert_eq!(
        (counted, &plan["obstacles"]),
        (lost as u64, &json!([])),
        "{from} {to} {plan}"
    );
    if lost > 0 {
        refused(&app, &body, Code::Unprocessable);
        body["allowDestructive"] = json!(true);
    }
    send(&app, &body).ok();
    let expected: Vec<&Json> = pairs.iter().map(|(_, after)| after).collect();
    assert_eq!(
        values(&app, "a").iter().collect::<Vec<_>>(),
        expected,
        "{from} {to}"
    );
}

fn kind(name: &str) -> Json {
    json!({ "type": name })
}

fn decimal(scale: u32) -> Json {
    json!({ "type": "decimal", "scale": scale })
}

#[test]
fn decimals_of_another_scale_are_exact_or_lost() {
    let max = "92233720368547758.07";
    let pairs = [
        ("1.50", "1.500"),
        ("-0.05", "-0.050"),
        ("9223372036854775.80", "9223372036854775.800"),
    ];
    let pairs: Vec<_> = pairs.map(|(a, b)| (json!(a), json!(b))).into();
    let beyond = (json!(max), json!(null));
    converts(
        &decimal(2),
        &decimal(3),
        &[pairs, vec![beyond, (json!(null), json!(null))]].concat(),
    );
    let pairs = [
        ("1.50", json!("1.5")),
        ("1.55", json!(null)),
        ("-2.00", json!("-2.0")),
    ];
    converts(&decimal(2), &decimal(1), &pairs.map(|(a, b)| (json!(a), b)));
}

#[test]
fn numbers_become_one_another() {
    let whole = [
        (json!(7), json!("7.00")),
        (json!("9223372036854775807"), json!(null)),
    ];
    converts(&kind("integer"), &decimal(2), &whole);
    let exact = [
        ("7.00", json!(7)),
        ("7.01", json!(null)),
        ("-7.00", json!(-7)),
    ];
    converts(
        &decimal(2),
        &kind("integer"),
        &exact.map(|(a, b)| (json!(a), b)),
    );
    let doubles = [
        ("0.10", json!(0.1)),
        ("99.90", json!(99.9)),
        ("-3.00", json!(-3)),
    ];
    converts(
        &decimal(2),
        &kind("number"),
        &doubles.map(|(a, b)| (json!(a), b)),
    );
    let back = [
        (json!(0.1), json!("0.10")),
        (json!(0.125), json!(null)),
        (json!(1e300), json!(null)),
    ];
    converts(&kind("number"), &decimal(2), &back);
    let truth = [
        (json!(1), json!(true)),
        (json!(0), json!(false)),
        (json!(2), json!(null)),
    ];
    converts(&kind("integer"), &kind("boolean"), &truth);
    converts(
        &kind("boolean"),
        &kind("integer"),
        &[(json!(true), json!(1))],
    );
}

#[test]
fn texts_become_numbers_where_they_are_written_like_one() {
    let pairs = [
        ("12", json!("12.00")),
        ("-0.5", json!("-0.50")),
        ("0.05", json!("0.05")),
        ("1.005", json!(null)),
        ("1e3", json!(null)),
        (" 1", json!(null)),
        ("01", json!(null)),
        ("1-2", json!(null)),
        ("x", json!(null)),
        ("", json!(null)),
        ("9999999999999999999", json!(null)),
    ];
    converts(
        &kind("text"),
        &decimal(2),
        &pairs.clone().map(|(a, b)| (json!(a), b)),
    );
    let pairs = [
        ("12", json!(12)),
        ("1.0", json!(1)),
        ("1.5", json!(null)),
        ("-3", json!(-3)),
        ("\"1\"", json!(null)),
    ];
    converts(
        &kind("text"),
        &kind("integer"),
        &pairs.map(|(a, b)| (json!(a), b)),
    );
    let pairs = [
        ("1.5e3", json!(1500)),
        ("0.1", json!(0.1)),
        ("1e999", json!(null)),
        ("[1]", json!(null)),
    ];
    converts(
        &kind("text"),
        &kind("number"),
        &pairs.map(|(a, b)| (json!(a), b)),
    );
    let pairs = [
        ("true", json!(true)),
        ("false", json!(false)),
        ("yes", json!(null)),
    ];
    converts(
        &kind("text"),
        &kind("boolean"),
        &pairs.map(|(a, b)| (json!(a), b)),
    );
}

#[test]
fn everything_becomes_a_text_as_it_is_shown() {
    let pairs = [("-0.05", "-0.05"), ("1234.50", "1234.50"), ("0.00", "0.00")];
    converts(
        &decimal(2),
        &kind("text"),
        &pairs.map(|(a, b)| (json!(a), json!(b))),
    );
    converts(
        &kind("integer"),
        &kind("text"),
        &[(json!(-12), json!("-12"))],
    );
    let numbers = [
        (json!(0.1), json!("0.1")),
        (json!(3), json!("3")),
        (json!(1e-7), json!("1.0e-07")),
    ];
    converts(&kind("number"), &kind("text"), &numbers);
    converts(
        &kind("boolean"),
        &kind("text"),
        &[(json!(false), json!("false"))],
    );
    converts(
        &kind("date"),
        &kind("text"),
        &[(json!("2026-01-15"), json!("2026-01-15"))],
    );
    let jsons = [
        (json!("plain"), json!("plain")),
        (json!({ "a": 1 }), json!("{\"a\":1}")),
    ];
    converts(&kind("json"), &kind("text"), &jsons);
}

#[test]
fn everything_becomes_json() {
    converts(
        &kind("text"),
        &kind("json"),
        &[(json!("a \"b\""), json!("a \"b\""))],
    );
    converts(&kind("integer"), &kind("json"), &[(json!(7), json!(7))]);
    converts(
        &decimal(2),
        &kind("json"),
        &[(json!("7.50"), json!("7.50"))],
    );
    converts(
        &kind("boolean"),
        &kind("json"),
        &[(json!(true), json!(true))],
    );
}

#[test]
fn days_and_instants_become_one_another() {
    let midnight = "2026-01-15T00:00:00.000Z";
    converts(
        &kind("date"),
        &kind("datetime"),
        &[(json!("2026-01-15"), json!(midnight))],
    );
    let pairs = [
        (midnight, json!("2026-01-15")),
        ("2026-01-15T10:30:00.000Z", json!(null)),
    ];
    converts(
        &kind("datetime"),
        &kind("date"),
        &pairs.map(|(a, b)| (json!(a), b)),
    );
    let pairs = [
        ("2026-01-15", json!("2026-01-15")),
        ("2026-02-30", json!(null)),
    ];
    converts(
        &kind("text"),
        &kind("date"),
        &pairs.map(|(a, b)| (json!(a), b)),
    );
}

#[test]
fn texts_become_options_addresses_and_urls() {
    let select = json!({ "type": "select", "options": ["x", "y"] });
    converts(
        &kind("text"),
        &select,
        &[(json!("x"), json!("x")), (json!("z"), json!(null))],
    );
    converts(&select, &kind("text"), &[(json!("x"), json!("x"))]);
    let pairs = [
        (json!("ann@example.com"), json!("ann@example.com")),
        (json!("ann"), json!(null)),
    ];
    converts(&kind("text"), &kind("email"), &pairs);
}

#[test]
fn a_value_that_must_be_there_is_never_lost() {
    let app = items(
        &json!([{ "name": "a", "type": "text", "required": true }]),
        &[json!({ "a": "x" }), json!({ "a": "7" })],
    );
    let change = json!({ "name": "a", "type": "integer", "max": null });
    let mut body = field(change);
    body["allowDestructive"] = json!(true);
    let error = refused(&app, &body, Code::Unprocessable);
    let message = "a has a value that does not fit it as integer: 1 record";
    assert_eq!(error["details"]["fields[0]"], json!([message]));
}

#[test]
fn an_address_that_only_stead_refuses_stands_in_the_way() {
    let app = items(
        &json!([super::text("a")]),
        &[json!({ "a": "a..b@example.com" })],
    );
    let body = field(json!({ "name": "a", "type": "email", "max": null }));
    assert_eq!(
        kinds(&planned(&app, &body)),
        ["changeField", "changeField", "rebuildTable"]
    );
    refused(&app, &body, Code::Unprocessable);
}

#[test]
fn a_text_becomes_a_relation_where_it_is_the_id_of_a_record() {
    let app = items(
        &json!([super::text("owner")]),
        &[json!({ "owner": "nobody" })],
    );
    let admin = app.admin();
    let me = admin.get("/api/auth/me").ok()["id"].clone();
    admin.post(super::ITEMS, &json!({ "owner": me })).created();
    let change = json!({ "name": "owner_id", "renamedFrom": "owner", "type": "relation",
        "collection": "users", "max": null });
    let mut body = field(change);
    assert_eq!(planned(&app, &body)["losses"][0]["count"], 1);
    body["allowDestructive"] = json!(true);
    send(&app, &body).ok();
    assert_eq!(values(&app, "ownerId"), [Json::Null, me]);
}

#[test]
fn rows_of_more_than_one_stretch_are_all_taken_over() {
    let app = items(
        &json!([{ "name": "a", "type": "integer" }]),
        &[json!({ "a": 1 })],
    );
    // The greatest `_row` says into how many stretches the rows are cut.
    let row = "INSERT INTO items (_row, id, a, created_at, updated_at)
      SELECT value, printf('01ARZ3NDEKTSV4RRFFQ69G%04d', value / 100000), value, '2026-01-15T10:30:00.000Z',
        '2026-01-15T10:30:00.000Z' FROM json_each('[0, -5, 100000, 100001, 250000, 900000]')";
    app.change_by_sql(&row.replace("value / 100000", "key"));
    send(&app, &field(json!({ "name": "a", "type": "text" }))).ok();
    assert_eq!(
        app.count("SELECT count(*) FROM items WHERE a = CAST(_row AS TEXT)"),
        7
    );
}
