//! The statements that make a collection's table, indexes and trigger.

use super::{
    collection::Collection,
    field::Field,
    index::{self, Planned, Rows},
};
use crate::db::Sql;

impl Collection {
    /// `CREATE TABLE`, its indexes, and the trigger that keeps `updated_at` and `version`.
    pub fn ddl(&self) -> Vec<Sql> {
        let indexes = index::plan(self);
        std::iter::once(self.create_table())
            .chain(indexes.iter().map(|index| self.create_index(index)))
            .chain([self.create_trigger()])
            .chain(self.fields.iter().flat_map(|field| self.join(field)))
            .collect()
    }

    fn create_table(&self) -> Sql {
        let mut sql = Sql::new("CREATE TABLE ");
        sql.ident(&self.name)
            .push(" (\n  \"_row\" INTEGER PRIMARY KEY");
        for field in self.columns().filter(|field| field.expression.is_none()) {
            sql.push(",\n  ");
            self.add_column(&mut sql, field);
        }
        if let Some(field) = self.deleted_at() {
            sql.push(",\n  ");
            self.add_column(&mut sql, field);
            // Shared by all that one deletion took along, so that they are restored together.
            sql.push(",\n  \"_deletion\" TEXT");
        }
        sql.push("\n) STRICT");
        sql
    }

    fn add_column(&self, sql: &mut Sql, field: &Field) {
        sql.ident(&field.column)
            .push(" ")
            .push(field.kind.column_type());
        // Whatever compares the column itself follows: its indexes, a sort, a shell's WHERE.
        if field.ignores_case() {
            sql.push(" COLLATE NOCASE");
        }
        let empty = field.kind.empty();
        if field.required || !empty.is_null() {
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
        for check in field.checks() {
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

    /// The join table of a list of relations, its index, and the triggers that keep it. They stand
    /// in the file, so that whatever writes a list writes it there, too, a shell included.
    fn join(&self, field: &Field) -> Vec<Sql> {
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
        let mut index = Sql::new("CREATE INDEX ");
        index
            .ident(&format!("{join}_target_id_idx"))
            .push(" ON ")
            .ident(&join)
            .push(" (\"target_id\", \"owner_id\")");
        let mut insert = join_trigger(&join, "insert");
        insert
            .push(" AFTER INSERT ON ")
            .ident(&self.name)
            .push(" FOR EACH ROW BEGIN\n");
        push_pairs(&join, field, &mut insert);
        let mut update = join_trigger(&join, "update");
        update
            .push(" AFTER UPDATE OF ")
            .ident(&field.column)
            .push(" ON ")
            .ident(&self.name)
            .push(" FOR EACH ROW BEGIN\n  DELETE FROM ")
            .ident(&join)
            .push(" WHERE \"owner_id\" = OLD.\"id\";\n");
        push_pairs(&join, field, &mut update);
        vec![table, index, insert, update]
    }

    fn create_index(&self, index: &Planned) -> Sql {
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
        match index.rows {
            Rows::All => {}
            Rows::Live => drop(sql.push(" WHERE \"deleted_at\" IS NULL")),
            Rows::Deleted => drop(sql.push(" WHERE \"deleted_at\" IS NOT NULL")),
        }
        sql
    }

    /// Fires for statements that did not see to the version themselves, such as a shell's. The
    /// wall clock may stand behind the last change; `updated_at` then stays.
    fn create_trigger(&self) -> Sql {
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

fn join_trigger(join: &str, what: &str) -> Sql {
    let mut sql = Sql::new("CREATE TRIGGER ");
    sql.ident(&format!("{join}_{what}"));
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
