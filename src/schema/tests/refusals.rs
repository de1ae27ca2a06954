//! Values that are refused: by Stead with a fault, and by plain SQL alike.

use serde_json::{Value as Json, json};

use super::{file, only, raw, thing, users};

/// Definition, what is sent, its fault, the same as an SQL literal, the constraint that refuses it.
#[expect(clippy::too_many_lines, reason = "one table, read row by row")]
fn refused() -> Vec<(Json, String, &'static str, String, &'static str)> {
    let long = |n: usize| "a".repeat(n);
    let text = |text: &str| (format!("\"{text}\""), format!("'{text}'"));
    let mut rows = Vec::new();
    let mut row = |definition: Json, sent: &str, fault, literal: &str, check| {
        rows.push((
            definition,
            sent.to_owned(),
            fault,
            literal.to_owned(),
            check,
        ));
    };
    let (sent, literal) = text(&long(5001));
    row(json!({"type": "text"}), &sent, "TOO_LONG", &literal, "max");
    row(
        json!({"type": "text", "min": 2}),
        "\"é\"",
        "TOO_SHORT",
        "'é'",
        "min",
    );
    row(
        json!({"type": "text", "required": true}),
        "\"\"",
        "REQUIRED",
        "''",
        "required",
    );
    row(
        json!({"type": "text"}),
        r#""a\u0000b""#,
        "INVALID_FORMAT",
        "'a' || char(0)",
        "form",
    );
    row(
        json!({"type": "integer", "min": 5}),
        "4",
        "TOO_SMALL",
        "4",
        "min",
    );
    row(
        json!({"type": "integer", "max": "5"}),
        "6",
        "TOO_LARGE",
        "6",
        "max",
    );
    row(
        json!({"type": "number"}),
        "1e400",
        "TOO_LARGE",
        "9e999",
        "finite",
    );
    row(
        json!({"type": "number"}),
        "-1e400",
        "TOO_LARGE",
        "-9e999",
        "finite",
    );
    row(
        json!({"type": "number", "max": 0.1}),
        "0.11",
        "TOO_LARGE",
        "0.11",
        "max",
    );
    row(
        json!({"type": "decimal", "min": "0"}),
        "-0.01",
        "TOO_SMALL",
        "-1",
        "min",
    );
    row(
        json!({"type": "decimal", "max": 9.99}),
        "\"10\"",
        "TOO_LARGE",
        "1000",
        "max",
    );
    row(json!({"type": "boolean"}), "1", "INVALID_TYPE", "2", "form");
    for day in [
        "2026-02-29",
        "2026-13-01",
        "2026-1-1",
        "20260101",
        "now",
        "",
    ] {
        let (sent, literal) = text(day);
        row(
            json!({"type": "date"}),
            &sent,
            "INVALID_FORMAT",
            &literal,
            "form",
        );
    }
    row(
        json!({"type": "date", "min": "2026-01-01"}),
        "\"2025-12-31\"",
        "TOO_SMALL",
        "'2025-12-31'",
        "min",
    );
    for at in [
        "2026-02-30T00:00:00.000Z",
        "2026-01-01T24:00:00.000Z",
        "2026-01-01",
        "now",
        "2026-01-01T00:60:00.000Z",
    ] {
        let (sent, literal) = text(at);
        row(
            json!({"type": "datetime"}),
            &sent,
            "INVALID_FORMAT",
            &literal,
            "form",
        );
    }
    row(
        json!({"type": "datetime", "max": "2026-01-01T01:00:00+01:00"}),
        "\"2026-01-01T00:00:00.001Z\"",
        "TOO_LARGE",
        "'2026-01-01T00:00:00.001Z'",
        "max",
    );
    row(
        json!({"type": "select", "options": ["a"]}),
        "\"b\"",
        "NOT_AN_OPTION",
        "'b'",
        "options",
    );
    row(
        json!({"type": "json"}),
        "[1e400]",
        "INVALID_FORMAT",
        "'{a:1}'",
        "form",
    );
    for list in [
        "[\"b\",\"a\"]",
        "[\"a\",\"a\"]",
        "[\"c\"]",
        "[\"a\", \"b\"]",
        "{}",
        "x",
        "",
    ] {
        let sent = match list {
            "[\"a\",\"a\"]" | "{}" => list,
            _ => "[\"c\"]",
        };
        let fault = match sent {
            "{}" => "INVALID_TYPE",
            "[\"c\"]" => "NOT_AN_OPTION",
            _ => "DUPLICATE",
        };
        let definition = json!({"type": "multiselect", "options": ["a", "b"]});
        row(definition, sent, fault, &format!("'{list}'"), "options");
    }
    row(
        json!({"type": "multiselect", "options": ["a"], "required": true}),
        "[]",
        "REQUIRED",
        "'[]'",
        "required",
    );
    let (sent, _) = text(&long(1 << 20));
    row(
        json!({"type": "json"}),
        &sent,
        "TOO_LONG",
        "json_quote(hex(zeroblob(600000)))",
        "max",
    );
    for address in ["a", "a@b@c", "a b@c"] {
        let (sent, literal) = text(address);
        row(
            json!({"type": "email"}),
            &sent,
            "INVALID_FORMAT",
            &literal,
            "form",
        );
    }
    for url in ["ftp://a", "/a", "http://a b"] {
        let (sent, literal) = text(url);
        row(
            json!({"type": "url"}),
            &sent,
            "INVALID_FORMAT",
            &literal,
            "form",
        );
    }
    rows
}

