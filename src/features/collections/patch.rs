//! A changed definition as it is sent: what is left out stays, what is null is taken away.
//!
//! Fields are named: one that is there is changed by its keys, one that is not is added.
//! `"renamedFrom": "old_name"` renames, `"drop": true` drops. Another `name` renames the collection.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::value::{RawValue, to_raw_value};

use super::{
    plan::Wanted,
    service::{refused, understood},
    shown::CAN,
};
use crate::{
    base::{
        Error, Issue, IssueCode, Result,
        json::{self, Object},
    },
    schema::{
        Collection, Schema,
        plan::{Change, following},
    },
};

/// An object whose values stay as they were written.
pub(super) type Parts = BTreeMap<String, Box<RawValue>>;

/// A field, and the name that it has until then; none for one that is new.
struct Sent {
    had: Option<String>,
    parts: Parts,
    is_dropped: bool,
}

/// Keys of a field that say what becomes of it, and are no part of a definition.
pub(super) const RENAMED: &str = "renamedFrom";
const DROP: &str = "drop";

/// The key of a definition that names the field that stands for a record.
const TITLE: &str = "titleField";

/// What is sent.
pub(super) struct Patch {
    parts: Parts,
    /// True if values may be lost.
    pub allows_losses: bool,
}

impl Patch {
    /// Reads a body.
    ///
    /// # Errors
    /// `INVALID_INPUT` for what is no object, or has a key twice.
    pub fn read(body: &[u8]) -> Result<Self> {
        Object::parse(body)?;
        let mut parts: Parts = parsed(body)?;
        let mut issues = Vec::new();
        // What was read can be sent again, with what is told beside it.
        parts.remove(CAN);
        let allows = parts.remove("allowDestructive");
        let allows_losses = flag("allowDestructive", allows.as_deref(), &mut issues);
        refuse(issues)?;
        Ok(Self {
            parts,
            allows_losses,
        })
    }

    /// True if it defines a collection of this name, rather than changing one.
    pub fn is_definition_of(&self, name: &str) -> bool {
        self.parts.contains_key("fields") && text(&self.parts, "name") == name
    }

    /// Asks for a collection that is not there yet.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` with every fault, as when it is made.
    pub fn new_one(&self, schema: &Schema) -> Result<Wanted> {
        let definition = to_raw_value(&self.parts).map_err(Error::internal)?;
        let mut new = Collection::parse(&definition, schema).map_err(Error::validation)?;
        understood(&mut new)?;
        let named = Some(new.name.clone());
        let changes = vec![Change::create(Arc::new(new))];
        Ok(Wanted::of(schema, changes, named))
    }

    /// What it asks for.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` with every fault.
    pub fn wanted(&self, old: &Arc<Collection>, schema: &Schema) -> Result<Wanted> {
        let mut issues = Vec::new();
        let mut definition: Parts = parsed(old.definition().to_string().as_bytes())?;
        let mut columns = BTreeMap::new();
        for (key, value) in &self.parts {
            match key.as_str() {
                "fields" => {
                    let merged = fields(&definition, value, &mut columns, &mut issues);
                    definition.insert(key.clone(), merged?);
                }
                "rules" => {
                    let merged = merged(
                        definition.get(key).map(|raw| &**raw),
                        value,
                        "rules",
                        &mut issues,
                    );
                    definition.insert(key.clone(), merged?);
                }
                "singular" if !is_same(&definition, key, value) => {
                    let message = "Cannot be changed: events are named by it";
                    issues.push(Issue::new(key, IssueCode::ReadOnly, message));
                }
                _ => set(&mut definition, key, value),
            }
        }
        refuse(issues)?;
        if !self.parts.contains_key("indexes") {
            follow_names(&mut definition, &columns)?;
        }
        if !self.parts.contains_key(TITLE) {
            follow_title(&mut definition, &columns)?;
        }
        let new = following_itself(&to_raw_value(&definition).map_err(Error::internal)?, old)?;
        changes(old, new, columns, schema)
    }
}

/// The changes that follow from one collection's: those that point at it follow its name.
fn changes(
    old: &Arc<Collection>,
    new: Collection,
    columns: BTreeMap<String, String>,
    schema: &Schema,
) -> Result<Wanted> {
    let others = schema.without(&old.name);
    let faults = new.clashes(&others);
    if !faults.is_empty() {
        return Err(refused(Some(&new.name), faults, &others));
    }
    let new_name = new.name.clone();
    let mut changes = Vec::new();
    let mut tables = BTreeMap::new();
    if new.name != old.name {
        tables.insert(old.name.clone(), new.name.clone());
        changes = following(schema, &old.name, &new.name);
    }
    changes.insert(
        0,
        Change::alter(Arc::clone(old), Arc::new(new), columns, tables),
    );
    let named = Some(new_name);
    Ok(Wanted::of(schema, changes, named))
}

