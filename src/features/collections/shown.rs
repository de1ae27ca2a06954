//! Definitions as they are shown: whole to who may read definitions, and to all others who are
//! signed in as far as they can do something with the records. Each says what its reader can do.

use serde_json::{Value as Json, json};

use super::service::{Collections, READ, SYSTEM, WRITE};
use crate::{
    access::{Caller, Can, RowFilter, Who, every_name, known, require},
    base::{Error, Result},
    db::Value,
    engine::Definitions,
    rules::Verdict,
    schema::{Collection, Deletion, Field},
};

/// The key of a shown definition that is none of a definition: what its reader can do.
pub(super) const CAN: &str = "can";

/// A definition, as somebody gets it.
pub struct Shown {
    pub definition: Json,
    /// Which revision of it this is, 0 for who could learn from it what is hidden; none for what is
    /// no longer stored so.
    pub revision: Option<i64>,
}

impl Collections {
    /// All definitions that the caller may know, by name.
    ///
    /// # Errors
    /// `UNAUTHORIZED` for a guest.
    pub fn list(&self, caller: &Caller) -> Result<Vec<Json>> {
        may_ask(caller)?;
        let definitions = self.engine.catalog().now();
        let collections = definitions.schema.iter();
        let shown = collections.filter_map(|collection| shown(&definitions, caller, collection));
        Ok(shown.collect())
    }

    /// One definition.
    ///
    /// # Errors
    /// `NOT_FOUND`, also for one that the caller may not know; `UNAUTHORIZED` for a guest.
    pub fn load(&self, caller: &Caller, name: &str) -> Result<Shown> {
        may_ask(caller)?;
        let definitions = self.engine.catalog().now();
        let found = definitions.schema.by_name(name);
        let shown = found.and_then(|collection| {
            Some(Shown {
                definition: shown(&definitions, caller, collection)?,
                revision: Some(revision(caller, collection)),
            })
        });
        shown.ok_or_else(Error::not_found)
    }

    /// A definition that was made or changed, with what the caller can do. Nothing where the
    /// collection is gone again, as it may be where an answer is repeated.
    pub fn with_can(&self, caller: &Caller, mut definition: Json) -> Shown {
        let definitions = self.engine.catalog().now();
        let name = definition.get("name").and_then(Json::as_str);
        let can = name.map_or_else(Can::default, |name| can(&definitions, caller, name));
        let stored = name.and_then(|name| definitions.schema.by_name(name));
        let stored = stored.filter(|stored| stored.definition() == definition);
        let revision = stored.map(|stored| revision(caller, stored));
        set(&mut definition, CAN, json!(can));
        Shown {
            definition,
            revision,
        }
    }
}

/// Revisions grow with each change of any definition, also of what is masked.
fn revision(caller: &Caller, collection: &Collection) -> i64 {
    let is_whole = require(caller, READ).or_else(|_| require(caller, WRITE));
    is_whole.map_or(0, |()| collection.revision)
}

/// Guests learn of collections by the contract alone, as far as it goes.
fn may_ask(caller: &Caller) -> Result<()> {
    match caller.who {
        Who::Guest => require(caller, READ),
        Who::User(_) | Who::Operator => Ok(()),
    }
}

fn shown(definitions: &Definitions, caller: &Caller, collection: &Collection) -> Option<Json> {
    let mut definition = match require(caller, READ) {
        Ok(()) => collection.definition(),
        Err(_) => masked(definitions, caller, collection)?,
    };
    let can = can(definitions, caller, &collection.name);
    set(&mut definition, CAN, json!(can));
    Some(definition)
}

fn can(definitions: &Definitions, caller: &Caller, name: &str) -> Can {
    let found = definitions.schema.by_name(name);
    let Some((collection, rules)) = found.zip(definitions.book.of(name)) else {
        return Can::default();
    };
    let by_rules = Can::of(caller, rules);
    // There is nothing to see or to bring back where a deleted record is gone.
    let is_soft = collection.deletion == Deletion::Soft;
    Can {
        restore: by_rules.restore && is_soft,
        trash: by_rules.trash && is_soft,
        change: !SYSTEM.contains(&name) && require(caller, WRITE).is_ok(),
        ..by_rules
    }
}

/// What is left for who may not read definitions: no rules, no indexes, no field that it can read
/// of no record, and no name of a collection that it may not know.
fn masked(definitions: &Definitions, caller: &Caller, collection: &Collection) -> Option<Json> {
    let knows = |name: &str| {
        let rules = definitions.book.of(name);
        rules.and_then(|rules| known(caller, rules))
    };
    let rows = knows(&collection.name)?;
    let fields = collection.fields.iter();
    let fields = fields.filter(|field| may_read(&rows, collection, field));
    let shown = fields.map(|field| {
        let mut shown = field.definition();
        unset(&mut shown, &["readRule", "writeRule"]);
        if field.collection().is_some_and(|name| knows(name).is_none()) {
            unset(&mut shown, &["collection"]);
        }
        shown
    });
    let shown: Vec<Json> = shown.collect();
    let mut definition = collection.definition();
    let title = collection.title_field.as_deref();
    if !title.is_some_and(|title| shown.iter().any(|field| field["name"] == title)) {
        unset(&mut definition, &["titleField"]);
    }
    unset(&mut definition, &["rules"]);
    set(&mut definition, "fields", shown.into());
    set(&mut definition, "indexes", json!([]));
    Some(definition)
}

fn may_read(rows: &RowFilter, collection: &Collection, field: &Field) -> bool {
    let names = every_name(&collection.name);
    rows.reading(&field.column, &names, &Value::CommitTime) != Verdict::Never
}

fn set(definition: &mut Json, key: &str, value: Json) {
    if let Some(definition) = definition.as_object_mut() {
        definition.insert(key.to_owned(), value);
    }
}

fn unset(definition: &mut Json, keys: &[&str]) {
    if let Some(definition) = definition.as_object_mut() {
        definition.retain(|key, _| !keys.contains(&key.as_str()));
    }
}
