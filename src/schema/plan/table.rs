//! The statements that bring a table from one definition to another: in place where SQLite can,
//! else by a new table that takes the rows over.

use std::collections::BTreeMap;

use super::{Change, convert::converted, lists};
use crate::{
    db::Sql,
    schema::{collection::Collection, ddl::Parts, field::Field, index},
};

/// What a table is called while it takes rows over. No collection can have such a name.
const MAKING: &str = "_making";

/// Rows that one statement takes over, so that the log can tell how far it has come.
const CHUNK: i64 = 100_000;

/// Most statements that take rows over.
const MOST_CHUNKS: i64 = 400;

/// Which rows a table holds, as far as is known: more may come until the statements run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Span {
    /// The last `_row`.
    pub last: i64,
}

/// Constraints or indexes by their names, each with its SQL.
pub(super) type Named = BTreeMap<String, Sql>;

impl Change {
    /// True if the table or its indexes are touched, and not the definition alone.
    pub fn is_structural(&self) -> bool {
        !self.statements(Span::default()).is_empty()
    }

    /// True if every row is written anew, into another table.
    pub fn rebuilds(&self) -> bool {
        let Some((old, new)) = self.both() else {
            return false;
        };
        if old.deletion != new.deletion || self.names_cross() {
            return true;
        }
        self.kept().any(|(before, after)| {
            self.converts(before, after) || self.fixed(old, before, after) != fixed(new, after)
        })
    }

    /// What is to be executed, in this order, with foreign keys off.
    pub fn statements(&self, span: Span) -> Vec<Sql> {
        match (self.old.as_deref(), self.new.as_deref()) {
            (None, Some(new)) => new.ddl(),
            (Some(old), None) => dropped(old),
            (Some(old), Some(new)) => self.altered(old, new, span),
            (None, None) => Vec::new(),
        }
    }

    fn altered(&self, old: &Collection, new: &Collection, span: Span) -> Vec<Sql> {
        let (joins, texts) = (self.joins(old, new), self.texts(old, new));
        let mut all = joins.before;
        all.extend(texts.before);
        all.extend(self.table_altered(old, new, span));
        all.extend(joins.after);
        all.extend(texts.behind);
        all
    }

    fn table_altered(&self, old: &Collection, new: &Collection, span: Span) -> Vec<Sql> {
        let (before, after) = (indexes(old), indexes(new));
        let mut all = Vec::new();
        let is_renamed = old.name != new.name;
        if self.rebuilds() {
            if is_renamed {
                all.extend(renamed(old, new));
            }
            all.extend(self.rebuilt(old, new, span));
            all.extend(after.into_values());
            all.push(new.create_trigger());
            return all;
        }
        let gone = self.altered_indexes(&before, &after).into_iter();
        all.extend(gone.map(|(name, _)| named("DROP INDEX ", name)));
        if is_renamed {
            all.extend(renamed(old, new));
        }
        self.in_place(old, new, &mut all);
        let made = self.altered_indexes(&after, &before).into_iter();
        all.extend(made.map(|(_, sql)| sql.clone()));
        if is_renamed {
            all.push(new.create_trigger());
        }
        all
    }

    /// Alters the columns, and nothing if they are as they should be.
    fn in_place(&self, old: &Collection, new: &Collection, all: &mut Vec<Sql>) {
        let table = || named("ALTER TABLE ", &new.name);
        let drop_check = |name: &str| {
            let mut sql = table();
            sql.push(" DROP CONSTRAINT ").ident(name);
            sql
        };
        // Of those that Stead keeps itself, the names of the checks follow the table.
        let own = new.columns().filter(|field| field.system);
        let own = own.filter_map(|field| Some((old.column(&field.column)?, field)));
        let kept: Vec<(&Field, &Field)> = self.kept().chain(own).collect();
        let mut columns = Vec::new();
        for field in self.dropped() {
            all.extend(checks(old, field).keys().map(|name| drop_check(name)));
            let mut sql = table();
            sql.push(" DROP COLUMN ").ident(&field.column);
            columns.push(sql);
        }
        for (before, after) in &kept {
            let gone = checks(old, before);
            all.extend(missing(&gone, &checks(new, after)).map(|(name, _)| drop_check(name)));
            if before.column != after.column {
                let mut sql = table();
                sql.push(" RENAME COLUMN ").ident(&before.column);
                sql.push(" TO ").ident(&after.column);
                columns.push(sql);
            }
        }
        all.extend(columns);
        for (before, after) in &kept {
            all.extend(nullability(table(), before, after));
            let is_there = checks(old, before);
            for (name, condition) in missing(&checks(new, after), &is_there) {
                let mut sql = table();
                sql.push(" ADD CONSTRAINT ").ident(name);
                sql.push(" CHECK (").append_kept(condition).push(")");
                all.push(sql);
            }
        }
        for field in self.added() {
            let mut sql = table();
            sql.push(" ADD COLUMN ");
            new.add_column(&mut sql, field, Parts::All);
            all.push(sql);
        }
    }

