//! Lists of relations in versions: what is deleted is not on them, as it is not on those of the
//! record as it is.

use std::collections::BTreeSet;

use rusqlite::{Connection, params_from_iter};

use super::version::Shown;
use crate::{
    base::Result,
    db::{Sql, Value},
    schema::{Collection, Field},
};

/// What versions are read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be shown. What is gone for good stays on lists, so that it is told when it left them.
    Show,
    /// To be brought back, which nothing can be that is not live.
    Restore,
}

/// Takes those records off the lists of `versions` that are deleted by now.
pub fn leave_out_deleted(
    conn: &Connection,
    collection: &Collection,
    versions: &mut [Shown],
    purpose: Purpose,
) -> Result<()> {
    let fields = collection.columns().enumerate();
    for (place, field) in fields.filter(|(_, field)| field.is_many()) {
        let lists = versions.iter().filter_map(|version| version.ids(place));
        let ids: BTreeSet<String> = lists.flatten().collect();
        let Some(question) = deleted(field, &ids, purpose) else {
            continue;
        };
        let mut query = conn.prepare_cached(question.text())?;
        let deleted = query.query_map(params_from_iter(question.args()), |row| row.get(0))?;
        let deleted: BTreeSet<String> = deleted.collect::<rusqlite::Result<_>>()?;
        for version in versions.iter_mut().filter(|_| !deleted.is_empty()) {
            version.leave_out(place, &deleted);
        }
    }
    Ok(())
}

/// Asks which of `ids` are to be left out; none if that can be nothing.
fn deleted(field: &Field, ids: &BTreeSet<String>, purpose: Purpose) -> Option<Sql> {
    let target = field.collection().filter(|_| !ids.is_empty())?;
    let is_soft = field.options.leaves_out_deleted;
    let ids: Vec<String> = ids.iter().cloned().collect();
    let mut sql = Sql::new("SELECT value FROM json_each(");
    sql.bind(Value::list(&ids));
    sql.push(match purpose {
        Purpose::Show if !is_soft => return None,
        Purpose::Show => ") WHERE EXISTS (SELECT 1 FROM ",
        Purpose::Restore => ") WHERE NOT EXISTS (SELECT 1 FROM ",
    });
    sql.ident(target)
        .push(" AS _target WHERE _target.id = value");
    if is_soft {
        sql.push(match purpose {
            Purpose::Show => " AND _target.deleted_at IS NOT NULL",
            Purpose::Restore => " AND _target.deleted_at IS NULL",
        });
    }
    sql.push(")");
    Some(sql)
}
