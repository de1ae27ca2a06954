//! `author,comments.author`: which relations are followed, by their names.

use std::{collections::HashSet, sync::Arc};

use super::{Branch, MAX_LEVELS, MAX_NAMES, Way};
use crate::{
    access::RowFilter,
    base::{Issue, IssueCode},
    engine::{Definitions, Selection},
    schema::{Collection, Leads},
};

/// Reads the value of `expand`. A name behind another brings that one along.
pub(super) fn branches(
    definitions: &Definitions,
    collection: &Arc<Collection>,
    rows: &RowFilter,
    text: &str,
) -> Result<Vec<Branch>, Vec<Issue>> {
    let reading = Reading { definitions, rows };
    let (mut branches, mut issues) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for path in text.split(',') {
        if seen.len() == MAX_NAMES {
            let message = format!("Must have at most {MAX_NAMES} names");
            issues.push(Issue::new("expand", IssueCode::TooLong, message).with("max", MAX_NAMES));
            break;
        }
        let read = match seen.insert(path) {
            true => reading.follow(collection, &mut branches, path),
            false => fault(IssueCode::Duplicate, format!("{path} stands twice")),
        };
        issues.extend(read.err());
    }
    if issues.is_empty() {
        Ok(branches)
    } else {
        Err(issues)
    }
}

struct Reading<'a> {
    definitions: &'a Definitions,
    rows: &'a RowFilter,
}

impl Reading<'_> {
    /// Adds what `author.team` leads to.
    fn follow(
        &self,
        collection: &Arc<Collection>,
        branches: &mut Vec<Branch>,
        path: &str,
    ) -> Result<(), Issue> {
        if path.split('.').count() > MAX_LEVELS {
            let message = format!("{path} follows more than {MAX_LEVELS} relations");
            return fault(IssueCode::TooLong, message);
        }
        let (mut collection, mut branches) = (Arc::clone(collection), branches);
        for name in path.split('.') {
            let known = branches.iter().position(|branch| branch.name == name);
            let place = known.unwrap_or(branches.len());
            if known.is_none() {
                branches.push(self.branch(&collection, name)?);
            }
            let Some(branch) = branches.get_mut(place) else {
                return Ok(());
            };
            collection = Arc::clone(&branch.collection);
            branches = &mut branch.branches;
        }
        Ok(())
    }

    fn branch(&self, collection: &Collection, name: &str) -> Result<Branch, Issue> {
        let (target, way) = self.way(collection, name)?;
        let rules = self.definitions.book.of(&target.name);
        let Some(rules) = rules else {
            return fault(IssueCode::UnknownField, unknown(collection, name));
        };
        Ok(Branch {
            name: name.to_owned(),
            collection: Arc::clone(target),
            rows: self.rows.to_view_of(rules),
            way,
            fields: Selection::default(),
            branches: Vec::new(),
        })
    }

    /// Where a name leads to. A field counts first, so that no record has one name for two things.
    fn way<'a>(
        &'a self,
        collection: &'a Collection,
        name: &str,
    ) -> Result<(&'a Arc<Collection>, Way), Issue> {
        if collection.field(name).is_some() {
            let message = format!("{name} is a field, and leads to no record by this name");
            return fault(IssueCode::Invalid, message);
        }
        let schema = &self.definitions.schema;
        match schema.leads(collection, name) {
            Leads::From(target, field) => Ok((target, Way::Here(field.column.clone()))),
            Leads::Along(field) => {
                let target = field.collection().and_then(|name| schema.by_name(name));
                let mut columns = collection.columns();
                let place = columns.position(|column| column.column == field.column);
                let Some((target, place)) = target.zip(place) else {
                    return fault(IssueCode::UnknownField, unknown(collection, name));
                };
                let way = match field.is_many() {
                    true => Way::List(place),
                    false => Way::One(place),
                };
                Ok((target, way))
            }
            Leads::Several(names) => {
                let message = format!("Several relations point here: {}", names.join(", "));
                fault(IssueCode::Invalid, message)
            }
            Leads::Nowhere => fault(IssueCode::UnknownField, unknown(collection, name)),
        }
    }
}

fn unknown(collection: &Collection, name: &str) -> String {
    let table = &collection.name;
    format!("No relation of {table}, and none that points at it, is called {name}")
}

fn fault<T>(code: IssueCode, message: String) -> Result<T, Issue> {
    Err(Issue::new("expand", code, message))
}
