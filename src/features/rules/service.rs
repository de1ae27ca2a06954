//! Who may try which rule on which record, and what the answer is.

use std::{borrow::Cow, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    access::{Action, Caller, SignedIn, Who, permit, require, sight_of},
    base::{
        Code, Error, Issue, IssueCode, Result,
        json::{self, Object},
    },
    engine::{Definitions, Draft, Engine, Outcome, Patch, Tried},
    rules::{Names, Purpose, Rule, book},
    schema::{Collection, Operation},
};

const READ: &str = "system:collections:read";

/// A rule, and what it is tried on.
#[derive(Debug)]
pub struct Question<'a> {
    /// The table's name.
    pub collection: Cow<'a, str>,
    /// The name of an operation, for its rule as it is stored, or an expression.
    pub rule: Cow<'a, str>,
    /// The id of the user who would act; none for a guest.
    pub by: Option<Cow<'a, str>>,
    /// The id of a record; an object of fields, for one that would be made; or one with an `id`,
    /// for a change of that record.
    pub record: &'a RawValue,
}

/// What a rule says of a record and a caller.
#[derive(Debug, Deserialize, Serialize)]
pub struct Answer {
    /// Whether it lets the caller act.
    pub allowed: bool,
    /// What stands under its `&&`, `||` and `!`, in their order.
    pub parts: Vec<Part>,
}

/// A part of a rule.
#[derive(Debug, Deserialize, Serialize)]
pub struct Part {
    /// As it is written.
    pub expression: String,
    /// What it is; none where it is unknown, as all that a guest's `auth` has.
    pub value: Option<bool>,
}

/// The feature. Cheap to clone.
#[derive(Clone)]
pub struct RuleTests {
    pub(super) engine: Engine,
}

impl RuleTests {
    /// Over the engine.
    pub fn new(engine: Engine) -> Self {
        Self { engine }
    }

    /// Refuses who may not try any rule.
    ///
    /// # Errors
    /// Those of [`require`].
    pub fn permit(caller: &Caller) -> Result<()> {
        require(caller, READ)
    }

    /// Tries a rule. It changes nothing, and tells nothing of a record that the caller could not
    /// read all of: an expression asks whatever its writer likes.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` with every fault, the rule's with its line and column;
    /// `INSUFFICIENT_PERMISSIONS` if the caller may not read all that the rule does, or may not see
    /// users and asks for another; those of the database.
    pub async fn test(&self, caller: &Caller, question: &Question<'_>) -> Result<Answer> {
        Self::permit(caller)?;
        let definitions = self.engine.catalog().now();
        let collection = collection_of(&definitions, &question.collection)?;
        let asked = Asked::of(&question.rule);
        let record = tried(collection, asked, question.record)?;
        let (source, rule) = rule(&definitions, collection, asked, &record)?;
        may_read(caller, &definitions, collection, &rule, &record)?;
        let by = self.by(caller, question.by.as_deref()).await?;
        let tried = self
            .engine
            .try_rule(collection, &by, (&source, &rule), &record)
            .await?;
        let message = "There is no such record";
        tried
            .map(Answer::from)
            .ok_or_else(|| fault("record", IssueCode::NoSuchRecord, message))
    }

    /// The one who would act. Whoever tries it for somebody else has to be allowed to see users,
    /// because what a rule says of somebody tells its address and roles.
    async fn by(&self, caller: &Caller, id: Option<&str>) -> Result<Caller> {
        let Some(id) = id else {
            return Ok(caller.posing_as(Who::Guest));
        };
        if caller.user().is_some_and(|user| user.user == id) {
            return Ok(caller.clone());
        }
        let rows = permit(caller, "users", Action::View)?;
        let users = self.engine.users()?;
        let found = self.engine.load(&users, &rows, id).await;
        let user = found.map_err(|error| match error.code() {
            Code::NotFound => fault("as", IssueCode::NoSuchRecord, "There is no such user"),
            _ => error,
        })?;
        let roles = self.engine.roles_of(&user.id).await?;
        let user = SignedIn::imagined(user.id.clone(), roles.names, roles.permissions);
        Ok(caller.posing_as(Who::User(Arc::new(user))))
    }
}

impl From<Outcome> for Answer {
    fn from(outcome: Outcome) -> Self {
        let parts = outcome.parts.into_iter();
        Self {
            allowed: outcome.allowed,
            parts: parts
                .map(|(expression, value)| Part { expression, value })
                .collect(),
        }
    }
}

/// The collection of this name.
///
/// # Errors
/// `VALIDATION_ERROR` at `collection` if there is none.
pub(super) fn collection_of<'a>(
    definitions: &'a Definitions,
    name: &str,
) -> Result<&'a Arc<Collection>> {
    let found = definitions.schema.by_name(name);
    let message = "There is no such collection";
    found.ok_or_else(|| fault("collection", IssueCode::Invalid, message))
}

