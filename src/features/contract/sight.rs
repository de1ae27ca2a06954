//! What of the collections a caller learns: those with whose records it may do something, and of
//! them the fields that it may read or write of some record.

use std::sync::Arc;

use crate::{
    access::{Action, Caller, RowFilter, Who, decide},
    db::Value,
    engine::Definitions,
    rules::{Names, Rules, Verdict},
    schema::{Collection, Field},
};

/// What may be done with records.
const ACTIONS: &[(&str, Action)] = &[
    ("list", Action::List),
    ("view", Action::View),
    ("create", Action::Create),
    ("update", Action::Update),
    ("delete", Action::Delete),
    ("restore", Action::Restore),
];

/// A collection as a caller may know it.
pub struct Sight {
    /// The collection.
    pub collection: Arc<Collection>,
    rows: Option<RowFilter>,
    /// True if the caller may make or change some record.
    is_written: bool,
    /// The tables that relations of it point at, and that the caller may know as well.
    known: Vec<String>,
    /// What guests may do.
    for_guests: Vec<&'static str>,
}

impl Sight {
    /// All collections that `caller` may know, by name.
    pub fn of_all(definitions: &Definitions, caller: &Caller) -> Vec<Self> {
        let collections = definitions.schema.iter();
        let mut all: Vec<Self> = collections
            .filter_map(|collection| Self::of(definitions, collection, caller))
            .collect();
        let names: Vec<String> = all.iter().map(|one| one.collection.name.clone()).collect();
        for one in &mut all {
            let targets = one.collection.fields.iter().filter_map(Field::collection);
            let known = targets.filter(|target| names.iter().any(|name| name == target));
            one.known = known.map(str::to_owned).collect();
        }
        all
    }

    fn of(
        definitions: &Definitions,
        collection: &Arc<Collection>,
        caller: &Caller,
    ) -> Option<Self> {
        let rules = definitions.book.of(&collection.name)?;
        let may = |action| allowed(caller, rules, action);
        let first = ACTIONS.iter().find_map(|(_, action)| may(*action));
        // The paths of users are the same in every instance, and so no secret.
        if first.is_none() && collection.name != "users" {
            return None;
        }
        let is_written = [Action::Create, Action::Update]
            .into_iter()
            .any(|action| may(action).is_some());
        let guest = caller.posing_as(Who::Guest);
        let for_guests = ACTIONS
            .iter()
            .filter(|(_, action)| allowed(&guest, rules, *action).is_some());
        Some(Self {
            collection: Arc::clone(collection),
            rows: first,
            is_written,
            known: Vec::new(),
            for_guests: for_guests.map(|(name, _)| *name).collect(),
        })
    }

    /// True if the caller may know what a relation points at.
    pub fn knows(&self, relation: &Field) -> bool {
        let target = relation.collection();
        target.is_some_and(|target| self.known.iter().any(|known| known == target))
    }

    /// True if guests may do this with some record.
    pub fn lets_guests(&self, action: &str) -> bool {
        self.for_guests.contains(&action)
    }

    /// True if the caller may read this field of some record.
    pub fn reads(&self, field: &Field) -> bool {
        self.reading(field) != Verdict::Never
    }

    /// True if the caller may read this field of every record, so that lists can be sorted by it.
    pub fn reads_always(&self, field: &Field) -> bool {
        self.reading(field) == Verdict::Always
    }

    /// True if the caller may write this field of some record.
    pub fn writes(&self, field: &Field) -> bool {
        let judge =
            |rows: &RowFilter| rows.writing(&field.column, &self.names(), &Value::CommitTime);
        let verdict = self.rows.as_ref().map_or(Verdict::Always, judge);
        self.is_written && field.is_writable() && verdict != Verdict::Never
    }

    fn reading(&self, field: &Field) -> Verdict {
        let judge =
            |rows: &RowFilter| rows.reading(&field.column, &self.names(), &Value::CommitTime);
        self.rows.as_ref().map_or(Verdict::Always, judge)
    }

    fn names(&self) -> Names {
        names(&self.collection.name)
    }
}

/// The records on which `caller` may act, if there can be any.
fn allowed(caller: &Caller, rules: &Arc<Rules>, action: Action) -> Option<RowFilter> {
    let rows = decide(caller, rules, action).ok()?;
    let verdict = rows.rows(&names(&rules.collection), &Value::CommitTime);
    (verdict != Verdict::Never).then_some(rows)
}

/// What the rules of a collection are read against; a rule on changes also asks what was before.
fn names(table: &str) -> Names {
    Names {
        previous: Some(table.to_owned()),
        ..Names::table(table)
    }
}
