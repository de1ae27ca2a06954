//! What has to be asked of the records before a change: what they would lose, and what of them
//! stands in its way.

use rusqlite::types::ValueRef;
use serde_json::{Value as Json, value::RawValue};

use super::{Change, lists};
use crate::{
    base::IssueCode,
    db::Sql,
    schema::{
        collection::Collection,
        field::{Check, Field},
        fields::Comparable,
    },
};

/// What it means if a question finds records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Values are lost. It may be done where that is allowed.
    Loss,
    /// The change cannot be made before these records are changed.
    Obstacle,
}

/// A search for records that a change has to do with.
#[derive(Debug)]
pub struct Question {
    /// The table, by the name that it has.
    pub collection: String,
    /// The column, by the name that the definition gives it that names it last; none where it is
    /// about whole records.
    pub field: Option<String>,
    /// What it means if there are such records.
    pub weight: Weight,
    /// What is wrong with them, for programs.
    pub code: IssueCode,
    /// What is wrong with them, in words before their number: `total would be required, and has no value`.
    pub words: String,
    /// True if it means something even where no record is found: dropping a field.
    pub always: bool,
    /// What shows a value that was found, as the API does; none where there is none to show.
    pub shown: Option<Field>,
    /// What has to take a value for it not to be found; none where SQL alone says it.
    pub judge: Option<Field>,
    rows: Sql,
}

impl Question {
    /// Selects the id and the value of each record that is found.
    pub fn rows(&self) -> &Sql {
        &self.rows
    }

    /// The same of the first `count`.
    pub fn sample(&self, count: i64) -> Sql {
        let mut sql = self.rows.clone();
        sql.push(" LIMIT ").bind(count);
        sql
    }

    /// True if the field that judges does not take a value.
    pub fn refuses(&self, value: ValueRef<'_>) -> bool {
        let Some(judge) = &self.judge else {
            return true;
        };
        let mut json = Vec::new();
        judge.write(value, &mut json);
        let sent = serde_json::from_slice::<&RawValue>(&json);
        sent.is_ok_and(|sent| judge.read(sent).is_err())
    }

    /// A value that was found, as the API shows it.
    pub fn show(&self, value: ValueRef<'_>) -> Json {
        let Some(shown) = &self.shown else {
            return Json::Null;
        };
        let mut json = Vec::new();
        shown.write(value, &mut json);
        serde_json::from_slice(&json).unwrap_or_default()
    }

    /// Counts them.
    pub fn count(&self) -> Sql {
        let mut sql = Sql::new("SELECT count(*) FROM (");
        sql.append_kept(&self.rows).push(")");
        sql
    }
}

impl Change {
    /// Everything that has to be asked.
    pub fn questions(&self) -> Vec<Question> {
        match (self.old.as_deref(), self.new.as_deref()) {
            (Some(old), None) => vec![gone(old)],
            (Some(old), Some(new)) => self.of_fields(old, new),
            _ => Vec::new(),
        }
    }

    fn of_fields(&self, old: &Collection, new: &Collection) -> Vec<Question> {
        let mut all = Vec::new();
        if old.is_soft() && !new.is_soft() {
            let words = "What is deleted softly has to be restored or purged first";
            let rows = find(
                old,
                &Sql::new("NULL"),
                &Sql::new("\"deleted_at\" IS NOT NULL"),
            );
            all.push(obstacle(
                old,
                None,
                IssueCode::Restricted,
                words.to_owned(),
                rows,
            ));
        }
        for field in self.dropped() {
            all.push(dropped(old, field));
        }
        for field in self.added() {
            all.extend(without_value(old, field));
            if field.unique && field.default.is_some() {
                all.push(self.doubles(old, new, field, &default_of(field)));
            }
        }
        for (before, after) in self.kept() {
            if lists::are_choices(before, after) {
                all.extend(options_gone(old, before, after));
                all.extend(tightened(old, before, after));
            } else if self.converts(before, after) {
                all.extend(self.converted(old, before, after));
            } else {
                all.extend(tightened(old, before, after));
            }
            if after.required && !before.required {
                let words = format!("{} would be required, and has no value", after.column);
                let rows = find(old, &before.sql(), &is_null(&before.sql()));
                all.push(obstacle(old, Some(after), IssueCode::Required, words, rows));
            }
            let meets_more = after.ignores_case() && !before.ignores_case();
            if after.unique && (!before.unique || meets_more || self.converts(before, after)) {
                let value = self.raw(before, after, before_rename(self, after));
                all.push(self.doubles(old, new, after, &value));
            }
        }
        all.extend(self.of_unique_indexes(old, new));
        all
    }

