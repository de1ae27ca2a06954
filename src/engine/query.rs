//! What a list asks for: `page` or `cursor`, `pageSize`, `count`, `sort`, `fields`, and conditions.

use std::sync::Arc;

use super::{
    Definitions, conditions::Conditions, expand::Expansion, search::Search, selection::Selection,
};
use crate::{
    access::RowFilter,
    base::{
        Error, Issue, IssueCode, Result,
        page::{self, Page},
    },
    db::Value,
    rules::{Checked, Names, Verdict},
    schema::{Collection, Field},
};

/// Most keys of a sort: each is asked of anew where a page by cursor begins.
const MAX_KEYS: usize = 16;

/// A field that a list is sorted by, and whether the greatest value comes first.
pub type SortKey<'a> = (&'a Field, bool);

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
    /// Of whose records.
    pub collection: &'a Collection,
    /// Which part of it; by cursor, the size alone counts.
    pub page: Page,
    /// Behind what the page begins, where it is paged by cursor; empty for the first page.
    pub cursor: Option<String>,
    /// Whether all its records are counted.
    pub is_counted: bool,
    /// By what it is sorted. Ties are broken by `id`, which is the last key.
    pub sort: Vec<SortKey<'a>>,
    /// Which fields of its records are told.
    pub fields: Selection,
    /// What is put into its records, where anything is.
    pub expansion: Option<Arc<Expansion>>,
    /// What its records must fulfil, beside what the caller may see.
    pub conditions: Vec<Checked>,
    /// What is looked for in their texts.
    pub search: Option<Search>,
    /// The same as it was asked for, by name: what a cursor is bound to.
    pub asked: Vec<(String, String)>,
    /// Whether deleted records are among them. Who asks for them needs the right to restore.
    pub trashed: Trashed,
}

impl<'a> ListQuery<'a> {
    /// Reads the parameters of a list. It is sorted only by fields that `rows` lets the caller read
    /// of every record.
    ///
    /// # Errors
    /// `INVALID_INPUT` with every parameter that is unknown, out of range, or not of its field.
    pub fn parse<'q>(
        definitions: &'a Definitions,
        collection: &'a Arc<Collection>,
        rows: &'a RowFilter,
        parameters: impl Iterator<Item = (&'q str, &'q str)>,
    ) -> Result<Self> {
        let mut reading = Reading::new(definitions, collection, rows);
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

    /// True if an index has the first key of the order, so that each stretch of it is found without
    /// reading what stands before.
    pub fn is_indexed(&self) -> bool {
        let first = self.sort.first().map(|(field, _)| field.column.as_str());
        first.is_some_and(|first| match self.trashed {
            Trashed::Without => self.collection.has_indexed(first),
            Trashed::Only => first == "deleted_at",
            Trashed::With => false,
        })
    }

    /// True if the records stand in the order of how well they fit what is looked for.
    pub fn is_ranked(&self) -> bool {
        self.search.as_ref().is_some_and(|search| search.is_ranked)
    }

    /// True if live records are listed by when they were made, either way: there is an index of
    /// this order.
    pub fn is_in_default_order(&self) -> bool {
        match &self.sort[..] {
            [(at, descending), (id, same)] => {
                let is_default = at.column == "created_at" && id.column == "id";
                let is_default = is_default && !self.is_ranked();
                is_default && descending == same && self.trashed == Trashed::Without
            }
            _ => false,
        }
    }
}

/// The parameters read so far.
struct Reading<'a, 'q> {
    at: Conditions<'a>,
    rows: &'a RowFilter,
    page: Page,
    has_page: bool,
    page_size_by: Option<&'q str>,
    cursor: Option<&'q str>,
    is_counted: Option<bool>,
    fields: Option<&'q str>,
    expand: Option<&'q str>,
    sort: Option<&'q str>,
    sort_by: Option<&'q str>,
    sort_order: Option<&'q str>,
    search: Option<Search>,
    conditions: Vec<Checked>,
    asked: Vec<(String, String)>,
    trashed: Trashed,
    issues: Vec<Issue>,
}

impl<'a, 'q> Reading<'a, 'q> {
    fn new(
        definitions: &'a Definitions,
        collection: &'a Arc<Collection>,
        rows: &'a RowFilter,
    ) -> Self {
        Self {
            at: Conditions {
                definitions,
                collection,
                has_deleted: false,
            },
            rows,
            page: Page::default(),
            has_page: false,
            page_size_by: None,
            cursor: None,
            is_counted: None,
            fields: None,
            expand: None,
            sort: None,
            sort_by: None,
            sort_order: None,
            search: None,
            conditions: Vec::new(),
            asked: Vec::new(),
            trashed: Trashed::default(),
            issues: Vec::new(),
        }
    }

