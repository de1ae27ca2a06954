//! What a change of definitions would do: its steps, what is asked of the records, and whether it
//! may be made.

use std::{sync::Arc, time::Duration};

use serde::Serialize;
use serde_json::Value as Json;

use super::{service::Collections, store};
use crate::{
    access::{Caller, require},
    base::{Code, Error, Issue, Result},
    db::{Sql, Statement},
    rules::book,
    schema::{
        Collection, Schema,
        plan::{Change, Question, Span, Step, Weight},
    },
};

/// What definitions are to become.
pub(super) struct Wanted {
    /// What changes.
    pub changes: Vec<Change>,
    /// All collections as they will be.
    pub schema: Schema,
    /// The collection whose faults are told without its name, by its new one.
    named: Option<String>,
}

/// What a change would do; nothing has been done yet.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// What happens, in its order. Nothing at all, where the definitions are as they should be.
    pub steps: Vec<Step>,
    /// What would be lost: it happens where `allowDestructive` is true.
    pub losses: Vec<Finding>,
    /// What has to be changed in the records before.
    pub obstacles: Vec<Finding>,
    /// How many records the changed tables hold.
    pub rows: u64,
    /// How long writes stand still meanwhile, in milliseconds: an estimate from the number of
    /// records.
    pub writes_stand_still_ms: u64,
}

/// Records that a change has to do with.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The table, by the name that it has.
    pub collection: String,
    /// The column; none where it is about whole records.
    pub field: Option<String>,
    /// What is wrong with them, for programs.
    pub code: &'static str,
    /// The same in plain words.
    pub message: String,
    /// How many they are.
    pub count: u64,
    /// Some of them, for who may read all records and fields of the collection.
    pub samples: Vec<Sample>,
    #[serde(skip)]
    issue: Issue,
}

/// One of them.
#[derive(Clone, Debug, Serialize)]
pub struct Sample {
    /// The record.
    pub id: String,
    /// Its value, as the API shows it.
    pub value: Json,
}

/// A plan, and what makes it true in the moment in which it is carried out.
pub(super) struct Asked {
    pub plan: Plan,
    /// Expectations: that nothing is found by then of which nothing was found now.
    pub guards: Vec<Statement>,
    /// What the tables are brought to their new form by.
    pub statements: Vec<Sql>,
}

impl Wanted {
    /// The schema after `changes`, of which those that change nothing are left out.
    pub fn of(schema: &Schema, changes: Vec<Change>, named: Option<String>) -> Self {
        let mut after = schema.clone();
        for old in changes.iter().filter_map(Change::before) {
            after = after.without(&old.name);
        }
        for new in changes.iter().filter_map(Change::after) {
            after = after.with(Collection::clone(new));
        }
        let changes = changes.into_iter();
        Self {
            changes: changes.filter(|change| !change.is_void()).collect(),
            schema: after,
            named,
        }
    }

    /// Refuses what the rules of any collection do not fit: one asks a field that goes, say.
    fn check_rules(&self) -> Result<()> {
        let mut faults = Vec::new();
        for known in self.schema.iter() {
            let found = book::faults(&self.schema, known).into_iter();
            faults.extend(found.map(|issue| Issue {
                field: self.place(&known.name, issue.field),
                ..issue
            }));
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Error::validation(faults))
        }
    }

    /// A place in the definition of a collection, with its name unless that is clear.
    fn place(&self, collection: &str, place: String) -> String {
        if self.named.as_deref() == Some(collection) {
            place
        } else {
            format!("{collection}.{place}")
        }
    }

    /// True if tables are touched, and not definitions alone.
    pub fn is_structural(&self) -> bool {
        self.changes.iter().any(Change::is_structural)
    }
}

impl Plan {
    /// Refuses what cannot be done, and what would lose something that may not be lost.
    ///
    /// # Errors
    /// `UNPROCESSABLE` with every obstacle, or every loss.
    pub fn check(&self, allows_losses: bool) -> Result<()> {
        let (found, message) = match (&self.obstacles[..], &self.losses[..]) {
            ([], []) => return Ok(()),
            ([], _) if allows_losses => return Ok(()),
            ([], losses) => (
                losses,
                "Something would be lost; `allowDestructive` allows it",
            ),
            (obstacles, _) => (obstacles, "Records stand in the way of this change"),
        };
        let issues = found.iter().map(|finding| finding.issue.clone());
        Err(Error::new(Code::Unprocessable, message).with_issues(issues.collect()))
    }
}

