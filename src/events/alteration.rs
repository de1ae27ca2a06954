//! The statements that have the versions of records follow a change of their collection, so that
//! what was kept is found under the names of today.

use std::collections::BTreeMap;

use crate::{
    db::{Sql, Statement, Value},
    schema::Collection,
};

/// Pairs of a call of `json_set`, far below the most arguments of a function.
const PAIRS: usize = 30;

/// What a change of a definition does to the columns of a collection.
#[derive(Clone, Copy, Debug)]
pub struct Alteration<'a> {
    /// The collection, by the name under which its versions are kept.
    pub collection: &'a str,
    /// Columns that are called otherwise from now on: what each was called, and what it is. They
    /// may change places.
    pub renamed: &'a [(&'a str, &'a str)],
    /// Columns that are dropped. Their values go out of all versions, too.
    pub dropped: &'a [&'a str],
}

/// Has the versions of a collection's records follow its name.
pub fn moved(old: &str, new: &str) -> Statement {
    Statement::new(
        "UPDATE _history SET collection = ? WHERE collection = ?",
        vec![new.into(), old.into()],
    )
}

impl Alteration<'_> {
    /// Changes every image of the collection; none if no column is renamed or dropped. Stands in
    /// the batch that changes the definition, before [`moved`].
    ///
    /// An image says under `_names` what its columns were called by the definition that it was kept
    /// by, null where a column of today was none of them.
    pub fn follow(&self) -> Option<Statement> {
        let left = self.renamed.iter().map(|(was, _)| *was);
        let left: Vec<&str> = left.chain(self.dropped.iter().copied()).collect();
        if left.is_empty() {
            return None;
        }
        let mut image = Sql::new("image");
        for columns in left.chunks(PAIRS) {
            image = call("json_remove(", image, columns, |sql, column| {
                sql.bind(path(column));
            });
        }
        for columns in left.chunks(PAIRS) {
            image = call("json_set(", image, columns, |sql, column| {
                sql.bind(name_path(column)).push(", NULL");
            });
        }
        for pairs in self.renamed.chunks(PAIRS / 2) {
            image = call("json_set(", image, pairs, |sql, (was, is)| {
                sql.bind(path(is)).push(", image -> ").bind(*was);
                sql.push(", ").bind(name_path(is));
                sql.push(", iif(json_type(image, ").bind(name_path(was));
                sql.push(") IS NULL, ").bind(*was);
                sql.push(", image ->> ").bind(name_path(was)).push(")");
            });
        }
        let mut sql = Sql::new("UPDATE _history SET image = ");
        sql.append(image).push(" WHERE collection = ");
        sql.bind(self.collection);
        Some(sql.into())
    }
}

/// Gives the columns of a definition the names that they have today, as an image has them under
/// `_names`. Columns that are gone, and whose name another may have by now, are left out.
pub fn called_as_today(then: &mut Collection, names: &BTreeMap<String, Option<String>>) {
    then.fields.retain_mut(|field| {
        let mut names_of_today = names.iter();
        match names_of_today.find(|(_, was)| was.as_ref() == Some(&field.column)) {
            Some((is, _)) => {
                field.column.clone_from(is);
                true
            }
            None => !names.contains_key(&field.column),
        }
    });
}

fn call<T>(name: &'static str, first: Sql, rest: &[T], push: impl Fn(&mut Sql, &T)) -> Sql {
    let mut sql = Sql::new(name);
    sql.append(first);
    for one in rest {
        sql.push(", ");
        push(&mut sql, one);
    }
    sql.push(")");
    sql
}

/// Names of columns are letters, digits and `_`, so they need no quotes.
fn path(column: &str) -> Value {
    format!("$.{column}").into()
}

fn name_path(column: &str) -> Value {
    format!("$._names.{column}").into()
}