/// Has indexes that stay as they are name the columns as these are called from now on. What their
/// `where` says is a text of its owner, and stays.
fn follow_names(definition: &mut Parts, columns: &BTreeMap<String, String>) -> Result<()> {
    let Some(raw) = definition.get("indexes").filter(|_| !columns.is_empty()) else {
        return Ok(());
    };
    let mut indexes: Vec<Parts> = parsed(raw.get().as_bytes())?;
    for fields in indexes
        .iter_mut()
        .filter_map(|index| index.get_mut("fields"))
    {
        let mut names: Vec<String> = parsed(fields.get().as_bytes())?;
        for name in &mut names {
            let column = name.trim_start_matches('-');
            if let Some((now, _)) = columns.iter().find(|(_, had)| *had == column) {
                *name = name.replace(column, now);
            }
        }
        *fields = to_raw_value(&names).map_err(Error::internal)?;
    }
    let indexes = to_raw_value(&indexes).map_err(Error::internal)?;
    definition.insert("indexes".to_owned(), indexes);
    Ok(())
}

/// Has the title field that stays as it is follow its name, or go with its field.
fn follow_title(definition: &mut Parts, columns: &BTreeMap<String, String>) -> Result<()> {
    let had = text(definition, TITLE);
    if had.is_empty() {
        return Ok(());
    }
    if let Some((now, _)) = columns.iter().find(|(_, column)| **column == had) {
        let now = to_raw_value(now).map_err(Error::internal)?;
        definition.insert(TITLE.to_owned(), now);
        return Ok(());
    }
    let fields: Vec<Parts> = match definition.get("fields") {
        Some(fields) => parsed(fields.get().as_bytes())?,
        None => Vec::new(),
    };
    // Under its name there may be another field by now, which nobody has chosen.
    let is_there = fields.iter().any(|field| text(field, "name") == had);
    if !is_there || columns.contains_key(&had) {
        definition.remove(TITLE);
    }
    Ok(())
}

/// Reads the definition that a collection gets. A relation that points at the collection itself
/// follows its name.
fn following_itself(definition: &RawValue, old: &Collection) -> Result<Collection> {
    let mut new = Collection::read(definition).map_err(Error::validation)?;
    new.follow(&old.name, &new.name.clone());
    understood(&mut new)?;
    Ok(new)
}

/// The fields of a definition with those that are sent.
fn fields(
    definition: &Parts,
    sent: &RawValue,
    columns: &mut BTreeMap<String, String>,
    issues: &mut Vec<Issue>,
) -> Result<Box<RawValue>> {
    let known: Vec<Parts> = match definition.get("fields") {
        Some(fields) => parsed(fields.get().as_bytes())?,
        None => Vec::new(),
    };
    let known = known.into_iter().map(|parts| Sent {
        had: Some(text(&parts, "name")),
        parts,
        is_dropped: false,
    });
    let mut all: Vec<Sent> = known.collect();
    let sent: Vec<Box<RawValue>> = serde_json::from_str(sent.get()).unwrap_or_else(|_| {
        issues.push(Issue::new(
            "fields",
            IssueCode::InvalidType,
            "Must be a list",
        ));
        Vec::new()
    });
    for (i, raw) in sent.iter().enumerate() {
        let place = format!("fields[{i}]");
        if let Err(error) = Object::within(raw) {
            let message = error.message().to_owned();
            issues.push(Issue::new(place, IssueCode::InvalidType, message));
            continue;
        }
        field(
            &mut all,
            parsed(raw.get().as_bytes())?,
            &place,
            columns,
            issues,
        );
    }
    let stay = all.into_iter().filter(|field| !field.is_dropped);
    let mut all: Vec<Parts> = stay.map(|field| field.parts).collect();
    in_order(&mut all, &sent);
    to_raw_value(&all).map_err(Error::internal)
}

/// Fields of which each is sent stand as they are sent; where one is not, its place would be a
/// guess, and all stay where they are.
fn in_order(all: &mut [Parts], sent: &[Box<RawValue>]) {
    let names = sent
        .iter()
        .filter_map(|raw| parsed::<Parts>(raw.get().as_bytes()).ok());
    let is_dropped = |parts: &Parts| parts.get(DROP).is_some_and(|drop| drop.get() == "true");
    let names = names.filter(|parts| !is_dropped(parts));
    let names: Vec<String> = names.map(|parts| text(&parts, "name")).collect();
    let place = |parts: &Parts| names.iter().rposition(|name| *name == text(parts, "name"));
    if all.iter().all(|parts| place(parts).is_some()) {
        all.sort_by_key(place);
    }
}

