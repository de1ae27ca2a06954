//! What the language says, by tables and by properties.

mod cel;
mod explained;
mod faults;
mod limits;
mod operators;
mod paths;
mod random;
mod words;

use rusqlite::{Connection, params_from_iter};
use serde_json::{Value as Json, json};

use super::{Asker, Book, Checked, Fault, Names, Purpose, Verdict, check, fails, holds};
use crate::{
    db::{Sql, Value},
    schema::{Collection, Field, Schema, fields},
};

pub const AT: &str = "2026-01-15T10:30:00.000Z";

/// Collections of a small site, with rules: `{ "posts": { "view": "done" }, "posts.title": "done" }`.
pub fn schema_with(rules: &Json) -> Schema {
    let text = |name: &str| json!({ "name": name, "type": "text" });
    let to = |name: &str, target: &str| json!({ "name": name, "type": "relation", "collection": target });
    let definitions = [
        (
            "users",
            json!([text("name"), text("email"), to("team_id", "teams")]),
        ),
        (
            "teams",
            json!([
                text("name"),
                to("lead_id", "users"),
                to("parent_id", "teams")
            ]),
        ),
        (
            "posts",
            json!([
                text("title"),
            text("other"),
                { "name": "status", "type": "select", "options": ["draft", "live"] },
                { "name": "total", "type": "decimal", "scale": 2 },
                { "name": "count_of", "type": "integer" },
                { "name": "score", "type": "number" },
                { "name": "done", "type": "boolean" },
                { "name": "starts", "type": "datetime" },
                { "name": "day", "type": "date" },
                { "name": "meta", "type": "json" },
                { "name": "colors", "type": "multiselect", "options": ["red", "green", "blue"] },
                { "name": "sizes", "type": "multiselect", "options": ["s", "m"] },
                to("author_id", "users"),
                to("editor_id", "users"),
            ]),
        ),
        (
            "comments",
            json!([
                text("body"),
                { "name": "done", "type": "boolean" },
                to("post_id", "posts"),
                to("author_id", "users"),
            ]),
        ),
    ];
    let collections = definitions.into_iter().map(|(name, mut fields)| {
        for field in fields.as_array_mut().unwrap() {
            let place = format!("{name}.{}", field["name"].as_str().unwrap());
            if let Some(rule) = rules.get(&place) {
                field["readRule"] = rule.clone();
            }
        }
        let deletion = if name == "teams" { "hard" } else { "soft" };
        let rules = rules.get(name).cloned().unwrap_or_default();
        let definition =
            json!({ "name": name, "deletion": deletion, "fields": fields, "rules": rules });
        with_computed(Collection::from_stored(&definition.to_string(), 1).unwrap())
    });
    Schema::new(collections.collect())
}

fn with_computed(collection: Collection) -> Collection {
    if collection.name != "users" {
        return collection;
    }
    collection.with_computed(vec![
        Field::computed("verified", &fields::Boolean, "(\"users\".\"version\" > 1)"),
        Field::computed(
            "roles",
            &fields::Json,
            "(SELECT json_array(\"users\".\"name\"))",
        ),
    ])
}

/// The id of a record in [`Site`], by a letter of its collection and a number.
pub fn id(letter: char, number: usize) -> String {
    format!("01J{letter}{number:022}")
}

/// The collections with some records, and who asks.
pub struct Site {
    pub schema: Schema,
    pub conn: Connection,
    pub user: Option<String>,
    pub roles: Vec<String>,
    pub permissions: Vec<&'static str>,
}

impl Site {
    pub fn new() -> Self {
        Self::with_rules(&json!({}))
    }

    pub fn with_rules(rules: &Json) -> Self {
        let schema = schema_with(rules);
        let conn = Connection::open_in_memory().unwrap();
        conn.pragma_update(None, "foreign_keys", false).unwrap();
        for statement in schema.iter().flat_map(|collection| collection.ddl()) {
            conn.execute(statement.text(), []).unwrap();
        }
        Self {
            schema,
            conn,
            user: Some(id('A', 1)),
            roles: vec!["editor".to_owned()],
            permissions: vec!["posts:write"],
        }
    }

