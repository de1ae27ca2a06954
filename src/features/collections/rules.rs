//! Changing the rules of a collection that is there: `{"rules": {"list": "..."}, "fields":
//! [{"name": "total", "readRule": "..."}]}`. What is null is taken away, what is left out stays.

use serde::Deserialize;
use serde_json::{Map, Value as Json};
use tracing::{info, warn};

use super::{
    service::{Collections, SYSTEM, WRITE, checked, overtaken},
    store,
};
use crate::{
    access::{Caller, audit, require},
    base::{Code, Error, Issue, IssueCode, Result, json::Object},
    db::{Batch, Touch},
    engine,
    schema::{Collection, Operation},
};

/// The rules of a field.
const OF_FIELDS: &[&str] = &["readRule", "writeRule"];

/// What is sent, as far as it is of the right form.
#[derive(Deserialize)]
struct Patch {
    #[serde(default)]
    rules: Map<String, Json>,
    #[serde(default)]
    fields: Vec<Map<String, Json>>,
    #[serde(flatten)]
    others: Map<String, Json>,
}

impl Collections {
    /// Changes the rules of a collection. They count from the next request on. Returns its
    /// definition.
    ///
    /// # Errors
    /// `NOT_FOUND`, `VALIDATION_ERROR` with every fault, `UNPROCESSABLE` for a collection of the
    /// system, those of [`require`] and of a write.
    pub async fn change(&self, caller: &Caller, name: &str, body: &[u8]) -> Result<Json> {
        require(caller, WRITE)?;
        // Read for its faults as a whole: what is no object, or has a key twice.
        Object::parse(body)?;
        let patch: Patch =
            serde_json::from_slice(body).map_err(|e| Error::invalid_input("_", e.to_string()))?;
        for _ in 0..super::service::TRIES {
            let schema = self.schema();
            let collection = schema.by_name(name).ok_or_else(Error::not_found)?;
            if SYSTEM.contains(&name) {
                let message = "Rules on this collection are not available in this version";
                return Err(Error::new(Code::Unprocessable, message));
            }
            let definition = patch.applied_to(collection)?;
            let changed = Collection::from_stored(&definition.to_string(), 0)?;
            checked(&schema.with(changed.clone()))?;
            let stored = changed.definition();
            let batch = Batch::new()
                .with(store::schema_is(&schema))
                .with_all(store::update(&changed, &stored))
                .with(engine::follow_kept_records(collection))
                .with(audit::entry(
                    caller,
                    "collection.rules_changed",
                    name,
                    audit::Outcome::Success,
                ))
                .touching(Touch::Schema);
            if self.write(batch).await? {
                info!(collection = name, "The rules of a collection were changed");
                return Ok(stored);
            }
        }
        Err(overtaken())
    }
}

impl Collections {
    /// What is costly in the rules of a collection, by its place in the definition; it goes to the
    /// log, too. Nothing, if that cannot be found out: the definition is stored by now.
    pub async fn warnings(&self, caller: &Caller, name: &str) -> Vec<Issue> {
        let found = self.engine.costly_rules(caller, name).await;
        let found = found.unwrap_or_else(|error| {
            warn!(collection = name, %error, "What the rules cost could not be found out");
            Vec::new()
        });
        for issue in &found {
            let (rule, what) = (&issue.field, &issue.message);
            warn!(collection = name, rule, what, "A rule is costly");
        }
        found
    }
}

impl Patch {
    /// The definition of a collection with these rules.
    fn applied_to(&self, collection: &Collection) -> Result<Json> {
        let mut issues = Vec::new();
        for key in self.others.keys() {
            let message = "Only rules can be changed in this version";
            issues.push(Issue::new(key, IssueCode::Unsupported, message));
        }
        let mut definition = collection.definition();
        let known = Operation::ALL.map(Operation::name);
        let mut rules = take_object(&mut definition, "rules");
        merge(&mut rules, &self.rules, &known, "rules", &mut issues);
        if !rules.is_empty()
            && let Some(definition) = definition.as_object_mut()
        {
            definition.insert("rules".to_owned(), rules.into());
        }
        for (i, sent) in self.fields.iter().enumerate() {
            let place = format!("fields[{i}]");
            let name = sent.get("name").and_then(Json::as_str).unwrap_or_default();
            let fields = definition.get_mut("fields").and_then(Json::as_array_mut);
            let mut fields = fields.into_iter().flatten();
            let found = fields.find(|field| field.get("name").and_then(Json::as_str) == Some(name));
            let Some(field) = found.and_then(Json::as_object_mut) else {
                let message = "There is no such field";
                issues.push(Issue::new(
                    format!("{place}.name"),
                    IssueCode::UnknownField,
                    message,
                ));
                continue;
            };
            if field.contains_key("hidden") && sent.get("readRule").is_some_and(Json::is_string) {
                let message = "A hidden field is read by nobody whom a rule could name";
                let place = format!("{place}.readRule");
                issues.push(Issue::new(place, IssueCode::Invalid, message));
                continue;
            }
            let mut sent = sent.clone();
            sent.remove("name");
            merge(field, &sent, OF_FIELDS, &place, &mut issues);
        }
        if issues.is_empty() {
            Ok(definition)
        } else {
            Err(Error::validation(issues))
        }
    }
}

fn take_object(definition: &mut Json, key: &str) -> Map<String, Json> {
    let taken = definition
        .as_object_mut()
        .and_then(|object| object.remove(key));
    match taken {
        Some(Json::Object(object)) => object,
        _ => Map::new(),
    }
}

/// Sets texts and takes nulls away.
fn merge(
    into: &mut Map<String, Json>,
    sent: &Map<String, Json>,
    known: &[&str],
    place: &str,
    issues: &mut Vec<Issue>,
) {
    for (key, value) in sent {
        let place = format!("{place}.{key}");
        match value {
            _ if !known.contains(&key.as_str()) => {
                let message = "Only rules can be changed in this version";
                issues.push(Issue::new(place, IssueCode::Unsupported, message));
            }
            Json::Null => {
                into.remove(key);
            }
            Json::String(_) => {
                into.insert(key.clone(), value.clone());
            }
            _ => issues.push(Issue::new(place, IssueCode::InvalidType, "Must be a text")),
        }
    }
}
