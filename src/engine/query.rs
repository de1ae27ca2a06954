//! What a list asks for: `page`, `pageSize`, `sort`, `field=value`.

use crate::{
    base::{
        Code, Error, Issue, IssueCode, Result,
        page::{self, Page},
    },
    db::Value,
    schema::{Collection, Field},
};

/// Parameters that have a meaning, but not in this version.
const LATER: &[&str] = &["cursor", "count", "fields", "expand", "filter", "search"];

/// Which records a list is of, deleted ones or others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trashed {
    /// Live ones.
    #[default]
    Without,
    /// Both.
    With,
    /// Deleted ones.
    Only,
}

/// A list, checked against its collection.
#[derive(Debug)]
pub struct ListQuery<'a> {
    /// Which part of it.
    pub page: Page,
    /// By what it is sorted, and whether descending. Ties are broken by `id`.
    pub sort: Vec<(&'a Field, bool)>,
    /// Fields that must be equal to a value.
    pub equal: Vec<(&'a Field, Value)>,
    /// Whether deleted records are among them. Who asks for them needs the right to restore.
    pub trashed: Trashed,
}

impl<'a> ListQuery<'a> {
    /// Reads the parameters of a list.
    ///
    /// # Errors
    /// `INVALID_INPUT` with every parameter that is unknown, out of range, or not of its field.
    pub fn parse<'q>(
        collection: &'a Collection,
        parameters: impl Iterator<Item = (&'q str, &'q str)>,
    ) -> Result<Self> {
        let mut reading = Reading {
            collection,
            ..Reading::new(collection)
        };
        let parameters: Vec<_> = parameters.collect();
        // First, because it decides which fields there are.
        for (_, value) in parameters.iter().filter(|(name, _)| *name == "trashed") {
            reading.trashed(value);
        }
        for (name, value) in parameters {
            reading.parameter(name, value);
        }
        reading.finish()
    }
}

/// The parameters read so far.
struct Reading<'a, 'q> {
    collection: &'a Collection,
    page: Page,
    page_size_by: Option<&'q str>,
    sort: Option<&'q str>,
    sort_by: Option<&'q str>,
    sort_order: Option<&'q str>,
    equal: Vec<(&'a Field, Value)>,
    trashed: Trashed,
    issues: Vec<Issue>,
}

impl<'a, 'q> Reading<'a, 'q> {
    fn new(collection: &'a Collection) -> Self {
        Self {
            collection,
            page: Page::default(),
            page_size_by: None,
            sort: None,
            sort_by: None,
            sort_order: None,
            equal: Vec::new(),
            trashed: Trashed::default(),
            issues: Vec::new(),
        }
    }

    fn parameter(&mut self, name: &'q str, value: &'q str) {
        match name {
            "page" => {
                self.page.number = page::number(name, value, u64::from(u32::MAX), &mut self.issues);
            }
            "pageSize" | "limit" | "per_page" => {
                if let Some(other) = self.page_size_by.replace(name) {
                    self.fault(
                        name,
                        IssueCode::Duplicate,
                        &format!("Means the same as {other}"),
                    );
                }
                self.page.size = page::number(name, value, Page::MAX_SIZE, &mut self.issues);
            }
            "trashed" => {}
            "sort" => self.sort = Some(value),
            "sortBy" => self.sort_by = Some(value),
            "sortOrder" => self.sort_order = Some(value),
            name if LATER.contains(&name) => {
                self.fault(
                    name,
                    IssueCode::Unsupported,
                    "Is not available in this version",
                );
            }
            name => self.condition(name, value),
        }
    }

    fn trashed(&mut self, value: &str) {
        self.trashed = match value {
            _ if !self.collection.is_soft() => {
                let message = "Nothing is deleted softly here";
                return self.fault("trashed", IssueCode::Invalid, message);
            }
            "with" => Trashed::With,
            "only" => Trashed::Only,
            _ => {
                let message = "Must be with or only";
                return self.fault("trashed", IssueCode::NotAnOption, message);
            }
        };
    }