    /// The new table, filled and in the place of the old one; without its indexes, which are made
    /// faster once it is full.
    fn rebuilt(&self, old: &Collection, new: &Collection, span: Span) -> Vec<Sql> {
        let mut all = vec![new.create_table(MAKING)];
        let chunk = CHUNK.max(span.last / MOST_CHUNKS + 1);
        let mut from = 0;
        while from + chunk < span.last {
            all.push(self.take_over(old, new, from, Some(from + chunk)));
            from += chunk;
        }
        all.push(self.take_over(old, new, from, None));
        all.push(named("DROP TABLE ", &new.name));
        let mut rename = named("ALTER TABLE ", MAKING);
        rename.push(" RENAME TO ").ident(&new.name);
        all.push(rename);
        all
    }

    /// Takes over the rows behind `from`; up to one or all. The first also takes those at or below
    /// zero, which only a shell makes.
    fn take_over(&self, old: &Collection, new: &Collection, from: i64, to: Option<i64>) -> Sql {
        let stays = new.deleted_at().filter(|_| old.is_soft()).is_some();
        let hidden: &[&str] = if stays {
            &["deleted_at", "_deletion"]
        } else {
            &[]
        };
        let fixed = ["_row", "id", "created_at", "updated_at", "version"];
        let fixed: Vec<&str> = fixed.iter().chain(hidden).copied().collect();
        let fields: Vec<(&Field, &Field)> = self.kept().collect();
        let mut sql = named("INSERT INTO ", MAKING);
        sql.push(" (").join(fixed.iter().copied(), ", ", name);
        for (_, after) in &fields {
            sql.push(", ").ident(&after.column);
        }
        sql.push(") SELECT ")
            .join(fixed.iter().copied(), ", ", name);
        for (before, after) in &fields {
            sql.push(", ").append(self.value(before, after));
        }
        // What is computed is named as its new column, which checks speak of.
        sql.push(" FROM (SELECT ")
            .join(fixed.iter().copied(), ", ", name);
        for (before, after) in &fields {
            let value = self.raw(before, after, after.collection());
            sql.push(", ")
                .append(value)
                .push(" AS ")
                .ident(&after.column);
        }
        sql.push(" FROM ")
            .ident(&new.name)
            .push(" WHERE \"_row\" > ");
        sql.bind(if from == 0 { i64::MIN } else { from });
        if let Some(to) = to {
            sql.push(" AND \"_row\" <= ").bind(to);
        }
        sql.push(")");
        sql
    }

    /// What a field's value becomes, before anybody asks whether it may be.
    pub(super) fn raw(&self, before: &Field, after: &Field, target: Option<&str>) -> Sql {
        if self.converts(before, after) {
            converted(before, after, target).unwrap_or_else(|| Sql::new("NULL"))
        } else {
            before.sql()
        }
    }

    /// The same of a table in which it is named so: null where the new type does not take it.
    fn value(&self, before: &Field, after: &Field) -> Sql {
        // An option that is gone must not take the others of its list along, unseen.
        if !self.converts(before, after) || lists::are_choices(before, after) {
            return after.sql();
        }
        let mut sql = Sql::new("CASE WHEN TRUE");
        for check in after.checks() {
            sql.push(" AND (").append(check.condition).push(")");
        }
        sql.push(" THEN ").append(after.sql()).push(" END");
        let empty = after.kind.empty();
        if empty.is_null() {
            return sql;
        }
        let mut filled = Sql::new("coalesce(");
        filled.append(sql).push(", ").literal(&empty).push(")");
        filled
    }

    /// True if a column takes a name that another one, which stays, has until then.
    pub(super) fn names_cross(&self) -> bool {
        let dropped = self.dropped();
        let had = |name: &str| {
            let fields = self.old.iter().flat_map(|old| &old.fields);
            let mut fields =
                fields.filter(|field| !dropped.iter().any(|d| d.column == field.column));
            fields.any(|field| field.column == name)
        };
        self.columns.iter().any(|(new, old)| new != old && had(new))
    }

