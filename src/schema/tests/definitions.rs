//! Definitions: what is read, what is refused, and that nothing is lost.

use serde_json::{Value as Json, json};

use super::{faults, only, parse, raw, schema, thing, things};
use crate::schema::{Collection, Deletion, OnDelete, Schema};

fn refused(definition: &Json) -> Vec<(String, String)> {
    let issues = parse(definition, &schema()).unwrap_err();
    let faults = faults(&issues).into_iter();
    faults
        .map(|(place, code)| (place.to_owned(), code.to_owned()))
        .collect()
}

#[track_caller]
fn expect_faults(definition: &Json, expected: &[(&str, &str)]) {
    let seen = refused(definition);
    let seen: Vec<_> = seen.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(seen, expected);
}

fn orders() -> Json {
    json!({
        "name": "orders",
        "fields": [
            { "name": "user_id", "type": "relation", "collection": "users", "required": true },
            { "name": "parent_id", "type": "relation", "collection": "orders" },
            { "name": "number", "type": "text", "required": true, "unique": true, "max": 32 },
            { "name": "note", "type": "text", "pattern": "[a-z]*", "min": 0 },
            { "name": "total", "type": "decimal", "min": 0, "default": 9.9 },
            { "name": "status", "type": "select", "options": ["new", "paid"], "default": "new" },
            { "name": "big", "type": "integer", "max": 9007199254740993_i64 },
            { "name": "ratio", "type": "number", "default": 0.5 },
            { "name": "meta", "type": "json", "default": { "a": [1] } },
            { "name": "order", "type": "boolean", "default": false },
            { "name": "due", "type": "date", "min": "2026-01-01" },
            { "name": "sent_at", "type": "datetime", "default": "2026-01-01T00:00:00+01:00" },
        ],
        "indexes": [{ "fields": ["status", "-created_at"] }],
    })
}

#[test]
fn a_definition_is_shown_in_its_canonical_form() {
    let collection = parse(&orders(), &schema()).unwrap();
    let shown = collection.definition();
    assert_eq!(
        (&shown["singular"], &shown["deletion"]),
        (&json!("order"), &json!("soft"))
    );
    let relation = json!({ "name": "user_id", "type": "relation", "collection": "users",
        "onDelete": "restrict", "required": true });
    assert_eq!(shown["fields"][0], relation);
    assert_eq!(shown["fields"][3]["max"], 5000);
    let total = json!({ "name": "total", "type": "decimal", "scale": 2, "min": "0.00",
        "default": "9.90" });
    assert_eq!(shown["fields"][4], total);
    assert_eq!(shown["fields"][6]["max"], "9007199254740993");
    assert_eq!(shown["fields"][11]["default"], "2025-12-31T23:00:00.000Z");
    assert_eq!(
        shown["indexes"],
        json!([{ "fields": ["status", "-created_at"] }])
    );
}

#[test]
fn the_canonical_form_means_the_same() {
    let first = parse(&orders(), &schema()).unwrap();
    let text = first.definition().to_string();
    let stored = Collection::from_stored(&text, 3).unwrap();
    let again = parse(&first.definition(), &schema()).unwrap();
    for other in [&stored, &again] {
        assert_eq!(other.definition(), first.definition());
        assert_eq!(other.ddl(), first.ddl());
    }
    assert_eq!((first.revision, stored.revision), (0, 3));
}

#[test]
fn a_word_that_was_reserved_since_stays_readable() {
    let text = r#"{"name":"history","fields":[{"name":"auth","type":"text"}]}"#;
    assert_eq!(Collection::from_stored(text, 1).unwrap().name, "history");
    for broken in [
        "{}",
        "[",
        r#"{"name":"things","fields":[{"name":"a","type":"file"}]}"#,
    ] {
        let error = Collection::from_stored(broken, 1).unwrap_err();
        assert_eq!(error.code().name(), "INTERNAL_ERROR");
    }
}