    /// The field with this name. `deletedAt` is one only where deleted records are asked for.
    fn field(&self, name: &str) -> Option<&'a Field> {
        let field = self.collection.field(name)?;
        (name != "deletedAt" || self.trashed != Trashed::Without).then_some(field)
    }

    fn condition(&mut self, name: &str, value: &str) {
        let Some(field) = self.field(name) else {
            self.fault(
                name,
                IssueCode::UnknownField,
                "Is no parameter and no field",
            );
            return;
        };
        match field.parse_query(value) {
            Ok(value) => self.equal.push((field, value)),
            Err(issue) => self.issues.push(issue),
        }
    }

    fn finish(mut self) -> Result<ListQuery<'a>> {
        let mut sort = match (self.sort, self.sort_by) {
            (Some(_), Some(_)) => {
                self.fault("sortBy", IssueCode::Duplicate, "Give either sort or sortBy");
                Vec::new()
            }
            (Some(keys), None) => self.sort_keys(keys),
            (None, Some(key)) => self.sort_by_order(key),
            (None, None) => self.sort_key("sort", "-createdAt").into_iter().collect(),
        };
        if self.sort_order.is_some() && self.sort_by.is_none() {
            let message = "Has no meaning without sortBy";
            self.fault("sortOrder", IssueCode::Invalid, message);
        }
        break_ties(self.collection, &mut sort);
        if !self.issues.is_empty() {
            let error = Error::new(Code::InvalidInput, "The request cannot be read");
            return Err(error.with_issues(self.issues));
        }
        Ok(ListQuery {
            page: self.page,
            sort,
            equal: self.equal,
            trashed: self.trashed,
        })
    }

    /// Each field once, which also keeps an order within what SQLite takes.
    fn sort_keys(&mut self, keys: &str) -> Vec<(&'a Field, bool)> {
        let mut sort: Vec<(&'a Field, bool)> = Vec::new();
        for key in keys.split(',') {
            match self.sort_key("sort", key) {
                Some((field, _)) if sort.iter().any(|(known, _)| known.name == field.name) => {
                    let message = format!("{} stands twice", field.name);
                    self.fault("sort", IssueCode::Duplicate, &message);
                    break;
                }
                Some(key) => sort.push(key),
                None => break,
            }
        }
        sort
    }

    fn sort_by_order(&mut self, key: &str) -> Vec<(&'a Field, bool)> {
        let descending = match self.sort_order {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(_) => {
                self.fault("sortOrder", IssueCode::NotAnOption, "Must be asc or desc");
                false
            }
        };
        let key = self.sort_key("sortBy", key);
        key.map(|(field, _)| (field, descending))
            .into_iter()
            .collect()
    }

    /// `title`, `+title` or `-title`. A plus sign that was not escaped arrives as a space.
    fn sort_key(&mut self, parameter: &str, key: &str) -> Option<(&'a Field, bool)> {
        let (name, descending) = match key.strip_prefix('-') {
            Some(name) => (name, true),
            None => (key.strip_prefix(['+', ' ']).unwrap_or(key), false),
        };
        let field = self.field(name);
        match field {
            Some(field) if field.is_comparable() => Some((field, descending)),
            Some(_) => {
                self.fault(
                    parameter,
                    IssueCode::Invalid,
                    &format!("{name} has no order"),
                );
                None
            }
            None => {
                self.fault(
                    parameter,
                    IssueCode::UnknownField,
                    &format!("There is no field {name}"),
                );
                None
            }
        }
    }

    fn fault(&mut self, parameter: &str, code: IssueCode, message: &str) {
        self.issues.push(Issue::new(parameter, code, message));
    }
}

/// Makes the order total: by `id`, in the direction of the last key.
fn break_ties<'a>(collection: &'a Collection, sort: &mut Vec<(&'a Field, bool)>) {
    let by_id = sort.iter().any(|(field, _)| field.column == "id");
    if let (false, Some(id)) = (by_id, collection.field("id")) {
        let descending = sort.last().is_some_and(|(_, descending)| *descending);
        sort.push((id, descending));
    }
}
