//! A change in plain words, step by step.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::Change;
use crate::schema::{
    collection::Collection,
    field::Field,
    index::{Index, IndexField},
    rules::Operation,
};

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// What: `addField`.
    pub kind: &'static str,
    /// The table, by the name that it has, or will have if it is new.
    pub collection: String,
    /// The column, by the name that it will have, or had if it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The key of the definition whose value changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub option: Option<String>,
    /// What it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Json>,
    /// What it will be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Json>,
    /// The same in plain words.
    pub message: String,
}

impl Change {
    /// What happens, in the order of the definition.
    pub fn steps(&self) -> Vec<Step> {
        match (self.old.as_deref(), self.new.as_deref()) {
            (None, Some(new)) => vec![step("createCollection", new, "Makes the collection")],
            (Some(old), None) => vec![step("dropCollection", old, "Drops the collection")],
            (Some(old), Some(new)) => self.between(old, new),
            (None, None) => Vec::new(),
        }
    }

    fn between(&self, old: &Collection, new: &Collection) -> Vec<Step> {
        let mut steps = Vec::new();
        if old.name != new.name {
            let words = format!("Renames the collection to {}", new.name);
            let renamed = step("renameCollection", old, &words);
            steps.push(renamed.with(old.name.as_str().into(), new.name.as_str().into()));
        }
        let (mut before, after) = (old.definition(), new.definition());
        // What stands for a record follows its name, which is told already.
        if let Some(column) = before.get_mut("titleField") {
            let now = self.columns.iter().find(|(_, had)| *column == **had);
            if let Some((now, _)) = now {
                *column = now.as_str().into();
            }
        }
        for key in ["deletion", "singular"] {
            steps.extend(turned("changeCollection", old, None, key, &before, &after));
        }
        for field in self.dropped() {
            let words = format!("Drops the field {}", field.column);
            steps.push(step("dropField", old, &words).of(&field.column));
        }
        for field in &new.fields {
            match self.source(field) {
                None => {
                    let words = format!("Adds the field {}", field.column);
                    steps.push(step("addField", old, &words).of(&field.column));
                }
                Some(was) => steps.extend(self.of_field(old, was, field)),
            }
        }
        steps.extend(self.of_order(old, new));
        steps.extend(self.of_indexes(old, new));
        steps.extend(self.of_others(old, &before, &after));
        if self.rebuilds() {
            let words = "Writes every record into a new table";
            steps.push(step("rebuildTable", old, words));
        }
        steps
    }

    fn of_field(&self, old: &Collection, was: &Field, field: &Field) -> Vec<Step> {
        let mut steps = Vec::new();
        if was.column != field.column {
            let words = format!("Renames the field {} to {}", was.column, field.column);
            let renamed = step("renameField", old, &words).of(&field.column);
            let (from, to) = (was.column.as_str(), field.column.as_str());
            steps.push(renamed.with(from.into(), to.into()));
        }
        let (mut before, after) = (was.definition(), field.definition());
        // A relation follows the table that it points at.
        if let Some(target) = was.collection()
            && let Some(before) = before.as_object_mut()
        {
            before.insert("collection".to_owned(), self.table(target).into());
        }
        for key in keys(&before, &after) {
            if key != "name" {
                let column = Some(field.column.as_str());
                steps.extend(turned("changeField", old, column, &key, &before, &after));
            }
        }
        steps
    }

    /// Fields that stand in another order among those that stay. New ones may stand anywhere.
    fn of_order(&self, old: &Collection, new: &Collection) -> Option<Step> {
        let after: Vec<&str> = self.kept().map(|(was, _)| was.column.as_str()).collect();
        let fields = old.fields.iter().map(|field| field.column.as_str());
        let before = fields.filter(|column| after.contains(column));
        if before.eq(after.iter().copied()) {
            return None;
        }
        let names = |fields: &[Field]| fields.iter().map(|field| field.column.as_str()).collect();
        let words = "Changes the order of the fields";
        let mut step =
            step("changeCollection", old, words).with(names(&old.fields), names(&new.fields));
        step.option = Some("fields".to_owned());
        Some(step)
    }

