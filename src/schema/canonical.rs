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
            let mut shown = json!({ "fields": fields });
            if let Some(shown) = shown.as_object_mut() {
                if index.unique {
                    shown.insert("unique".to_owned(), true.into());
                }
                if let Some(condition) = &index.condition {
                    shown.insert("where".to_owned(), condition.text.as_str().into());
                }
            }
            shown
        });
        let mut definition = json!({
            "name": self.name,
            "singular": self.singular,
            "deletion": match self.deletion {
                Deletion::Soft => "soft",
                Deletion::Hard => "hard",
            },
            "fields": self.fields.iter().map(Field::definition).collect::<Vec<_>>(),
            "indexes": indexes.collect::<Vec<_>>(),
        });
        let rules: Map<_, _> = self
            .rules
            .iter()
            .map(|(operation, text)| (operation.name().to_owned(), text.into()))
            .collect();
        if let Some(definition) = definition.as_object_mut() {
            if !rules.is_empty() {
                definition.insert("rules".to_owned(), rules.into());
            }
            if let Some(text) = &self.description {
                definition.insert("description".to_owned(), text.as_str().into());
            }
            if let Some(column) = &self.title_field {
                definition.insert("titleField".to_owned(), column.as_str().into());
            }
        }
        if self.history
            && let Some(definition) = definition.as_object_mut()
        {
            definition.insert("history".to_owned(), true.into());
        }
        definition
    }
}

impl Field {
    /// The same of a field.
    pub fn definition(&self) -> Json {
        written(self)
    }
}

fn written(field: &Field) -> Json {
    let takes = |option: &str| field.kind.options().contains(&option);
    let mut shown = Map::new();
    let mut set = |key: &str, value: Json| shown.insert(key.to_owned(), value);
    set("name", field.column.as_str().into());
    set("type", field.kind.name().into());
    let flags = [
        ("required", field.required),
        ("unique", field.unique),
        ("hidden", field.hidden),
        ("searchable", field.options.searchable),
        ("containsIndex", field.options.contains_index),
    ];
    for (key, flag) in flags {
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
    if field.ignores_case() {
        set("collation", options.collation.name().into());
    }
    if takes("options") {
        set("options", options.options.clone().into());
    }
    if takes("scale") {
        set("scale", options.scale.into());
    }
    if let Some(collection) = field.collection() {
        set("collection", collection.into());
    }
    if takes("onDelete") {
        set("onDelete", options.on_delete.name().into());
    }
    for (key, text) in [
        ("readRule", &field.read_rule),
        ("writeRule", &field.write_rule),
        ("description", &field.description),
    ] {
        if let Some(text) = text {
            shown.insert(key.to_owned(), text.as_str().into());
        }
    }
    shown.into()
}
