//! The statements that make a collection's table, indexes and trigger.

use super::{
    collection::Collection,
    field::Field,
    index::{self, Planned, Rows},
    search::TextIndex,
};
use crate::db::Sql;

/// How much of a column is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parts {
    /// All of it.
    All,
    /// What cannot be changed in a table that is there: neither NOT NULL nor checks.
    Fixed,
}

impl Collection {
    /// `CREATE TABLE`, its indexes, the trigger that keeps `updated_at` and `version`, and what
    /// else triggers keep: join tables, and indexes of texts.
    pub fn ddl(&self) -> Vec<Sql> {
        let indexes = index::plan(self);
        std::iter::once(self.create_table(&self.name))
            .chain(indexes.iter().map(|index| self.create_index(index)))
            .chain([self.create_trigger()])
            .chain(self.fields.iter().flat_map(|field| self.join(field)))
            .chain(
                self.fields
                    .iter()
                    .flat_map(|field| self.join_triggers(field)),
            )
            .chain(self.text_indexes().iter().flat_map(TextIndex::create))
            .collect()
    }

    /// Under a name of its own while it is made anew; its constraints have their names already.
    pub(super) fn create_table(&self, table: &str) -> Sql {
        let mut sql = Sql::new("CREATE TABLE ");
        sql.ident(table).push(" (\n  \"_row\" INTEGER PRIMARY KEY");
        for field in self.columns().filter(|field| field.expression.is_none()) {
            sql.push(",\n  ");
            self.add_column(&mut sql, field, Parts::All);
        }
        if let Some(field) = self.deleted_at() {
            sql.push(",\n  ");
            self.add_column(&mut sql, field, Parts::All);
            // Shared by all that one deletion took along, so that they are restored together.
            sql.push(",\n  \"_deletion\" TEXT");
        }
        sql.push("\n) STRICT");
        sql
    }

    /// Writes a column as it stands in `CREATE TABLE`.
    pub(super) fn add_column(&self, sql: &mut Sql, field: &Field, parts: Parts) {
        let is_whole = parts == Parts::All;
        sql.ident(&field.column)
            .push(" ")
            .push(field.kind.column_type());
        // Whatever compares the column itself follows: its indexes, a sort, a shell's WHERE.
        if field.ignores_case() {
            sql.push(" COLLATE NOCASE");
        }
        let empty = field.kind.empty();
        if (field.required && is_whole) || !empty.is_null() {
            sql.push(" NOT NULL");
        }
        if !empty.is_null() {
            sql.push(" DEFAULT ").literal(&empty);
        }
        match (field.system, field.column.as_str()) {
            (true, "id") => drop(sql.push(" UNIQUE")),
            (true, "version") => drop(sql.push(" DEFAULT 1")),
            _ => {}
        }
        if let Some(default) = &field.default {
            sql.push(" DEFAULT ")
                .append(field.kind.default_sql(default));
        }
        for check in field.checks().into_iter().filter(|_| is_whole) {
            sql.push(" CONSTRAINT ")
                .ident(&self.check_name(&field.column, check.what))
                .push(" CHECK (")
                .append(check.condition)
                .push(")");
        }
        if let Some(target) = field.collection().filter(|_| !field.is_many()) {
            sql.push(" REFERENCES ").ident(target).push(" (\"id\")");
        }
    }

    /// The join table of a list of relations, and its index.
    pub(super) fn join(&self, field: &Field) -> Vec<Sql> {
        let (Some(join), Some(target)) = (field.join_table(&self.name), field.collection()) else {
            return Vec::new();
        };
        let mut table = Sql::new("CREATE TABLE ");
        table
            .ident(&join)
            .push(" (\n  \"owner_id\" TEXT NOT NULL REFERENCES ")
            .ident(&self.name)
            .push(" (\"id\") ON DELETE CASCADE,\n  \"target_id\" TEXT NOT NULL REFERENCES ")
            .ident(target)
            .push(
                " (\"id\"),\n  PRIMARY KEY (\"owner_id\", \"target_id\")\n) STRICT, WITHOUT ROWID",
            );
        vec![table, join_index(&join)]
    }