#[test]
fn names_follow_from_the_definition() {
    let definition = json!({ "name": "order_items", "singular": "line", "deletion": "hard",
        "fields": [{ "name": "unit_price", "type": "decimal" }] });
    let collection = parse(&definition, &schema()).unwrap();
    assert_eq!(
        (&*collection.path, &*collection.singular),
        ("order-items", "line")
    );
    assert_eq!(collection.deletion, Deletion::Hard);
    assert_eq!(collection.field("unitPrice").unwrap().column, "unit_price");
    assert!(collection.field("unit_price").is_none());
    assert!(collection.field("deletedAt").is_none());
    assert!(
        things("soft", &json!([{ "name": "a", "type": "text" }]))
            .field("deletedAt")
            .is_some()
    );
}

#[test]
fn rules_are_texts_on_what_is_done() {
    let fields = json!([{ "name": "a", "type": "text", "readRule": 1, "writeRule": "true" }]);
    let rules = json!({ "list": 1, "browse": "true", "view": null });
    let definition = json!({ "name": "notes", "fields": fields, "rules": rules });
    expect_faults(
        &definition,
        &[
            ("fields[0].readRule", "INVALID_TYPE"),
            ("rules.browse", "UNKNOWN_FIELD"),
            ("rules.list", "INVALID_TYPE"),
        ],
    );
    let definition = json!({ "name": "notes", "fields": fields, "rules": [] });
    let faults = [
        ("fields[0].readRule", "INVALID_TYPE"),
        ("rules", "INVALID_TYPE"),
    ];
    expect_faults(&definition, &faults);
}

#[test]
fn every_fault_is_told_at_once() {
    let definition = json!({
        "name": "Orders", "singular": 5, "deletion": "never", "colour": "red",
        "fields": [
            { "name": "id", "type": "text" },
            { "name": "a", "type": "text", "min": 5, "max": 4, "pattern": "(", "default": 3 },
            { "name": "a", "type": "files", "searchable": true, "size": 1 },
            { "type": "colour", "required": "yes" },
            { "name": "user", "type": "relation", "onDelete": "explode", "unique": 1 },
            { "name": "b_id", "type": "decimal", "scale": 10, "pattern": "x", "min": "x" },
            { "name": "c_1", "type": "select", "options": ["x", "x", "", 3] },
            { "name": "d", "type": "json", "unique": true },
            { "name": "e_id", "type": "relation", "collection": "nobodies" },
            7,
        ],
        "indexes": [{ "fields": ["d", "zz", "a", "-a"] }, { "fields": [] }, {}, 3,
            { "fields": ["created_at"], "unique": true }],
    });
    expect_faults(
        &definition,
        &[
            ("colour", "UNKNOWN_FIELD"),
            ("deletion", "NOT_AN_OPTION"),
            ("fields[0].name", "NAME_TAKEN"),
            ("fields[1].min", "TOO_LARGE"),
            ("fields[1].pattern", "INVALID_FORMAT"),
            ("fields[2].name", "DUPLICATE"),
            ("fields[2].searchable", "UNSUPPORTED"),
            ("fields[2].size", "UNKNOWN_FIELD"),
            ("fields[2].type", "UNSUPPORTED"),
            ("fields[3].name", "REQUIRED"),
            ("fields[3].required", "INVALID_TYPE"),
            ("fields[3].type", "UNKNOWN_FIELD"),
            ("fields[4].collection", "REQUIRED"),
            ("fields[4].name", "INVALID_FORMAT"),
            ("fields[4].onDelete", "NOT_AN_OPTION"),
            ("fields[4].unique", "INVALID_TYPE"),
            ("fields[5].min", "INVALID_FORMAT"),
            ("fields[5].name", "INVALID_FORMAT"),
            ("fields[5].pattern", "UNKNOWN_FIELD"),
            ("fields[5].scale", "INVALID"),
            ("fields[6].name", "INVALID_FORMAT"),
            ("fields[6].options[1]", "DUPLICATE"),
            ("fields[6].options[2]", "INVALID"),
            ("fields[6].options[3]", "INVALID"),
            ("fields[7].unique", "UNKNOWN_FIELD"),
            ("fields[8].collection", "NO_SUCH_RECORD"),
            ("fields[9]", "INVALID_TYPE"),
            ("indexes[0].fields[0]", "INVALID"),
            ("indexes[0].fields[1]", "UNKNOWN_FIELD"),
            ("indexes[0].fields[3]", "DUPLICATE"),
            ("indexes[1].fields", "INVALID"),
            ("indexes[2].fields", "INVALID"),
            ("indexes[3]", "INVALID_TYPE"),
            ("indexes[4]", "DUPLICATE"),
            ("indexes[4].unique", "UNKNOWN_FIELD"),
            ("name", "INVALID_FORMAT"),
            ("singular", "INVALID_TYPE"),
        ],
    );
}

