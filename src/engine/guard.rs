//! Rules as expectations of a batch: decided where the change is written, so that nothing can slip
//! between the decision and the change.
//!
//! They stand before the change. What would become of the record is a row of its own, `_new`, made
//! of what was sent; what it is, is `_previous`. Behind the change, a unique value that is taken
//! would be told to somebody who may not write at all. What relations lead to is read as it is
//! before the change.

use super::input::{Assignment, Draft, Patch};
use crate::{
    access::RowFilter,
    db::{Expect, Sql, Statement, Tag, Value},
    rules::{Names, Needs, Verdict},
    schema::{Collection, Field},
};

/// Tag of the expectation that the rule on an operation holds.
pub(super) const RULE: &str = "rule";

/// Tag of the expectation that a field may be written; the number is its place.
pub(super) const FIELD_RULE: &str = "field rule";

const NEW: &str = "_new";
const PREVIOUS: &str = "_previous";

/// Expects that a record may be made, and every field be set that was sent.
pub fn of_create(collection: &Collection, rows: &RowFilter, draft: &Draft<'_>) -> Vec<Statement> {
    if rows.is_all() {
        return Vec::new();
    }
    let (names, source) = made(collection, &rows.needs_to_write(), draft);
    let sent = draft.sent.iter().copied();
    let asked = Asked {
        source: &source,
        each: None,
    };
    all(collection, rows, &names, &asked, sent)
}

/// True if the caller will see all of a record that it makes, as far as that can be told from what
/// was sent.
pub fn is_seen(collection: &Collection, rows: &RowFilter, draft: &Draft<'_>) -> bool {
    let names = || Names {
        known: known(&rows.needs(), draft),
        ..Names::table(&collection.name)
    };
    rows.is_all() || rows.sees_all(collection, &names())
}

/// What is known of a record that would be made.
fn known(needs: &Needs, draft: &Draft<'_>) -> Vec<(String, Value)> {
    let values = draft
        .values
        .iter()
        .filter(|(field, _)| needs.columns.contains(&field.column));
    values
        .map(|(field, value)| (field.column.clone(), value.clone()))
        .collect()
}

/// A record that would be made, as ` FROM ... WHERE ...`, and what it is called there.
pub(super) fn made(collection: &Collection, needs: &Needs, draft: &Draft<'_>) -> (Names, Sql) {
    let mut source = Sql::new(" FROM (SELECT ");
    source.bind(draft.id.as_str()).push(" AS \"id\"");
    let known = known(needs, draft);
    for (column, value) in &known {
        source.push(", ").bind(value.clone());
        source.push(" AS ").ident(column);
    }
    for column in ["created_at", "updated_at"] {
        source.push(", ").bind(Value::CommitTime);
        source.push(" AS ").ident(column);
    }
    source.push(", 1 AS \"version\") AS ").ident(NEW);
    if needs.previous {
        // There was nothing before.
        source.push(", (SELECT ");
        source.join(asked(collection, needs), ", ", |sql, field| {
            sql.push("NULL AS ").ident(&field.column);
        });
        source.push(") AS ").ident(PREVIOUS);
    }
    source.push(" WHERE TRUE");
    let names = Names {
        known,
        ..before_and_after()
    };
    (names, source)
}

/// Which records a question is about: one, which must fit, or several, which all must.
#[derive(Clone, Copy)]
pub(super) enum Which<'a> {
    One(&'a str),
    All(&'a [String]),
}

impl Which<'_> {
    /// Adds ` = ?` or ` IN (...)`.
    fn push(self, sql: &mut Sql) {
        match self {
            Self::One(id) => sql.push(" = ").bind(id),
            Self::All(ids) => sql.within(ids),
        };
    }

    /// Has questions asked of these records, which stand in `source`.
    fn asked(self, source: &Sql) -> Asked<'_> {
        let each = match self {
            Self::One(_) => None,
            Self::All(ids) => Some(ids.len()),
        };
        Asked { source, each }
    }
}

