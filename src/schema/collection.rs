//! A collection: a table with its fields, as the API shows it.

use std::sync::OnceLock;

use serde_json::value::RawValue;

use super::{
    clash, definition,
    field::{Check, Field},
    index::{self, Index},
    names,
    rules::RuleTexts,
    schema::Schema,
};
use crate::{
    base::{Error, Issue, IssueCode, Result},
    db::{Sql, Value},
};

/// What deleting a record means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deletion {
    /// The row stays, marked by `deleted_at`, and can be restored.
    #[default]
    Soft,
    /// The row goes.
    Hard,
}

/// A collection, checked. Made by [`Self::parse`] or [`Self::from_stored`] alone.
#[derive(Clone, Debug)]
pub struct Collection {
    /// The table, `order_items`.
    pub name: String,
    /// The path segment, `order-items`.
    pub path: String,
    /// What one record is called, `order_item`.
    pub singular: String,
    /// What deleting means.
    pub deletion: Deletion,
    /// The fields of the definition, in its order; without system and computed fields.
    pub fields: Vec<Field>,
    /// The indexes of the definition; without those that every collection has.
    pub indexes: Vec<Index>,
    /// Who may do what with which records.
    pub rules: RuleTexts,
    /// Whether every version of a record is kept.
    pub history: bool,
    /// What it is for, in words for people.
    pub description: Option<String>,
    /// The column of the field that stands for a record where people are shown one.
    pub title_field: Option<String>,
    /// Which revision of the definition this is; 0 until it is stored.
    pub revision: i64,
    id: Field,
    computed: Vec<Field>,
    stamps: [Field; 3],
    deleted_at: Option<Field>,
    pieces: OnceLock<Pieces>,
}

/// Pieces of statements that hang on the definition alone, made once.
#[derive(Clone, Debug)]
struct Pieces {
    columns: Sql,
    image: Sql,
    equal: Vec<String>,
    indexed: Vec<String>,
}

impl Collection {
    /// Reads a new definition and checks it against the collections that exist.
    ///
    /// # Errors
    /// Every fault at once, by its place in the definition: `name`, `fields[2].max`.
    pub fn parse(definition: &RawValue, schema: &Schema) -> Result<Self, Vec<Issue>> {
        let (collection, mut issues) = definition::read(definition)?;
        clash::with_others(&collection, schema, &mut issues);
        if issues.is_empty() {
            Ok(collection)
        } else {
            Err(issues)
        }
    }

    /// Reads a definition by itself; whether it agrees with others is for [`Self::clashes`] to say.
    ///
    /// # Errors
    /// Every fault at once, by its place in the definition.
    pub fn read(definition: &RawValue) -> Result<Self, Vec<Issue>> {
        let (collection, issues) = definition::read(definition)?;
        if issues.is_empty() {
            Ok(collection)
        } else {
            Err(issues)
        }
    }

    /// Every fault between this collection and others, by its place in the definition.
    pub fn clashes(&self, others: &Schema) -> Vec<Issue> {
        let mut issues = Vec::new();
        clash::with_others(self, others, &mut issues);
        issues
    }

    /// Reads a definition that was stored, without comparing it with other collections.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` if it is not a definition that this version understands.
    pub fn from_stored(definition: &str, revision: i64) -> Result<Self> {
        let raw = serde_json::from_str(definition).map_err(Error::internal)?;
        let faults = |issues| {
            let cause = "a stored definition is not understood";
            Error::internal(cause).with_issues(issues)
        };
        let (collection, mut issues) = definition::read(raw).map_err(faults)?;
        // A word that was reserved since must not lock anybody out of their file.
        issues.retain(|issue| issue.code != IssueCode::NameTaken);
        if !issues.is_empty() {
            return Err(faults(issues));
        }
        Ok(Self {
            revision,
            ..collection
        })
    }

    pub(super) fn new(name: String, deletion: Deletion, fields: Vec<Field>) -> Self {
        let stamp = |column| Field::system(column, &super::fields::DateTime);
        let soft = deletion == Deletion::Soft;
        Self {
            path: names::kebab(&name),
            singular: names::guess_singular(&name),
            name,
            deletion,
            fields,
            indexes: Vec::new(),
            rules: RuleTexts::default(),
            history: false,
            description: None,
            title_field: None,
            revision: 0,
            id: Field::system("id", &super::fields::Identifier),
            computed: Vec::new(),
            stamps: [
                stamp("created_at"),
                stamp("updated_at"),
                Field::system("version", &super::fields::Integer),
            ],
            pieces: OnceLock::new(),
            deleted_at: soft.then(|| Field {
                required: false,
                ..stamp("deleted_at")
            }),
        }
    }

    /// This collection with fields that an expression computes: shown, filtered and sorted like
    /// others, never written, not part of the definition. Made by [`Field::computed`].
    #[must_use]
    pub fn with_computed(mut self, computed: Vec<Field>) -> Self {
        self.computed = computed;
        self.pieces = OnceLock::new();
        self
    }

