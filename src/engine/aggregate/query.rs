//! What an aggregate asks for: `group`, `select`, `having`, `sort`, and the conditions of a list.

use std::sync::Arc;

use super::{
    having::Having,
    term::{FUNCTIONS, Function, PARTS, Term},
};
use crate::{
    access::RowFilter,
    base::{Code, Error, Issue, IssueCode, Result},
    db::Value,
    engine::{Definitions, ListQuery, Trashed},
    rules::{Names, Verdict, book},
    schema::{Collection, Field},
};

/// Most columns that one aggregate groups by.
const MAX_GROUPED: usize = 8;
/// Most columns that one aggregate computes.
const MAX_SELECTED: usize = 32;

/// Parameters of a list that have no meaning for an aggregate, which has no pages and no records.
const OF_LISTS: &[&str] = &[
    "page",
    "pageSize",
    "limit",
    "per_page",
    "cursor",
    "sortBy",
    "sortOrder",
    "count",
    "fields",
    "expand",
    "search",
];

/// An aggregate, checked against its collection.
#[derive(Debug)]
pub struct AggregateQuery<'a> {
    /// The records that are taken together.
    pub list: ListQuery<'a>,
    /// The columns of the answer: what it is grouped by, then what is computed.
    pub terms: Vec<Term>,
    /// How many of them it is grouped by.
    pub grouped: usize,
    /// Which groups are shown; none for all.
    pub having: Option<Having>,
    /// Columns by which the groups are sorted, and whether descending. Ties are broken by what it
    /// is grouped by.
    pub sort: Vec<(usize, bool)>,
    /// `group`, `select`, `having` and `sort` as they were sent.
    pub written: String,
}

impl<'a> AggregateQuery<'a> {
    /// Reads the parameters of an aggregate. Only fields that `rows` lets the caller read of every
    /// record take part in it.
    ///
    /// # Errors
    /// `INVALID_INPUT` with every parameter that is unknown, or not of its field.
    pub fn parse<'q>(
        definitions: &'a Definitions,
        collection: &'a Arc<Collection>,
        rows: &'a RowFilter,
        parameters: impl Iterator<Item = (&'q str, &'q str)>,
    ) -> Result<Self> {
        let (own, others): (Vec<_>, Vec<_>) = parameters
            .partition(|(name, _)| matches!(*name, "group" | "select" | "having" | "sort"));
        let (misplaced, conditions): (Vec<_>, Vec<_>) = others
            .into_iter()
            .partition(|(name, _)| OF_LISTS.contains(name));
        let mut reading = Reading::new(collection, rows);
        for (name, _) in misplaced {
            reading.fault(name, IssueCode::UnknownField, "Has no meaning here");
        }
        let list = ListQuery::parse(definitions, collection, rows, conditions.into_iter());
        reading.has_deleted = !matches!(&list, Ok(list) if list.trashed == Trashed::Without);
        let sent = |name: &str| own.iter().find(|(known, _)| *known == name);
        reading.group(sent("group").map(|(_, text)| *text));
        reading.select(sent("select").map_or("count()", |(_, text)| *text));
        let having = sent("having").and_then(|(_, text)| reading.having(text));
        let sort = sent("sort").map(|(_, text)| reading.sort(text));
        let Reading {
            terms,
            grouped,
            issues,
            ..
        } = reading;
        Ok(Self {
            list: together(list, issues)?,
            terms,
            grouped,
            having,
            sort: sort.unwrap_or_default(),
            written: format!("{own:?}"),
        })
    }
}

/// All faults at once: those of the conditions, and those of the rest.
fn together<'a>(list: Result<ListQuery<'a>>, mut issues: Vec<Issue>) -> Result<ListQuery<'a>> {
    match list {
        Ok(list) if issues.is_empty() => return Ok(list),
        Ok(_) => {}
        Err(error) if error.code() == Code::InvalidInput => {
            issues.extend_from_slice(error.issues());
        }
        Err(error) => return Err(error),
    }
    Err(Error::unreadable(issues))
}

/// The columns read so far.
struct Reading<'a> {
    collection: &'a Arc<Collection>,
    rows: &'a RowFilter,
    has_deleted: bool,
    terms: Vec<Term>,
    grouped: usize,
    issues: Vec<Issue>,
}

impl<'a> Reading<'a> {
    fn new(collection: &'a Arc<Collection>, rows: &'a RowFilter) -> Self {
        Self {
            collection,
            rows,
            has_deleted: false,
            terms: Vec::new(),
            grouped: 0,
            issues: Vec::new(),
        }
    }