    /// Values that the new type does not take. They are lost, unless there must be one.
    fn converted(&self, old: &Collection, before: &Field, after: &Field) -> Vec<Question> {
        let value = self.raw(before, after, before_rename(self, after));
        let mut taken = Sql::new("value IS NOT NULL");
        let mut inner = Sql::new("SELECT \"id\" AS id, ");
        inner
            .append(before.sql())
            .push(" AS was, ")
            .append(value)
            .push(" AS value, ")
            .append(self.raw(before, after, before_rename(self, after)))
            .push(" AS ")
            .ident(&after.column)
            .push(" FROM ")
            .ident(&old.name);
        for check in after.checks() {
            taken.push(" AND (").append(check.condition).push(")");
        }
        let select = |what: &'static str, condition: Sql| {
            let mut sql = Sql::new("SELECT id, ");
            sql.push(what).push(" AS value FROM (").append_kept(&inner);
            sql.push(") WHERE was IS NOT NULL AND ").append(condition);
            sql
        };
        // A list in which nothing is stands for no value, unless there must be one.
        let is_list = before.compared_as() == Comparable::Choices && !after.required;
        let mut refused = Sql::new("(");
        refused.append_kept(&taken).push(") IS NOT TRUE");
        if is_list {
            refused.push(" AND was <> '[]'");
        }
        let words = format!(
            "{} has a value that does not fit it as {}",
            after.column,
            after.kind.name()
        );
        let mut lost = obstacle(
            old,
            Some(after),
            IssueCode::InvalidFormat,
            words,
            select("was", refused),
        );
        if !after.required {
            lost.weight = Weight::Loss;
            lost.words.push_str(", and becomes null");
        }
        lost.shown = Some(before.clone());
        vec![lost, judged(old, after, select("value", taken))]
    }

    /// Values of a unique field that stand more than once, among records that are not deleted.
    fn doubles(&self, old: &Collection, new: &Collection, field: &Field, value: &Sql) -> Question {
        // The column may still have another one.
        let collation = match field.ignores_case() {
            true => " COLLATE NOCASE",
            false => " COLLATE BINARY",
        };
        let mut live = Sql::new("value IS NOT NULL");
        if old.is_soft() && new.is_soft() {
            live.push(" AND live");
        }
        let mut inner = Sql::new("(SELECT \"id\" AS id, ");
        inner.append_kept(value).push(" AS value");
        if old.is_soft() {
            inner.push(", \"deleted_at\" IS NULL AS live");
        }
        inner.push(" FROM ").ident(&old.name).push(")");
        let mut rows = Sql::new("SELECT id, value FROM ");
        rows.append_kept(&inner)
            .push(" WHERE ")
            .append_kept(&live)
            .push(" AND value")
            .push(collation)
            .push(" IN (SELECT value FROM ")
            .append(inner)
            .push(" WHERE ")
            .append(live)
            .push(" GROUP BY value")
            .push(collation)
            .push(" HAVING count(*) > 1)");
        let words = format!("{} would be unique, and values are shared", field.column);
        let mut question = obstacle(old, Some(field), IssueCode::Taken, words, rows);
        question.shown = Some(field.clone());
        question
    }
}

/// The table that a relation points at, by the name that it has before the change.
pub(super) fn before_rename<'a>(change: &'a Change, field: &'a Field) -> Option<&'a str> {
    let target = field.collection()?;
    let had = change.tables.iter().find(|(_, new)| *new == target);
    Some(had.map_or(target, |(old, _)| old.as_str()))
}

pub(super) fn obstacle(
    collection: &Collection,
    field: Option<&Field>,
    code: IssueCode,
    words: String,
    rows: Sql,
) -> Question {
    Question {
        collection: collection.name.clone(),
        field: field.map(|field| field.column.clone()),
        weight: Weight::Obstacle,
        code,
        words,
        always: false,
        shown: None,
        judge: None,
        rows,
    }
}

fn find(collection: &Collection, value: &Sql, condition: &Sql) -> Sql {
    let mut sql = Sql::new("SELECT \"id\" AS id, ");
    sql.append_kept(value)
        .push(" AS value FROM ")
        .ident(&collection.name);
    sql.push(" WHERE ").append_kept(condition);
    sql
}