fn field(
    all: &mut Vec<Sent>,
    mut sent: Parts,
    place: &str,
    columns: &mut BTreeMap<String, String>,
    issues: &mut Vec<Issue>,
) {
    let name = text(&sent, "name");
    let from = sent.remove(RENAMED).filter(|from| !json::is_null(from));
    let drop = sent.remove(DROP);
    let drops = flag(&format!("{place}.{DROP}"), drop.as_deref(), issues);
    let had = from.map(|from| json::text(&from).unwrap_or_default().into_owned());
    let found = match &had {
        Some(had) => position(all, |field| field.had.as_ref() == Some(had)),
        None => called(all, &name),
    };
    let is_renamed = |had: &String| columns.values().any(|other| other == had);
    let (key, code, message) = match (found, had) {
        (None, Some(_)) => (RENAMED, IssueCode::UnknownField, "There is no such field"),
        (None, None) if drops || !sent.contains_key("type") => {
            ("name", IssueCode::UnknownField, "There is no such field")
        }
        // Whether it keeps the values or not would be a guess.
        (None, None)
            if all
                .iter()
                .any(|field| field.had.as_ref() == Some(&name) && field.is_dropped) =>
        {
            (
                "name",
                IssueCode::Invalid,
                "Is dropped by this change; another one can add it anew",
            )
        }
        (None, None) => {
            return all.push(Sent {
                had: None,
                parts: sent,
                is_dropped: false,
            });
        }
        (Some(_), Some(_)) if drops => (DROP, IssueCode::Invalid, "Cannot be renamed as well"),
        (Some(_), Some(had)) if is_renamed(&had) => (
            RENAMED,
            IssueCode::Duplicate,
            "Is renamed to another name, too",
        ),
        (Some(at), had) => {
            if let Some(had) = had.filter(|had| *had != name) {
                columns.insert(name, had);
            }
            if let Some(field) = all.get_mut(at) {
                field.is_dropped = drops;
                sent.iter()
                    .for_each(|(key, value)| set(&mut field.parts, key, value));
            }
            return;
        }
    };
    issues.push(Issue::new(format!("{place}.{key}"), code, message));
}

/// The field that a name without `renamedFrom` means: the one that has it all along, else one that
/// takes it.
fn called(all: &[Sent], name: &str) -> Option<usize> {
    let is_called = |field: &Sent| text(&field.parts, "name") == name;
    let had = |field: &Sent| field.had.as_deref().is_none_or(|had| had == name);
    position(all, |field| is_called(field) && had(field)).or_else(|| position(all, is_called))
}

fn position(all: &[Sent], is_it: impl Fn(&Sent) -> bool) -> Option<usize> {
    all.iter()
        .position(|field| !field.is_dropped && is_it(field))
}

/// An object with the keys of another.
fn merged(
    into: Option<&RawValue>,
    sent: &RawValue,
    place: &str,
    issues: &mut Vec<Issue>,
) -> Result<Box<RawValue>> {
    let mut object: Parts = match into {
        Some(object) => parsed(object.get().as_bytes())?,
        None => Parts::new(),
    };
    if json::is_null(sent) {
        object.clear();
    } else if Object::within(sent).is_err() {
        issues.push(Issue::new(
            place,
            IssueCode::InvalidType,
            "Must be an object",
        ));
    } else {
        let sent: Parts = parsed(sent.get().as_bytes())?;
        sent.iter()
            .for_each(|(key, value)| set(&mut object, key, value));
    }
    to_raw_value(&object).map_err(Error::internal)
}

fn set(object: &mut Parts, key: &str, value: &RawValue) {
    if json::is_null(value) {
        object.remove(key);
    } else {
        object.insert(key.to_owned(), value.to_owned());
    }
}

fn is_same(object: &Parts, key: &str, value: &RawValue) -> bool {
    let had = object.get(key).map(|had| had.get());
    json::is_null(value) || had == Some(value.get())
}

pub(super) fn text(object: &Parts, key: &str) -> String {
    let text = object.get(key).and_then(|raw| json::text(raw));
    text.unwrap_or_default().into_owned()
}

fn flag(place: &str, raw: Option<&RawValue>, issues: &mut Vec<Issue>) -> bool {
    match raw.map(RawValue::get) {
        None | Some("null" | "false") => false,
        Some("true") => true,
        Some(_) => {
            issues.push(Issue::new(
                place,
                IssueCode::InvalidType,
                "Must be true or false",
            ));
            false
        }
    }
}

pub(super) fn parsed<T: serde::de::DeserializeOwned>(text: &[u8]) -> Result<T> {
    serde_json::from_slice(text).map_err(|error| Error::invalid_input("_", error.to_string()))
}

fn refuse(issues: Vec<Issue>) -> Result<()> {
    if issues.is_empty() {
        Ok(())
    } else {
        Err(Error::validation(issues))
    }
}