    /// `status,month(createdAt)`
    fn group(&mut self, text: Option<&str>) {
        self.columns("group", text, MAX_GROUPED, |name| match call(name) {
            None => Ok((Function::Group, name)),
            Some((part, field)) => match PARTS.iter().find(|(known, _)| *known == part) {
                Some((_, function)) => Ok((*function, field)),
                None => Err("Expected fields, or year, month and day of one: month(createdAt)"),
            },
        });
        self.grouped = self.terms.len();
    }

    /// `count(),sum(total)`
    fn select(&mut self, text: &str) {
        let message = "Expected count(), or count, sum, avg, min and max of a field: sum(total)";
        self.columns("select", Some(text), MAX_SELECTED, |name| {
            let (function, field) = call(name).ok_or(message)?;
            let known = FUNCTIONS.iter().find(|(known, _)| *known == function);
            let (_, function) = known.ok_or(message)?;
            if field.is_empty() && *function != Function::Count {
                return Err(message);
            }
            Ok((*function, field))
        });
    }

    /// Adds the columns of a parameter, each once.
    fn columns(
        &mut self,
        parameter: &str,
        text: Option<&str>,
        most: usize,
        read: impl Fn(&str) -> Result<(Function, &str), &'static str>,
    ) {
        let names: Vec<&str> = text.into_iter().flat_map(|text| text.split(',')).collect();
        if names.len() > most {
            let message = format!("Must name at most {most}");
            return self.fault(parameter, IssueCode::TooLong, &message);
        }
        for name in names {
            let name = name.trim();
            if self.terms.iter().any(|term| term.name == name) {
                let message = format!("{name} stands twice");
                self.fault(parameter, IssueCode::Duplicate, &message);
                continue;
            }
            match read(name) {
                Ok((function, field)) => self.column(parameter, name, function, field),
                Err(message) => self.fault(parameter, IssueCode::Invalid, message),
            }
        }
    }

    fn column(&mut self, parameter: &str, name: &str, function: Function, field: &str) {
        let mut term = Term {
            name: name.to_owned(),
            function,
            field: None,
        };
        if !field.is_empty() || function != Function::Count {
            let Some(field) = self.readable(parameter, field) else {
                return;
            };
            term.field = Some(field.clone());
            if let Some(words) = term.misfit() {
                let message = format!("{} {words}", field.name);
                return self.fault(parameter, IssueCode::Invalid, &message);
            }
        }
        self.terms.push(term);
    }

    /// The field of this name, if the caller may read it of every record.
    fn readable(&mut self, parameter: &str, name: &str) -> Option<&'a Field> {
        let field = self.collection.field(name);
        let Some(field) = field.filter(|_| name != "deletedAt" || self.has_deleted) else {
            let message = format!("There is no field {name}");
            self.fault(parameter, IssueCode::UnknownField, &message);
            return None;
        };
        let names = Names::table(&self.collection.name);
        if self.rows.reading(&field.column, &names, &Value::Null) != Verdict::Always {
            let message = format!("{name} cannot be read of every record");
            self.fault(parameter, IssueCode::Invalid, &message);
            return None;
        }
        Some(field)
    }

    fn having(&mut self, text: &str) -> Option<Having> {
        // A column that was refused is told once.
        if !self.issues.is_empty() {
            return None;
        }
        match Having::parse(text, &self.terms) {
            Ok(having) => Some(having),
            Err(fault) => {
                self.issues.push(book::issue("having", &fault));
                None
            }
        }
    }

    /// `-sum(total),status`
    fn sort(&mut self, text: &str) -> Vec<(usize, bool)> {
        let mut sort: Vec<(usize, bool)> = Vec::new();
        if !self.issues.is_empty() {
            return sort;
        }
        for key in text.split(',') {
            let (name, descending) = match key.strip_prefix('-') {
                Some(name) => (name, true),
                None => (key.strip_prefix(['+', ' ']).unwrap_or(key), false),
            };
            match self.terms.iter().position(|term| term.name == name) {
                Some(place) if sort.iter().any(|(known, _)| *known == place) => {
                    let message = format!("{name} stands twice");
                    self.fault("sort", IssueCode::Duplicate, &message);
                }
                Some(place) => sort.push((place, descending)),
                None => {
                    let message = format!("{name} stands neither in group nor in select");
                    self.fault("sort", IssueCode::Invalid, &message);
                }
            }
        }
        sort
    }

    fn fault(&mut self, parameter: &str, code: IssueCode, message: &str) {
        self.issues.push(Issue::new(parameter, code, message));
    }
}

/// Takes `sum(total)` apart.
fn call(text: &str) -> Option<(&str, &str)> {
    text.strip_suffix(')')?.split_once('(')
}
