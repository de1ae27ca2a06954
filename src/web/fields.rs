//! Bodies with a fixed set of fields, read with all their faults at once.

use std::{borrow::Cow, collections::HashSet};

use serde_json::value::RawValue;

use crate::base::{
    Error, Issue, IssueCode, Result,
    json::{self, Object},
    secret::SecretString,
};

/// The fields of a body, taken one by one; what is left at the end is unknown.
pub struct Fields<'a> {
    object: Object<'a>,
    known: HashSet<&'static str>,
    issues: Vec<Issue>,
}

impl<'a> Fields<'a> {
    /// Begins with the bytes of a body; an empty one has no fields.
    ///
    /// # Errors
    /// `INVALID_INPUT` if it is no JSON object.
    pub fn read(body: &'a [u8]) -> Result<Self> {
        let object = if body.is_empty() {
            Object::default()
        } else {
            Object::parse(body)?
        };
        Ok(Self {
            object,
            known: HashSet::new(),
            issues: Vec::new(),
        })
    }

    /// The value as it was sent, or none if it is absent or null.
    pub fn raw(&mut self, name: &'static str) -> Option<&'a RawValue> {
        self.known.insert(name);
        self.object.get(name).filter(|value| !json::is_null(value))
    }

    /// A text, or none if it is absent or null.
    pub fn text(&mut self, name: &'static str) -> Option<Cow<'a, str>> {
        let value = self.raw(name)?;
        let text = json::text(value);
        if text.is_none() {
            self.fault(Issue::new(name, IssueCode::InvalidType, "Must be a text"));
        }
        text
    }

    /// A text that must be there and not be empty.
    pub fn required_text(&mut self, name: &'static str) -> Cow<'a, str> {
        let is_absent = self.raw(name).is_none();
        let text = self.text(name).unwrap_or_default();
        if is_absent || (text.is_empty() && !self.has_fault(name)) {
            self.fault(Issue::required(name));
        }
        text
    }

    /// A secret that must be there and not be empty.
    pub fn required_secret(&mut self, name: &'static str) -> SecretString {
        SecretString::from(self.required_text(name).into_owned())
    }

    /// Notes a fault, to be told with the others.
    pub fn fault(&mut self, issue: Issue) {
        self.issues.push(issue);
    }

    /// True if a fault of the field was noted.
    pub fn has_fault(&self, name: &str) -> bool {
        self.issues.iter().any(|issue| issue.field == name)
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` or `MISSING_FIELD` with every fault, unknown fields among them.
    pub fn finish(self) -> Result<()> {
        self.finish_without(&[]).map(|_| ())
    }

    /// Ends the reading, and gives the body back without the fields `taken`, for who reads the
    /// others by their definition.
    ///
    /// # Errors
    /// As [`Fields::finish`].
    pub fn finish_without(mut self, taken: &[&str]) -> Result<Object<'a>> {
        let unknown = self
            .object
            .iter()
            .filter(|(key, _)| !self.known.contains(key));
        let unknown =
            unknown.map(|(key, _)| Issue::new(key, IssueCode::UnknownField, "Is not known"));
        self.issues.extend(unknown.collect::<Vec<_>>());
        if self.issues.is_empty() {
            for name in taken {
                self.object.take(name);
            }
            Ok(self.object)
        } else {
            Err(Error::validation(self.issues))
        }
    }
}
