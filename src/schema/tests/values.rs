//! Values: read as they are sent, stored, shown again.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{file, insert, only, raw, shown, thing, users};
use crate::{
    base::Instant,
    db::Value,
    schema::{Field, fields},
};

/// The form in which a value comes back that was sent as `sent`.
fn back(definition: Json, sent: &str) -> String {
    let collection = thing(definition);
    let conn = file(&[&users(), &collection]);
    let field = only(&collection);
    let value = field.read(&raw(sent)).unwrap();
    insert(&conn, &collection, &[(field, value)]).unwrap();
    shown(&conn, &collection, field)
}

#[expect(clippy::too_many_lines, reason = "one table, read row by row")]
#[test]
fn every_type_shows_what_was_sent() {
    let rows = [
        (
            json!({"type": "text"}),
            vec![r#""""#, r#""O'Neil\n\"é😀\"""#, r#"" a ""#, "null"],
        ),
        (
            json!({"type": "integer"}),
            vec![
                "0",
                "-5",
                "9007199254740992",
                "\"9007199254740993\"",
                "\"-9223372036854775808\"",
            ],
        ),
        (
            json!({"type": "number"}),
            vec![
                "0",
                "1",
                "-0.1",
                "1e+300",
                "5e-324",
                "0.30000000000000004",
                "1.7976931348623157e+308",
                "123456789.125",
            ],
        ),
        (
            json!({"type": "multiselect", "options": ["b c", "a", "'", "]", "[a"]}),
            vec![
                "[]",
                r#"["a"]"#,
                r#"["b c","a","'","]","[a"]"#,
                r#"["b c","[a"]"#,
                "null",
            ],
        ),
        (
            json!({"type": "decimal"}),
            vec![
                "\"0.00\"",
                "\"99.90\"",
                "\"-0.05\"",
                "\"92233720368547758.07\"",
            ],
        ),
        (json!({"type": "decimal", "scale": 0}), vec!["\"7\""]),
        (json!({"type": "boolean"}), vec!["true", "false"]),
        (
            json!({"type": "datetime"}),
            vec![
                "\"2026-01-15T10:30:00.123Z\"",
                "\"0000-01-01T00:00:00.000Z\"",
                "\"9999-12-31T23:59:59.999Z\"",
            ],
        ),
        (
            json!({"type": "date"}),
            vec!["\"2024-02-29\"", "\"0000-01-01\"", "\"9999-12-31\""],
        ),
        (
            json!({"type": "json"}),
            vec!["{}", "[1.10,1e5,\"\\u00e9\"]", "\"a b\"", "false", "0"],
        ),
        (
            json!({"type": "select", "options": ["a", "it's"]}),
            vec!["\"a\"", "\"it's\""],
        ),
        (
            json!({"type": "email"}),
            vec!["\"Ann@Example.com\"", "\"o'x@y.z\""],
        ),
        (
            json!({"type": "url"}),
            vec!["\"https://example.com/a?b=c#d\""],
        ),
    ];
    for (definition, values) in rows {
        for sent in values {
            assert_eq!(back(definition.clone(), sent), sent, "{definition}");
        }
    }
}

#[test]
fn some_forms_are_read_and_shown_as_the_one() {
    let rows = [
        (json!({"type": "integer"}), "\"12\"", "12"),
        (json!({"type": "integer"}), "1.20e1", "12"),
        (
            json!({"type": "integer"}),
            "9007199254740993",
            "\"9007199254740993\"",
        ),
        (json!({"type": "number"}), "1.0", "1"),
        (json!({"type": "number"}), "-0.0", "0"),
        (json!({"type": "number"}), "1e-400", "0"),
        (json!({"type": "decimal"}), "99.9", "\"99.90\""),
        (json!({"type": "decimal"}), "1e3", "\"1000.00\""),
        (
            json!({"type": "decimal", "scale": 9}),
            "0.000000001",
            "\"0.000000001\"",
        ),
        (
            json!({"type": "datetime"}),
            "\"2026-01-15T12:00:00.9999+02:00\"",
            "\"2026-01-15T10:00:00.999Z\"",
        ),
        (
            json!({"type": "json"}),
            r#"{ "b" : [ 1 ],  "a": " x " }"#,
            r#"{"b":[1],"a":" x "}"#,
        ),
    ];
    for (definition, sent, expected) in rows {
        assert_eq!(back(definition.clone(), sent), expected, "{definition}");
    }
}

/// `RETURNING` shows what was bound, not what was stored.
#[test]
fn zero_has_no_sign() {
    let collection = thing(json!({"type": "number"}));
    let mut out = Vec::new();
    let value = only(&collection).read(&raw("-0.0")).unwrap();
    only(&collection).write_value(&value, &mut out);
    assert_eq!(out, b"0");
}

#[test]
fn queries_are_read_by_the_type_alone() {
    let rows = [
        (
            json!({"type": "text", "min": 5}),
            "a",
            Some(Value::from("a")),
        ),
        (json!({"type": "text"}), "a\0", None),
        (
            json!({"type": "integer", "min": 5}),
            "-3",
            Some(Value::Integer(-3)),
        ),
        (json!({"type": "integer"}), "", None),
        (json!({"type": "number"}), "1e3", Some(Value::Real(1000.0))),
        (json!({"type": "number"}), "inf", None),
        (
            json!({"type": "decimal"}),
            "99.9",
            Some(Value::Integer(9990)),
        ),
        (json!({"type": "decimal"}), "99.999", None),
        (json!({"type": "boolean"}), "true", Some(Value::Integer(1))),
        (json!({"type": "boolean"}), "1", None),
        (
            json!({"type": "datetime"}),
            "2026-01-15",
            Some("2026-01-15T00:00:00.000Z".into()),
        ),
        (
            json!({"type": "datetime"}),
            "2026-01-15T01:00:00+01:00",
            Some("2026-01-15T00:00:00.000Z".into()),
        ),
        (json!({"type": "datetime"}), "2026-02-30", None),
        (
            json!({"type": "date"}),
            "2026-02-28",
            Some("2026-02-28".into()),
        ),
        (json!({"type": "date"}), "2026-02-28T00:00:00Z", None),
        (json!({"type": "select", "options": ["a"]}), "b", None),
        (
            json!({"type": "relation", "collection": "users"}),
            "b",
            None,
        ),
        (json!({"type": "json"}), "{}", None),
    ];
    for (definition, text, expected) in rows {
        let collection = thing(definition.clone());
        let read = only(&collection).parse_query(text).ok();
        assert_eq!(read, expected, "{definition} {text}");
    }
}

#[test]
fn increments_are_for_numbers_and_not_bound() {
    for kind in ["integer", "number", "decimal"] {
        let collection = thing(json!({"type": kind, "min": 0, "max": 1}));
        assert!(only(&collection).takes_increment());
        only(&collection).read_increment(&raw("-5")).unwrap();
        only(&collection).read_increment(&raw("\"x\"")).unwrap_err();
        only(&collection).read_increment(&raw("null")).unwrap_err();
    }
    let collection = thing(json!({"type": "text"}));
    let issue = only(&collection).read_increment(&raw("1")).unwrap_err();
    assert_eq!(issue.code.name(), "INVALID_TYPE");
    let version = collection.field("version").unwrap();
    assert_eq!(
        version.read_increment(&raw("1")).unwrap_err().code.name(),
        "READ_ONLY"
    );
}

#[test]
fn what_was_not_sent_takes_its_default() {
    let required = thing(json!({"type": "integer", "required": true}));
    assert_eq!(
        only(&required).absent().unwrap_err().code.name(),
        "REQUIRED"
    );
    let with_default = thing(json!({"type": "integer", "required": true, "default": 7}));
    assert_eq!(only(&with_default).absent().unwrap(), Value::Integer(7));
    assert_eq!(
        only(&with_default)
            .read(&raw("null"))
            .unwrap_err()
            .code
            .name(),
        "REQUIRED"
    );
    assert_eq!(
        only(&thing(json!({"type": "integer"}))).absent().unwrap(),
        Value::Null
    );
}

#[test]
fn a_computed_field_is_shown_and_never_written() {
    let verified = Field::computed("is_verified", &fields::Boolean, "(\"email\" IS NOT NULL)");
    let tags = Field::computed("tags", &fields::Json, "('[1]')");
    let users = users().with_computed(vec![verified, tags]);
    let conn = file(&[&users]);
    insert(&conn, &users, &[(&users.fields[0], "a@b".into())]).unwrap();
    let field = users.field("isVerified").unwrap();
    assert_eq!(shown(&conn, &users, field), "true");
    assert!(!field.is_writable());
    assert_eq!(
        field.read(&raw("true")).unwrap_err().code.name(),
        "READ_ONLY"
    );
    assert_eq!(users.field("tags").unwrap().image().text(), "json(('[1]'))");
    let names: Vec<_> = users.columns().map(|field| field.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "id",
            "email",
            "isVerified",
            "tags",
            "createdAt",
            "updatedAt",
            "version"
        ]
    );
}

proptest! {
    #[test]
    fn every_instant_passes_its_check(millis in -62_167_219_200_000_i64..=253_402_300_799_999) {
        let text = Instant::from_millis(millis).to_string();
        let quoted = format!("\"{text}\"");
        prop_assert_eq!(back(json!({"type": "datetime"}), &quoted), quoted);
        let day = format!("\"{}\"", &text[..10]);
        prop_assert_eq!(back(json!({"type": "date"}), &day), day);
    }

    #[test]
    fn every_text_comes_back(text in "[^\0]{0,40}") {
        let sent = Json::from(text).to_string();
        prop_assert_eq!(back(json!({"type": "text"}), &sent), sent);
    }

    #[test]
    fn every_double_comes_back(number in any::<f64>()) {
        prop_assume!(number.is_finite());
        let shown = back(json!({"type": "number"}), &Json::from(number).to_string());
        prop_assert_eq!(shown.parse::<f64>().unwrap(), number);
    }

    #[test]
    fn every_decimal_comes_back(number in any::<i64>(), scale in 0_u32..=9) {
        let sent = format!("\"{}\"", fields::scaled::show(number, scale));
        prop_assert_eq!(back(json!({"type": "decimal", "scale": scale}), &sent), sent);
    }
}
