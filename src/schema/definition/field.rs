//! Reads one field of a definition.

use std::collections::HashSet;

use serde_json::value::RawValue;

use super::source::Source;
use crate::{
    base::{Issue, IssueCode, json},
    db::Value,
    schema::{
        clash,
        field::{Field, compare},
        fields::{self, FieldType, decimal, multiselect, text},
        names,
        options::{Collation, OnDelete},
        pattern::Pattern,
    },
};

/// Keys of every field.
const COMMON: &[&str] = &[
    "name",
    "type",
    "required",
    "readRule",
    "writeRule",
    "hidden",
    "description",
];

/// Options of one type or another.
const OPTIONS: &[&str] = &[
    "unique",
    "default",
    "min",
    "max",
    "pattern",
    "collation",
    "searchable",
    "containsIndex",
    "options",
    "scale",
    "collection",
    "onDelete",
];

/// Types that later versions will know.
const LATER_TYPES: &[&str] = &["file", "files"];

/// How many options a select has at most, and how many characters each.
const MAX_OPTIONS: usize = 200;
const MAX_OPTION: usize = 200;

/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 2_000;

/// Reads the field at `place`.
pub fn read(raw: &RawValue, place: &str, issues: &mut Vec<Issue>) -> Field {
    let source = match Source::read(raw, place) {
        Ok(source) => source,
        Err(issue) => {
            issues.push(issue);
            return Field::new("", &fields::Text);
        }
    };
    let kind = kind(&source, issues);
    let column = column(&source, kind, issues);
    let mut field = Field::new(&column, kind.unwrap_or(&fields::Text));
    field.required = source.flag("required", issues);
    let mut rule = |key| source.text(key, issues).map(std::borrow::Cow::into_owned);
    (field.read_rule, field.write_rule) = (rule("readRule"), rule("writeRule"));
    field.hidden = hidden(&source, issues);
    field.description = description(&source, issues);
    refuse_others(&source, kind, issues);
    if kind.is_some() {
        options(&source, &mut field, issues);
    }
    field
}

fn hidden(source: &Source<'_>, issues: &mut Vec<Issue>) -> bool {
    let hidden = source.flag("hidden", issues);
    if hidden && source.given("readRule").is_some() {
        let message = "A hidden field is read by nobody whom a rule could name";
        issues.push(source.fault("readRule", IssueCode::Invalid, message));
    }
    hidden
}

/// The words for people of a field or a collection.
pub fn description(source: &Source<'_>, issues: &mut Vec<Issue>) -> Option<String> {
    let text = source.text("description", issues)?;
    if text.chars().count() > MAX_DESCRIPTION {
        let message = format!("Must have at most {MAX_DESCRIPTION} characters");
        let issue = source.fault("description", IssueCode::TooLong, message);
        issues.push(issue.with("max", MAX_DESCRIPTION));
    }
    Some(text.into_owned())
}