/// Expects that a record may be changed so, and every field be written that was sent.
pub fn of_update(
    collection: &Collection,
    rows: &RowFilter,
    id: &str,
    patch: &Patch<'_>,
) -> Vec<Statement> {
    of_changes(collection, rows, Which::One(id), patch)
}

/// Expects so of each of several records, all as they are before any is changed.
pub fn of_updates(
    collection: &Collection,
    rows: &RowFilter,
    ids: &[String],
    patch: &Patch<'_>,
) -> Vec<Statement> {
    of_changes(collection, rows, Which::All(ids), patch)
}

fn of_changes(
    collection: &Collection,
    rows: &RowFilter,
    which: Which<'_>,
    patch: &Patch<'_>,
) -> Vec<Statement> {
    if rows.is_all() {
        return Vec::new();
    }
    let mut needs = rows.needs_to_write();
    let unsent = patch.unsent.iter().map(|field| field.column.clone());
    needs.columns.extend(unsent);
    let (names, source) = changed(collection, &needs, which, patch);
    let is_sent = |field: &Field| {
        patch
            .unsent
            .iter()
            .all(|other| other.column != field.column)
    };
    let fields = patch.fields.iter().map(|(field, _)| *field);
    let (sent, unsent): (Vec<_>, Vec<_>) = fields.partition(|field| is_sent(field));
    let asked = which.asked(&source);
    let mut statements = all(collection, rows, &names, &asked, sent.into_iter());
    // What was not sent may take its default where that is what it is.
    for field in unsent {
        let verdict = or_same(rows, &names, field);
        statements.extend(asked.expect_of_field(verdict, collection, field));
    }
    statements.extend(of_sums(collection, rows, &asked, patch));
    statements
}

/// A live record as a change would leave it, beside what it is, as ` FROM ... WHERE ...`, and what
/// both are called there.
pub(super) fn changed(
    collection: &Collection,
    needs: &Needs,
    which: Which<'_>,
    patch: &Patch<'_>,
) -> (Names, Sql) {
    let mut source = Sql::new(" FROM (SELECT ");
    source.join(asked(collection, needs), ", ", |sql, field| {
        let changed = patch
            .fields
            .iter()
            .find(|(other, _)| other.column == field.column);
        match (changed, field.column.as_str()) {
            (Some((_, assignment)), _) => assignment.push_value(field, sql),
            (None, "updated_at") => {
                sql.bind(Value::CommitTime);
            }
            (None, "version") => {
                sql.push("\"version\" + 1");
            }
            (None, column) => {
                sql.ident(column);
            }
        }
        sql.push(" AS ").ident(&field.column);
    });
    source.push(" FROM ").ident(&collection.name);
    source.push(" WHERE id");
    which.push(&mut source);
    source.push(") AS ").ident(NEW);
    source
        .push(", ")
        .ident(&collection.name)
        .push(" AS ")
        .ident(PREVIOUS);
    source.push(" WHERE ").ident(PREVIOUS).push(".id");
    match which {
        Which::One(_) => which.push(&mut source),
        Which::All(_) => {
            source.push(" = ").ident(NEW).push(".id");
        }
    }
    if collection.is_soft() {
        source
            .push(" AND ")
            .ident(PREVIOUS)
            .push(".deleted_at IS NULL");
    }
    (before_and_after(), source)
}

/// Expects that a field may be read that something is added to: whether the sum is within its
/// bounds tells what it was.
fn of_sums(
    collection: &Collection,
    rows: &RowFilter,
    asked: &Asked<'_>,
    patch: &Patch<'_>,
) -> Vec<Statement> {
    let names = Names::table(PREVIOUS);
    let added = patch
        .fields
        .iter()
        .filter(|(_, assignment)| matches!(assignment, Assignment::Increment(_)));
    let guard = |(field, _): &(&Field, Assignment)| {
        let verdict = rows.reading(&field.column, &names, &Value::CommitTime);
        asked.expect_of_field(verdict, collection, field)
    };
    added.filter_map(guard).collect()
}