    /// Has relations that point at the table `old` point at `new`. Returns whether there are any.
    pub fn follow(&mut self, old: &str, new: &str) -> bool {
        let mut follows = false;
        for field in &mut self.fields {
            if field.collection() == Some(old) {
                field.options.collection = Some(new.to_owned());
                follows = true;
            }
        }
        self.pieces = OnceLock::new();
        follows
    }

    /// Says of which tables the records can be deleted and still be in the file, so that lists of
    /// relations leave them out.
    pub(super) fn leave_out_deleted(&mut self, is_soft: impl Fn(&str) -> bool) {
        for field in self.fields.iter_mut().filter(|field| field.is_many()) {
            let target = field.options.collection.as_deref();
            field.options.leaves_out_deleted = target.is_some_and(&is_soft);
        }
        self.pieces = OnceLock::new();
    }

    /// The tables whose records decide what is shown of a record, beside its own.
    pub fn shown_by(&self) -> impl Iterator<Item = &str> {
        let lists = self.fields.iter();
        let lists = lists.filter(|field| field.options.leaves_out_deleted);
        lists.filter_map(Field::collection)
    }

    /// What a query selects for a record: every column that the API shows, in its order.
    pub fn select_list(&self) -> &Sql {
        &self.pieces().columns
    }

    /// A record as `json_object(...)` over its stored columns, under their names in the table.
    pub fn image(&self) -> &Sql {
        &self.pieces().image
    }

    /// The same of some fields; computed ones are left out.
    pub fn image_of<'a>(fields: impl Iterator<Item = &'a Field>) -> Sql {
        let stored = fields.filter(|field| field.expression.is_none());
        let mut sql = Sql::new("json_object(");
        sql.join(stored, ", ", |sql, field| {
            let name = Value::from(field.column.as_str());
            sql.literal(&name).push(", ").append(field.image());
        });
        sql.push(")");
        sql
    }

    fn pieces(&self) -> &Pieces {
        self.pieces.get_or_init(|| {
            let mut columns = Sql::default();
            columns.join(self.columns(), ", ", |sql, field| {
                sql.append(field.shown_sql(&self.name));
            });
            Pieces {
                columns,
                image: Self::image_of(self.columns()),
                equal: index::equal_in_default_order(self),
                indexed: index::columns(self),
            }
        })
    }

    /// True if deleting keeps the row.
    pub fn is_soft(&self) -> bool {
        self.deletion == Deletion::Soft
    }

    /// What the API shows, in its order: `id`, the fields, computed ones, `createdAt`,
    /// `updatedAt`, `version`.
    pub fn columns(&self) -> impl Iterator<Item = &Field> {
        std::iter::once(&self.id)
            .chain(&self.fields)
            .chain(&self.computed)
            .chain(&self.stamps)
    }

    /// Columns of which an index has what is equal in the default order of lists.
    pub fn equal_in_default_order(&self) -> &[String] {
        &self.pieces().equal
    }

    /// True if some index of live records holds a column.
    pub fn has_indexed(&self, column: &str) -> bool {
        column == "id" || self.pieces().indexed.iter().any(|known| known == column)
    }

    /// True if the database alone knows some of what the API shows.
    pub fn has_computed(&self) -> bool {
        !self.computed.is_empty()
    }

    /// `createdAt`, `updatedAt` and `version`.
    pub fn stamps(&self) -> &[Field] {
        &self.stamps
    }

    /// `deletedAt`, under soft deletion.
    pub fn deleted_at(&self) -> Option<&Field> {
        self.deleted_at.as_ref()
    }

    /// The field with this name in the API, system fields included.
    pub fn field(&self, api_name: &str) -> Option<&Field> {
        self.columns()
            .chain(&self.deleted_at)
            .find(|field| field.name == api_name)
    }

    /// The field of this column, system fields included.
    pub fn column(&self, column: &str) -> Option<&Field> {
        self.columns()
            .chain(&self.deleted_at)
            .find(|field| field.column == column)
    }

    /// The place of a field among those of the definition.
    pub fn place(&self, field: &Field) -> Option<usize> {
        self.fields
            .iter()
            .position(|known| known.column == field.column)
    }

    /// The fault that a failed CHECK stands for, by the name of the constraint:
    /// `orders_total_max` is `TOO_LARGE` on `total`.
    pub fn constraint_issue(&self, check_name: &str) -> Option<Issue> {
        let rest = check_name.strip_prefix(self.name.as_str())?;
        let (column, what) = rest.strip_prefix('_')?.rsplit_once('_')?;
        let found = self.column(column)?.checks().into_iter();
        found
            .filter(|check| check.what == what)
            .map(|Check { issue, .. }| issue)
            .next()
    }

    /// The name of a CHECK of `column`.
    pub(super) fn check_name(&self, column: &str, what: &str) -> String {
        // The last word is always `what`, which has no `_`: names of two columns never meet.
        format!("{}_{column}_{what}", self.name)
    }

    /// The fault of a field that is unknown here, for bodies and queries.
    pub fn unknown_field(&self, api_name: &str) -> Issue {
        let message = format!("{} has no such field", self.name);
        Issue::new(api_name, IssueCode::UnknownField, message)
    }
}