fn kind(source: &Source<'_>, issues: &mut Vec<Issue>) -> Option<&'static dyn FieldType> {
    let name = source.required_text("type", issues)?;
    let kind = fields::find(&name);
    if kind.is_none() {
        issues.push(if LATER_TYPES.contains(&&*name) {
            source.unsupported("type")
        } else {
            let known: Vec<_> = fields::TYPES.iter().map(|kind| kind.name()).collect();
            let message = format!("There is no such type; there are: {}", known.join(", "));
            source.fault("type", IssueCode::UnknownField, message)
        });
    }
    kind
}

fn column(
    source: &Source<'_>,
    kind: Option<&'static dyn FieldType>,
    issues: &mut Vec<Issue>,
) -> String {
    let Some(name) = source.required_text("name", issues) else {
        return String::new();
    };
    let well_formed = clash::check_name(&source.place("name"), &name, issues);
    let is = |other: &dyn FieldType| kind.is_some_and(|kind| kind.name() == other.name());
    let (one, many) = (is(&fields::Relation), is(&fields::Relations));
    let fault = match (name.ends_with("_id"), name.ends_with("_ids")) {
        _ if !well_formed || kind.is_none() => None,
        (false, _) if one => Some("The name of a relation must end in _id"),
        (_, false) if many => Some("The name of relations must end in _ids"),
        (true, _) if !one => Some("Only the name of a relation can end in _id"),
        (_, true) if !many => Some("Only the name of relations can end in _ids"),
        _ => None,
    };
    issues.extend(fault.map(|message| source.fault("name", IssueCode::InvalidFormat, message)));
    name.into_owned()
}

fn refuse_others(
    source: &Source<'_>,
    kind: Option<&'static dyn FieldType>,
    issues: &mut Vec<Issue>,
) {
    let known = [COMMON, OPTIONS].concat();
    source.refuse_others(&known, &[], issues);
    let Some(kind) = kind else {
        return;
    };
    for key in source.keys() {
        if OPTIONS.contains(&key) && !kind.options().contains(&key) {
            let message = format!("Is not an option of the type {}", kind.name());
            issues.push(source.fault(key, IssueCode::UnknownField, message));
        }
    }
}

/// Reads what the type takes; `default` comes last, because all others bind it.
fn options(source: &Source<'_>, field: &mut Field, issues: &mut Vec<Issue>) {
    let taken = field.kind.options();
    let takes = |option| taken.contains(&option);
    let before = issues.len();
    if takes("unique") {
        field.unique = source.flag("unique", issues);
    }
    if takes("scale") {
        let range = 0..=i64::from(decimal::LARGEST_SCALE);
        let scale = source.count("scale", range, issues);
        let scale = scale.and_then(|scale| u32::try_from(scale).ok());
        field.options.scale = scale.unwrap_or(decimal::DEFAULT_SCALE);
    }
    if takes("min") {
        read_bounds(source, field, issues);
    }
    if takes("pattern") {
        field.options.pattern = pattern(source, issues);
    }
    if takes("collation") {
        field.options.collation = collation(source, issues);
    }
    if takes("searchable") {
        field.options.searchable = source.flag("searchable", issues);
        field.options.contains_index = source.flag("containsIndex", issues);
    }
    if takes("options") {
        field.options.options = choices(source, field.kind, issues);
    }
    if takes("onDelete") {
        field.options.on_delete = on_delete(source, field.required, issues);
    }
    if takes("collection") {
        field.options.collection = collection(source, issues);
    }
    if field.is_many() && field.required {
        let message = "A list of relations is empty once all that it names are gone";
        issues.push(source.fault("required", IssueCode::Invalid, message));
    }
    // A default is only worth checking against options that are right themselves.
    if takes("default") && issues.len() == before {
        field.default = read_default(source, field, issues);
    }
}

fn read_bounds(source: &Source<'_>, field: &mut Field, issues: &mut Vec<Issue>) {
    let is_length = field.kind.bounds_are_lengths();
    let mut bound = |key| {
        if is_length {
            return source
                .count(key, 0..=text::LARGEST_MAX, issues)
                .map(Value::Integer);
        }
        let read = field.kind.read(field, source.given(key)?);
        read.map_err(|issue| issues.push(moved(issue, source.place(key))))
            .ok()
    };
    let (min, max) = (bound("min"), bound("max"));
    let max = match max {
        None if is_length && source.given("max").is_none() => {
            let least = min.as_ref().and_then(Value::as_integer).unwrap_or_default();
            Some(Value::Integer(text::DEFAULT_MAX.max(least)))
        }
        max => max,
    };
    if let (Some(min), Some(max)) = (&min, &max)
        && compare(min, max).is_some_and(std::cmp::Ordering::is_gt)
    {
        issues.push(source.fault("min", IssueCode::TooLarge, "Must not be more than max"));
    }
    (field.options.min, field.options.max) = (min, max);
}

fn pattern(source: &Source<'_>, issues: &mut Vec<Issue>) -> Option<Pattern> {
    let text = source.text("pattern", issues)?;
    Pattern::parse(&text)
        .map_err(|message| issues.push(source.fault("pattern", IssueCode::InvalidFormat, message)))
        .ok()
}

fn choices(
    source: &Source<'_>,
    kind: &'static dyn FieldType,
    issues: &mut Vec<Issue>,
) -> Vec<String> {
    let is_list = kind.name() == fields::Multiselect.name();
    if source.given("options").is_none() {
        issues.push(Issue::required(source.place("options")));
    }
    let Some(items) = source.list("options", issues) else {
        return Vec::new();
    };
    if !(1..=MAX_OPTIONS).contains(&items.len()) {
        let message = format!("Must have 1 to {MAX_OPTIONS} options");
        issues.push(source.fault("options", IssueCode::Invalid, message));
    }
    let mut seen = HashSet::new();
    let mut choices = Vec::new();
    for (i, raw) in items.into_iter().enumerate().take(MAX_OPTIONS) {
        let place = format!("options[{i}]");
        let text = json::text(raw).unwrap_or_default().into_owned();
        if !(1..=MAX_OPTION).contains(&text.chars().count()) {
            let message = format!("Must be a text of 1 to {MAX_OPTION} characters");
            issues.push(source.fault(&place, IssueCode::Invalid, message));
        } else if is_list && !multiselect::can_be_chosen(&text) {
            let message = "Must have no comma, quotation mark, backslash or control character";
            issues.push(source.fault(&place, IssueCode::InvalidFormat, message));
        } else if seen.insert(text.clone()) {
            choices.push(text);
        } else {
            issues.push(source.fault(&place, IssueCode::Duplicate, "Stands twice"));
        }
    }
    choices
}

fn collation(source: &Source<'_>, issues: &mut Vec<Issue>) -> Collation {
    let Some(given) = source.text("collation", issues) else {
        return Collation::default();
    };
    let mut all = Collation::ALL.into_iter();
    let known = all.find(|known| known.name() == given);
    known.unwrap_or_else(|| {
        let message = "Must be one of: binary, nocase";
        issues.push(source.fault("collation", IssueCode::NotAnOption, message));
        Collation::default()
    })
}

fn on_delete(source: &Source<'_>, required: bool, issues: &mut Vec<Issue>) -> OnDelete {
    let Some(given) = source.text("onDelete", issues) else {
        return OnDelete::default();
    };
    let known = OnDelete::ALL
        .into_iter()
        .find(|known| known.name() == given);
    let Some(found) = known else {
        let message = "Must be one of: restrict, cascade, setNull";
        issues.push(source.fault("onDelete", IssueCode::NotAnOption, message));
        return OnDelete::default();
    };
    if required && found == OnDelete::SetNull {
        let message = "Needs a field that may be null, which a required one may not";
        issues.push(source.fault("onDelete", IssueCode::Invalid, message));
    }
    found
}

fn collection(source: &Source<'_>, issues: &mut Vec<Issue>) -> Option<String> {
    let target = source.required_text("collection", issues)?;
    if let Err(message) = names::check_form(&target) {
        issues.push(source.fault("collection", IssueCode::InvalidFormat, message));
        return None;
    }
    Some(target.into_owned())
}

fn read_default(source: &Source<'_>, field: &Field, issues: &mut Vec<Issue>) -> Option<Value> {
    let raw = source.given("default")?;
    field
        .kind
        .read(field, raw)
        // As it comes back from the stored definition: a default of JSON may change its form.
        .map(|value| match value {
            Value::Text(_) if !field.is_comparable() => field.json(&value).to_string().into(),
            value => value,
        })
        .map_err(|issue| issues.push(moved(issue, source.place("default"))))
        .ok()
}

/// A fault that a type found, at its place in the definition.
fn moved(issue: Issue, place: String) -> Issue {
    Issue {
        field: place,
        ..issue
    }
}
