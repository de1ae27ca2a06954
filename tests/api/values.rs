//! Values of each type: what is sent, what comes back, how numbers are added to and JSON merged.

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::{Client, Reply, path_of},
};

fn things() -> TestApp {
    let app = TestApp::start();
    app.collection("owners", json!([{ "name": "name", "type": "text" }]));
    app.collection(
        "things",
        json!([
            { "name": "text", "type": "text", "pattern": "^[^!]*$" },
            { "name": "integer", "type": "integer" },
            { "name": "small", "type": "integer", "min": 0, "max": 10 },
            { "name": "number", "type": "number" },
            { "name": "price", "type": "decimal", "scale": 2, "min": "0.00" },
            { "name": "done", "type": "boolean" },
            { "name": "seen", "type": "datetime" },
            { "name": "day", "type": "date" },
            { "name": "meta", "type": "json" },
            { "name": "kind", "type": "select", "options": ["a", "b c"] },
            { "name": "owner_id", "type": "relation", "collection": "owners" },
            { "name": "mail", "type": "email" },
            { "name": "link", "type": "url" },
        ]),
    );
    app
}

fn create(client: &Client, field: &str, sent: &str) -> Reply {
    client.send_text("POST", "/api/v1/things", &format!("{{\"{field}\":{sent}}}"))
}

/// The text of a member of `data`, as it stands in the answer.
fn shown(reply: &Reply, field: &str) -> String {
    reply.created();
    let text = reply.response.text();
    let start = text.find(&format!("\"{field}\":")).unwrap() + field.len() + 3;
    let value: &serde_json::value::RawValue = serde_json::Deserializer::from_str(&text[start..])
        .into_iter()
        .next()
        .unwrap()
        .unwrap();
    value.get().to_owned()
}

