//! What of the collections a caller learns: those with whose records it may do something, and of
//! them the fields that it may read or write of some record.

use std::sync::Arc;

use crate::{
    access::{Action, Caller, RowFilter, Who, every_name, known, possible},
    db::Value,
    engine::Definitions,
    rules::{Names, Verdict},
    schema::{Collection, Field, Leads},
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
    /// What `expand` takes.
    pub leads: Vec<Lead>,
}

/// What a record leads to by a name of `expand`.
pub struct Lead {
    /// The name.
    pub name: String,
    /// The table that the records are in.
    pub table: String,
    /// How many they are.
    pub kind: LeadKind,
    /// The names of what they lead to themselves.
    pub further: Vec<String>,
}

/// How what is expanded stands in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadKind {
    /// A record, or null.
    One,
    /// A list of records.
    List,
    /// The newest of those that point here.
    Pointing,
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
        let mut leads: Vec<Vec<Lead>> =
            all.iter().map(|one| one.leads(definitions, &all)).collect();
        let names_of = |leads: &Vec<Lead>| leads.iter().map(|lead| lead.name.clone()).collect();
        let further: Vec<Vec<String>> = leads.iter().map(names_of).collect();
        for lead in leads.iter_mut().flatten() {
            let target = names.iter().position(|name| *name == lead.table);
            let names = target.and_then(|target| further.get(target));
            lead.further = names.cloned().unwrap_or_default();
        }
        for (one, leads) in all.iter_mut().zip(leads) {
            one.leads = leads;
        }
        all
    }

    /// What leads on from here to records that the caller may know, too.
    fn leads(&self, definitions: &Definitions, all: &[Self]) -> Vec<Lead> {
        let found = definitions.schema.all_leads(&self.collection);
        let of = |table: &str| all.iter().find(|one| one.collection.name == table);
        let lead = |(name, leads): (String, Leads<'_>)| {
            let (table, kind) = match leads {
                Leads::Along(field) => {
                    let kind = match field.is_many() {
                        true => LeadKind::List,
                        false => LeadKind::One,
                    };
                    (field.collection().filter(|_| self.reads(field))?, kind)
                }
                Leads::From(child, field) => {
                    of(&child.name).filter(|child| child.reads(field))?;
                    (child.name.as_str(), LeadKind::Pointing)
                }
                Leads::Several(_) | Leads::Nowhere => return None,
            };
            of(table)?;
            let table = table.to_owned();
            Some(Lead {
                name,
                table,
                kind,
                further: Vec::new(),
            })
        };
        found.into_iter().filter_map(lead).collect()
    }

    fn of(
        definitions: &Definitions,
        collection: &Arc<Collection>,
        caller: &Caller,
    ) -> Option<Self> {
        let rules = definitions.book.of(&collection.name)?;
        let may = |action| possible(caller, rules, action);
        let first = known(caller, rules);
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
            .filter(|(_, action)| possible(&guest, rules, *action).is_some());
        Some(Self {
            collection: Arc::clone(collection),
            rows: first,
            is_written,
            known: Vec::new(),
            for_guests: for_guests.map(|(name, _)| *name).collect(),
            leads: Vec::new(),
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
        every_name(&self.collection.name)
    }
}
