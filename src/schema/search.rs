//! The indexes of texts: of their words, for `search`, and of their parts, for `.contains`.
//!
//! Both are FTS5 tables over `_row` that hold no text of their own, and triggers in the file keep
//! them, so that whatever writes a record writes them, too, a shell included. They are of the form
//! that deletes by `rowid`: the other one, with external content, has to be told again what it
//! holds, so that a row which `INSERT OR REPLACE` took away without firing a trigger would be found
//! by its old words for ever.

use super::{collection::Collection, field::Field};
use crate::db::Sql;

/// The words of texts, without case and diacritics.
const WORDS: &str = ", content='', contentless_delete=1, \
                     tokenize='unicode61 remove_diacritics 2')";

/// Each three characters in a row. Where they stand is no matter, since what is found so is looked
/// at again, and takes more room than all else: a third of it is left without. Fields cannot be
/// told apart then, so that each has an index of its own.
const PARTS: &str = ", content='', contentless_delete=1, detail=none, \
                     tokenize='trigram case_sensitive 1')";

/// An index of texts.
#[derive(Clone, Debug, PartialEq)]
pub struct TextIndex {
    /// Its table. No collection can have such a name.
    pub name: String,
    /// The table of the records.
    pub of: String,
    form: &'static str,
    columns: Vec<Indexed>,
}

/// A column that an index of texts holds.
#[derive(Clone, Debug, PartialEq)]
struct Indexed {
    column: String,
    /// Whether A to Z are taken for a to z.
    is_lowered: bool,
}

impl Collection {
    /// The fields that `search` looks into, in their order.
    pub fn searchable(&self) -> impl Iterator<Item = &Field> {
        let fields = self.fields.iter();
        fields.filter(|field| field.options.searchable)
    }

    /// The indexes of texts: one of the words of all fields, and one of the parts of each.
    pub fn text_indexes(&self) -> Vec<TextIndex> {
        let index = |name: String, form, columns: Vec<Indexed>| TextIndex {
            name,
            of: self.name.clone(),
            form,
            columns,
        };
        // Words are folded by the index itself.
        let words = self.searchable().map(|field| Indexed::of(field, false));
        let words: Vec<Indexed> = words.collect();
        let has_words = !words.is_empty();
        let words = has_words.then(|| index(words_table(&self.name), WORDS, words));
        let parts = self.fields.iter();
        let parts = parts.filter(|field| field.options.contains_index);
        let parts = parts.map(|field| {
            let name = parts_table(&self.name, &field.column);
            index(name, PARTS, vec![Indexed::of(field, field.ignores_case())])
        });
        words.into_iter().chain(parts).collect()
    }
}

impl Indexed {
    fn of(field: &Field, is_lowered: bool) -> Self {
        Self {
            column: field.column.clone(),
            is_lowered,
        }
    }

    /// The text, of a row that is called so where it has a name.
    fn push(&self, row: Option<&'static str>, sql: &mut Sql) {
        if self.is_lowered {
            sql.push("lower(");
        }
        sql.push(row.unwrap_or_default()).ident(&self.column);
        if self.is_lowered {
            sql.push(")");
        }
    }
}