fn is_null(value: &Sql) -> Sql {
    let mut sql = value.clone();
    sql.push(" IS NULL");
    sql
}

fn gone(old: &Collection) -> Question {
    Question {
        weight: Weight::Loss,
        always: true,
        ..obstacle(
            old,
            None,
            IssueCode::WouldBeLost,
            format!(
                "The records of {} are lost{}",
                old.name,
                if_kept(old, ", with their history")
            ),
            find(old, &Sql::new("NULL"), &Sql::new("TRUE")),
        )
    }
}

/// What else goes, of which the number of records does not tell.
fn if_kept(old: &Collection, words: &'static str) -> &'static str {
    if old.history { words } else { "" }
}

fn dropped(old: &Collection, field: &Field) -> Question {
    let mut condition = field.sql();
    condition.push(" IS NOT NULL");
    if field.is_many() {
        condition.push(" AND ").append(field.sql()).push(" <> '[]'");
    }
    Question {
        weight: Weight::Loss,
        always: true,
        shown: Some(field.clone()),
        ..obstacle(
            old,
            Some(field),
            IssueCode::WouldBeLost,
            format!(
                "The values of {} are lost{}",
                field.column,
                if_kept(old, ", in every history too")
            ),
            find(old, &field.sql(), &condition),
        )
    }
}

/// Records that a new field would leave without a value that it requires.
fn without_value(old: &Collection, field: &Field) -> Option<Question> {
    field.absent().err()?;
    let words = format!(
        "{} is required and has no default for records that are there",
        field.column
    );
    let rows = find(old, &Sql::new("NULL"), &Sql::new("TRUE"));
    Some(obstacle(old, Some(field), IssueCode::Required, words, rows))
}

pub(super) fn default_of(field: &Field) -> Sql {
    let default = field.default.as_ref();
    default.map_or_else(
        || Sql::new("NULL"),
        |default| field.kind.default_sql(default),
    )
}

/// Lists that hold options that there will not be.
fn options_gone(old: &Collection, before: &Field, after: &Field) -> Option<Question> {
    let stays = |option: &String| after.options.options.contains(option);
    if before.options.options.iter().all(stays) {
        return None;
    }
    let words = format!("{} has options that it would not have", after.column);
    let rows = find(old, &before.sql(), &lists::holds_others(before, after));
    Some(Question {
        shown: Some(before.clone()),
        ..obstacle(old, Some(after), IssueCode::NotAnOption, words, rows)
    })
}

/// Values that break a check that a field did not have, and those that its type does not take in
/// a way that SQL cannot say.
fn tightened(old: &Collection, before: &Field, after: &Field) -> Vec<Question> {
    let named = Field {
        column: after.column.clone(),
        ..before.clone()
    };
    let had: Vec<Check> = named.checks();
    let mut all = Vec::new();
    for check in after.checks() {
        let is_asked = lists::are_choices(before, after) && check.what == "options";
        if is_asked || had.iter().any(|one| one.condition == check.condition) {
            continue;
        }
        let mut rows = Sql::new("SELECT id, value FROM (SELECT \"id\" AS id, ");
        rows.append(before.sql()).push(" AS value, ");
        rows.append(before.sql()).push(" AS ").ident(&after.column);
        rows.push(" FROM ").ident(&old.name).push(") WHERE NOT (");
        rows.append(check.condition).push(")");
        let said = &check.issue.message;
        let words = format!("{} has a value that is refused ({said})", after.column);
        let mut question = obstacle(old, Some(after), check.issue.code, words, rows);
        question.shown = Some(before.clone());
        all.push(question);
    }
    let pattern = |field: &Field| {
        let pattern = field.options.pattern.as_ref();
        pattern.map(|pattern| pattern.as_str().to_owned())
    };
    if pattern(after).is_some() && pattern(after) != pattern(before) {
        let mut condition = before.sql();
        condition.push(" IS NOT NULL");
        all.push(judged(old, after, find(old, &before.sql(), &condition)));
    }
    all
}

/// Values among `rows` that the field does not take.
fn judged(old: &Collection, field: &Field, rows: Sql) -> Question {
    let words = format!("{} has a value that it would not take", field.column);
    Question {
        judge: Some(field.clone()),
        shown: Some(field.clone()),
        ..obstacle(old, Some(field), IssueCode::InvalidFormat, words, rows)
    }
}
