//! What stands behind a record in the order of a list: where a page by cursor begins.
//!
//! Behind the position `(a, b, c)` stand one after another: what has the same first two keys and a
//! third behind `c`; what has the same first key and a second behind `b`; what has a first behind
//! `a`. Each is one stretch of an index of this order, and begins where the one before it ends. As
//! one condition with OR they would be read from the beginning, and as a comparison of row values
//! they would lose what stands behind a null.

use super::query::SortKey;
use crate::{
    db::{Sql, Value},
    schema::Field,
};

/// The stretches behind `position`, which has a value for each key, each as ` AND ...`.
///
/// Nulls stand first ascending and last descending, as SQLite has them.
pub fn stretches(sort: &[SortKey<'_>], position: &[Value]) -> Vec<Sql> {
    let keys: Vec<_> = sort.iter().zip(position).collect();
    let mut all = Vec::new();
    for (place, (key, value)) in keys.iter().enumerate().rev() {
        let mut same = Sql::default();
        for ((field, _), value) in keys.iter().take(place) {
            same.push(" AND ").append(equal(field, value));
        }
        for behind in behind(**key, value) {
            let mut stretch = same.clone();
            stretch.push(" AND ").append(behind);
            all.push(stretch);
        }
    }
    all
}

/// All stretches as one condition, ` AND (... OR ...)`: for an order that no index has, in which
/// each would read all records anew.
pub fn at_once(stretches: Vec<Sql>) -> Sql {
    let mut sql = Sql::new(" AND (");
    sql.join(stretches, " OR ", |sql, stretch| {
        sql.push("(TRUE").append(stretch).push(")");
    });
    sql.push(")");
    sql
}

fn equal(field: &Field, value: &Value) -> Sql {
    let mut sql = field.sql();
    match value {
        Value::Null => sql.push(" IS NULL"),
        value => sql.push(" = ").bind(value.clone()),
    };
    sql
}

/// What one key has behind a value: nothing, one stretch or two.
fn behind((field, descending): SortKey<'_>, value: &Value) -> Vec<Sql> {
    let compared = |operator: &'static str, value: Value| {
        let mut sql = field.sql();
        sql.push(operator).bind(value);
        sql
    };
    match (descending, value) {
        (true, Value::Null) => Vec::new(),
        (false, Value::Null) => {
            // As SQLite is built here, an index leads straight past the nulls.
            let mut sql = field.sql();
            sql.push(" IS NOT NULL");
            vec![sql]
        }
        (false, value) => vec![compared(" > ", value.clone())],
        (true, value) => {
            let less = compared(" < ", value.clone());
            // Where a definition says `required`, older rows may still have none.
            let is_never_null = field.system && field.required;
            let nulls = (!is_never_null).then(|| equal(field, &Value::Null));
            std::iter::once(less).chain(nulls).collect()
        }
    }
}