    fn parameter(&mut self, name: &'q str, value: &'q str) {
        match name {
            "page" => {
                self.has_page = true;
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
            "cursor" => self.cursor = Some(value),
            "count" => self.count(value),
            "fields" => self.fields = Some(value),
            "expand" => self.expand = Some(value),
            "sort" => self.sort = Some(value),
            "sortBy" => self.sort_by = Some(value),
            "sortOrder" => self.sort_order = Some(value),
            "search" => self.search(value),
            name => match self.at.parameter(name, value) {
                Ok(condition) => {
                    self.conditions.push(condition);
                    self.asked.push((name.to_owned(), value.to_owned()));
                }
                Err(issue) => self.issues.push(issue),
            },
        }
    }

    fn count(&mut self, value: &str) {
        match value {
            "exact" => self.is_counted = Some(true),
            "none" => self.is_counted = Some(false),
            _ => self.fault("count", IssueCode::NotAnOption, "Must be exact or none"),
        }
    }

    fn search(&mut self, value: &str) {
        match Search::parse(self.at.collection, value, |field| self.may_read(field)) {
            Ok(search) => {
                self.search = Some(search);
                self.asked.push(("search".to_owned(), value.to_owned()));
            }
            Err(issue) => self.issues.push(issue),
        }
    }

    /// A search without a sort stands in the order of its rank. That moves whenever a record of
    /// the collection changes, so that no position in it could be gone on from.
    fn rank(&mut self) {
        if self.sort.is_some() || self.sort_by.is_some() {
            return;
        }
        if self.search.is_some() && self.cursor.is_some() {
            let message = "By how well records fit, pages go by number; give sort beside search";
            self.fault("cursor", IssueCode::Invalid, message);
        }
        let sees_every_record = self.sees_every_record();
        if let Some(search) = &mut self.search {
            search.rank(sees_every_record);
        }
    }

    /// True if no rule keeps a record from the caller's list.
    fn sees_every_record(&self) -> bool {
        let names = Names::table(&self.at.collection.name);
        self.rows.rows(&names, &Value::Null) == Verdict::Always
    }

    fn trashed(&mut self, value: &str) {
        self.trashed = match value {
            _ if !self.at.collection.is_soft() => {
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
        self.at.has_deleted = true;
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
        if self.has_page && self.cursor.is_some() {
            let message = "Give either page or cursor";
            self.fault("cursor", IssueCode::Duplicate, message);
        }
        self.rank();
        break_ties(self.at.collection, &mut sort);
        let (fields, expansion) = self.shape();
        if !self.issues.is_empty() {
            return Err(Error::unreadable(self.issues));
        }
        Ok(ListQuery {
            collection: self.at.collection,
            page: self.page,
            is_counted: self.is_counted.unwrap_or(self.cursor.is_none()),
            cursor: self.cursor.map(str::to_owned),
            sort,
            fields,
            expansion,
            conditions: self.conditions,
            search: self.search,
            asked: self.asked,
            trashed: self.trashed,
        })
    }

    /// What is told of each record, and what is put into it.
    fn shape(&mut self) -> (Selection, Option<Arc<Expansion>>) {
        let Conditions {
            definitions,
            collection,
            has_deleted,
        } = self.at;
        let shape = match (self.expand, self.fields) {
            (Some(expand), fields) => Expansion::parse(
                definitions,
                collection,
                self.rows,
                expand,
                fields,
                has_deleted,
            )
            .map(|(expansion, fields)| (fields, Some(Arc::new(expansion)))),
            (None, Some(fields)) => Selection::parse(collection, fields, has_deleted)
                .map(|fields| (fields, None))
                .map_err(|issue| vec![issue]),
            (None, None) => return Default::default(),
        };
        shape.unwrap_or_else(|issues| {
            self.issues.extend(issues);
            Default::default()
        })
    }

    /// Each field once, which also keeps an order within what SQLite takes.
    fn sort_keys(&mut self, keys: &str) -> Vec<SortKey<'a>> {
        let mut sort: Vec<SortKey<'a>> = Vec::new();
        for key in keys.split(',') {
            if sort.len() == MAX_KEYS {
                let message = format!("Must have at most {MAX_KEYS} fields");
                self.fault("sort", IssueCode::TooLong, &message);
                break;
            }
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

    fn sort_by_order(&mut self, key: &str) -> Vec<SortKey<'a>> {
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
    fn sort_key(&mut self, parameter: &str, key: &str) -> Option<SortKey<'a>> {
        let (name, descending) = match key.strip_prefix('-') {
            Some(name) => (name, true),
            None => (key.strip_prefix(['+', ' ']).unwrap_or(key), false),
        };
        let field = self.at.field(name);
        match field {
            Some(field) if !self.may_read(field) => {
                let message = format!("{name} cannot be read of every record");
                self.fault(parameter, IssueCode::Invalid, &message);
                None
            }
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

    /// True if the caller may read a field of every record.
    fn may_read(&self, field: &Field) -> bool {
        let names = Names::table(&self.at.collection.name);
        let verdict = self.rows.reading(&field.column, &names, &Value::Null);
        verdict == Verdict::Always
    }

    fn fault(&mut self, parameter: &str, code: IssueCode, message: &str) {
        self.issues.push(Issue::new(parameter, code, message));
    }
}

/// Makes the order total: by `id`, in the direction of the last key. What stands behind `id` has
/// no say any more.
fn break_ties<'a>(collection: &'a Collection, sort: &mut Vec<SortKey<'a>>) {
    let by_id = sort.iter().position(|(field, _)| field.column == "id");
    match (by_id, collection.field("id")) {
        (Some(place), _) => sort.truncate(place + 1),
        (None, Some(id)) => {
            let descending = sort.last().is_some_and(|(_, descending)| *descending);
            sort.push((id, descending));
        }
        (None, None) => {}
    }
}
