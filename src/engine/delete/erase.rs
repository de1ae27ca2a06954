//! The steps of a purge: to ask, to look for the events, to empty most of them where they are many,
//! and then to delete the rows.

use std::{cell::RefCell, sync::Arc};

use super::{
    Refused,
    family::Family,
    plan::Plan,
    purge::{self, Trace},
};
use crate::{
    base::{Error, Result},
    db::Statement,
    engine::{Engine, mutate::Expected},
    events::{Histories, Origin, emptied},
    schema::{Collection, Schema},
};

/// Most events that one batch empties. Each is a page of the WAL or more, while others wait.
const EVENTS: usize = 2_000;

/// How often all events are read for one purge: again where somebody came along meanwhile.
const LOOKS: usize = 3;

/// What a purge is about, whatever becomes of its records in the meantime.
pub struct Purge<'a> {
    /// The collection of the records that were asked for.
    pub collection: &'a Arc<Collection>,
    /// The version that they must have.
    pub expected: Expected,
    /// Who purges.
    pub origin: &'a Origin,
}

/// A purge as it can be made at this moment.
pub struct Begun {
    /// What it expects of the records that were asked for.
    pub plan: Plan,
    /// All that goes.
    pub family: Family,
    /// Further changes of the same batch.
    pub changes: Vec<Statement>,
}

/// What a batch was for.
pub enum Step {
    /// It asked whether anything is in the way, before all events are read for nothing.
    Asked(Family),
    /// It emptied the oldest events, up to this one.
    Emptied(Family, i64),
    /// It was the purge itself.
    Purged,
}

impl Engine {
    /// Purges what `begin` finds. `look` gives the records whose events to look for, at least those
    /// of the family; it is asked where `histories` do not know one of them. False if there was
    /// nothing to do any more.
    pub(super) async fn erase(
        &self,
        purge: &Purge<'_>,
        histories: &mut Histories,
        begin: impl AsyncFn(&Arc<Schema>) -> Result<Option<Begun>>,
        look: impl AsyncFn(&Family) -> Result<Histories>,
    ) -> Result<bool, Refused> {
        let mut looks = 0;
        while looks <= LOOKS {
            // What was written since the last step is read here, so that the batch, for which
            // others wait, has little to read itself.
            histories.read_on(&self.db).await?;
            let (step, known) = (RefCell::new(Step::Purged), &*histories);
            let attempt = async |schema: &Arc<Schema>| {
                let Some(begun) = begin(schema).await? else {
                    return Ok(None);
                };
                let (plan, next) = begun.next_step(schema, known, purge.origin);
                step.replace(next);
                Ok(Some(plan))
            };
            let written = self.write_plan(purge.collection, purge.expected, attempt);
            if written.await?.is_none() {
                return Ok(false);
            }
            match step.into_inner() {
                Step::Asked(family) => {
                    *histories = look(&family).await?;
                    looks += 1;
                }
                Step::Emptied(family, last) => forget(histories, &family, last),
                Step::Purged => return Ok(true),
            }
        }
        let message = "Records that point at this one come too fast; delete it softly first, then \
                       purge it";
        Err(Error::unavailable(message, 1).into())
    }
}

impl Begun {
    /// The next batch, and what it is for, by what is known of the events.
    pub fn next_step(
        self,
        schema: &Schema,
        histories: &Histories,
        origin: &Origin,
    ) -> (Plan, Step) {
        let Self {
            mut plan,
            family,
            changes,
        } = self;
        let is_known = |family: &Family| {
            let mut members = family.members().iter();
            members.all(|members| histories.know(&members.collection.name, &members.ids))
        };
        if !is_known(&family) {
            purge::expect(&mut plan, schema, &family);
            plan.changes_no_record();
            return (plan, Step::Asked(family));
        }
        if let Some((oldest, last)) = too_many(histories, &family) {
            // A history that has been emptied is lost, so all that may refuse the purge is asked.
            purge::expect(&mut plan, schema, &family);
            plan.batch.push(emptied(&oldest));
            plan.changes_no_record();
            return (plan, Step::Emptied(family, last));
        }
        plan.push_all(changes);
        purge::add(
            &mut plan,
            schema,
            &family,
            origin,
            Trace::Emptied(histories),
        );
        (plan, Step::Purged)
    }
}

/// The oldest events of `family`, and the last of these, if it has more than one batch empties.
fn too_many(histories: &Histories, family: &Family) -> Option<(Vec<i64>, i64)> {
    let mut events = Vec::new();
    for members in family.members() {
        events.extend(histories.events(&members.collection.name, &members.ids));
    }
    if events.len() <= EVENTS {
        return None;
    }
    events.sort_unstable();
    events.truncate(EVENTS);
    let last = *events.last()?;
    Some((events, last))
}

fn forget(histories: &mut Histories, family: &Family, last: i64) {
    for members in family.members() {
        histories.forget_upto(&members.collection.name, &members.ids, last);
    }
}

/// The records of `family`, whose events have not been looked for yet.
pub fn histories_of(family: &Family) -> Histories {
    let mut histories = Histories::default();
    add_to(&mut histories, family);
    histories
}

/// Adds the records of `family` to those whose events are to be looked for.
pub fn add_to(histories: &mut Histories, family: &Family) {
    for members in family.members() {
        histories.add(&members.collection.name, &members.ids);
    }
}
