//! A collection as its definition: the one form that is stored and shown.

use serde_json::{Map, Value as Json, json};

use super::{
    collection::{Collection, Deletion},
    field::Field,
    index::IndexField,
};

impl Collection {
    /// The definition in its canonical form: what has a default value of its own (`max` of a
    /// text, `scale`, `onDelete`) is written out, what is false or absent left out; keys stand
    /// in the order of the alphabet. Computed fields are no part of it.
    pub fn definition(&self) -> Json {
        let indexes = self.indexes.iter().map(|index| {
            let fields: Vec<_> = index.fields.iter().map(IndexField::written).collect();
            json!({ "fields": fields })
        });
        let mut definition = json!({
            "name": self.name,
            "singular": self.singular,
            "deletion": match self.deletion {
                Deletion::Soft => "soft",
                Deletion::Hard => "hard",
            },
            "fields": self.fields.iter().map(field).collect::<Vec<_>>(),
            "indexes": indexes.collect::<Vec<_>>(),
        });
        let rules: Map<_, _> = self
            .rules
            .iter()
            .map(|(operation, text)| (operation.name().to_owned(), text.into()))
            .collect();
        if !rules.is_empty()
            && let Some(definition) = definition.as_object_mut()
        {
            definition.insert("rules".to_owned(), rules.into());
        }
        if self.history
            && let Some(definition) = definition.as_object_mut()
        {
            definition.insert("history".to_owned(), true.into());
        }
        definition
    }
}

fn field(field: &Field) -> Json {
    let takes = |option: &str| field.kind.options().contains(&option);
    let mut shown = Map::new();
    let mut set = |key: &str, value: Json| shown.insert(key.to_owned(), value);
    set("name", field.column.as_str().into());
    set("type", field.kind.name().into());
    for (key, flag) in [("required", field.required), ("unique", field.unique)] {
        if flag {
            set(key, true.into());
        }
    }
    if let Some(default) = &field.default {
        set("default", field.json(default));
    }
    let options = &field.options;
    for (key, bound) in [("min", &options.min), ("max", &options.max)] {
        if let Some(bound) = bound {
            set(key, field.bound_json(bound));
        }
    }
    if let Some(pattern) = &options.pattern {
        set("pattern", pattern.as_str().into());
    }
    if takes("options") {
        set("options", options.options.clone().into());
    }
    if takes("scale") {
        set("scale", options.scale.into());
    }
    if let Some(collection) = field.collection() {
        set("collection", collection.into());
        set("onDelete", options.on_delete.name().into());
    }
    for (key, rule) in [
        ("readRule", &field.read_rule),
        ("writeRule", &field.write_rule),
    ] {
        if let Some(rule) = rule {
            shown.insert(key.to_owned(), rule.as_str().into());
        }
    }
    shown.into()
}
