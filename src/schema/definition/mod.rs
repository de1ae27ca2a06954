//! Reads a definition, all its faults at once.
//!
//! A faulty part leaves something harmless in its place, so that reading goes on and each fault
//! is told once; whoever calls throws the collection away where there was any.

mod field;
mod source;

use std::collections::HashSet;

use serde_json::value::RawValue;

use self::source::Source;
use super::{
    clash,
    collection::{Collection, Deletion},
    field::Field,
    index::{Index, IndexCondition, IndexField},
    names,
    rules::{Operation, RuleTexts},
};
use crate::base::{Issue, IssueCode};

/// The most fields of a collection: an image of a row takes two arguments for each, and SQLite
/// takes 1,000.
pub const MAX_FIELDS: usize = 450;

/// The most indexes that a definition can ask for.
pub const MAX_INDEXES: usize = 30;

/// The most columns of an index that a definition can ask for.
pub const MAX_INDEX_FIELDS: usize = 8;

const KEYS: &[&str] = &[
    "name",
    "singular",
    "deletion",
    "fields",
    "indexes",
    "rules",
    "description",
    "history",
    "titleField",
];

/// Keys that later versions will know.
const LATER: &[&str] = &["events", "cacheControl"];

/// Reads a definition by itself, without comparing it with other collections.
///
/// # Errors
/// The faults of something that is no object at all; all others stand beside the collection.
pub(super) fn read(definition: &RawValue) -> Result<(Collection, Vec<Issue>), Vec<Issue>> {
    let mut issues = Vec::new();
    let source = Source::read(definition, "").map_err(|issue| vec![issue])?;
    source.refuse_others(KEYS, LATER, &mut issues);
    let name = collection_name(&source, &mut issues);
    let deletion = deletion(&source, &mut issues);
    let fields = fields(&source, &mut issues);
    let mut collection = Collection::new(name, deletion, fields);
    if let Some(singular) = source.text("singular", &mut issues) {
        collection.singular = singular.into_owned();
        if let Err(message) = names::check_form(&collection.singular) {
            issues.push(source.fault("singular", IssueCode::InvalidFormat, message));
        }
    }
    collection.history = source.flag("history", &mut issues);
    collection.rules = rules(&source, &mut issues);
    collection.description = field::description(&source, &mut issues);
    collection.title_field = title_field(&source, &collection, &mut issues);
    collection.indexes = indexes(&source, &collection, &mut issues);
    clash::within(&collection, &mut issues);
    Ok((collection, issues))
}

fn collection_name(source: &Source<'_>, issues: &mut Vec<Issue>) -> String {
    let Some(name) = source.required_text("name", issues) else {
        return String::new();
    };
    if clash::check_name("name", &name, issues) && names::is_reserved_table(&name) {
        let message = format!("`{name}` belongs to SQLite");
        issues.push(source.fault("name", IssueCode::NameTaken, message));
    }
    name.into_owned()
}

fn deletion(source: &Source<'_>, issues: &mut Vec<Issue>) -> Deletion {
    match source.text("deletion", issues).as_deref() {
        None | Some("soft") => Deletion::Soft,
        Some("hard") => Deletion::Hard,
        Some(_) => {
            let message = "Must be one of: soft, hard";
            issues.push(source.fault("deletion", IssueCode::NotAnOption, message));
            Deletion::Soft
        }
    }
}

fn fields(source: &Source<'_>, issues: &mut Vec<Issue>) -> Vec<Field> {
    let Some(items) = source.list("fields", issues) else {
        if source.given("fields").is_none() {
            issues.push(Issue::required("fields"));
        }
        return Vec::new();
    };
    let too_many = format!("Must have 1 to {MAX_FIELDS} fields");
    match items.len() {
        0 => issues.push(source.fault("fields", IssueCode::TooShort, too_many)),
        1..=MAX_FIELDS => {}
        _ => issues.push(source.fault("fields", IssueCode::TooLong, too_many)),
    }
    let read = |(i, raw): (usize, &&RawValue)| field::read(raw, &format!("fields[{i}]"), issues);
    items
        .iter()
        .enumerate()
        .take(MAX_FIELDS)
        .map(read)
        .collect()
}