    /// Those of the indexes `these` that are not among `those`, or hold another column of the same
    /// name: one that takes the name of a column that is dropped or renamed.
    pub(super) fn altered_indexes<'a>(
        &self,
        these: &'a Named,
        those: &'a Named,
    ) -> Vec<(&'a str, &'a Sql)> {
        let taken: Vec<String> = self
            .names_taken()
            .map(|name| format!("\"{name}\""))
            .collect();
        let is_other = |sql: &Sql| taken.iter().any(|name| sql.text().contains(name));
        let all = these.iter();
        let altered = all.filter(|(name, sql)| those.get(*name) != Some(*sql) || is_other(sql));
        altered.map(|(name, sql)| (name.as_str(), sql)).collect()
    }

    /// Names that are those of other columns than before.
    fn names_taken(&self) -> impl Iterator<Item = &str> {
        let had = |name: &str| {
            self.old
                .as_ref()
                .is_some_and(|old| old.fields.iter().any(|field| field.column == name))
        };
        let fields = self.new.iter().flat_map(|new| &new.fields);
        let taken = fields.filter(move |field| {
            let source = self.source(field).map(|was| was.column.as_str());
            source != Some(field.column.as_str()) && had(&field.column)
        });
        taken.map(|field| field.column.as_str())
    }

    /// What of a column cannot be changed in place, under the names that it and its target will
    /// have.
    fn fixed(&self, old: &Collection, before: &Field, after: &Field) -> Sql {
        let mut field = before.clone();
        field.column.clone_from(&after.column);
        let target = field.collection().map(|name| self.table(name).to_owned());
        field.options.collection = target;
        fixed(old, &field)
    }
}

fn fixed(collection: &Collection, field: &Field) -> Sql {
    let mut sql = Sql::default();
    collection.add_column(&mut sql, field, Parts::Fixed);
    sql
}

fn name(sql: &mut Sql, column: &str) {
    sql.ident(column);
}

/// `what` and a name.
pub(super) fn named(what: &'static str, name: &str) -> Sql {
    let mut sql = Sql::new(what);
    sql.ident(name);
    sql
}

/// A collection's table with its join tables and the indexes of its texts.
fn dropped(old: &Collection) -> Vec<Sql> {
    let fields = old.fields.iter();
    let joins = fields.filter_map(|field| field.join_table(&old.name));
    let tables = joins.chain([old.name.clone()]);
    let texts = old.text_indexes().into_iter().map(|index| index.name);
    let tables = tables.chain(texts);
    tables.map(|table| named("DROP TABLE ", &table)).collect()
}

/// The table under its new name; its trigger, whose name holds the old one, goes.
fn renamed(old: &Collection, new: &Collection) -> [Sql; 2] {
    let mut rename = named("ALTER TABLE ", &old.name);
    rename.push(" RENAME TO ").ident(&new.name);
    let trigger = named("DROP TRIGGER ", &format!("{}_set_updated_at", old.name));
    [trigger, rename]
}

fn nullability(mut table: Sql, before: &Field, after: &Field) -> Option<Sql> {
    let change = match (before.required, after.required) {
        (false, true) => " SET NOT NULL",
        (true, false) => " DROP NOT NULL",
        _ => return None,
    };
    table
        .push(" ALTER COLUMN ")
        .ident(&after.column)
        .push(change);
    Some(table)
}

pub(super) fn indexes(collection: &Collection) -> Named {
    let planned = index::plan(collection).into_iter();
    let made = planned.map(|index| {
        let sql = collection.create_index(&index);
        (index.name, sql)
    });
    made.collect()
}

pub(super) fn checks(collection: &Collection, field: &Field) -> Named {
    let named = field.checks().into_iter();
    let named = named.map(|check| {
        let name = collection.check_name(&field.column, check.what);
        (name, check.condition)
    });
    named.collect()
}

/// What of `these` is not among `those`, by name or by SQL.
pub(super) fn missing<'a>(
    these: &'a Named,
    those: &'a Named,
) -> impl Iterator<Item = (&'a str, &'a Sql)> + use<'a> {
    let missing = these
        .iter()
        .filter(|(name, sql)| those.get(*name) != Some(*sql));
    missing.map(|(name, sql)| (name.as_str(), sql))
}
