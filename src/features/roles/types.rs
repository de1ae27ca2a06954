//! A role, and the bodies that make or change one.

use std::{borrow::Cow, collections::HashSet};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    access::permission_form,
    base::{
        Error, Issue, IssueCode, Result,
        json::{self, Object},
    },
    schema::Schema,
};

/// The longest name, in characters.
const LONGEST_NAME: usize = 63;

/// The most permissions that a role may have.
const MOST_PERMISSIONS: usize = 200;

/// A role, as it is shown.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Role {
    /// Its name.
    pub name: String,
    /// What it allows.
    pub permissions: Vec<String>,
    /// Raised by each change.
    pub version: i64,
    /// When it was made, as the API writes times.
    pub created_at: String,
    /// When it was changed last.
    pub updated_at: String,
}

/// A role that is to be made.
#[derive(Debug)]
pub struct NewRole {
    /// Its name.
    pub name: String,
    /// What it is to allow.
    pub permissions: Vec<String>,
}

/// What is to become of a role.
#[derive(Debug)]
pub struct RolePatch {
    /// What it is to allow, where that changes.
    pub permissions: Option<Vec<String>>,
    /// The version that the client believes it to have.
    pub version: Option<i64>,
}

impl NewRole {
    /// Reads a body; its permissions may name the collections of `schema`.
    ///
    /// # Errors
    /// `MISSING_FIELD` or `VALIDATION_ERROR` with every fault, `INVALID_INPUT` for no object.
    pub fn read(body: &[u8], schema: &Schema) -> Result<Self> {
        let mut object = Object::parse(body)?;
        let mut issues = Vec::new();
        let name = read_name(object.take("name"), &mut issues);
        let permissions = match given(object.take("permissions")) {
            Some(sent) => read_permissions(sent, schema, &mut issues),
            None => {
                issues.push(Issue::required("permissions"));
                Vec::new()
            }
        };
        refuse_others(&object, &mut issues);
        without_faults(issues)?;
        let name = name.into_owned();
        Ok(Self { name, permissions })
    }
}

impl RolePatch {
    /// Reads a body, as [`NewRole::read`] does.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` with every fault, `INVALID_INPUT` for no object.
    pub fn read(body: &[u8], schema: &Schema) -> Result<Self> {
        let mut object = Object::parse(body)?;
        let mut issues = Vec::new();
        let permissions = object.take("permissions");
        let permissions = permissions.map(|sent| read_permissions(sent, schema, &mut issues));
        let version = object.take("version");
        let version = version.and_then(|sent| read_version(sent, &mut issues));
        refuse_others(&object, &mut issues);
        without_faults(issues)?;
        Ok(Self {
            permissions,
            version,
        })
    }
}

fn given(sent: Option<&RawValue>) -> Option<&RawValue> {
    sent.filter(|sent| !json::is_null(sent))
}

/// The empty text, with a fault noted, where there is no name.
fn read_name<'a>(sent: Option<&'a RawValue>, issues: &mut Vec<Issue>) -> Cow<'a, str> {
    let fault = match given(sent).map(json::text) {
        Some(Some(name)) if name.is_empty() => Issue::required("name"),
        Some(Some(name)) => match check_name(&name) {
            None => return name,
            Some(fault) => fault,
        },
        Some(None) => Issue::new("name", IssueCode::InvalidType, "Must be a text"),
        None => Issue::required("name"),
    };
    issues.push(fault);
    Cow::Borrowed("")
}

/// Lower `snake_case` or kebab-case: words of letters and digits, the first from a letter on, with
/// one `_` or `-` between them.
fn check_name(name: &str) -> Option<Issue> {
    if name.len() > LONGEST_NAME {
        let message = format!("Must have at most {LONGEST_NAME} characters");
        let fault = Issue::new("name", IssueCode::TooLong, message);
        return Some(fault.with("max", LONGEST_NAME));
    }
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut words = name.split(['_', '-']);
    let is_well = name.starts_with(|first: char| first.is_ascii_lowercase())
        && words.all(|word| !word.is_empty() && word.bytes().all(is_plain));
    let message = "Must be a to z, 0 to 9, and _ or - between words, with a letter first";
    (!is_well).then(|| Issue::new("name", IssueCode::InvalidFormat, message))
}

/// Those that are well, with the faults of the others noted at `permissions[2]`.
fn read_permissions(sent: &RawValue, schema: &Schema, issues: &mut Vec<Issue>) -> Vec<String> {
    let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(sent.get()) else {
        let message = "Must be a list of permissions";
        issues.push(Issue::new("permissions", IssueCode::InvalidType, message));
        return Vec::new();
    };
    if items.len() > MOST_PERMISSIONS {
        let message = format!("Must have at most {MOST_PERMISSIONS} items");
        let fault = Issue::new("permissions", IssueCode::TooLong, message);
        issues.push(fault.with("max", MOST_PERMISSIONS));
        return Vec::new();
    }
    let (mut read, mut seen) = (Vec::with_capacity(items.len()), HashSet::new());
    for (i, item) in items.into_iter().enumerate() {
        let place = format!("permissions[{i}]");
        match json::text(item) {
            None => issues.push(Issue::new(place, IssueCode::InvalidType, "Must be a text")),
            Some(permission) if !seen.insert(permission.clone()) => {
                issues.push(Issue::new(place, IssueCode::Duplicate, "Stands twice"));
            }
            Some(permission) => {
                issues.extend(permission_form::faults(&place, &permission, schema));
                read.push(permission.into_owned());
            }
        }
    }
    read
}

fn read_version(sent: &RawValue, issues: &mut Vec<Issue>) -> Option<i64> {
    let version = sent.get().parse().ok();
    if version.is_none() {
        let message = "Must be a whole number";
        issues.push(Issue::new("version", IssueCode::InvalidType, message));
    }
    version
}

/// Notes what is left of a body as faults.
fn refuse_others(object: &Object<'_>, issues: &mut Vec<Issue>) {
    let fault = |key: &str| match key {
        "name" | "createdAt" | "updatedAt" | "version" => {
            Issue::new(key, IssueCode::ReadOnly, "Cannot be written")
        }
        key => Issue::new(key, IssueCode::UnknownField, "There is no such field"),
    };
    issues.extend(object.iter().map(|(key, _)| fault(key)));
}

fn without_faults(issues: Vec<Issue>) -> Result<()> {
    if issues.is_empty() {
        return Ok(());
    }
    Err(Error::validation(issues))
}

#[cfg(test)]
mod tests {
    use super::check_name;

    #[test]
    fn names_are_lower_words_in_snake_or_kebab_case() {
        let longest = "a".repeat(63);
        for good in [
            "a",
            "admin",
            "night-shift",
            "night_shift",
            "a1",
            "a-1_b",
            &longest,
        ] {
            assert_eq!(check_name(good), None, "{good}");
        }
        let too_long = "a".repeat(64);
        for bad in [
            "1a", "-a", "a-", "a--b", "a_-b", "A", "a b", "a.b", "é", "a:b", "a\"b", &too_long,
        ] {
            assert!(check_name(bad).is_some(), "{bad}");
        }
    }
}
