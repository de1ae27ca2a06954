//! What becomes of the indexes of texts, which stand beside the table and are kept by its triggers.

use super::Change;
use crate::{
    db::Sql,
    schema::{collection::Collection, search::TextIndex},
};

/// The statements around those that alter a table.
#[derive(Default)]
pub(super) struct Texts {
    /// What goes before.
    pub before: Vec<Sql>,
    /// What is made behind.
    pub behind: Vec<Sql>,
    /// How many indexes take all records in.
    pub filled: usize,
}

impl Change {
    /// What the indexes of texts need. One of the same texts stays, whatever else changes.
    pub(super) fn texts(&self, old: &Collection, new: &Collection) -> Texts {
        let (before, after) = (old.text_indexes(), new.text_indexes());
        let stays = |had: &TextIndex, has: &TextIndex| {
            had.has_columns_of(has) && has.columns().all(|column| self.keeps(new, column))
        };
        let is_untouched = old.name == new.name && !self.rebuilds();
        let mut texts = Texts::default();
        for had in &before {
            let successor = after.iter().find(|has| stays(had, has));
            if successor.is_some() && is_untouched {
                continue;
            }
            texts.before.extend(had.drop_triggers());
            match successor {
                None => texts.before.push(had.drop_table()),
                Some(has) if has.name != had.name => texts.behind.push(had.rename(has)),
                Some(_) => {}
            }
        }
        for has in &after {
            if !before.iter().any(|had| stays(had, has)) {
                texts.behind.extend(has.create());
                texts.behind.push(has.fill());
                texts.filled += 1;
            } else if !is_untouched {
                texts.behind.extend(has.triggers());
            }
        }
        texts
    }

    /// True if a column holds what it held before, under its name.
    fn keeps(&self, new: &Collection, column: &str) -> bool {
        let field = new.column(column);
        let was = field.and_then(|field| Some((self.source(field)?, field)));
        was.is_some_and(|(was, field)| was.column == field.column && !self.converts(was, field))
    }
}