impl Collections {
    /// Asks the records what the changes mean for them.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` for rules that do not fit the new schema, each by its place;
    /// `SERVICE_UNAVAILABLE` if a question takes longer than a read may.
    pub(super) async fn ask(&self, caller: &Caller, wanted: &Wanted) -> Result<Asked> {
        wanted.check_rules()?;
        let mut asked = Asked {
            plan: Plan {
                steps: wanted.changes.iter().flat_map(Change::steps).collect(),
                losses: Vec::new(),
                obstacles: Vec::new(),
                rows: 0,
                writes_stand_still_ms: 0,
            },
            guards: Vec::new(),
            statements: Vec::new(),
        };
        for change in &wanted.changes {
            self.ask_of(caller, change, wanted, &mut asked).await?;
        }
        Ok(asked)
    }

    async fn ask_of(
        &self,
        caller: &Caller,
        change: &Change,
        wanted: &Wanted,
        asked: &mut Asked,
    ) -> Result<()> {
        let mut span = Span::default();
        if let Some(old) = change.before().filter(|_| change.is_structural()) {
            let table = old.name.clone();
            let size = self.engine.db().read(move |conn| store::size(conn, &table));
            let (rows, last) = size.await?;
            span.last = last;
            asked.plan.rows += rows;
            let name = old.name.clone();
            let versions = match change.renames() || change.leaves_names() {
                true => {
                    self.engine
                        .db()
                        .read(move |conn| store::versions(conn, &name))
                        .await?
                }
                false => 0,
            };
            let still = rows.saturating_mul(change.cost());
            let still = still.saturating_add(versions.saturating_mul(Change::COST_OF_VERSION));
            let still = Duration::from_micros(still);
            asked.plan.writes_stand_still_ms +=
                u64::try_from(still.as_millis()).unwrap_or(u64::MAX);
        }
        for question in change.questions() {
            let sees = ["read", "bypass"].iter().all(|action| {
                require(caller, &format!("{}:{action}", question.collection)).is_ok()
            });
            let question = Arc::new(question);
            let found = {
                let question = Arc::clone(&question);
                self.engine
                    .db()
                    .read(move |conn| store::find(conn, &question))
            };
            let mut found = found.await?;
            if !sees {
                found.samples.clear();
            }
            if found.count == 0 && !question.always {
                asked.guards.extend(store::still_none(&question, found.seq));
                continue;
            }
            let finding = finding(&question, found, change, wanted);
            match question.weight {
                Weight::Loss => asked.plan.losses.push(finding),
                Weight::Obstacle => asked.plan.obstacles.push(finding),
            }
        }
        asked.statements.extend(change.statements(span));
        Ok(())
    }
}

fn finding(question: &Question, found: store::Found, change: &Change, wanted: &Wanted) -> Finding {
    let noun = if found.count == 1 {
        "record"
    } else {
        "records"
    };
    let message = format!("{}: {} {noun}", question.words, found.count);
    let place = place(question, change, wanted);
    let samples = found.samples.iter().map(|sample| sample.id.as_str());
    let issue = Issue::new(place, question.code, message.clone())
        .with("count", found.count)
        .with("samples", samples.collect::<Vec<_>>());
    Finding {
        collection: question.collection.clone(),
        field: question.field.clone(),
        code: question.code.name(),
        message,
        count: found.count,
        samples: found.samples,
        issue,
    }
}

/// Where the definition says what a question is about: `fields[2]`, else the name of what goes.
fn place(question: &Question, change: &Change, wanted: &Wanted) -> String {
    let name = change
        .after()
        .or(change.before())
        .map(|one| one.name.as_str());
    let Some(column) = &question.field else {
        return wanted.place(name.unwrap_or_default(), "_".to_owned());
    };
    let mut fields = change.after().into_iter().flat_map(|new| &new.fields);
    let at = fields.position(|field| field.column == *column);
    let place = at.map_or_else(|| column.clone(), |at| format!("fields[{at}]"));
    wanted.place(name.unwrap_or_default(), place)
}
