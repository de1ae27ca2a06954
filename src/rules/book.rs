//! All rules of an instance, checked once for each state of its definitions.

use std::{collections::HashMap, sync::Arc};

use tracing::error;

use super::{
    check::{Purpose, check},
    condition::{Checked, Condition, Needs, Test},
    fault::Fault,
};
use crate::{
    base::{Issue, IssueCode},
    schema::{Collection, Field, Operation, Schema},
};

/// What must hold for something to be done.
pub type Rule = Checked;

/// The rules of a collection, each with what binds nobody who holds `{collection}:bypass`.
#[derive(Clone, Debug)]
pub struct Rules {
    /// For lists.
    pub list: Rule,
    /// For single records.
    pub view: Rule,
    /// For new records.
    pub create: Rule,
    /// For changes.
    pub update: Rule,
    /// For deletions, and for restoring.
    pub delete: Rule,
    /// For restoring where no rule on deletions is given.
    pub restore: Rule,
    reading: HashMap<String, Rule>,
    writing: HashMap<String, Rule>,
    /// What the rules on reading of all fields need.
    pub needs_of_fields: Needs,
    /// The table whose records they are about.
    pub collection: String,
    /// What the rules on writing of all fields need.
    pub needs_to_write: Needs,
    /// True if nothing but permissions decides.
    is_plain: bool,
}

impl Rules {
    /// True if nothing but permissions decides.
    pub fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// That of an operation.
    pub fn on(&self, operation: Operation) -> &Rule {
        match operation {
            Operation::List => &self.list,
            Operation::View => &self.view,
            Operation::Create => &self.create,
            Operation::Update => &self.update,
            Operation::Delete => &self.delete,
        }
    }

    /// What must hold for the field of this column to be read; none where nothing is said.
    pub fn reading(&self, column: &str) -> Option<&Rule> {
        self.reading.get(column)
    }

    /// What must hold for the field of this column to be written; none where nothing is said.
    pub fn writing(&self, column: &str) -> Option<&Rule> {
        self.writing.get(column)
    }
}

/// The rules of every collection, by its table.
#[derive(Clone, Debug, Default)]
pub struct Book(HashMap<String, Arc<Rules>>);

impl Book {
    /// Reads the rules of all collections.
    ///
    /// One that is not understood, which no definition is stored with, allows nothing.
    pub fn of_schema(schema: &Schema) -> Self {
        let mut faults = Vec::new();
        let read = |collection: &Arc<Collection>| {
            let rules = rules(schema, collection, &mut faults);
            (collection.name.clone(), Arc::new(rules))
        };
        let book = Self(schema.iter().map(read).collect());
        for issue in faults {
            error!(
                rule = issue.field,
                cause = issue.message,
                "A rule is not understood"
            );
        }
        book
    }

    /// Those of a collection, by its table.
    pub fn of(&self, table: &str) -> Option<&Arc<Rules>> {
        self.0.get(table)
    }
}

/// Every fault of the rules of a collection, by its place in the definition.
pub fn faults(schema: &Schema, collection: &Arc<Collection>) -> Vec<Issue> {
    let mut faults = Vec::new();
    rules(schema, collection, &mut faults);
    faults
}

