//! `id,author.displayName`: what `fields` leaves of records, and of what is expanded in them.

use super::Branch;
use crate::{
    base::{Issue, IssueCode},
    engine::Selection,
    schema::Collection,
};

/// Divides names between a record and what is expanded in it, and returns what is told of the
/// record itself. What is expanded is kept, named or not; where nothing within it is named, it is
/// told as a whole.
pub(super) fn fields(
    collection: &Collection,
    branches: &mut [Branch],
    names: &[&str],
    has_deleted: bool,
) -> Result<Selection, Issue> {
    let is_expanded = |name: &str| branches.iter().any(|branch| branch.name == name);
    let mut own = Vec::new();
    for name in names {
        match name.split_once('.') {
            Some((first, _)) if !is_expanded(first) => {
                let message = format!("{first} is not expanded, so that {name} is not there");
                return Err(Issue::new("fields", IssueCode::UnknownField, message));
            }
            None if !is_expanded(name) => own.push(*name),
            _ => {}
        }
    }
    for branch in branches {
        let name = branch.name.as_str();
        let within = names.iter();
        let within = within.filter_map(|path| path.strip_prefix(name)?.strip_prefix('.'));
        let within: Vec<&str> = within.collect();
        if !within.is_empty() {
            let branches = &mut branch.branches;
            branch.fields = fields(&branch.collection, branches, &within, false)?;
        }
    }
    Selection::among(collection, own, has_deleted)
}
