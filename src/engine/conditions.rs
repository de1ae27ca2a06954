//! What the parameters of a list ask of its records: `filter`, `field=value`, `field[gte]=value`,
//! `createdAfter` and their like.

use std::sync::Arc;

use super::Definitions;
use crate::{
    base::{Issue, IssueCode},
    db::Value,
    rules::{self, Checked, Comparator, FieldTest, Purpose, book},
    schema::{Collection, Comparable, Field},
};

/// Most values of one `in`.
const MAX_VALUES: usize = 200;

/// Parameters about the times that every record has: the field, and how it compares.
const TIMES: &[(&str, &str, Comparator)] = &[
    ("createdAfter", "createdAt", Comparator::AtLeast),
    ("createdBefore", "createdAt", Comparator::Less),
    ("updatedAfter", "updatedAt", Comparator::AtLeast),
    ("updatedBefore", "updatedAt", Comparator::Less),
];

/// Reads conditions on records of one collection.
pub struct Conditions<'a> {
    /// The definitions that names are looked up in.
    pub definitions: &'a Definitions,
    /// Whose records they are about.
    pub collection: &'a Arc<Collection>,
    /// True if deleted records are among them, which have `deletedAt`.
    pub has_deleted: bool,
}

impl<'a> Conditions<'a> {
    /// The condition of a parameter that is none of the list's own.
    ///
    /// # Errors
    /// Its fault.
    pub fn parameter(&self, name: &str, value: &str) -> Result<Checked, Issue> {
        if name == "filter" {
            return self.filter(value);
        }
        if let Some((_, field, by)) = TIMES.iter().find(|(known, ..)| *known == name) {
            let field = self.known(name, field)?;
            let value = field
                .parse_query(value)
                .map_err(|issue| moved(issue, name))?;
            return Ok(self.on(field, FieldTest::Compare(*by, value)));
        }
        if name == "role" && self.collection.name == "users" {
            let roles = self.known(name, "roles")?;
            return Ok(self.on(roles, FieldTest::Has(value.to_owned())));
        }
        let (field, operator) = match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
            Some((field, operator)) => (field, operator),
            None => (name, "eq"),
        };
        let field = self.known(name, field)?;
        let test = test(field, operator, value).map_err(|issue| moved(issue, name))?;
        Ok(self.on(field, test))
    }

    /// A condition on a field, where who asks may read it.
    pub fn on(&self, field: &Field, test: FieldTest) -> Checked {
        let Definitions { schema, book } = self.definitions;
        rules::on_field(schema, book, self.collection, field, test)
    }

    /// The field with this name. `deletedAt` is one only where deleted records are asked for.
    pub fn field(&self, name: &str) -> Option<&'a Field> {
        let field = self.collection.field(name)?;
        (name != "deletedAt" || self.has_deleted).then_some(field)
    }

    fn known(&self, parameter: &str, name: &str) -> Result<&'a Field, Issue> {
        self.field(name).ok_or_else(|| {
            let message = "Is no parameter and no field";
            Issue::new(parameter, IssueCode::UnknownField, message)
        })
    }

    fn filter(&self, text: &str) -> Result<Checked, Issue> {
        let Definitions { schema, book } = self.definitions;
        let purpose = Purpose::Filter(book);
        rules::check(text, schema, self.collection, purpose)
            .map_err(|fault| book::issue("filter", &fault))
    }
}

fn test(field: &Field, operator: &str, value: &str) -> Result<FieldTest, Issue> {
    let kind = field.compared_as();
    let compare = |by| Ok(FieldTest::Compare(by, field.parse_query(value)?));
    let is_ordered = kind != Comparable::Boolean;
    let is_text = kind == Comparable::Text;
    match operator {
        "eq" => compare(Comparator::Equal),
        "ne" => compare(Comparator::Unequal),
        "gt" if is_ordered => compare(Comparator::More),
        "gte" if is_ordered => compare(Comparator::AtLeast),
        "lt" if is_ordered => compare(Comparator::Less),
        "lte" if is_ordered => compare(Comparator::AtMost),
        "in" => many(field, value).map(FieldTest::In),
        "contains" if kind == Comparable::Choices => option(field, value).map(FieldTest::Has),
        "contains" if is_text => text(field, value).map(FieldTest::Contains),
        "startsWith" if is_text => text(field, value).map(FieldTest::StartsWith),
        "isNull" => match value {
            "true" => Ok(FieldTest::IsNull(true)),
            "false" => Ok(FieldTest::IsNull(false)),
            _ => Err(field.issue(IssueCode::InvalidFormat, "Must be true or false")),
        },
        "gt" | "gte" | "lt" | "lte" | "contains" | "startsWith" => {
            let message = "This operator is not for fields of this type";
            Err(field.issue(IssueCode::Invalid, message))
        }
        _ => {
            let message = "Must be eq, ne, gt, gte, lt, lte, in, contains, startsWith or isNull";
            Err(field.issue(IssueCode::NotAnOption, message))
        }
    }
}

fn many(field: &Field, value: &str) -> Result<Vec<Value>, Issue> {
    let values: Vec<&str> = value.split(',').collect();
    if values.len() > MAX_VALUES {
        let message = format!("Must have at most {MAX_VALUES} values");
        return Err(field.issue(IssueCode::TooLong, message));
    }
    values
        .into_iter()
        .map(|value| field.parse_query(value))
        .collect()
}

/// One of the options of a field.
fn option(field: &Field, value: &str) -> Result<String, Issue> {
    field.parse_item(value)?;
    Ok(value.to_owned())
}

fn text(field: &Field, value: &str) -> Result<String, Issue> {
    if value.contains('\0') {
        return Err(field.issue(IssueCode::InvalidFormat, "Contains the character U+0000"));
    }
    Ok(value.to_owned())
}

/// A fault of a field as one of the parameter that names it.
fn moved(issue: Issue, parameter: &str) -> Issue {
    Issue {
        field: parameter.to_owned(),
        ..issue
    }
}