#[test]
fn plain_sql_refuses_what_stead_refuses() {
    for (definition, sent, fault, literal, check) in refused() {
        let collection = thing(definition.clone());
        let field = only(&collection);
        let issue = field.read(&raw(&sent)).unwrap_err();
        assert_eq!(issue.code.name(), fault, "{definition} {sent:.60}");

        let conn = file(&[&users(), &collection]);
        let sql = format!(
            "INSERT INTO things (id, created_at, updated_at, f) \
             VALUES ('01J00000000000000000000000', '', '', {literal})"
        );
        let error = conn
            .execute(&sql, [])
            .expect_err(&literal[..literal.len().min(60)]);
        let name = format!("things_f_{check}");
        assert_eq!(
            error.to_string(),
            format!("CHECK constraint failed: {name}")
        );
        let issue = collection.constraint_issue(&name).unwrap();
        assert_eq!(issue.field, "f");
    }
}

#[test]
fn values_of_another_form_are_refused() {
    let rows = [
        (json!({"type": "text"}), "1", "INVALID_TYPE"),
        (json!({"type": "text"}), r#""\ud800""#, "INVALID_FORMAT"),
        (
            json!({"type": "text", "pattern": "[a-z]+"}),
            "\"ab1\"",
            "PATTERN_MISMATCH",
        ),
        (
            json!({"type": "text", "required": true}),
            "null",
            "REQUIRED",
        ),
        (
            json!({"type": "integer"}),
            "9223372036854775808",
            "TOO_LARGE",
        ),
        (
            json!({"type": "integer"}),
            "-9223372036854775809",
            "TOO_SMALL",
        ),
        (json!({"type": "integer"}), "1.5", "INVALID_FORMAT"),
        (json!({"type": "integer"}), "\"x\"", "INVALID_FORMAT"),
        (json!({"type": "integer"}), "true", "INVALID_TYPE"),
        (json!({"type": "number"}), "\"1\"", "INVALID_TYPE"),
        (json!({"type": "decimal"}), "99.999", "INVALID_FORMAT"),
        (json!({"type": "decimal"}), "1e17", "TOO_LARGE"),
        (json!({"type": "decimal"}), "{}", "INVALID_TYPE"),
        (json!({"type": "datetime"}), "1768473000", "INVALID_TYPE"),
        (
            json!({"type": "json"}),
            r#"{"a":1,"a":2}"#,
            "INVALID_FORMAT",
        ),
        (json!({"type": "json"}), r#"["\u0000"]"#, "INVALID_FORMAT"),
        (
            json!({"type": "relation", "collection": "users"}),
            "\"x\"",
            "INVALID_FORMAT",
        ),
        (json!({"type": "email"}), "[]", "INVALID_TYPE"),
    ];
    for (definition, sent, code) in rows {
        let collection = thing(definition.clone());
        let issue = only(&collection).read(&raw(sent)).unwrap_err();
        assert_eq!(issue.code.name(), code, "{definition} {sent}");
    }
}

#[test]
fn an_issue_says_what_the_limit_is() {
    let collection = thing(json!({"type": "text", "max": 3}));
    let issue = only(&collection).read(&raw("\"abcé\"")).unwrap_err();
    assert_eq!(issue.message, "Must have at most 3 characters, this has 4");
    assert_eq!(Json::from(issue.params), json!({"max": 3, "length": 4}));

    let collection = thing(json!({"type": "decimal", "min": "0"}));
    let issue = collection.constraint_issue("things_f_min").unwrap();
    assert_eq!(issue.message, "Must be at least 0.00");
    assert_eq!(Json::from(issue.params), json!({"min": "0.00"}));
    for other in [
        "things_f_max",
        "things_g_min",
        "thing_f_min",
        "users_f_min",
        "",
    ] {
        assert!(collection.constraint_issue(other).is_none(), "{other}");
    }
}
