//! An object of a definition, with its place in the whole.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::base::{
    Issue, IssueCode,
    json::{self, Object},
};

/// An object and where it stands; null is the same as absent.
pub struct Source<'a> {
    object: Object<'a>,
    place: String,
}

impl<'a> Source<'a> {
    /// Reads the object at `place`; the definition itself stands at the empty place.
    ///
    /// # Errors
    /// The one fault of something that is no object, or has a key twice.
    pub fn read(raw: &'a RawValue, place: &str) -> Result<Self, Issue> {
        let object = Object::within(raw).map_err(|error| {
            let place = if place.is_empty() { "_" } else { place };
            let message = error.issues().first().map(|issue| issue.message.as_str());
            let code = if raw.get().starts_with('{') {
                IssueCode::Invalid
            } else {
                IssueCode::InvalidType
            };
            match message {
                Some(message) if code == IssueCode::Invalid => Issue::new(place, code, message),
                _ => Issue::new(place, code, "Must be an object"),
            }
        })?;
        Ok(Self {
            object,
            place: place.to_owned(),
        })
    }

    /// The place of a key: `name`, `fields[2].max`.
    pub fn place(&self, key: &str) -> String {
        if self.place.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.place)
        }
    }

    /// A fault of the value of `key`.
    pub fn fault(&self, key: &str, code: IssueCode, message: impl Into<String>) -> Issue {
        Issue::new(self.place(key), code, message)
    }

    /// Refuses every key that is not known; one of `later` is known to be missing yet.
    pub fn refuse_others(&self, known: &[&str], later: &[&str], issues: &mut Vec<Issue>) {
        for (key, _) in self.object.iter() {
            if later.contains(&key) {
                issues.push(self.unsupported(key));
            } else if !known.contains(&key) {
                let message = "There is no such key in a definition";
                issues.push(self.fault(key, IssueCode::UnknownField, message));
            }
        }
    }

    /// The fault of what is known but missing yet.
    pub fn unsupported(&self, key: &str) -> Issue {
        let message = "Is not available in this version";
        self.fault(key, IssueCode::Unsupported, message)
    }

    /// The keys in their order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.object.iter().map(|(key, _)| key)
    }

    /// The value of `key`, if it is not null.
    pub fn given(&self, key: &str) -> Option<&'a RawValue> {
        self.object.get(key).filter(|raw| !json::is_null(raw))
    }

    /// The text of `key`, if there is one.
    pub fn text(&self, key: &str, issues: &mut Vec<Issue>) -> Option<Cow<'a, str>> {
        let raw = self.given(key)?;
        let text = json::text(raw);
        if text.is_none() {
            issues.push(self.fault(key, IssueCode::InvalidType, "Must be a text"));
        }
        text
    }

    /// The text of `key`, which must be there.
    pub fn required_text(&self, key: &str, issues: &mut Vec<Issue>) -> Option<Cow<'a, str>> {
        if self.given(key).is_none() {
            issues.push(Issue::required(self.place(key)));
        }
        self.text(key, issues)
    }

    /// The flag of `key`; false if there is none.
    pub fn flag(&self, key: &str, issues: &mut Vec<Issue>) -> bool {
        match self.given(key).map(RawValue::get) {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => {
                issues.push(self.fault(key, IssueCode::InvalidType, "Must be true or false"));
                false
            }
        }
    }

    /// The list of `key`, if there is one.
    pub fn list(&self, key: &str, issues: &mut Vec<Issue>) -> Option<Vec<&'a RawValue>> {
        let items = serde_json::from_str(self.given(key)?.get()).ok();
        if items.is_none() {
            issues.push(self.fault(key, IssueCode::InvalidType, "Must be a list"));
        }
        items
    }

    /// The number of `key` if it is a whole one in `range`.
    pub fn count(
        &self,
        key: &str,
        range: std::ops::RangeInclusive<i64>,
        issues: &mut Vec<Issue>,
    ) -> Option<i64> {
        let number = self.given(key)?.get().parse().ok();
        let found = number.filter(|number| range.contains(number));
        if found.is_none() {
            let (least, most) = range.into_inner();
            let message = format!("Must be a whole number from {least} to {most}");
            issues.push(self.fault(key, IssueCode::Invalid, message));
        }
        found
    }
}
