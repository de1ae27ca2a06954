//! Records that would stand twice in an index that is to be unique.

use super::{
    Change, Question,
    question::{before_rename, default_of, obstacle},
    table::indexes,
};
use crate::{
    base::IssueCode,
    db::Sql,
    schema::{
        collection::Collection,
        field::Field,
        index::{self, Planned},
    },
};

impl Change {
    /// What is asked for indexes of the definition that are new, or hold other values.
    pub(super) fn of_unique_indexes(&self, old: &Collection, new: &Collection) -> Vec<Question> {
        let (had, has) = (indexes(old), indexes(new));
        let planned = index::plan(new).into_iter();
        let declared = planned.filter(|one| one.unique && one.origin.starts_with("indexes"));
        let altered = self.altered_indexes(&has, &had);
        let is_altered = |name: &str| altered.iter().any(|(other, _)| *other == name);
        let is_asked = |one: &Planned| self.rebuilds() || is_altered(&one.name);
        declared
            .filter(is_asked)
            .map(|index| self.shared_in(old, new, &index))
            .collect()
    }

    fn shared_in(&self, old: &Collection, new: &Collection, index: &Planned) -> Question {
        let names: Vec<&str> = index.columns.iter().map(|one| &*one.column).collect();
        let held = |sql: &mut Sql| {
            sql.push(" FROM ").append(self.as_it_will_be(old, new));
            sql.push(" AS ").ident(&new.name).push(" WHERE TRUE");
            if old.is_soft() && new.is_soft() {
                sql.push(" AND \"deleted_at\" IS NULL");
            }
            for name in &names {
                sql.push(" AND ").ident(name).push(" IS NOT NULL");
            }
            for part in &index.parts {
                sql.push(" AND ").append_kept(part);
            }
        };
        let columns = |sql: &mut Sql| {
            sql.join(&names, ", ", |sql, name| {
                sql.ident(name);
            });
        };
        let mut rows = Sql::new("SELECT \"id\" AS id, NULL AS value");
        held(&mut rows);
        rows.push(" AND (");
        columns(&mut rows);
        rows.push(") IN (SELECT ");
        columns(&mut rows);
        held(&mut rows);
        rows.push(" GROUP BY ");
        columns(&mut rows);
        rows.push(" HAVING count(*) > 1)");
        let words = format!(
            "{} would be unique, and values are shared",
            names.join(", ")
        );
        obstacle(old, None, IssueCode::Taken, words, rows)
    }

    /// The records with the columns that they will have.
    fn as_it_will_be(&self, old: &Collection, new: &Collection) -> Sql {
        let mut sql = Sql::new("(SELECT ");
        let system = new.columns().filter(|field| field.system);
        sql.join(system, ", ", |sql, field| {
            sql.append(field.sql());
        });
        if old.is_soft() {
            sql.push(", \"deleted_at\"");
        }
        for field in &new.fields {
            sql.push(", ").append(self.value_of(field));
            // The column may still have another one.
            if field.kind.column_type() == "TEXT" {
                sql.push(match field.ignores_case() {
                    true => " COLLATE NOCASE",
                    false => " COLLATE BINARY",
                });
            }
            sql.push(" AS ").ident(&field.column);
        }
        sql.push(" FROM ").ident(&old.name).push(")");
        sql
    }

    fn value_of(&self, field: &Field) -> Sql {
        match self.source(field) {
            Some(was) => self.raw(was, field, before_rename(self, field)),
            None => default_of(field),
        }
    }
}
