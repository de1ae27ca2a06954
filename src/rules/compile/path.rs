//! Values: columns, what is behind relations, and what is made of them.

use super::{Compiler, Operand, Path, Root, Sql, Value, Verdict, push_live};
use crate::rules::condition::{Column, Condition, Hop, JsonType};

/// Along relations.
struct Way {
    /// The tables of what they lead to.
    tables: Sql,
    /// What the first of them must fulfil.
    conditions: Sql,
    /// What the record is called that they end at.
    last: String,
}

impl Way {
    /// ` FROM ... WHERE ...`
    fn into_sql(self) -> Sql {
        let mut sql = Sql::new(" FROM ");
        sql.append(self.tables);
        sql.push(" WHERE ").append(self.conditions);
        sql
    }
}

impl Compiler<'_> {
    /// A value as an expression.
    pub(super) fn operand(&mut self, operand: &Operand) -> Sql {
        match operand {
            Operand::Value(value) => bound(value.clone()),
            Operand::Path(path) => self.path(path),
            Operand::Json(path, keys, kind) => self.json_value(path, keys, *kind),
            Operand::JsonSize(path, keys) => self.json_size(path, keys),
            Operand::UserId => bound(self.user()),
            Operand::Now => bound(self.asker.now.clone()),
            Operand::Lower(of) => self.around("lower(", of, ")"),
            Operand::Length(of) => self.around("length(", of, ")"),
            Operand::Midnight(of) => self.around("(", of, " || 'T00:00:00.000Z')"),
            Operand::Part(part, of) => {
                let mut sql = Sql::default();
                sql.push("(CAST(strftime('").push(part.format).push("', ");
                sql.append(self.operand(of))
                    .push(") AS INTEGER) + ")
                    .bind(part.first);
                sql.push(")");
                sql
            }
            Operand::Count(records) => {
                let alias = self.alias();
                let mut sql = Sql::new("(SELECT count(*)");
                self.push_records(records, &alias, &mut sql);
                sql.push(")");
                sql
            }
        }
    }

    /// A value that is known without the database.
    pub(super) fn known(&self, operand: &Operand) -> Option<Value> {
        match operand {
            Operand::Value(value) => Some(value.clone()),
            Operand::UserId => Some(self.user()),
            Operand::Path(Path {
                root: Root::Record,
                hops,
                column: Column::Stored(name),
                ..
            }) if hops.is_empty() => {
                let mut known = self.names.known.iter();
                let found = known.find(|(column, _)| column == name);
                found.map(|(_, value)| value.clone())
            }
            _ => None,
        }
    }

    fn user(&self) -> Value {
        self.asker.user.map_or(Value::Null, Value::from)
    }

    fn around(&mut self, before: &'static str, of: &Operand, behind: &'static str) -> Sql {
        let mut sql = Sql::default();
        sql.push(before).append(self.operand(of)).push(behind);
        sql
    }

    /// `function(column, path)`.
    pub(super) fn json(&mut self, function: &'static str, path: &Path, keys: &[String]) -> Sql {
        let mut sql = Sql::default();
        sql.push(function).append(self.path(path)).push(", ");
        sql.bind(json_path(keys)).push(")");
        sql
    }

    fn json_value(&mut self, path: &Path, keys: &[String], kind: JsonType) -> Sql {
        if kind == JsonType::Any {
            return self.json("json_extract(", path, keys);
        }
        let mut sql = self.json_case(path, keys, kind);
        sql.push(" END");
        sql
    }

    /// A value for a comparison in which null is one: what a JSON field has of another type must
    /// not be taken for null there, and becomes a BLOB, which no value is equal to.
    pub(super) fn told_from_null(&mut self, operand: &Operand) -> Sql {
        let (path, keys, kind) = match operand {
            Operand::Json(path, keys, kind) if *kind != JsonType::Any => (path, keys, *kind),
            _ => return self.operand(operand),
        };
        let mut sql = self.json_case(path, keys, kind);
        sql.push(" ELSE iif(")
            .append(self.json("json_extract(", path, keys))
            .push(" IS NULL, NULL, x'') END");
        sql
    }

    /// `CASE ...` up to what becomes of other types.
    fn json_case(&mut self, path: &Path, keys: &[String], kind: JsonType) -> Sql {
        let mut sql = Sql::new("CASE ");
        sql.append(self.json("json_type(", path, keys));
        if kind == JsonType::Boolean {
            sql.push(" WHEN 'true' THEN 1 WHEN 'false' THEN 0");
            return sql;
        }
        let types: &[&str] = match kind {
            JsonType::Number => &[" WHEN 'integer' THEN ", " WHEN 'real' THEN "],
            _ => &[" WHEN 'text' THEN "],
        };
        for when in types {
            sql.push(when)
                .append(self.json("json_extract(", path, keys));
        }
        sql
    }

    fn json_size(&mut self, path: &Path, keys: &[String]) -> Sql {
        let mut sql = Sql::default();
        sql.push("CASE ")
            .append(self.json("json_type(", path, keys));
        sql.push(" WHEN 'array' THEN ")
            .append(self.json("json_array_length(", path, keys));
        sql.push(" WHEN 'text' THEN length(")
            .append(self.json("json_extract(", path, keys));
        sql.push(") END");
        sql
    }

    /// The value at the end of a path; NULL where a record on the way is absent or deleted.
    pub(super) fn path(&mut self, path: &Path) -> Sql {
        let Some(way) = self.way(path, path.hops.len()) else {
            return column(&self.root(path.root), &path.column);
        };
        let mut scalar = Sql::default();
        scalar
            .push("(SELECT ")
            .append(column(&way.last, &path.column));
        scalar.append(way.into_sql()).push(")");
        scalar
    }

    /// ` AND ...` what must hold for the fields on a path to be read.
    pub(super) fn push_guards(&mut self, path: &Path, sql: &mut Sql) {
        for (hops, guard) in &path.guards {
            match self.guard(path, *hops, guard) {
                Verdict::Always => {}
                verdict => {
                    sql.push(" AND ").append(verdict.into_sql());
                }
            }
        }
    }

    fn guard(&mut self, path: &Path, hops: usize, guard: &Condition) -> Verdict {
        let Some(way) = self.way(path, hops) else {
            let root = self.root(path.root);
            return self.of(guard, &root);
        };
        let verdict = self.of(guard, &way.last);
        if verdict == Verdict::Never {
            return verdict;
        }
        let mut sql = Sql::new("EXISTS (SELECT 1");
        sql.append(way.into_sql());
        if let Verdict::When(condition) = verdict {
            sql.push(" AND ").append(condition);
        }
        sql.push(")");
        Verdict::When(sql)
    }

    /// ` FROM ... WHERE`: the records called `alias` that point, by a column of theirs, at the
    /// record of a path, with the first of what they must fulfil behind it.
    ///
    /// One that is behind relations is joined, and no value of a subquery: SQLite would ask that
    /// anew of each record which an index of something else finds.
    pub(super) fn push_pointing(
        &mut self,
        of: &Path,
        by: &str,
        (table, alias): (&str, &str),
        sql: &mut Sql,
    ) {
        // Who asks is found once, whatever record is asked about.
        let hops = match of.root {
            Root::User => 0,
            _ => of.hops.len(),
        };
        let way = (hops > 0).then(|| self.way(of, hops)).flatten();
        sql.push(" FROM ");
        let (of, conditions) = match way {
            Some(way) => {
                sql.append(way.tables).push(" JOIN ");
                (column(&way.last, &of.column), Some(way.conditions))
            }
            None => (self.path(of), None),
        };
        sql.ident(table).push(" AS ").ident(alias).push(" WHERE ");
        sql.ident(alias).push(".").ident(by).push(" = ").append(of);
        if let Some(conditions) = conditions {
            sql.push(" AND ").append(conditions);
        }
    }

    /// The way along the first `hops` relations of a path; none where there is nothing to follow.
    fn way(&mut self, path: &Path, hops: usize) -> Option<Way> {
        let mut steps = path.hops.iter().take(hops);
        let mut tables = Sql::default();
        let mut last = self.alias();
        let mut conditions = Sql::default();
        if path.root == Root::User {
            tables.push("\"users\" AS ").ident(&last);
            conditions.ident(&last).push(".id = ").bind(self.user());
            conditions
                .push(" AND ")
                .ident(&last)
                .push(".deleted_at IS NULL");
        } else {
            let first = steps.next()?;
            let root = self.root(path.root);
            tables.ident(&first.target.name).push(" AS ").ident(&last);
            conditions.append(self.arrival(first, &root, &last));
        }
        for step in steps {
            let next = self.alias();
            tables
                .push(" JOIN ")
                .ident(&step.target.name)
                .push(" AS ")
                .ident(&next);
            tables.push(" ON ").append(self.arrival(step, &last, &next));
            last = next;
        }
        Some(Way {
            tables,
            conditions,
            last,
        })
    }

    /// What joins a record to the one that points at it.
    fn arrival(&mut self, hop: &Hop, from: &str, to: &str) -> Sql {
        let mut sql = Sql::default();
        sql.ident(to)
            .push(".id = ")
            .ident(from)
            .push(".")
            .ident(&hop.column);
        push_live(&mut sql, &hop.target, to);
        if let Some(sight) = &hop.sight {
            self.push_of(sight, to, &mut sql);
        }
        sql
    }

    /// What the record is called that a path begins at. A user's is found along the way.
    fn root(&self, root: Root) -> String {
        match root {
            Root::Record | Root::User => self.names.record.clone(),
            Root::Previous => self
                .names
                .previous
                .as_ref()
                .unwrap_or(&self.names.record)
                .clone(),
            Root::Item(i) => self.items.get(i).cloned().unwrap_or_default(),
        }
    }
}

/// A column of the record called `alias`. An expression is written for its table's own name.
fn column(alias: &str, column: &Column) -> Sql {
    let mut sql = Sql::default();
    match column {
        Column::Stored(name) => {
            sql.ident(alias).push(".").ident(name);
        }
        Column::Computed(table, expression) if table == alias => {
            sql.append_kept(expression);
        }
        Column::Computed(table, expression) => {
            sql.push("(SELECT ")
                .append_kept(expression)
                .push(" FROM ")
                .ident(table);
            sql.push(" WHERE ")
                .ident(table)
                .push(".id = ")
                .ident(alias)
                .push(".id)");
        }
    }
    sql
}

/// Where a value is in a JSON column. Keys are names, which need no escape.
pub(super) fn json_path(keys: &[String]) -> Value {
    let mut path = "$".to_owned();
    for key in keys {
        path.push_str(".\"");
        path.push_str(key);
        path.push('"');
    }
    path.into()
}

fn bound(value: Value) -> Sql {
    let mut sql = Sql::default();
    sql.bind(value);
    sql
}