/// Which rule is tried.
#[derive(Clone, Copy)]
pub(super) enum Asked<'a> {
    /// The one that is stored for an operation.
    On(Operation),
    /// This one.
    Written(&'a str),
}

impl<'a> Asked<'a> {
    /// The rule that is stored; an expression is none.
    pub(super) fn stored<'b>(
        self,
        definitions: &Definitions,
        collection: &'b Collection,
    ) -> Result<(Cow<'b, str>, Rule)> {
        let Self::On(operation) = self else {
            return Err(Error::internal("an expression is stored nowhere"));
        };
        let rules = definitions.book.of(&collection.name);
        let rules = rules.ok_or_else(Error::not_found)?;
        let source = collection.rules.of(operation).unwrap_or_default();
        Ok((source.into(), rules.on(operation).clone()))
    }

    pub(super) fn of(text: &'a str) -> Self {
        let mut operations = Operation::ALL.into_iter();
        match operations.find(|operation| operation.name() == text) {
            Some(operation) => Self::On(operation),
            None => Self::Written(text),
        }
    }
}

/// A rule with the text that it is read from.
fn rule<'a>(
    definitions: &Definitions,
    collection: &'a Arc<Collection>,
    asked: Asked<'a>,
    record: &Tried<'_>,
) -> Result<(Cow<'a, str>, Rule)> {
    match asked {
        Asked::On(_) => asked.stored(definitions, collection),
        Asked::Written(text) => {
            let purpose = match record {
                Tried::Made(_) => Purpose::Rule,
                Tried::Stored(_) | Tried::Changed(..) => Purpose::Change,
            };
            let rule = book::given(&definitions.schema, collection, text, purpose);
            let rule =
                rule.map_err(|found| Error::validation(vec![book::issue("rule", &found)]))?;
            Ok((text.into(), rule))
        }
    }
}

/// Reads the record. One that is sent with fields is as it would be made, but for a rule on changes
/// or an expression, where its `id` names the record that the others change.
fn tried<'a>(
    collection: &'a Collection,
    asked: Asked<'_>,
    sent: &'a RawValue,
) -> Result<Tried<'a>> {
    if let Some(id) = json::text(sent) {
        return match (id, asked) {
            (_, Asked::On(Operation::Create)) => {
                let message = "Must be an object with the fields of what would be made";
                Err(fault("record", IssueCode::InvalidType, message))
            }
            (Cow::Borrowed(id), _) => Ok(Tried::Stored(id)),
            // No id is written with escapes.
            (Cow::Owned(_), _) => Ok(Tried::Stored("")),
        };
    }
    let message = "Must be the id of a record, or an object with fields";
    let mut object =
        Object::within(sent).map_err(|_| fault("record", IssueCode::InvalidType, message))?;
    let changes = match asked {
        Asked::On(operation) => operation == Operation::Update,
        Asked::Written(_) => object.get("id").is_some(),
    };
    if !changes {
        let draft = Draft::read(collection, &object).map_err(within_record)?;
        return Ok(Tried::Made(draft));
    }
    match object.take("id").and_then(json::text) {
        Some(Cow::Borrowed(id)) => {
            let patch = Patch::read(collection, &object).map_err(within_record)?;
            Ok(Tried::Changed(id, patch))
        }
        _ => Err(fault(
            "record.id",
            IssueCode::Required,
            "Must be the id of the record that is changed",
        )),
    }
}

/// Refuses a caller who may not read everything that is read here.
fn may_read(
    caller: &Caller,
    definitions: &Definitions,
    collection: &Collection,
    rule: &Rule,
    record: &Tried<'_>,
) -> Result<()> {
    let own = (!matches!(record, Tried::Made(_))).then_some(&collection.name);
    for table in rule.needs.tables.iter().chain(own) {
        let rules = definitions.book.of(table);
        let read = definitions.schema.by_name(table).zip(rules);
        if !read.is_some_and(|(table, rules)| {
            sight_of(caller, rules).sees_all(table, &Names::table(&table.name))
        }) {
            let message =
                format!("This asks about records of {table}, of which you may not read all");
            return Err(Error::new(Code::InsufficientPermissions, message));
        }
    }
    Ok(())
}

fn fault(field: &str, code: IssueCode, message: &str) -> Error {
    Error::validation(vec![Issue::new(field, code, message)])
}

/// Faults of a record's fields, at their places in the question.
fn within_record(error: Error) -> Error {
    let moved = error.issues().iter().map(|issue| Issue {
        field: match issue.field.as_str() {
            "_" => "record".to_owned(),
            field => format!("record.{field}"),
        },
        ..issue.clone()
    });
    let moved: Vec<Issue> = moved.collect();
    error.with_issues(moved)
}