    /// The triggers that keep the pairs of a list. They stand in the file, so that whatever writes
    /// a list writes them, too, a shell included.
    pub(super) fn join_triggers(&self, field: &Field) -> Vec<Sql> {
        let Some(join) = field.join_table(&self.name) else {
            return Vec::new();
        };
        let [insert_name, update_name] = join_trigger_names(&join);
        let mut insert = join_trigger(&insert_name);
        insert
            .push(" AFTER INSERT ON ")
            .ident(&self.name)
            .push(" FOR EACH ROW BEGIN\n");
        push_pairs(&join, field, &mut insert);
        let mut update = join_trigger(&update_name);
        update
            .push(" AFTER UPDATE OF ")
            .ident(&field.column)
            .push(" ON ")
            .ident(&self.name)
            .push(" FOR EACH ROW BEGIN\n  DELETE FROM ")
            .ident(&join)
            .push(" WHERE \"owner_id\" = OLD.\"id\";\n");
        push_pairs(&join, field, &mut update);
        vec![insert, update]
    }

    /// Makes an index.
    pub(super) fn create_index(&self, index: &Planned) -> Sql {
        let head = if index.unique {
            "CREATE UNIQUE INDEX "
        } else {
            "CREATE INDEX "
        };
        let mut sql = Sql::new(head);
        sql.ident(&index.name)
            .push(" ON ")
            .ident(&self.name)
            .push(" (");
        sql.join(&index.columns, ", ", |sql, field| {
            sql.ident(&field.column);
            if field.descending {
                sql.push(" DESC");
            }
        });
        sql.push(")");
        let rows = match index.rows {
            Rows::All => None,
            Rows::Live => Some(Sql::new("\"deleted_at\" IS NULL")),
            Rows::Deleted => Some(Sql::new("\"deleted_at\" IS NOT NULL")),
        };
        let conditions: Vec<&Sql> = rows.iter().chain(&index.parts).collect();
        if !conditions.is_empty() {
            sql.push(" WHERE ")
                .join(conditions, " AND ", |sql, condition| {
                    sql.append_kept(condition);
                });
        }
        sql
    }

    /// Fires for statements that did not see to the version themselves, such as a shell's. The
    /// wall clock may stand behind the last change; `updated_at` then stays.
    pub(super) fn create_trigger(&self) -> Sql {
        let mut sql = Sql::new("CREATE TRIGGER ");
        sql.ident(&format!("{}_set_updated_at", self.name))
            .push(" AFTER UPDATE ON ")
            .ident(&self.name)
            .push(" FOR EACH ROW WHEN NEW.\"version\" IS OLD.\"version\" BEGIN\n  UPDATE ")
            .ident(&self.name)
            .push(
                " SET \"updated_at\" = max(OLD.\"updated_at\", \
                 strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), \"version\" = OLD.\"version\" + 1 \
                 WHERE \"_row\" = NEW.\"_row\";\nEND",
            );
        sql
    }
}

/// Finds the lists that a record is on.
pub(super) fn join_index(join: &str) -> Sql {
    let mut index = Sql::new("CREATE INDEX ");
    index
        .ident(&join_index_name(join))
        .push(" ON ")
        .ident(join)
        .push(" (\"target_id\", \"owner_id\")");
    index
}

/// What the index of a join table is called.
pub(super) fn join_index_name(join: &str) -> String {
    format!("{join}_target_id_idx")
}

/// What the triggers of a list are called.
pub(super) fn join_trigger_names(join: &str) -> [String; 2] {
    ["insert", "update"].map(|what| format!("{join}_{what}"))
}

fn join_trigger(name: &str) -> Sql {
    let mut sql = Sql::new("CREATE TRIGGER ");
    sql.ident(name);
    sql
}

/// The pairs of the new row, and the end of the trigger.
fn push_pairs(join: &str, field: &Field, sql: &mut Sql) {
    sql.push("  INSERT INTO ")
        .ident(join)
        .push(" (\"owner_id\", \"target_id\") SELECT NEW.\"id\", value FROM json_each(NEW.")
        .ident(&field.column)
        .push(");\nEND");
}