/// The column of the field that stands for a record, if one is named that can.
fn title_field(
    source: &Source<'_>,
    collection: &Collection,
    issues: &mut Vec<Issue>,
) -> Option<String> {
    let column = source.text("titleField", issues)?;
    let mut fields = collection.fields.iter();
    let (code, message) = match fields.find(|field| field.column == column) {
        Some(field) if field.can_be_title() => return Some(column.into_owned()),
        Some(_) => (
            IssueCode::Invalid,
            "Must not be a boolean, JSON, a list, a relation, or hidden",
        ),
        None => (IssueCode::UnknownField, "There is no such field"),
    };
    issues.push(source.fault("titleField", code, message));
    None
}

/// The rules as they are written; a rule that is null is left out.
fn rules(source: &Source<'_>, issues: &mut Vec<Issue>) -> RuleTexts {
    let mut rules = RuleTexts::default();
    let Some(raw) = source.given("rules") else {
        return rules;
    };
    let source = match Source::read(raw, &source.place("rules")) {
        Ok(source) => source,
        Err(issue) => {
            issues.push(issue);
            return rules;
        }
    };
    source.refuse_others(&Operation::ALL.map(Operation::name), &[], issues);
    for operation in Operation::ALL {
        let text = source.text(operation.name(), issues);
        rules.set(operation, text.map(std::borrow::Cow::into_owned));
    }
    rules
}

fn indexes(source: &Source<'_>, collection: &Collection, issues: &mut Vec<Issue>) -> Vec<Index> {
    let items = source.list("indexes", issues).unwrap_or_default();
    if items.len() > MAX_INDEXES {
        let message = format!("Must have at most {MAX_INDEXES} indexes");
        issues.push(source.fault("indexes", IssueCode::TooLong, message));
    }
    let mut read =
        |(i, raw): (usize, &&RawValue)| index(raw, &format!("indexes[{i}]"), collection, issues);
    let items = items.iter().enumerate().take(MAX_INDEXES);
    items.map(&mut read).collect()
}

/// One without fields where it is faulty. What its condition means is not known here.
fn index(raw: &RawValue, place: &str, collection: &Collection, issues: &mut Vec<Issue>) -> Index {
    let mut index = Index {
        fields: Vec::new(),
        unique: false,
        condition: None,
    };
    match Source::read(raw, place) {
        Ok(source) => {
            source.refuse_others(&["fields", "unique", "where"], &[], issues);
            index.unique = source.flag("unique", issues);
            let text = source.text("where", issues);
            index.condition = text.map(|text| IndexCondition {
                text: text.into_owned(),
                parts: Vec::new(),
            });
            let fields = index_fields(&source, place, collection, issues);
            index.fields = fields.unwrap_or_default();
        }
        Err(issue) => issues.push(issue),
    }
    index
}

fn index_fields(
    source: &Source<'_>,
    place: &str,
    collection: &Collection,
    issues: &mut Vec<Issue>,
) -> Option<Vec<IndexField>> {
    let items = source.list("fields", issues).unwrap_or_default();
    if !(1..=MAX_INDEX_FIELDS).contains(&items.len()) {
        let message = format!("Must name 1 to {MAX_INDEX_FIELDS} fields");
        issues.push(source.fault("fields", IssueCode::Invalid, message));
        return None;
    }
    let before = issues.len();
    let mut seen = HashSet::new();
    let mut fields = Vec::new();
    for (i, raw) in items.iter().enumerate() {
        let place = format!("{place}.fields[{i}]");
        match index_field(raw, collection) {
            Ok(field) if seen.insert(field.column.clone()) => fields.push(field),
            Ok(_) => issues.push(Issue::new(place, IssueCode::Duplicate, "Stands twice")),
            Err((code, message)) => issues.push(Issue::new(place, code, message)),
        }
    }
    (issues.len() == before).then_some(fields)
}

fn index_field(
    raw: &RawValue,
    collection: &Collection,
) -> Result<IndexField, (IssueCode, &'static str)> {
    let text = crate::base::json::text(raw).ok_or((IssueCode::InvalidType, "Must be a text"))?;
    let (column, descending) = match text.strip_prefix('-') {
        Some(column) => (column, true),
        None => (&*text, false),
    };
    let field = collection
        .column(column)
        .filter(|field| field.column != "deleted_at");
    let field = field.ok_or((IssueCode::UnknownField, "There is no such field"))?;
    if !field.is_comparable() {
        return Err((
            IssueCode::Invalid,
            "A field of this type has no order, and no index",
        ));
    }
    Ok(IndexField {
        column: column.to_owned(),
        descending,
    })
}