    fn of_indexes(&self, old: &Collection, new: &Collection) -> Vec<Step> {
        let renamed = |index: &Index| {
            let rename = |field: &IndexField| {
                let now = self.columns.iter().find(|(_, had)| **had == field.column);
                IndexField {
                    column: now.map_or(&field.column, |(now, _)| now).clone(),
                    descending: field.descending,
                }
            };
            let fields = index.fields.iter().map(rename).collect();
            let index = Index {
                fields,
                ..index.clone()
            };
            index.written()
        };
        let before: Vec<String> = old.indexes.iter().map(renamed).collect();
        let after: Vec<String> = new.indexes.iter().map(Index::written).collect();
        let gone = before.iter().filter(|index| !after.contains(index));
        let made = after.iter().filter(|index| !before.contains(index));
        let gone = gone.map(|index| step("dropIndex", old, &format!("Drops the index on {index}")));
        let made = made.map(|index| step("addIndex", old, &format!("Makes an index on {index}")));
        let mut steps: Vec<Step> = gone.chain(made).collect();
        if steps.is_empty() && before != after {
            let words = "Changes the order of the indexes";
            let mut step = step("changeCollection", old, words).with(before.into(), after.into());
            step.option = Some("indexes".to_owned());
            steps.push(step);
        }
        steps
    }

    /// Rules, and what else stands in a definition beside name, fields and indexes.
    fn of_others(&self, old: &Collection, before: &Json, after: &Json) -> Vec<Step> {
        let none = Json::Object(Map::new());
        let rules = |definition: &Json| definition.get("rules").unwrap_or(&none).clone();
        let (rules_before, rules_after) = (rules(before), rules(after));
        let mut steps = Vec::new();
        for operation in Operation::ALL.map(Operation::name) {
            let turned = turned(
                "changeRule",
                old,
                None,
                operation,
                &rules_before,
                &rules_after,
            );
            steps.extend(turned);
        }
        let told = ["name", "singular", "deletion", "fields", "indexes", "rules"];
        for key in keys(before, after) {
            if !told.contains(&key.as_str()) {
                steps.extend(turned("changeCollection", old, None, &key, before, after));
            }
        }
        steps
    }
}

impl Step {
    fn of(mut self, column: &str) -> Self {
        self.field = Some(column.to_owned());
        self
    }

    fn with(mut self, from: Json, to: Json) -> Self {
        (self.from, self.to) = (Some(from), Some(to));
        self
    }

    fn turning(mut self, from: Json, to: Json) -> Self {
        let word = |value: &Json| match value {
            Json::Null => "none".to_owned(),
            value => value.to_string(),
        };
        self.message = format!("{} from {} to {}", self.message, word(&from), word(&to));
        self.with(from, to)
    }
}

fn step(kind: &'static str, collection: &Collection, words: &str) -> Step {
    Step {
        kind,
        collection: collection.name.clone(),
        field: None,
        option: None,
        from: None,
        to: None,
        message: format!("{}: {words}", collection.name),
    }
}

/// The step by which the value of `key` changes, if it does.
fn turned(
    kind: &'static str,
    collection: &Collection,
    column: Option<&str>,
    key: &str,
    before: &Json,
    after: &Json,
) -> Option<Step> {
    let of = |definition: &Json| definition.get(key).cloned().unwrap_or_default();
    let (from, to) = (of(before), of(after));
    if from == to {
        return None;
    }
    let words = match (kind, column) {
        (_, Some(column)) => format!("Changes {key} of {column}"),
        ("changeRule", None) => format!("Changes the rule on {key}"),
        _ => format!("Changes {key}"),
    };
    let mut step = step(kind, collection, &words).turning(from, to);
    step.field = column.map(str::to_owned);
    step.option = Some(key.to_owned());
    Some(step)
}

/// The keys of both, each once.
fn keys(one: &Json, other: &Json) -> Vec<String> {
    let of = |object: &Json| {
        let keys = object.as_object().into_iter().flat_map(Map::keys);
        keys.cloned().collect::<Vec<_>>()
    };
    let mut keys = of(one);
    keys.extend(of(other).into_iter().filter(|key| one.get(key).is_none()));
    keys
}
