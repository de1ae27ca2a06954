//! The parameters of lists, as the fields of a collection have them.

use serde_json::{Value as Json, json};

use super::{names::Names, sight::Sight};
use crate::schema::{Comparable, Field, json_schema::Side};

/// Parameters that every list has.
const EVERY: &[&str] = &[
    "Page",
    "PageSize",
    "Limit",
    "PerPage",
    "Filter",
    "SortOrder",
    "CreatedAfter",
    "CreatedBefore",
    "UpdatedAfter",
    "UpdatedBefore",
];

/// Most values of one `in`.
const MAX_VALUES: u64 = 200;

/// The parameters of a collection's lists: the names of those that all have, and its own.
pub fn of_list(sight: &Sight, names: &Names) -> (Vec<String>, Vec<(String, Json)>) {
    let collection = &sight.collection;
    let mut shared: Vec<String> = EVERY.iter().map(|name| (*name).to_owned()).collect();
    if collection.is_soft() {
        shared.push("Trashed".to_owned());
    }
    let mut own = sorts(sight, names);
    let fields = collection.columns().chain(collection.deleted_at());
    for field in fields.filter(|field| sight.reads(field)) {
        for operator in operators(field.compared_as()) {
            own.push(condition(names, field, operator));
        }
    }
    (shared, own)
}

/// What `[..]` may say behind the name of a field; empty for none.
fn operators(kind: Comparable) -> &'static [&'static str] {
    match kind {
        Comparable::Json => &["isNull"],
        Comparable::Boolean => &["", "eq", "ne", "in", "isNull"],
        Comparable::Text => &[
            "",
            "eq",
            "ne",
            "gt",
            "gte",
            "lt",
            "lte",
            "in",
            "contains",
            "startsWith",
            "isNull",
        ],
        Comparable::Scaled(_) | Comparable::Real | Comparable::Instant | Comparable::Day => {
            &["", "eq", "ne", "gt", "gte", "lt", "lte", "in", "isNull"]
        }
    }
}

fn condition(names: &Names, field: &Field, operator: &str) -> (String, Json) {
    let (record, name) = (&names.record, &field.name);
    let value = || field.json_schema(Side::Asked);
    let schema = match operator {
        "isNull" => json!({ "type": "boolean" }),
        "contains" | "startsWith" => json!({ "type": "string" }),
        "in" => json!({ "type": "array", "minItems": 1, "maxItems": MAX_VALUES, "items": value() }),
        _ => value(),
    };
    let mut parameter = json!({ "in": "query", "name": name, "schema": schema });
    let mut key = format!("{record}.{name}");
    if let Some(members) = parameter.as_object_mut() {
        if !operator.is_empty() {
            key = format!("{key}.{operator}");
            members.insert("name".to_owned(), format!("{name}[{operator}]").into());
        }
        if operator == "in" {
            members.insert("style".to_owned(), "form".into());
            members.insert("explode".to_owned(), false.into());
        }
        if field.column == "deleted_at" {
            members.insert("description".to_owned(), "With `trashed` alone".into());
        }
    }
    (key, parameter)
}

fn sorts(sight: &Sight, names: &Names) -> Vec<(String, Json)> {
    let sortable = |field: &&Field| field.is_comparable() && sight.reads_always(field);
    let fields: Vec<&str> = sight
        .collection
        .columns()
        .filter(sortable)
        .map(|field| field.name.as_str())
        .collect();
    let keys: Vec<String> = fields
        .iter()
        .flat_map(|name| [(*name).to_owned(), format!("-{name}")])
        .collect();
    let record = &names.record;
    vec![
        (
            format!("{record}.sort"),
            json!({ "in": "query", "name": "sort", "style": "form", "explode": false,
                "description": "Fields, `-` before one for descending; `-createdAt` by default",
                "schema": { "type": "array", "minItems": 1, "uniqueItems": true,
                    "items": { "enum": keys } } }),
        ),
        (
            format!("{record}.sortBy"),
            json!({ "in": "query", "name": "sortBy", "description": "In place of `sort`",
                "schema": { "enum": fields } }),
        ),
    ]
}
