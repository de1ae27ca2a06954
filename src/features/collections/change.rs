//! Changing collections that are there: one by a patch of its definition, or all by files.

use serde_json::Value as Json;
use tracing::{info, warn};

use super::{
    patch::Patch,
    plan::{Asked, Plan, Wanted},
    service::{Collections, SYSTEM, TRIES, WRITE, overtaken},
    store,
};
use crate::{
    access::{Caller, audit, require},
    base::{Code, Error, Issue, Result},
    db::{Batch, Statement, Tag, Touch, WriteError},
    engine::{self, Expected},
    events::{self, Alteration},
    schema::{Schema, plan::Change},
};

impl Collections {
    /// Changes a collection by what is sent of its definition. It counts from the next request on.
    /// Returns the whole definition.
    ///
    /// # Errors
    /// `NOT_FOUND`, `PRECONDITION_FAILED` for another revision than expected, `VALIDATION_ERROR`
    /// with every fault, `UNPROCESSABLE` for a collection of the system and for what the plan
    /// refuses, those of [`require`] and of a write.
    pub async fn change(
        &self,
        caller: &Caller,
        name: &str,
        body: &[u8],
        expected: Expected,
    ) -> Result<Json> {
        require(caller, WRITE)?;
        let patch = Patch::read(body)?;
        let plan = |schema: &Schema| wanted(&patch, name, schema, expected);
        let (wanted, _) = self.carry_out(caller, patch.allows_losses, plan).await?;
        let new = wanted.changes.first().and_then(Change::after);
        let unchanged = || self.schema().by_name(name).map(|one| one.definition());
        new.map(|new| new.definition())
            .or_else(unchanged)
            .ok_or_else(Error::not_found)
    }

    /// What [`Self::change`] would do; where there is no such collection yet, what it would do to
    /// make it by this definition.
    ///
    /// # Errors
    /// As there, without what the plan itself tells.
    pub async fn plan(
        &self,
        caller: &Caller,
        name: &str,
        body: &[u8],
        expected: Expected,
    ) -> Result<Plan> {
        require(caller, WRITE)?;
        let patch = Patch::read(body)?;
        let schema = self.schema();
        let wanted = if schema.by_name(name).is_none() && patch.is_definition_of(name) {
            // 0 is the revision of what is not stored yet.
            expected.check(0)?;
            patch.new_one(&schema)?
        } else {
            wanted(&patch, name, &schema, expected)?
        };
        Ok(self.ask(caller, &wanted).await?.plan)
    }

    /// Plans, checks and writes, again and again while others change the same.
    pub(super) async fn carry_out(
        &self,
        caller: &Caller,
        allows_losses: bool,
        plan: impl Fn(&Schema) -> Result<Wanted>,
    ) -> Result<(Wanted, Plan)> {
        let mut last = None;
        for _ in 0..TRIES {
            let schema = self.schema();
            let wanted = plan(&schema)?;
            let asked = self.ask(caller, &wanted).await?;
            asked.plan.check(allows_losses)?;
            if wanted.changes.is_empty() {
                return Ok((wanted, asked.plan));
            }
            let (plan, batch) = batch(caller, &schema, &wanted, asked);
            match self.engine.db().write(batch).await {
                Ok(_) => {
                    told(&plan);
                    return Ok((wanted, plan));
                }
                Err(WriteError::Guard(Tag(store::SCHEMA, _))) => last = None,
                // A record came in between that the plan would have found.
                Err(WriteError::Constraint(constraint)) => {
                    warn!(
                        ?constraint,
                        "A record stood in the way of a change of definitions"
                    );
                    last = None;
                }
                Err(error @ WriteError::Fault(_)) => last = Some(error),
                Err(WriteError::Guard(Tag(store::KEYS, _))) => {
                    let message = "A relation would point at a record that is not there";
                    return Err(Error::new(Code::Conflict, message));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(last.map_or_else(overtaken, Error::from))
    }
}

fn wanted(patch: &Patch, name: &str, schema: &Schema, expected: Expected) -> Result<Wanted> {
    let collection = schema.by_name(name).ok_or_else(Error::not_found)?;
    expected.check(collection.revision)?;
    if SYSTEM.contains(&name) {
        let message = "This collection cannot be changed in this version";
        return Err(Error::new(Code::Unprocessable, message));
    }
    patch.wanted(collection, schema)
}

/// Everything in one transaction: the definitions, the tables, and that every relation still points
/// at a record.
fn batch(caller: &Caller, schema: &Schema, wanted: &Wanted, asked: Asked) -> (Plan, Batch) {
    let mut batch = Batch::new()
        .with(store::schema_is(schema))
        .with_all(asked.guards)
        .with_all(wanted.changes.iter().flat_map(stored))
        .with_all(asked.statements.into_iter().map(Statement::from));
    if wanted.is_structural() {
        let standing = wanted.changes.iter().filter_map(Change::after);
        batch = batch
            .with_all(standing.flat_map(|new| store::keys_hold(new)))
            .alone();
    }
    for change in &wanted.changes {
        batch.push(audited(caller, change));
    }
    (asked.plan, batch.touching(Touch::Schema))
}

/// The rows that say what is defined.
fn stored(change: &Change) -> Vec<Statement> {
    let Some(new) = change.after() else {
        return change
            .before()
            .map(|old| store::forget(old))
            .unwrap_or_default();
    };
    let definition = new.definition();
    let Some(old) = change.before() else {
        return store::insert(new, &definition).into();
    };
    let mut all: Vec<Statement> = store::update(&old.name, new, &definition).into();
    if change.keeps_images() {
        all.push(engine::follow_kept_records(old));
    }
    let altered = Alteration {
        collection: &old.name,
        renamed: &change.renamed(),
        dropped: &change.dropped_columns(),
    };
    all.extend(altered.follow());
    if old.name != new.name {
        all.push(events::moved(&old.name, &new.name));
        all.extend(store::rename(&old.name, &new.name));
    }
    all
}

fn audited(caller: &Caller, change: &Change) -> Statement {
    let (action, collection) = match (change.before(), change.after()) {
        (None, Some(new)) => ("collection.created", new),
        (Some(old), None) => ("collection.deleted", old),
        (Some(old), Some(_)) if change.changes_rules_alone() => ("collection.rules_changed", old),
        (Some(old), _) => ("collection.changed", old),
        (None, None) => return Statement::new("SELECT 1", Vec::new()),
    };
    audit::entry(caller, action, &collection.name, audit::Outcome::Success)
}

fn told(plan: &Plan) {
    for step in &plan.steps {
        let (collection, step) = (&step.collection, &step.message);
        info!(collection, step, "A collection was changed");
    }
}

impl Collections {
    /// What is costly in the rules of a collection, by its place in the definition; it goes to the
    /// log, too. Nothing, if that cannot be found out: the definition is stored by now.
    pub async fn warnings(&self, caller: &Caller, name: &str) -> Vec<Issue> {
        let found = self.engine.costly_rules(caller, name).await;
        let found = found.unwrap_or_else(|error| {
            warn!(collection = name, %error, "What the rules cost could not be found out");
            Vec::new()
        });
        for issue in &found {
            let (rule, what) = (&issue.field, &issue.message);
            warn!(collection = name, rule, what, "A rule is costly");
        }
        found
    }
}
