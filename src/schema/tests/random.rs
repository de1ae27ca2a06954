//! Properties: any JSON is a definition that makes a table, or has faults that are told.

use proptest::{collection::vec, prelude::*};
use serde_json::{Map, Value as Json, json};

use super::{file, parse, schema, users};
use crate::schema::fields::TYPES;

/// Values of which most are wrong wherever they stand, and each is right somewhere.
fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (0..20_i64).prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        "[a-z_]{0,8}".prop_map(Json::from),
        any::<String>().prop_map(Json::from),
        proptest::sample::select(
            &[
                "users", "things", "soft", "hard", "cascade", "nocase", "true"
            ][..]
        )
        .prop_map(Json::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        let object = vec(("[a-z]{1,4}", inner.clone()), 0..3);
        let object = object.prop_map(|members| members.into_iter().collect::<Map<_, _>>());
        prop_oneof![
            vec(inner, 0..3).prop_map(Json::from),
            object.prop_map(Json::from)
        ]
    })
}

/// A field of some type, of which up to two options are anything.
fn field() -> impl Strategy<Value = Json> {
    let kinds: Vec<&str> = TYPES.iter().map(|kind| kind.name()).collect();
    let options = [
        "required",
        "unique",
        "default",
        "min",
        "max",
        "pattern",
        "options",
        "scale",
        "collection",
        "onDelete",
        "collation",
        "hidden",
        "description",
        "readRule",
        "writeRule",
        "type",
        "name",
        "nope",
    ];
    let options = vec((proptest::sample::select(options.to_vec()), value()), 0..3);
    (
        "[a-z]{1,5}(_id|_ids)?",
        proptest::sample::select(kinds),
        options,
    )
        .prop_map(|(name, kind, options)| {
            let mut field = json!({ "name": name, "type": kind });
            match kind {
                "select" | "multiselect" => field["options"] = json!(["red", "blue"]),
                "relation" | "relations" => field["collection"] = "users".into(),
                _ => {}
            }
            for (option, value) in options {
                field[option] = value;
            }
            field
        })
}

fn definition() -> impl Strategy<Value = Json> {
    let keys = [
        "name",
        "singular",
        "deletion",
        "fields",
        "indexes",
        "rules",
        "description",
        "titleField",
        "nope",
    ];
    let others = vec((proptest::sample::select(keys.to_vec()), value()), 0..2);
    (vec(field(), 0..4), others).prop_map(|(fields, others)| {
        let mut definition = json!({ "name": "things", "fields": fields });
        for (key, value) in others {
            definition[key] = value;
        }
        definition
    })
}

proptest! {
    #[test]
    fn what_is_accepted_makes_a_table_and_what_is_not_says_why(definition in definition()) {
        match parse(&definition, &schema()) {
            Ok(collection) => drop(file(&[&users(), &collection])),
            Err(issues) => prop_assert!(!issues.is_empty()),
        }
    }

    #[test]
    fn no_json_is_too_much_for_it(definition in value()) {
        let _ = parse(&definition, &schema());
    }
}
