//! What an operation of a batch is about, read from its method, path and name.

use std::{collections::HashMap, sync::Arc};

use serde_json::value::RawValue;

use crate::{
    access::{Action, Caller, RowFilter},
    base::{
        Error, Issue, IssueCode, Result, id,
        json::{self, Object},
    },
    features::records::{Records, nested::ACCOUNTS, service::Change},
    schema::Collection,
};

/// The last part of the path by which a record is brought back.
const RESTORE: &str = "restore";

/// What stands before the collection in a path.
const PREFIX: &str = "/api/v1/";

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `POST`
    Create,
    /// `PATCH` and `PUT`
    Update(Change),
    /// `DELETE`
    Delete,
    /// `POST` of `restore`
    Restore,
}

/// An operation whose collection is found and whose caller may do such a thing there.
pub struct Target<'a> {
    pub verb: Verb,
    pub collection: Arc<Collection>,
    pub rows: RowFilter,
    /// What else it must be allowed to do with the record; none where that is all.
    pub also: Option<RowFilter>,
    /// The record in the path.
    pub id: Option<String>,
    pub body: Option<&'a RawValue>,
    /// The name under which later operations know the record.
    pub name: Option<String>,
}

impl Verb {
    /// What the caller needs the right for.
    pub const fn action(self) -> Action {
        match self {
            Self::Create => Action::Create,
            Self::Update(_) => Action::Update,
            Self::Delete => Action::Delete,
            Self::Restore => Action::Restore,
        }
    }

    /// The status of an answer that went well.
    pub const fn status(self) -> u16 {
        match self {
            Self::Create => 201,
            Self::Update(_) | Self::Restore => 200,
            Self::Delete => 204,
        }
    }

    /// The same at a path: a `POST` there may be an action.
    fn at(self, path: &str) -> Self {
        let mut parts = path.strip_prefix(PREFIX).unwrap_or_default().split('/');
        match (self, parts.nth(2)) {
            (Self::Create, Some(RESTORE)) => Self::Restore,
            _ => self,
        }
    }

    fn parse(method: &str) -> Option<Self> {
        Some(match method {
            "POST" => Self::Create,
            "PATCH" => Self::Update(Change::Patch),
            "PUT" => Self::Update(Change::Replace),
            "DELETE" => Self::Delete,
            _ => return None,
        })
    }
}

impl<'a> Target<'a> {
    /// Reads an operation.
    ///
    /// # Errors
    /// `INVALID_INPUT` for what is no operation, `NOT_FOUND` for an unknown collection, those of
    /// [`crate::access::decide`].
    pub fn read(records: &Records, caller: &Caller, sent: &'a RawValue) -> Result<Self> {
        let object = Object::within(sent)?;
        let mut issues = unknown(&object);
        let mut word = |key: &str| {
            let text = object.get(key).and_then(json::text);
            if text.is_none() {
                issues.push(Issue::new(key, IssueCode::InvalidType, "Must be a text"));
            }
            text.unwrap_or_default().into_owned()
        };
        let (method, path) = (word("method"), word("path"));
        let name = object.get("ref").map(|_| word("ref"));
        if issues.is_empty() && Verb::parse(&method).is_none() {
            let message = "Must be POST, PATCH, PUT or DELETE";
            issues.push(Issue::new("method", IssueCode::NotAnOption, message));
        }
        let Some(verb) = Verb::parse(&method).filter(|_| issues.is_empty()) else {
            return Err(Error::unreadable(issues));
        };
        let verb = verb.at(&path);
        let body = object.get("body").filter(|body| !json::is_null(body));
        check_body(verb, body)?;
        let (path, id) = place(verb, &path)?;
        // To bring back takes the right to delete besides, and that is asked first.
        let (first, then) = match verb {
            Verb::Restore => (Action::Delete, Some(Action::Restore)),
            verb => (verb.action(), None),
        };
        let (collection, rows) = records.decide(caller, path, first)?;
        let also = then.map(|action| records.decide(caller, path, action));
        let also = also.transpose()?.map(|(_, rows)| rows);
        let id = id.map(id::in_path).transpose()?;
        Ok(Self {
            verb,
            collection,
            rows,
            also,
            id: id.map(str::to_owned),
            body,
            name,
        })
    }
}

fn unknown(object: &Object<'_>) -> Vec<Issue> {
    let known = ["method", "path", "body", "ref"];
    let others = object.iter().filter(|(key, _)| !known.contains(key));
    others
        .map(|(key, _)| Issue::new(key, IssueCode::UnknownField, "Is not known"))
        .collect()
}

fn check_body(verb: Verb, body: Option<&RawValue>) -> Result<()> {
    let issue = match (verb, body) {
        (Verb::Delete | Verb::Restore, Some(_)) => {
            Issue::new("body", IssueCode::Invalid, "There is no body here")
        }
        (Verb::Create | Verb::Update(_), None) => Issue::required("body"),
        _ => return Ok(()),
    };
    Err(Error::unreadable(vec![issue]))
}

/// The collection and the record in a path.
fn place(verb: Verb, path: &str) -> Result<(&str, Option<&str>)> {
    let fault =
        |code, message: &str| Err(Error::unreadable(vec![Issue::new("path", code, message)]));
    let unsupported = |message| fault(IssueCode::Unsupported, message);
    let Some(rest) = path.strip_prefix(PREFIX) else {
        return unsupported("Must begin with /api/v1/: a batch is of records alone");
    };
    if rest.contains('?') {
        return unsupported("Parameters are not available in a batch");
    }
    let mut parts = rest.split('/');
    let (collection, id) = (parts.next().unwrap_or_default(), parts.next());
    let action = parts.next().filter(|_| verb != Verb::Restore);
    if action.is_some() || parts.next().is_some() {
        return unsupported(
            "Records under a parent and other actions than restore are not available in a batch",
        );
    }
    if collection == ACCOUNTS {
        return unsupported("Accounts are changed at their own paths, one by one");
    }
    match (verb, id) {
        (Verb::Create, Some(_)) => fault(IssueCode::Invalid, "A POST names a collection alone"),
        (Verb::Update(_) | Verb::Delete | Verb::Restore, None) => {
            fault(IssueCode::Invalid, "Must name a record")
        }
        (_, id) => Ok((collection, id)),
    }
}

/// The names of the records that operations before have made or changed.
#[derive(Debug, Default)]
pub struct Names(HashMap<String, String>);

impl Names {
    /// Most characters of a name.
    const LONGEST: usize = 64;

    /// Gives a record its name, if the operation has one.
    ///
    /// # Errors
    /// `INVALID_INPUT` for a name that stands twice, or is none.
    pub fn add(&mut self, name: Option<&String>, id: &str) -> Result<()> {
        let Some(name) = name else {
            return Ok(());
        };
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if !(1..=Self::LONGEST).contains(&name.len()) || !name.bytes().all(is_letter) {
            let message = "Must be 1 to 64 letters, digits, _ or -";
            let issue = Issue::new("ref", IssueCode::InvalidFormat, message);
            return Err(Error::unreadable(vec![issue]));
        }
        if self.0.insert(name.clone(), id.to_owned()).is_some() {
            let issue = Issue::new(
                "ref",
                IssueCode::Duplicate,
                "Stands at another operation, too",
            );
            return Err(Error::unreadable(vec![issue]));
        }
        Ok(())
    }

    /// The id that goes by a name.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}
