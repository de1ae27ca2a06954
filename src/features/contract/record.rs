//! The schemas of a record: as it is shown, made, changed and replaced.

use serde_json::{Map, Value as Json, json};

use super::{
    expand::reference,
    names::Names,
    sight::{Lead, LeadKind, Sight},
};
use crate::{
    engine::MAX_POINTING,
    schema::{
        Field,
        json_schema::{Side, add},
    },
};

/// What a body is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// A record that is made.
    Create,
    /// Some fields that change.
    Update,
    /// Some fields that change in many records, which have no version in common.
    UpdateAll,
    /// All fields that change.
    Replace,
}

/// Every schema of a collection, by name. `expanded` is what `expand` puts into its records.
pub fn schemas(sight: &Sight, names: &Names, expanded: Map<String, Json>) -> Vec<(String, Json)> {
    let record = &names.record;
    let mut whole = shown(sight);
    put(&mut whole, expanded);
    let mut schemas = vec![
        (record.clone(), whole.clone()),
        (format!("{record}Part"), part_of(whole)),
        (format!("{record}Create"), body(sight, Body::Create, &[])),
        (format!("{record}Update"), body(sight, Body::Update, &[])),
        (
            format!("{record}UpdateAll"),
            body(sight, Body::UpdateAll, &[]),
        ),
        (format!("{record}Replace"), body(sight, Body::Replace, &[])),
    ];
    if seen(sight, names) != *record {
        let least = json!({ "type": "object", "required": ["id", "version"],
            "properties": { "id": reference("Id"), "version": reference("Version") } });
        schemas.push((
            format!("{record}Seen"),
            json!({
                "description": "What the caller sees of the record as it then is",
                "anyOf": [reference(record), least],
            }),
        ));
    }
    schemas
}

/// The schema of the answer to a change: where a rule says who sees a record, it may be less.
pub fn seen(sight: &Sight, names: &Names) -> String {
    match sight.collection.rules.iter().next() {
        Some(_) => format!("{}Seen", names.record),
        None => names.record.clone(),
    }
}

/// A record as it is shown. A field under a rule may be left out, and is required of nobody.
fn shown(sight: &Sight) -> Json {
    let collection = &sight.collection;
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in collection.columns().filter(|field| sight.reads(field)) {
        properties.insert(field.name.clone(), of_field(sight, field, Side::Shown));
        if !field.is_guarded() {
            required.push(field.name.as_str());
        }
    }
    if let Some(field) = collection.deleted_at() {
        let mut schema = field.json_schema(Side::Shown);
        add(&mut schema, "description", "Where `trashed` was asked for");
        properties.insert(field.name.clone(), schema);
    }
    let mut schema = json!({ "type": "object", "properties": properties, "required": required });
    if let Some(words) = &collection.description {
        add(&mut schema, "description", words.as_str());
    }
    schema
}

/// Adds properties to the schema of a record. They are there where `expand` asks for them.
pub fn put(record: &mut Json, expanded: Map<String, Json>) {
    let properties = record.pointer_mut("/properties");
    if let Some(properties) = properties.and_then(Json::as_object_mut) {
        properties.extend(expanded);
    }
}

/// What `expand` puts into the records of a collection; `record` is what the schema of a table's
/// records is called.
pub fn expanded(sight: &Sight, record: impl Fn(&str) -> Option<String>) -> Map<String, Json> {
    let leads = sight.leads.iter();
    let property = |lead: &Lead| {
        let record = record(&lead.table)?;
        let part = reference(&format!("{record}Part"));
        let one = json!([reference(&record), part]);
        let (schema, words) = match lead.kind {
            LeadKind::One => (
                json!({ "anyOf": [reference(&record), part, { "type": "null" }] }),
                "null where it is not seen",
            ),
            LeadKind::List => (
                json!({ "type": "array", "items": { "anyOf": one } }),
                "those that are seen",
            ),
            LeadKind::Pointing => (
                json!({ "type": "object", "required": ["items", "hasMore"], "properties": {
                    "items": { "type": "array", "maxItems": MAX_POINTING, "items": { "anyOf": one } },
                    "hasMore": { "type": "boolean" } } }),
                "the newest that point here",
            ),
        };
        let mut schema = schema;
        add(
            &mut schema,
            "description",
            format!("Where `expand` asks for it; {words}"),
        );
        Some((lead.name.clone(), schema))
    };
    leads.filter_map(property).collect()
}

/// The schema of what `fields` leaves of a record.
pub fn part_of(mut record: Json) -> Json {
    if let Some(members) = record.as_object_mut() {
        members.remove("required");
    }
    add(&mut record, "description", "The fields that were asked for");
    record
}

/// The body of a request; `given` are relations that its path has set.
pub fn body(sight: &Sight, body: Body, given: &[&Field]) -> Json {
    let collection = &sight.collection;
    let mut properties = Map::new();
    let mut required = Vec::new();
    match body {
        Body::Create => properties.insert("id".to_owned(), reference("SentId")),
        Body::UpdateAll => None,
        Body::Update | Body::Replace => {
            properties.insert("version".to_owned(), reference("SentVersion"))
        }
    };
    let is_change = matches!(body, Body::Update | Body::UpdateAll);
    for field in collection.fields.iter().filter(|field| sight.writes(field)) {
        let is_given = given.iter().any(|given| given.column == field.column);
        if !is_change && field.required && field.default.is_none() && !is_given {
            required.push(field.name.as_str());
        }
        let mut schema = of_field(sight, field, Side::Sent);
        if is_change {
            schema = changed(sight, field, schema);
        }
        properties.insert(field.name.clone(), schema);
    }
    let mut schema = json!({ "type": "object", "additionalProperties": false,
        "properties": properties });
    if !required.is_empty() {
        add(&mut schema, "required", required);
    }
    schema
}

/// The body of an upsert: a replacement that has one of the unique fields, by which a record is found.
pub fn upsert(replacement: &str, unique: &[&str]) -> Json {
    let has = |name: &&str| json!({ "required": [name], "properties": { *name: { "not": { "type": "null" } } } });
    let one: Vec<Json> = unique.iter().map(has).collect();
    json!({ "allOf": [reference(replacement)], "anyOf": one })
}

/// What a change may say of a field: a value, or what is added to it.
fn changed(sight: &Sight, field: &Field, mut sent: Json) -> Json {
    // What is left out stays as it is.
    if let Some(members) = sent.as_object_mut() {
        members.remove("default");
    }
    // Sums would tell who adds to it what was there.
    match field.increment_schema().filter(|_| sight.reads(field)) {
        Some(by) => {
            let added = json!({ "type": "object", "additionalProperties": false,
                "required": ["$inc"], "properties": { "$inc": by } });
            json!({ "anyOf": [sent, added] })
        }
        None => sent,
    }
}

fn of_field(sight: &Sight, field: &Field, side: Side) -> Json {
    let mut schema = field.json_schema(side);
    let mut words: Vec<String> = field.description.iter().cloned().collect();
    let said = schema.get("description").and_then(Json::as_str);
    words.extend(said.map(str::to_owned));
    if let Some(target) = field.collection().filter(|_| sight.knows(field)) {
        words.push(match field.is_many() {
            true => format!("The ids of records of {target}"),
            false => format!("The id of a record of {target}"),
        });
    }
    if field.unique {
        words.push("No two records have the same".to_owned());
    }
    if field.ignores_case() {
        words.push("Compared with A to Z as a to z".to_owned());
    }
    if !words.is_empty() {
        add(&mut schema, "description", words.join("; "));
    }
    schema
}
