//! What JSON schema (2020-12) says of the values of a field: for whoever documents the API.

use serde_json::{Map, Value as Json};

use super::field::Field;
use crate::db::Value;

/// Beyond this a double, which is what JavaScript reads, skips whole numbers.
pub const EXACT_IN_A_DOUBLE: u64 = 1 << 53;

/// The form of a JSON number, exponent included.
pub const NUMBER: &str = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$";

/// From which side a value is looked at: each has a form of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// As the API writes it.
    Shown,
    /// As a body may bring it.
    Sent,
    /// As a query string may ask for it.
    Asked,
}

impl Field {
    /// The schema of its values; with null where that is one of them. What is shown of a field that
    /// is computed is never sent.
    pub fn json_schema(&self, side: Side) -> Json {
        let mut schema = self.kind.json_schema(self, side);
        if let (Side::Sent, Some(default), Some(members)) =
            (side, &self.default, schema.as_object_mut())
        {
            members.insert("default".to_owned(), self.json(default));
        }
        let is_there = match side {
            Side::Asked => true,
            // What is absent may have a value of its own, such as the empty list.
            Side::Shown => self.required || !self.kind.empty().is_null(),
            Side::Sent => self.required,
        };
        match is_there {
            true => schema,
            false => nullable(schema),
        }
    }

    /// The schema of what may be added to it by `$inc`, where that is possible.
    pub fn increment_schema(&self) -> Option<Json> {
        self.takes_increment()
            .then(|| self.kind.json_schema(self, Side::Asked))
    }

    /// Adds `minimum` and `maximum`, which bound numbers and say nothing of texts.
    pub(super) fn bound_numbers(&self, side: Side, schema: &mut Json) {
        let bounds = [
            ("minimum", &self.options.min),
            ("maximum", &self.options.max),
        ];
        for (key, bound) in bounds {
            let bound = bound.as_ref().filter(|_| side != Side::Asked);
            if let Some(number) = bound.and_then(|bound| self.as_number(bound)) {
                add(schema, key, number);
            }
        }
    }

    /// Says in words what `min` and `max` are, for which JSON schema has no keyword here.
    pub(super) fn tell_bounds(&self, side: Side, schema: &mut Json) {
        let tell = |word: &str, bound: &Option<Value>| {
            let bound = bound.as_ref().map(|bound| self.bound_json(bound));
            bound.map(|bound| format!("{word} {}", bound.as_str().unwrap_or_default()))
        };
        let (min, max) = (&self.options.min, &self.options.max);
        let words = [tell("At least", min), tell("at most", max)];
        let words: Vec<String> = words.into_iter().flatten().collect();
        if side != Side::Asked && !words.is_empty() {
            add(schema, "description", words.join(", "));
        }
    }

    /// A bound as a number of JSON; what a double would round is a bound all the same.
    fn as_number(&self, bound: &Value) -> Option<Json> {
        match self.bound_json(bound) {
            Json::String(text) => serde_json::from_str(&text).ok(),
            number => Some(number),
        }
    }
}

/// Adds a keyword to a schema.
pub fn add(schema: &mut Json, key: &str, value: impl Into<Json>) {
    if let Some(members) = schema.as_object_mut() {
        members.insert(key.to_owned(), value.into());
    }
}

/// The schema with null beside its values.
fn nullable(mut schema: Json) -> Json {
    let null = Json::from("null");
    let Some(members) = schema.as_object_mut() else {
        return schema;
    };
    match members.get_mut("type") {
        Some(Json::Array(types)) => types.push(null),
        Some(one) => *one = Json::Array(vec![one.take(), null]),
        None => {}
    }
    if let Some(Json::Array(values)) = members.get_mut("enum") {
        values.push(Json::Null);
    }
    schema
}

/// A schema of texts with these keywords.
pub(super) fn text<const N: usize>(keywords: [(&str, Json); N]) -> Json {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), "string".into());
    for (key, value) in keywords {
        schema.insert(key.to_owned(), value);
    }
    schema.into()
}