#[test]
fn values_come_back_in_their_one_form() {
    let app = things();
    let admin = app.admin();
    let owner = admin.post("/api/v1/owners", &json!({})).created()["id"].to_string();
    for (field, sent, expected) in [
        ("text", r#""Grüße \ud83d\ude00\n\"""#, r#""Grüße 😀\n\"""#),
        ("text", r#""""#, r#""""#),
        ("integer", "-7", "-7"),
        ("integer", "1e3", "1000"),
        ("integer", "\"12\"", "12"),
        ("number", "1.5", "1.5"),
        ("number", "1e2", "100"),
        ("number", "-0", "0"),
        ("number", "0.1", "0.1"),
        ("price", "\"99.90\"", "\"99.90\""),
        ("price", "99.9", "\"99.90\""),
        ("price", "7", "\"7.00\""),
        ("done", "true", "true"),
        ("done", "false", "false"),
        (
            "seen",
            "\"2026-01-15T12:30:00+02:00\"",
            "\"2026-01-15T10:30:00.000Z\"",
        ),
        (
            "seen",
            "\"2026-01-15T10:30:00.1239Z\"",
            "\"2026-01-15T10:30:00.123Z\"",
        ),
        ("day", "\"2024-02-29\"", "\"2024-02-29\""),
        ("kind", "\"b c\"", "\"b c\""),
        ("ownerId", &owner, &owner),
        ("mail", "\"ann@example.com\"", "\"ann@example.com\""),
        (
            "link",
            "\"https://example.com/a?b=c\"",
            "\"https://example.com/a?b=c\"",
        ),
    ] {
        assert_eq!(
            shown(&create(&admin, field, sent), field),
            expected,
            "{field}: {sent}"
        );
    }
}

#[test]
fn whole_numbers_keep_all_their_digits() {
    let app = things();
    let admin = app.admin();
    for (sent, expected) in [
        ("9007199254740992", "9007199254740992"),
        ("9007199254740993", "\"9007199254740993\""),
        ("\"9007199254740993\"", "\"9007199254740993\""),
        ("-9007199254740993", "\"-9007199254740993\""),
        ("9223372036854775807", "\"9223372036854775807\""),
        ("-9223372036854775808", "\"-9223372036854775808\""),
    ] {
        assert_eq!(
            shown(&create(&admin, "integer", sent), "integer"),
            expected,
            "{sent}"
        );
    }
}

#[test]
fn money_never_passes_through_a_double() {
    let app = things();
    let admin = app.admin();
    for (sent, expected) in [
        ("92233720368547758.07", "\"92233720368547758.07\""),
        ("\"92233720368547758.07\"", "\"92233720368547758.07\""),
        ("0.07", "\"0.07\""),
        ("4.35", "\"4.35\""),
    ] {
        assert_eq!(
            shown(&create(&admin, "price", sent), "price"),
            expected,
            "{sent}"
        );
    }
}

#[test]
fn json_comes_back_as_it_was_sent_without_its_blanks() {
    let app = things();
    let admin = app.admin();
    for (sent, expected) in [
        (
            "{ \"b\" : 1.10, \"a\": [ 9007199254740993, 1E5 ] }",
            r#"{"b":1.10,"a":[9007199254740993,1E5]}"#,
        ),
        (r#""a\/b\u00e9""#, r#""a\/b\u00e9""#),
        ("false", "false"),
        (r#"{"a_b":{"c":null}}"#, r#"{"a_b":{"c":null}}"#),
        ("[]", "[]"),
    ] {
        assert_eq!(
            shown(&create(&admin, "meta", sent), "meta"),
            expected,
            "{sent}"
        );
    }
}

#[test]
fn values_that_no_field_can_hold_are_faults_of_their_field() {
    let app = things();
    let admin = app.admin();
    for (field, sent) in [
        ("text", "1"),
        ("text", r#""a\u0000b""#),
        ("text", r#""\ud800""#),
        ("text", r#""no!""#),
        ("integer", "9223372036854775808"),
        ("integer", "-9223372036854775809"),
        ("integer", "1.5"),
        ("integer", "1e400"),
        ("integer", "\"\""),
        ("small", "11"),
        ("small", "-1"),
        ("number", "1e400"),
        ("number", "\"1\""),
        ("price", "\"1.005\""),
        ("price", "-0.01"),
        ("price", "92233720368547758.08"),
        ("done", "1"),
        ("done", "\"true\""),
        ("seen", "\"2026-02-29T00:00:00Z\""),
        ("seen", "\"2026-01-15T25:00:00Z\""),
        ("seen", "\"2026-01-15\""),
        ("seen", "1768473000"),
        ("day", "\"2026-02-29\""),
        ("day", "\"2026-1-5\""),
        ("day", "\"2026-01-15T00:00:00Z\""),
        ("meta", "1e400"),
        ("meta", r#"{"a":1,"a":2}"#),
        ("meta", r#"["\u0000"]"#),
        ("kind", "\"c\""),
        ("ownerId", "\"1\""),
        ("ownerId", "7"),
        ("mail", "\"ann\""),
        ("link", "\"javascript:alert(1)\""),
    ] {
        create(&admin, field, sent).faults(Code::ValidationError, &[field]);
    }
}

#[test]
fn ten_thousand_levels_of_json_are_a_fault_of_one_field() {
    let app = things();
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let admin = app.admin();
    create(&admin, "meta", &deep).faults(Code::ValidationError, &["meta"]);
    create(&admin, "text", &deep).faults(Code::ValidationError, &["text"]);
    create(&admin, "nope", &deep).faults(Code::ValidationError, &["nope"]);
}

fn patched(field: &str, from: &str, patch: &str) -> (TestApp, Reply) {
    let app = things();
    let admin = app.admin();
    let path = path_of("things", &create(&admin, field, from).created());
    let reply = admin.send_text("PATCH", &path, &format!("{{\"{field}\":{patch}}}"));
    (app, reply)
}

#[test]
fn an_increment_adds_to_a_number_of_any_kind() {
    for (field, from, by, sum) in [
        ("integer", "5", "3", json!(8)),
        ("integer", "5", "\"-7\"", json!(-2)),
        ("integer", "null", "3", json!(3)),
        ("number", "1.5", "0.25", json!(1.75)),
        ("price", "\"1.10\"", "\"0.20\"", json!("1.30")),
        ("price", "null", "0.05", json!("0.05")),
        ("small", "10", "-10", json!(0)),
    ] {
        let (_app, reply) = patched(field, from, &format!("{{\"$inc\":{by}}}"));
        assert_eq!(reply.ok()[field], sum, "{field}: {from} + {by}");
    }
}

#[test]
fn an_increment_out_of_bounds_changes_nothing() {
    for (field, from, by, code) in [
        ("small", "5", "6", "TOO_LARGE"),
        ("small", "5", "-6", "TOO_SMALL"),
        ("small", "null", "11", "TOO_LARGE"),
        ("price", "\"0.10\"", "\"-0.11\"", "TOO_SMALL"),
        ("price", "\"92233720368547758.07\"", "\"0.01\"", "TOO_LARGE"),
        ("integer", "9223372036854775807", "1", "TOO_LARGE"),
        (
            "integer",
            "9223372036854775807",
            "9223372036854775807",
            "TOO_LARGE",
        ),
        ("integer", "-9223372036854775808", "-1", "TOO_SMALL"),
        (
            "integer",
            "-9223372036854775808",
            "\"-9223372036854775808\"",
            "TOO_SMALL",
        ),
        ("number", "1.7e308", "1.7e308", "TOO_LARGE"),
        ("number", "-1.7e308", "-1.7e308", "TOO_SMALL"),
    ] {
        let (app, reply) = patched(field, from, &format!("{{\"$inc\":{by}}}"));
        let error = reply.faults(Code::ValidationError, &[field]);
        assert_eq!(error["issues"][0]["code"], code, "{field}: {from} + {by}");
        let version = "SELECT version FROM things";
        let version: i64 = app.sql().query_row(version, [], |row| row.get(0)).unwrap();
        assert_eq!(version, 1, "{field}: {from} + {by}");
    }
}

#[test]
fn an_increment_that_is_none_is_refused() {
    let app = things();
    let admin = app.admin();
    let path = path_of("things", &create(&admin, "integer", "1").created());
    for patch in [
        r#"{"integer":{"$inc":1.5}}"#,
        r#"{"integer":{"$inc":null}}"#,
        r#"{"integer":{"$inc":1,"x":1}}"#,
        r#"{"integer":{"$dec":1}}"#,
        r#"{"integer":{}}"#,
        r#"{"integer":{"$inc":9223372036854775808}}"#,
    ] {
        admin
            .send_text("PATCH", &path, patch)
            .faults(Code::ValidationError, &["integer"]);
    }
    let text = admin.send_text("PATCH", &path, r#"{"text":{"$inc":1},"done":{"$inc":1}}"#);
    text.faults(Code::ValidationError, &["done", "text"]);
    create(&admin, "integer", r#"{"$inc":1}"#).faults(Code::ValidationError, &["integer"]);
}

/// The rows of RFC 7396, appendix A, as far as a field can hold them.
#[test]
fn json_is_merged_as_the_rfc_says() {
    for (from, patch, expected) in [
        (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
        (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
        (r#"{"a":"b"}"#, r#"{"a":null}"#, "{}"),
        (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
        (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
        (
            r#"{"a":{"b":"c"}}"#,
            r#"{"a":{"b":"d","c":null}}"#,
            r#"{"a":{"b":"d"}}"#,
        ),
        (r#"["a","b"]"#, r#"["c","d"]"#, r#"["c","d"]"#),
        (r#"{"a":"b"}"#, r#"["c"]"#, r#"["c"]"#),
        (r#"{"a":"foo"}"#, "\"bar\"", "\"bar\""),
        (r#"{"e":null}"#, r#"{"a":1}"#, r#"{"e":null,"a":1}"#),
        ("[1,2]", r#"{"a":"b","c":null}"#, r#"{"a":"b"}"#),
        ("{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
        ("null", r#"{"a":{"b":null},"c":1}"#, r#"{"a":{},"c":1}"#),
        ("\"text\"", r#"{"a":1}"#, r#"{"a":1}"#),
        (r#"{"a":1}"#, r#"{"\u0061":2}"#, r#"{"a":2}"#),
        (
            r#"{"n":1.10,"a":1}"#,
            r#"{"m":9007199254740993}"#,
            r#"{"n":1.10,"a":1,"m":9007199254740993}"#,
        ),
    ] {
        let (_app, reply) = patched("meta", from, patch);
        let expected: Json = serde_json::from_str(expected).unwrap();
        assert_eq!(reply.ok()["meta"], expected, "{from} and {patch}");
    }
}

#[test]
fn null_takes_json_away() {
    let (_app, reply) = patched("meta", r#"{"a":1}"#, "null");
    assert_eq!(reply.ok()["meta"], Json::Null);
}

#[test]
fn on_create_json_is_kept_with_its_nulls() {
    let app = things();
    assert_eq!(
        shown(&create(&app.admin(), "meta", r#"{"a":null}"#), "meta"),
        r#"{"a":null}"#
    );
}
