//! The parameters of what is asked of many records: of lists, of changes by filter, of aggregates.

use serde_json::{Value as Json, json};

use super::{
    names::Names,
    sight::{Lead, Sight},
};
use crate::{
    engine::MAX_EXPANDED,
    schema::{
        Comparable, Field,
        json_schema::{Side, add},
    },
};

/// Parameters of every list.
const OF_LISTS: &[&str] = &[
    "Page",
    "PageSize",
    "Limit",
    "PerPage",
    "Cursor",
    "Count",
    "SortOrder",
];

/// Conditions that can be asked of every collection.
const CONDITIONS: &[&str] = &[
    "Filter",
    "CreatedAfter",
    "CreatedBefore",
    "UpdatedAfter",
    "UpdatedBefore",
];

/// Parameters of aggregates and of changes by filter. A field that is called like one is a
/// condition by `[eq]` alone.
const TAKEN: &[&str] = &["group", "select", "having", "expect"];

/// Most values of one `in`.
const MAX_VALUES: u64 = 200;
/// Most keys of a sort.
const MAX_KEYS: u64 = 16;
/// Most columns that an aggregate groups by, and most that it computes.
const MAX_GROUPED: u64 = 8;
const MAX_SELECTED: u64 = 32;

/// What a part calls the parameters of lists, of changes by filter, of aggregates, of one record,
/// of one under a parent, and of exports.
pub const KINDS: &[&str] = &["list", "picks", "aggregate", "one", "under", "export"];

/// The parameters of a collection.
#[derive(Default)]
pub struct Asked {
    /// Those that it has alone, by name.
    pub own: Vec<(String, Json)>,
    /// The names of all, as [`KINDS`] has them.
    pub named: [Vec<String>; 6],
}

impl Asked {
    /// The parameters of a collection.
    pub fn of(sight: &Sight, names: &Names) -> Self {
        let mut asked = Self::default();
        let [lists, picks, aggregates, one, under, exports] = &mut asked.named;
        lists.extend(OF_LISTS.iter().map(|name| (*name).to_owned()));
        for named in [&mut *lists, picks, aggregates, exports] {
            named.extend(CONDITIONS.iter().map(|name| (*name).to_owned()));
        }
        aggregates.push("Having".to_owned());
        exports.extend(["Format", "SortOrder"].map(str::to_owned));
        for named in [&mut *lists, aggregates, exports] {
            if sight.collection.is_soft() {
                named.push("Trashed".to_owned());
            }
            if is_searched(sight) {
                named.push("Search".to_owned());
            }
        }
        for (key, parameter) in sorts(sight, names) {
            for named in [&mut *lists, exports] {
                named.push(key.clone());
            }
            asked.own.push((key, parameter));
        }
        for (to, (key, parameter)) in [
            (&mut *lists, fields(sight, names, "listed")),
            (&mut *one, fields(sight, names, "fields")),
            (&mut *exports, fields(sight, names, "exported")),
        ] {
            to.push(key.clone());
            asked.own.push((key, parameter));
        }
        if let Some((key, parameter)) = expand(sight, names) {
            for named in [&mut *lists, one] {
                named.push(key.clone());
            }
            asked.own.push((key, parameter));
        }
        under.clone_from(one);
        if sight.collection.history {
            one.push("At".to_owned());
        }
        for (key, parameter) in terms(sight, names) {
            aggregates.push(key.clone());
            asked.own.push((key, parameter));
        }
        asked.conditions(sight, names);
        asked
    }

    fn conditions(&mut self, sight: &Sight, names: &Names) {
        let [lists, picks, aggregates, _, _, exports] = &mut self.named;
        for field in readable(sight) {
            for operator in operators(field.compared_as()) {
                let (key, parameter) = condition(names, field, operator);
                for named in [&mut *lists, exports] {
                    named.push(key.clone());
                }
                let is_taken = operator.is_empty() && TAKEN.contains(&field.name.as_str());
                if !is_taken {
                    aggregates.push(key.clone());
                }
                if !is_taken && !is_deleted_at(field) {
                    picks.push(key.clone());
                }
                self.own.push((key, parameter));
            }
        }
    }
}

fn readable(sight: &Sight) -> impl Iterator<Item = &Field> {
    let collection = &sight.collection;
    let fields = collection.columns().chain(collection.deleted_at());
    fields.filter(|field| sight.reads(field))
}

