//! A batch in the making that deletes or restores, with the words for what may refuse it.

use super::family::{Members, push_points};
use crate::{
    base::{Code, Error, Issue, IssueCode},
    db::{Batch, Constraint, Expect, Sql, Statement, Tag, Touch, WriteError},
    engine::{
        cache::touching,
        mutate::{Expected, tag},
    },
    events::Change,
    schema::{Collection, Field, Schema},
};

/// Tag of the expectation that nothing is restored under a deleted record.
const UNDER_DELETED: &str = "under deleted";

/// The batch, and the relations that its guards are about, by the numbers of their tags.
#[derive(Debug)]
pub struct Plan {
    /// The statements so far.
    pub batch: Batch,
    relations: Vec<String>,
    changed: Vec<(String, Vec<String>)>,
}

impl Plan {
    /// Begins with the expectation that no definition came behind those of `schema`, which could
    /// point here, too. Those that are gone need no guard: they show as tables that are not there.
    pub fn new(schema: &Schema) -> Self {
        let newest = schema.iter().map(|known| known.revision).max();
        let newer = "SELECT 1 FROM _collections WHERE revision > ?";
        let guard = Statement::new(newer, vec![newest.unwrap_or(0).into()])
            .expecting(Expect::Absent, tag::OVERTAKEN);
        Self {
            batch: Batch::new().with(guard),
            relations: Vec::new(),
            changed: Vec::new(),
        }
    }

    /// Expects the record that was asked for: that it is there, as `condition` adds to the query,
    /// and then that it has the version that the client expects.
    pub fn expect_root(
        &mut self,
        collection: &Collection,
        id: &str,
        expected: Expected,
        condition: impl FnOnce(&mut Sql),
    ) {
        let find = || {
            let mut sql = Sql::new("SELECT 1 FROM ");
            sql.ident(&collection.name).push(" WHERE id = ").bind(id);
            sql
        };
        let mut is_there = find();
        condition(&mut is_there);
        self.batch
            .push(Statement::from(is_there).expecting(Expect::Exists, Change::STALE));
        if let Some(version) = expected.version() {
            let mut is_same = find();
            is_same.push(" AND version = ").bind(version);
            self.batch
                .push(Statement::from(is_same).expecting(Expect::Exists, tag::VERSION));
        }
    }

    /// Adds statements at the end.
    pub fn push_all(&mut self, statements: impl IntoIterator<Item = Statement>) {
        for statement in statements {
            self.batch.push(statement);
        }
    }

    /// Says that nothing is changed that anybody keeps in memory.
    pub fn changes_no_record(&mut self) {
        self.batch = std::mem::take(&mut self.batch).touching(Touch::Nothing);
    }

    /// Adds a statement that changes each of `ids`.
    pub fn change_all(
        &mut self,
        sql: Sql,
        collection: &Collection,
        ids: &[String],
        tag: &'static str,
    ) {
        self.changed.push((collection.name.clone(), ids.to_vec()));
        let all = u64::try_from(ids.len()).unwrap_or(u64::MAX);
        self.batch
            .push(Statement::from(sql).expecting(Expect::Changed(all), tag));
    }

    /// Expects that no record of `other` points at one of `ids` by `field`, as `condition` adds to
    /// the query. Where a relation that restricts does so, the deletion is refused; any other means
    /// that it was built from what has changed since.
    pub fn expect_nothing_points(
        &mut self,
        (other, field): (&Collection, &Field),
        ids: &[String],
        moved: Option<&'static str>,
        condition: impl FnOnce(&mut Sql),
    ) {
        let mut sql = Sql::new("SELECT 1 FROM ");
        sql.ident(&other.name).push(" WHERE ");
        push_points(&mut sql, other, field, ids);
        condition(&mut sql);
        sql.push(" LIMIT 1");
        let tag = match moved {
            Some(moved) => Tag(moved, 0),
            None => self.named(tag::RESTRICTED, other, field),
        };
        self.batch
            .push(Statement::from(sql).expecting(Expect::Absent, tag));
    }

    /// Expects that no member points at a deleted record by `field`; stands behind the
    /// restoration, when those that it brings back are live.
    pub fn expect_no_deleted_parent(&mut self, members: &Members, field: &Field, parent: &str) {
        let (child, column) = (&members.collection, &field.column);
        let mut sql = Sql::new("SELECT 1 FROM ");
        sql.ident(&child.name)
            .push(" WHERE id")
            .within(&members.ids)
            .push(" AND ")
            .ident(column)
            .push(" IN (SELECT id FROM ")
            .ident(parent)
            .push(" AS _parent WHERE deleted_at IS NOT NULL AND _parent.id = ")
            .ident(&child.name)
            .push(".")
            .ident(column)
            .push(") LIMIT 1");
        let tag = self.named(UNDER_DELETED, child, field);
        self.batch
            .push(Statement::from(sql).expecting(Expect::Absent, tag));
    }

    fn named(&mut self, word: &'static str, collection: &Collection, field: &Field) -> Tag {
        self.relations
            .push(format!("{}.{}", collection.path, field.name));
        Tag(word, self.relations.len() - 1)
    }
}

/// The words of a refused [`Plan`]: its relations, by the numbers of their tags.
#[derive(Debug)]
pub struct Words(Vec<String>);

impl Plan {
    /// Takes the plan apart: what is written, and what is said if it is refused.
    pub fn into_parts(self) -> (Batch, Words) {
        let changed = self.changed.iter();
        let changed = changed.map(|(table, ids)| (table.as_str(), ids.as_slice()));
        let batch = touching(self.batch, changed);
        (batch, Words(self.relations))
    }
}

impl Words {
    /// What a client is told of a refusal that only a plan knows the words for.
    pub fn of(
        &self,
        collection: &Collection,
        schema: &Schema,
        error: &WriteError,
    ) -> Option<Error> {
        match error {
            WriteError::Guard(Tag(tag::RESTRICTED, i)) => {
                let by = self.0.get(*i)?;
                Some(conflict(by, format!("Records of {by} point at this one")))
            }
            WriteError::Guard(Tag(UNDER_DELETED, i)) => {
                let by = self.0.get(*i)?;
                let message =
                    format!("It belongs to a deleted record, by {by}: restore that first");
                Some(conflict(by, message))
            }
            WriteError::Constraint(Constraint::Unique(columns)) => {
                taken_elsewhere(collection, schema, columns)
            }
            _ => None,
        }
    }
}

fn conflict(by: &str, message: String) -> Error {
    let issue = Issue::new("_", IssueCode::Restricted, message.clone()).with("by", by);
    Error::new(Code::Conflict, message).with_issues(vec![issue])
}

/// A value that was taken from a record of another collection than the one that was asked for.
fn taken_elsewhere(collection: &Collection, schema: &Schema, columns: &[String]) -> Option<Error> {
    let issue = |path: &String| {
        let (table, column) = path.split_once('.')?;
        let other = schema.by_name(table)?;
        let name = format!("{}.{}", other.path, other.column(column)?.name);
        Some(Issue::new(name, IssueCode::Taken, "Is taken"))
    };
    let is_own = |path: &String| {
        let table = path.split_once('.').map(|(table, _)| table);
        table == Some(collection.name.as_str())
    };
    if columns.iter().all(is_own) {
        return None;
    }
    let issues: Vec<Issue> = columns.iter().filter_map(issue).collect();
    (!issues.is_empty()).then(|| {
        Error::new(Code::AlreadyExists, "A record with this value exists").with_issues(issues)
    })
}