#[test]
fn a_default_must_be_a_value_of_its_field() {
    let fields = json!([
        { "name": "a", "type": "text", "max": 2, "default": "abc" },
        { "name": "b", "type": "select", "options": ["x"], "default": "y" },
        { "name": "c", "type": "decimal", "default": "0.001" },
        { "name": "d", "type": "text", "required": true, "default": "" },
        { "name": "e", "type": "number", "default": 1 },
        { "name": "f_id", "type": "relation", "collection": "users", "default": "x" },
    ]);
    expect_faults(
        &json!({ "name": "things", "fields": fields }),
        &[
            ("fields[0].default", "TOO_LONG"),
            ("fields[1].default", "NOT_AN_OPTION"),
            ("fields[2].default", "INVALID_FORMAT"),
            ("fields[3].default", "REQUIRED"),
            ("fields[5].default", "UNKNOWN_FIELD"),
        ],
    );
}

#[test]
fn a_number_beyond_a_double_is_a_fault_of_its_place() {
    let text = r#"{"name":"things","fields":[{"name":"a","type":"number","max":1e400}]}"#;
    let issues = Collection::parse(&raw(text), &schema()).unwrap_err();
    assert_eq!(faults(&issues), [("fields[0].max", "TOO_LARGE")]);
}

#[test]
fn what_is_no_definition_is_refused() {
    for (text, fault) in [
        ("[]", ("_", "INVALID_TYPE")),
        (r#"{"name":"a","name":"b"}"#, ("_", "INVALID")),
        (
            r#"{"name":"things","fields":[{"type":"text","type":"text"}]}"#,
            ("fields[0]", "INVALID"),
        ),
        (r#"{"name":"things","fields":[]}"#, ("fields", "TOO_SHORT")),
        (
            r#"{"name":"things","fields":{}}"#,
            ("fields", "INVALID_TYPE"),
        ),
        (r#"{"name":"things"}"#, ("fields", "REQUIRED")),
    ] {
        let issues = Collection::parse(&raw(text), &schema()).unwrap_err();
        assert_eq!(faults(&issues), [fault], "{text}");
    }
}

#[test]
fn names_that_mean_something_else_are_refused() {
    let text = |name: &str| json!({ "name": name, "type": "text" });
    for name in [
        "users",
        "history",
        "sqlite_things",
        "sqlites",
        "json_each",
        "pragma_things",
    ] {
        expect_faults(
            &json!({ "name": name, "fields": [text("a")] }),
            &[("name", "NAME_TAKEN")],
        );
    }
    for name in [
        "a\"b",
        "a'b",
        "order items",
        "_things",
        "things_",
        "a_2",
        "Ä",
        "",
        "a;--",
    ] {
        expect_faults(
            &json!({ "name": name, "fields": [text("a")] }),
            &[("name", "INVALID_FORMAT")],
        );
    }
    for name in ["created_at", "page_size", "auth", "version"] {
        let definition = json!({ "name": "things", "fields": [text(name)] });
        expect_faults(&definition, &[("fields[0].name", "NAME_TAKEN")]);
    }
    for name in ["order", "select", "group", "rowid", "null"] {
        parse(&json!({ "name": name, "fields": [text(name)] }), &schema()).unwrap();
    }
}

#[test]
fn a_relation_has_a_short_name_of_its_own() {
    let relation = |name: &str| json!({ "name": name, "type": "relation", "collection": "users" });
    let text = json!({ "name": "owner", "type": "text" });
    let definition = json!({ "name": "things", "fields": [
        text, relation("owner_id"), relation("auth_id"), relation("owner_ids"),
    ] });
    expect_faults(
        &definition,
        &[
            ("fields[1].name", "NAME_TAKEN"),
            ("fields[2].name", "NAME_TAKEN"),
            ("fields[3].name", "INVALID_FORMAT"),
        ],
    );
}

#[test]
fn names_of_indexes_meet_those_of_other_tables() {
    let text = |name: &str| json!({ "name": name, "type": "text" });
    let first = json!({ "name": "a", "fields": [text("b"), text("b_c")],
        "indexes": [{ "fields": ["b_c"] }] });
    let schema = Schema::new(vec![parse(&first, &schema()).unwrap()]);
    let other = |name: &str, index: Json| {
        let definition = json!({ "name": name, "fields": [text("c")], "indexes": index });
        let issues = parse(&definition, &schema).err().unwrap_or_default();
        let faults = faults(&issues).into_iter();
        faults
            .map(|(place, _)| place.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(other("a_b", json!([{ "fields": ["c"] }])), ["indexes[0]"]);
    assert_eq!(
        other("a_b", json!([{ "fields": ["-c", "created_at"] }])),
        [""; 0]
    );
    assert_eq!(other("a_b_c_idx", json!([])), ["name"]);
    assert_eq!(other("a_created_at_idx", json!([])), ["name"]);
    let odd = json!({ "name": "d_created_at_idx", "fields": [text("c")] });
    let schema = schema.with(parse(&odd, &schema).unwrap());
    let issues = parse(&json!({ "name": "d", "fields": [text("c")] }), &schema).unwrap_err();
    assert_eq!(faults(&issues), [("name", "NAME_TAKEN")]);
}

#[test]
fn an_index_is_made_once() {
    let text = |name: &str| json!({ "name": name, "type": "text" });
    let relation = json!({ "name": "user_id", "type": "relation", "collection": "users" });
    let definition = json!({ "name": "things",
        "fields": [text("a"), text("b"), text("a_b"), relation],
        "indexes": [{ "fields": ["a", "b"] }, { "fields": ["a_b"] }, { "fields": ["-created_at"] },
            { "fields": ["user_id"] }, { "fields": ["b", "-id"] }] });
    let taken = "DUPLICATE";
    expect_faults(
        &definition,
        &[
            ("indexes[1]", taken),
            ("indexes[2]", taken),
            ("indexes[3]", taken),
        ],
    );
}

#[test]
fn singulars_are_unique() {
    let definition = json!({ "name": "user", "fields": [{ "name": "a", "type": "text" }] });
    expect_faults(&definition, &[("singular", "NAME_TAKEN")]);
    let mut other = definition;
    other["singular"] = "one".into();
    parse(&other, &schema()).unwrap();
}

#[test]
fn a_schema_finds_its_collections() {
    let orders = parse(&orders(), &schema()).unwrap();
    let schema = schema().with(orders);
    let names: Vec<_> = schema.iter().map(|collection| &*collection.name).collect();
    assert_eq!(names, ["orders", "users"]);
    assert_eq!(schema.by_path("orders").unwrap().name, "orders");
    assert!(schema.by_name("order").is_none());
    let pointing = |table: &str| -> Vec<String> {
        let found = schema.references_to(table);
        found
            .map(|(from, field)| format!("{}.{}", from.name, field.column))
            .collect()
    };
    assert_eq!(pointing("users"), ["orders.user_id"]);
    assert_eq!(pointing("orders"), ["orders.parent_id"]);
    assert_eq!(schema.without("orders").iter().count(), 1);
}

#[test]
fn as_many_fields_as_are_allowed_are_read() {
    let letters = |n: usize| [n / 26, n % 26].map(|n| char::from(b'a' + u8::try_from(n).unwrap()));
    let name = |n: usize| format!("f{}", String::from_iter(letters(n)));
    let fields = |n: usize| -> Vec<_> {
        (0..n)
            .map(|n| json!({ "name": name(n), "type": "integer" }))
            .collect()
    };
    let full = things("soft", &fields(450).into());
    let conn = super::file(&[&full]);
    super::insert(&conn, &full, &[]).unwrap();
    let too_many = json!({ "name": "things", "fields": fields(451) });
    expect_faults(&too_many, &[("fields", "TOO_LONG")]);
}

#[test]
fn what_a_deletion_means_for_a_relation_is_kept() {
    for how in ["restrict", "cascade", "setNull"] {
        let collection =
            thing(json!({ "type": "relation", "collection": "users", "onDelete": how }));
        assert_eq!(collection.definition()["fields"][0]["onDelete"], how);
        assert_eq!(only(&collection).on_delete().map(OnDelete::name), Some(how));
    }
}