/// Fields by which records can be sorted, and grouped.
fn sortable(sight: &Sight) -> impl Iterator<Item = &Field> {
    readable(sight).filter(|field| field.is_comparable() && sight.reads_always(field))
}

fn is_deleted_at(field: &Field) -> bool {
    field.column == "deleted_at"
}

/// What `[..]` may say behind the name of a field; empty for none.
fn operators(kind: Comparable) -> &'static [&'static str] {
    match kind {
        Comparable::Json => &["isNull"],
        Comparable::Choices => &["contains", "isNull"],
        Comparable::Boolean => &["", "eq", "ne", "in", "isNull"],
        Comparable::Text => &[
            "",
            "eq",
            "ne",
            "gt",
            "gte",
            "lt",
            "lte",
            "in",
            "contains",
            "startsWith",
            "isNull",
        ],
        Comparable::Scaled(_) | Comparable::Real | Comparable::Instant | Comparable::Day => {
            &["", "eq", "ne", "gt", "gte", "lt", "lte", "in", "isNull"]
        }
    }
}

fn condition(names: &Names, field: &Field, operator: &str) -> (String, Json) {
    let (record, name) = (&names.record, &field.name);
    let value = || a_text(field.json_schema(Side::Asked));
    let is_list = field.compared_as() == Comparable::Choices;
    let schema = match operator {
        "isNull" => json!({ "type": "boolean" }),
        "contains" | "startsWith" if !is_list => a_text(json!({ "type": "string" })),
        "in" => json!({ "type": "array", "minItems": 1, "maxItems": MAX_VALUES, "items": value() }),
        _ => value(),
    };
    let mut parameter = json!({ "in": "query", "name": name, "schema": schema });
    let mut key = format!("{record}.{name}");
    if let Some(members) = parameter.as_object_mut() {
        if !operator.is_empty() {
            key = format!("{key}.{operator}");
            members.insert("name".to_owned(), format!("{name}[{operator}]").into());
        }
        if operator == "in" {
            members.insert("style".to_owned(), "form".into());
            members.insert("explode".to_owned(), false.into());
        }
        if is_deleted_at(field) {
            members.insert("description".to_owned(), "With `trashed` alone".into());
        }
    }
    (key, parameter)
}

/// The schema, which lets no U+0000 into a text of no other form: none is taken anywhere.
fn a_text(mut schema: Json) -> Json {
    let has_form = ["pattern", "format", "enum"]
        .iter()
        .any(|key| schema.get(key).is_some());
    if schema.get("type").is_some_and(|kind| kind == "string") && !has_form {
        add(&mut schema, "pattern", "^[^\\u0000]*$");
    }
    schema
}

/// A parameter that takes some of these words, separated by commas.
fn words(name: &str, description: &str, most: Option<u64>, words: &[String]) -> Json {
    let mut schema = json!({ "type": "array", "minItems": 1, "uniqueItems": true,
        "items": { "enum": words } });
    if let (Some(most), Some(members)) = (most, schema.as_object_mut()) {
        members.insert("maxItems".to_owned(), most.into());
    }
    json!({ "in": "query", "name": name, "style": "form", "explode": false,
        "description": description, "schema": schema })
}

fn sorts(sight: &Sight, names: &Names) -> Vec<(String, Json)> {
    let fields: Vec<&str> = sortable(sight).map(|field| field.name.as_str()).collect();
    let keys: Vec<String> = fields.iter().flat_map(|name| both_ways(name)).collect();
    let record = &names.record;
    let meaning = "Fields, `-` before one for descending; `-createdAt` by default";
    vec![
        (
            format!("{record}.sort"),
            words("sort", meaning, Some(MAX_KEYS), &keys),
        ),
        (
            format!("{record}.sortBy"),
            json!({ "in": "query", "name": "sortBy", "description": "In place of `sort`",
                "schema": { "enum": fields } }),
        ),
    ]
}

fn both_ways(name: &str) -> [String; 2] {
    [name.to_owned(), format!("-{name}")]
}

