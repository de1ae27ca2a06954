//! Join tables of lists of relations, when the table or the lists change.
//!
//! The pairs of a list that stays are kept, under another name where its table or column gets
//! one. All others are made anew from the arrays in the records' own rows.

use super::{Change, table::named};
use crate::{
    db::Sql,
    schema::{collection::Collection, ddl, field::Field},
};

/// What is done around the statements that change the table itself.
#[derive(Default)]
pub(super) struct Joins {
    /// Takes away what would be in their way.
    pub before: Vec<Sql>,
    /// Brings the pairs to what they are for the new table.
    pub after: Vec<Sql>,
}

impl Change {
    /// What has to be done for the lists of a collection that stays.
    pub(super) fn joins(&self, old: &Collection, new: &Collection) -> Joins {
        let mut joins = Joins::default();
        let (rebuilds, lists) = (self.rebuilds(), self.lists());
        for field in old.fields.iter().filter(|field| field.is_many()) {
            let stays = lists.iter().find(|(was, _)| was.column == field.column);
            leave(
                old,
                new,
                field,
                stays.map(|(_, now)| *now),
                rebuilds,
                &mut joins,
            );
        }
        for field in new.fields.iter().filter(|field| field.is_many()) {
            if lists.iter().any(|(_, now)| now.column == field.column) {
                continue;
            }
            joins.after.extend(new.join(field));
            // A new list is empty everywhere.
            if self.source(field).is_some() {
                joins.after.extend(pairs(new, field));
            }
            joins.after.extend(new.join_triggers(field));
        }
        joins
    }

    /// Lists whose pairs are the same before and after. Where columns take one another's names,
    /// their join tables would, too; making them anew is simpler than a third name for one.
    fn lists(&self) -> Vec<(&Field, &Field)> {
        if self.names_cross() {
            return Vec::new();
        }
        let kept = self.kept();
        kept.filter(|(was, now)| was.is_many() && now.is_many() && !self.converts(was, now))
            .collect()
    }
}

/// What becomes of the join table of a list that there was; it goes where the list does not stay
/// as `now`.
fn leave(
    old: &Collection,
    new: &Collection,
    was: &Field,
    now: Option<&Field>,
    rebuilds: bool,
    joins: &mut Joins,
) {
    let Some(had) = was.join_table(&old.name) else {
        return;
    };
    let has = now.and_then(|now| now.join_table(&new.name));
    if has.as_ref() == Some(&had) && !rebuilds {
        return;
    }
    // They speak of a column or a table that is about to go.
    let triggers = ddl::join_trigger_names(&had);
    let triggers = triggers.iter().map(|name| named("DROP TRIGGER ", name));
    joins.before.extend(triggers);
    let (Some(now), Some(has)) = (now, has) else {
        joins.before.push(named("DROP TABLE ", &had));
        return;
    };
    if has != had {
        let index = ddl::join_index_name(&had);
        joins.before.push(named("DROP INDEX ", &index));
        let mut rename = named("ALTER TABLE ", &had);
        rename.push(" RENAME TO ").ident(&has);
        joins.after.push(rename);
        joins.after.push(ddl::join_index(&has));
    }
    joins.after.extend(new.join_triggers(now));
}

/// The pairs of the lists that are in the table.
fn pairs(new: &Collection, field: &Field) -> Option<Sql> {
    let mut sql = named("INSERT INTO ", &field.join_table(&new.name)?);
    sql.push(" (\"owner_id\", \"target_id\") SELECT _owner.\"id\", _item.value FROM ")
        .ident(&new.name)
        .push(" AS _owner, json_each(_owner.")
        .ident(&field.column)
        .push(") AS _item");
    Some(sql)
}