fn rules(schema: &Schema, collection: &Arc<Collection>, faults: &mut Vec<Issue>) -> Rules {
    let mut reader = Reader {
        schema,
        collection,
        faults,
    };
    let texts = &collection.rules;
    let [list, view, create, update] = [
        Operation::List,
        Operation::View,
        Operation::Create,
        Operation::Update,
    ]
    .map(|operation| reader.operation(operation));
    let delete = reader.operation(Operation::Delete);
    let restore = match texts.of(Operation::Delete) {
        Some(_) => delete.clone(),
        None => reader.default("restore"),
    };
    let mut reading = reader.fields(
        "readRule",
        |field| field.read_rule.as_deref(),
        Purpose::Rule,
    );
    let hidden = collection.fields.iter().filter(|field| field.hidden);
    reading.extend(hidden.map(|field| (field.column.clone(), reader.made(bypass(collection)))));
    let writing = reader.fields(
        "writeRule",
        |field| field.write_rule.as_deref(),
        Purpose::Change,
    );
    let mut needs_of_fields = Needs::default();
    for rule in reading.values() {
        needs_of_fields.extend(&rule.needs);
    }
    let mut needs_to_write = Needs::default();
    for rule in writing.values() {
        needs_to_write.extend(&rule.needs);
    }
    Rules {
        list,
        view,
        create,
        update,
        delete,
        restore,
        reading,
        writing,
        needs_of_fields,
        needs_to_write,
        collection: collection.name.clone(),
        is_plain: is_plain(collection),
    }
}

fn is_plain(collection: &Collection) -> bool {
    let mut fields = collection.fields.iter();
    let is_free = |field: &Field| !field.is_guarded() && field.write_rule.is_none();
    collection.rules.iter().next().is_none() && fields.all(is_free)
}

struct Reader<'a> {
    schema: &'a Schema,
    collection: &'a Arc<Collection>,
    faults: &'a mut Vec<Issue>,
}

impl Reader<'_> {
    fn operation(&mut self, operation: Operation) -> Rule {
        let name = operation.name();
        match self.collection.rules.of(operation) {
            Some(text) => {
                let purpose = match operation {
                    Operation::Update => Purpose::Change,
                    _ => Purpose::Rule,
                };
                self.given(&format!("rules.{name}"), text, purpose)
            }
            None => self.default(match operation {
                Operation::List | Operation::View => "read",
                _ => name,
            }),
        }
    }

    /// Who has the permission.
    fn default(&self, action: &str) -> Rule {
        self.made(Test::Can(format!("{}:{action}", self.collection.name)))
    }

    fn made(&self, test: Test) -> Rule {
        Checked {
            condition: Arc::new(Condition::made(test)),
            needs: Needs::default(),
        }
    }

    /// A rule as it is written, which binds nobody who may bypass it.
    fn given(&mut self, place: &str, text: &str, purpose: Purpose<'_>) -> Rule {
        match given(self.schema, self.collection, text, purpose) {
            Ok(rule) => rule,
            Err(fault) => {
                self.faults.push(issue(place, &fault));
                self.made(bypass(self.collection))
            }
        }
    }

    fn fields(
        &mut self,
        key: &str,
        text: fn(&Field) -> Option<&str>,
        purpose: Purpose<'_>,
    ) -> HashMap<String, Rule> {
        let fields = self.collection.fields.iter().enumerate();
        let given = fields.filter_map(|(i, field)| Some((i, field, text(field)?)));
        given
            .map(|(i, field, text)| {
                let rule = self.given(&format!("fields[{i}].{key}"), text, purpose);
                (field.column.clone(), rule)
            })
            .collect()
    }
}

/// An expression as the rule that it would be: it binds nobody who may bypass it.
///
/// # Errors
/// The first fault.
pub fn given(
    schema: &Schema,
    collection: &Arc<Collection>,
    text: &str,
    purpose: Purpose<'_>,
) -> Result<Rule, Fault> {
    let Checked { condition, needs } = check(text, schema, collection, purpose)?;
    let bypass = Condition::made(bypass(collection));
    let either = Test::Or(vec![bypass, (*condition).clone()]);
    Ok(Checked {
        condition: Arc::new(Condition::made(either)),
        needs,
    })
}

fn bypass(collection: &Collection) -> Test {
    Test::Can(format!("{}:bypass", collection.name))
}

/// A fault of an expression at its place in a body or query.
pub fn issue(place: &str, fault: &Fault) -> Issue {
    Issue::new(place, IssueCode::InvalidFormat, fault.to_string())
        .with("line", fault.line)
        .with("column", fault.column)
}