/// `fields` of a list (`listed`), of an export (`exported`), or of one record (`fields`), which is
/// never shown deleted. Where anything can be expanded, a name with a dot chooses within that.
fn fields(sight: &Sight, names: &Names, of: &str) -> (String, Json) {
    let told = readable(sight).filter(|field| of != "fields" || !is_deleted_at(field));
    let told: Vec<String> = told.map(|field| field.name.clone()).collect();
    let mut parameter = words("fields", "Only these are told", None, &told);
    let leads: Vec<&str> = sight.leads.iter().map(|lead| lead.name.as_str()).collect();
    if of != "exported" && !leads.is_empty() {
        let within = format!("^({})\\.[A-Za-z0-9]+(\\.[A-Za-z0-9]+)?$", leads.join("|"));
        let within = json!({ "type": "string", "pattern": within,
            "description": "A field of what is expanded" });
        if let Some(items) = parameter.pointer_mut("/schema/items") {
            *items = json!({ "anyOf": [items.take(), within] });
        }
    }
    (format!("{}.{of}", names.record), parameter)
}

/// `expand`, where records lead to any that the caller may know.
fn expand(sight: &Sight, names: &Names) -> Option<(String, Json)> {
    if sight.leads.is_empty() {
        return None;
    }
    let mut leads: Vec<String> = sight.leads.iter().map(|lead| lead.name.clone()).collect();
    for Lead { name, further, .. } in &sight.leads {
        leads.extend(further.iter().map(|further| format!("{name}.{further}")));
    }
    let meaning = "Related records, put into those that lead to them";
    let most = u64::try_from(MAX_EXPANDED).ok();
    let parameter = words("expand", meaning, most, &leads);
    Some((format!("{}.expand", names.record), parameter))
}

/// True if the caller may search in some field.
fn is_searched(sight: &Sight) -> bool {
    let mut searched = sight.collection.searchable();
    searched.any(|field| sight.reads_always(field))
}

/// `group`, `select` and `sort` of aggregates.
fn terms(sight: &Sight, names: &Names) -> Vec<(String, Json)> {
    let (mut groups, mut selected) = (Vec::new(), vec!["count()".to_owned()]);
    for field in sortable(sight) {
        let (name, kind) = (&field.name, field.compared_as());
        groups.push(name.clone());
        if matches!(kind, Comparable::Instant | Comparable::Day) {
            groups.extend(["year", "month", "day"].map(|part| format!("{part}({name})")));
        }
        if matches!(kind, Comparable::Scaled(_) | Comparable::Real) {
            selected.extend(["sum", "avg"].map(|function| format!("{function}({name})")));
        }
        if kind != Comparable::Boolean {
            selected.extend(["min", "max"].map(|function| format!("{function}({name})")));
        }
    }
    let counted = readable(sight).filter(|field| sight.reads_always(field));
    selected.extend(counted.map(|field| format!("count({})", field.name)));
    let terms = groups.iter().chain(&selected);
    let keys: Vec<String> = terms.flat_map(|name| both_ways(name)).collect();
    let record = &names.record;
    let by_groups = "Of what stands in `group` and `select`, `-` before one for descending; by the groups by default";
    vec![
        (
            format!("{record}.group"),
            words(
                "group",
                "What is taken together; all in one by default",
                Some(MAX_GROUPED),
                &groups,
            ),
        ),
        (
            format!("{record}.select"),
            words(
                "select",
                "What is computed of each group; `count()` by default",
                Some(MAX_SELECTED),
                &selected,
            ),
        ),
        (
            format!("{record}.sortGroups"),
            words("sort", by_groups, None, &keys),
        ),
    ]
}

/// The unique fields by which `PUT` can find a record.
pub fn unique(sight: &Sight) -> Vec<&str> {
    let fields = sight.collection.fields.iter();
    let unique = fields.filter(|field| field.unique && sight.writes(field));
    unique.map(|field| field.name.as_str()).collect()
}

/// `on` of an import that replaces records.
pub fn on_import(names: &Names, unique: &[&str]) -> (String, Json) {
    let parameter = json!({
        "in": "query", "name": "on",
        "description": "With `mode=upsert`: the unique field that says which record is meant",
        "schema": { "enum": unique },
    });
    (format!("{}.onImport", names.record), parameter)
}

/// `on` of `PUT`, which names one of them.
pub fn on(names: &Names, unique: &[&str]) -> (String, Json) {
    let parameter = json!({
        "in": "query", "name": "on", "required": true,
        "description": "The unique field that says which record is meant; the body must have it, and not null",
        "schema": { "enum": unique },
    });
    (format!("{}.on", names.record), parameter)
}
