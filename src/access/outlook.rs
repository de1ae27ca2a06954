//! What a caller could do with the records of a collection, before it asks for one: which actions
//! can be allowed for some record, and which fields can be read of some.

use std::sync::Arc;

use serde::Serialize;

use super::{
    caller::Caller,
    decide::{Action, RowFilter, decide, permit},
};
use crate::{
    db::Value,
    rules::{Names, Rules, Verdict},
};

/// What can be done with records that are there, or are to be.
const ACTIONS: [Action; 6] = [
    Action::List,
    Action::View,
    Action::Create,
    Action::Update,
    Action::Delete,
    Action::Restore,
];

/// What is worth offering to a caller: true where its rights or a rule could allow it for some
/// record, false where it would be refused for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Can {
    /// See the collection's lists.
    pub list: bool,
    /// See a record.
    pub view: bool,
    /// Make one.
    pub create: bool,
    /// Change one.
    pub update: bool,
    /// Delete one.
    pub delete: bool,
    /// Bring deleted ones back.
    pub restore: bool,
    /// See the deleted ones in lists.
    pub trash: bool,
    /// Delete for good what could otherwise be restored.
    pub purge: bool,
    /// Change the definition.
    pub change: bool,
}

impl Can {
    /// Of `caller`, by the rules of a collection. Whether it may change the definition is not said
    /// by these.
    pub fn of(caller: &Caller, rules: &Arc<Rules>) -> Self {
        let may = |action| possible(caller, rules, action).is_some();
        Self {
            list: may(Action::List),
            view: may(Action::View),
            create: may(Action::Create),
            update: may(Action::Update),
            delete: may(Action::Delete),
            // To bring back and to purge take the right to delete besides; to see what was deleted
            // takes a permission, whatever the rules say.
            restore: may(Action::Delete) && may(Action::Restore),
            trash: may(Action::List) && permit(caller, &rules.collection, Action::Restore).is_ok(),
            purge: may(Action::Delete) && may(Action::Purge),
            change: false,
        }
    }
}

/// The records on which `caller` may act, if there can be any.
pub fn possible(caller: &Caller, rules: &Arc<Rules>, action: Action) -> Option<RowFilter> {
    let rows = decide(caller, rules, action).ok()?;
    let verdict = rows.rows(&every_name(&rules.collection), &Value::CommitTime);
    (verdict != Verdict::Never).then_some(rows)
}

/// The records with which `caller` may do something, if there can be any: who has none learns
/// nothing of the collection.
pub fn known(caller: &Caller, rules: &Arc<Rules>) -> Option<RowFilter> {
    let mut actions = ACTIONS.into_iter();
    actions.find_map(|action| possible(caller, rules, action))
}

/// What the rules of a collection are read against; a rule on changes also asks what was before.
pub fn every_name(table: &str) -> Names {
    Names {
        previous: Some(table.to_owned()),
        ..Names::table(table)
    }
}