/// Whether a field may be written, or stays as it is.
fn or_same(rows: &RowFilter, names: &Names, field: &Field) -> Verdict {
    let verdict = rows.writing(&field.column, names, &Value::CommitTime);
    if verdict == Verdict::Always {
        return verdict;
    }
    let mut sql = Sql::new("(");
    sql.append(verdict.into_sql()).push(" OR ");
    sql.ident(NEW).push(".").ident(&field.column).push(" IS ");
    sql.ident(PREVIOUS).push(".").ident(&field.column);
    // What differs by case alone is another value, however its column compares.
    sql.push(" COLLATE BINARY)");
    Verdict::When(sql)
}

fn before_and_after() -> Names {
    Names {
        previous: Some(PREVIOUS.to_owned()),
        ..Names::table(NEW)
    }
}

/// A live record as it is, as ` FROM ... WHERE ...`, and what it is called there.
pub(super) fn stored(collection: &Collection, id: &str) -> (Names, Sql) {
    let mut source = Sql::new(" FROM ");
    source.ident(&collection.name).push(" WHERE id = ").bind(id);
    if collection.is_soft() {
        source.push(" AND deleted_at IS NULL");
    }
    (Names::table(&collection.name), source)
}

/// Expects that a record, live or deleted, may be acted on as it is.
pub fn of_record(collection: &Collection, rows: &RowFilter, id: &str) -> Option<Statement> {
    of_stored(collection, rows, Which::One(id))
}

/// Expects so of each of several records.
pub fn of_records(collection: &Collection, rows: &RowFilter, ids: &[String]) -> Option<Statement> {
    of_stored(collection, rows, Which::All(ids))
}

fn of_stored(collection: &Collection, rows: &RowFilter, which: Which<'_>) -> Option<Statement> {
    if rows.is_all() {
        return None;
    }
    let mut source = Sql::new(" FROM ");
    source.ident(&collection.name).push(" WHERE id");
    which.push(&mut source);
    let verdict = rows.rows(&Names::table(&collection.name), &Value::CommitTime);
    which.asked(&source).expect(verdict, Tag(RULE, 0))
}

/// The id, and the columns that are asked about; what computes a field has the table itself.
fn asked<'a>(collection: &'a Collection, needs: &Needs) -> impl Iterator<Item = &'a Field> {
    let is_asked = |field: &&Field| field.column == "id" || needs.columns.contains(&field.column);
    collection
        .columns()
        .filter(|field| field.expression.is_none())
        .filter(is_asked)
}

fn all<'a>(
    collection: &Collection,
    rows: &RowFilter,
    names: &Names,
    asked: &Asked<'_>,
    sent: impl Iterator<Item = &'a Field>,
) -> Vec<Statement> {
    let now = &Value::CommitTime;
    let record = asked.expect(rows.rows(names, now), Tag(RULE, 0));
    let field = |field: &Field| {
        let verdict = rows.writing(&field.column, names, now);
        asked.expect_of_field(verdict, collection, field)
    };
    record.into_iter().chain(sent.filter_map(field)).collect()
}

/// What questions are asked of.
struct Asked<'a> {
    /// ` FROM ... WHERE ...`
    source: &'a Sql,
    /// How many records there are, of which each must fit; none where it is one.
    each: Option<usize>,
}

impl Asked<'_> {
    /// Expects that a verdict holds; nothing where it always does.
    fn expect(&self, verdict: Verdict, tag: Tag) -> Option<Statement> {
        if verdict == Verdict::Always {
            return None;
        }
        let mut sql = Sql::new(match self.each {
            None => "SELECT 1",
            Some(_) => "SELECT count(*)",
        });
        sql.append_kept(self.source);
        sql.push(" AND ").append(verdict.into_sql());
        if let Some(count) = self.each {
            sql.push(" HAVING count(*) = ")
                .bind(i64::try_from(count).unwrap_or(i64::MAX));
        }
        Some(Statement::from(sql).expecting(Expect::Exists, tag))
    }

    /// The same under the tag of a field.
    fn expect_of_field(
        &self,
        verdict: Verdict,
        collection: &Collection,
        field: &Field,
    ) -> Option<Statement> {
        let place = collection.place(field)?;
        self.expect(verdict, Tag(FIELD_RULE, place))
    }
}