    pub fn guest(mut self) -> Self {
        self.user = None;
        self
    }

    /// Adds a record with these columns. Its id is that of the letter and the number.
    #[must_use]
    pub fn add(self, table: &str, letter: char, number: usize, columns: &Json) -> Self {
        let mut names = Sql::new("INSERT INTO ");
        names.ident(table).push(" (id, created_at, updated_at");
        let mut values = Sql::new(") VALUES (");
        values
            .bind(id(letter, number))
            .push(", ")
            .bind(AT)
            .push(", ")
            .bind(AT);
        for (column, value) in columns.as_object().unwrap() {
            names.push(", ").ident(column);
            values.push(", ").bind(match value {
                Json::Null => Value::Null,
                Json::Bool(value) => Value::Integer(i64::from(*value)),
                Json::Number(number) => match number.as_i64() {
                    Some(number) => Value::Integer(number),
                    None => Value::Real(number.as_f64().unwrap()),
                },
                Json::String(text) => text.as_str().into(),
                other => other.to_string().into(),
            });
        }
        names.append(values).push(")");
        self.conn
            .execute(names.text(), params_from_iter(names.args()))
            .unwrap();
        self
    }

    pub fn check(&self, table: &str, source: &str, purpose: Purpose<'_>) -> Result<Checked, Fault> {
        check(
            source,
            &self.schema,
            self.schema.by_name(table).unwrap(),
            purpose,
        )
    }

    pub fn rule(&self, table: &str, source: &str) -> Checked {
        let checked = self.check(table, source, Purpose::Change);
        checked.unwrap_or_else(|fault| panic!("{source}: {fault}"))
    }

    pub fn asked<T>(&self, ask: impl FnOnce(&Asker<'_>) -> T) -> T {
        let now = Value::from(AT);
        ask(&Asker {
            user: self.user.as_deref(),
            roles: &self.roles,
            can: &|permission| self.permissions.contains(&permission),
            now: &now,
        })
    }

    /// For which records of a table the expression is true, and for which it is false.
    pub fn verdicts(&self, table: &str, checked: &Checked) -> [Verdict; 2] {
        let names = Names::table(table);
        self.asked(|asker| {
            let condition = &checked.condition;
            [
                holds(condition, asker, &names),
                fails(condition, asker, &names),
            ]
        })
    }

    /// What an expression is for each record of a table, in the order of their ids: `+` true,
    /// `-` false, `?` unknown.
    pub fn answers(&self, table: &str, checked: &Checked) -> String {
        let [holds, fails] = self.verdicts(table, checked);
        let mut sql = Sql::new("SELECT CASE WHEN ");
        sql.append(holds.into_sql()).push(" THEN '+' WHEN ");
        sql.append(fails.into_sql())
            .push(" THEN '-' ELSE '?' END FROM ");
        sql.ident(table).push(" ORDER BY ").ident(table).push(".id");
        let mut query = self.conn.prepare(sql.text()).unwrap();
        let rows = query.query_map(params_from_iter(sql.args()), |row| row.get::<_, String>(0));
        rows.unwrap().map(Result::unwrap).collect()
    }

    /// The same of a rule by its text.
    pub fn says(&self, table: &str, source: &str) -> String {
        self.answers(table, &self.rule(table, source))
    }

    /// The same of a filter, of those who may read what the rules of the schema say.
    pub fn filters(&self, table: &str, source: &str) -> String {
        let book = Book::of_schema(&self.schema);
        let checked = self.check(table, source, Purpose::Filter(&book));
        self.answers(
            table,
            &checked.unwrap_or_else(|fault| panic!("{source}: {fault}")),
        )
    }
}