impl TextIndex {
    /// The columns whose texts it holds.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|indexed| indexed.column.as_str())
    }

    /// True if another index holds the same columns in the same way, of whatever table.
    pub fn has_columns_of(&self, other: &Self) -> bool {
        self.form == other.form && self.columns == other.columns
    }

    /// The table, and the triggers that keep it.
    pub fn create(&self) -> Vec<Sql> {
        let mut table = Sql::new("CREATE VIRTUAL TABLE ");
        table.ident(&self.name).push(" USING fts5(");
        self.push_columns(&mut table);
        table.push(self.form);
        let mut all = vec![table];
        all.extend(self.triggers());
        all
    }

    /// The triggers that keep the table.
    pub fn triggers(&self) -> [Sql; 3] {
        let mut insert = self.trigger("insert", &Sql::new(" AFTER INSERT ON "));
        // A row that a conflict has replaced went without a trigger, and left its number behind.
        self.push_delete("NEW", &mut insert);
        self.push_insert(&mut insert);
        let mut on = Sql::new(" AFTER UPDATE OF \"_row\"");
        for indexed in &self.columns {
            on.push(", ").ident(&indexed.column);
        }
        on.push(" ON ");
        let mut update = self.trigger("update", &on);
        self.push_delete("OLD", &mut update);
        self.push_delete("NEW", &mut update);
        self.push_insert(&mut update);
        let mut delete = self.trigger("delete", &Sql::new(" AFTER DELETE ON "));
        self.push_delete("OLD", &mut delete);
        [insert, update, delete].map(|mut sql| {
            sql.push("END");
            sql
        })
    }

    /// Takes all records in.
    pub fn fill(&self) -> Sql {
        let mut sql = Sql::new("INSERT INTO ");
        sql.ident(&self.name).push(" (rowid, ");
        self.push_columns(&mut sql);
        sql.push(") SELECT \"_row\"");
        for indexed in &self.columns {
            sql.push(", ");
            indexed.push(None, &mut sql);
        }
        sql.push(" FROM ").ident(&self.of);
        sql
    }

    /// Gives the table the name of another index.
    pub fn rename(&self, other: &Self) -> Sql {
        let mut sql = Sql::new("ALTER TABLE ");
        sql.ident(&self.name).push(" RENAME TO ").ident(&other.name);
        sql
    }

    /// Drops the triggers alone.
    pub fn drop_triggers(&self) -> [Sql; 3] {
        ["insert", "update", "delete"].map(|what| {
            let mut sql = Sql::new("DROP TRIGGER IF EXISTS ");
            sql.ident(&format!("{}_{what}", self.name));
            sql
        })
    }

    /// Drops the table; its triggers go with the table of the records, or by
    /// [`Self::drop_triggers`].
    pub fn drop_table(&self) -> Sql {
        let mut sql = Sql::new("DROP TABLE ");
        sql.ident(&self.name);
        sql
    }

    fn trigger(&self, what: &str, on: &Sql) -> Sql {
        let mut sql = Sql::new("CREATE TRIGGER ");
        sql.ident(&format!("{}_{what}", self.name)).append_kept(on);
        sql.ident(&self.of).push(" FOR EACH ROW BEGIN\n");
        sql
    }

    fn push_delete(&self, row: &'static str, sql: &mut Sql) {
        sql.push("  DELETE FROM ").ident(&self.name);
        sql.push(" WHERE rowid = ").push(row).push(".\"_row\";\n");
    }

    fn push_insert(&self, sql: &mut Sql) {
        sql.push("  INSERT INTO ")
            .ident(&self.name)
            .push(" (rowid, ");
        self.push_columns(sql);
        sql.push(") VALUES (NEW.\"_row\"");
        for indexed in &self.columns {
            sql.push(", ");
            indexed.push(Some("NEW."), sql);
        }
        sql.push(");\n");
    }

    fn push_columns(&self, sql: &mut Sql) {
        sql.join(&self.columns, ", ", |sql, indexed| {
            sql.ident(&within(&indexed.column));
        });
    }
}

/// The table of the words of a collection's `table`. No name ends in `_`, so that none of the tables
/// which FTS5 puts beside its own, `.._data` and the like, is that of another collection.
pub fn words_table(table: &str) -> String {
    format!("_search_{table}_")
}

/// The table of the parts of the texts in one of its columns. No name has two `_` in a row, so that
/// it belongs to one column alone; what it ends in is as above.
pub fn parts_table(table: &str, column: &str) -> String {
    format!("_contains_{table}__{column}_")
}

/// What a column is called within an index of texts, where `rank` and `rowid` are taken.
pub fn within(column: &str) -> String {
    format!("_{column}")
}

/// Adds a text to what is looked for by `MATCH`, as a text and nothing else.
pub fn push_quoted(text: &str, query: &mut String) {
    query.push('"');
    query.push_str(&text.replace('"', "\"\""));
    query.push('"');
}
