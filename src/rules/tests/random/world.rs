//! Random collections with random records, and those who ask for them.

use std::collections::BTreeMap;

use rusqlite::{Connection, params_from_iter};
use serde_json::{Value as Json, json};

use super::{
    expr::Cond,
    tape::Tape,
    value::{Type, Value},
};
use crate::{
    base::Instant,
    db::Sql,
    schema::{Collection, Field, Schema, fields, names},
};

pub const AT: &str = "2026-01-15T10:30:00.000Z";

const KINDS: &[&str] = &[
    "text",
    "integer",
    "boolean",
    "decimal",
    "json",
    "select",
    "datetime",
    "date",
    "number",
    "email",
    "url",
    "nocase",
    "multiselect",
];

pub const TEXTS: &[&str] = &[
    "red",
    "Red",
    "",
    "re",
    "green",
    "r\u{e9}d",
    "a'b\"c\\",
    "\u{1f600}x",
    "100%_",
    "red\ngreen",
    "z@A[",
    "@",
];
pub const OPTIONS: &[&str] = &["red", "green", "Blue"];
const EMAILS: &[&str] = &["ann@example.org", "Bob@example.org"];
const URLS: &[&str] = &["https://example.org/", "http://example.org/red?a=b"];
pub const INTEGERS: &[&str] = &[
    "1",
    "0",
    "-1",
    "2",
    "3",
    "9223372036854775807",
    "-9223372036854775808",
];
pub const DECIMALS: &[&str] = &["1.50", "0.00", "-0.01", "1.00", "99.90"];
pub const REALS: &[&str] = &["0.5", "-1.25", "2.0", "1e300", "0.1"];
pub const INSTANTS: &[&str] = &[
    AT,
    "2026-01-15T00:00:00.000Z",
    "2024-02-29T23:59:59.999Z",
    "0000-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z",
];
pub const DAYS: &[&str] = &["2026-01-15", "2024-02-29", "2026-01-16"];
const JSONS: &[&str] = &[
    r#"{"a":1,"b":"red","c":true,"d":null,"e":{"a":2.5}}"#,
    r#"{"a":["red",1,true,null,"1",{"a":"red"}],"b":1,"c":0}"#,
    r#"{"a":"1","b":{"a":"red"},"c":"true","e":{"a":"2026-01-15"}}"#,
    r#"["red","green",2.5]"#,
    r#""red""#,
    "true",
    "2.5",
    "{}",
    r#"{"a":false,"b":"r\u00e9d","c":1,"e":{"a":[]}}"#,
];
pub const ROLES: &[&str] = &["red", "editor"];
pub const PERMISSIONS: &[&str] = &[
    "posts:write",
    "users:bypass",
    "posts:bypass",
    "teams:read",
    "users:read",
];

/// A field as the API knows it.
pub struct Column {
    pub name: String,
    pub of: Type,
    /// The name of its type in a definition, or of what it is instead.
    pub kind: &'static str,
    /// The table that it points at.
    pub target: Option<usize>,
    /// The table that it is a list of relations to.
    pub list: Option<usize>,
    /// What must hold for it to be read.
    pub rule: Option<Cond>,
}

impl Column {
    /// The table that it points at, once or often.
    fn leads_to(&self) -> Option<usize> {
        self.target.or(self.list)
    }

    /// `author` for `authorId`.
    pub fn short(&self) -> String {
        self.name
            .strip_suffix("Id")
            .unwrap_or(&self.name)
            .to_owned()
    }
}

pub struct Table {
    pub name: &'static str,
    pub soft: bool,
    pub columns: Vec<Column>,
    pub view: Option<Cond>,
    pub records: Vec<Record>,
}

#[derive(Clone, Debug)]
pub struct Record {
    pub deleted: bool,
    pub values: BTreeMap<String, Value>,
}

impl Record {
    pub fn id(&self) -> &str {
        self.values["id"].text().unwrap()
    }
}

/// Who asks.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The place of the account among the users; none for a guest.
    pub user: Option<usize>,
    pub roles: Vec<String>,
    pub permissions: Vec<String>,
    pub now: Instant,
}

pub struct World {
    pub tables: Vec<Table>,
}

impl World {
    pub fn make(tape: &mut Tape) -> Self {
        let names = ["users", "posts", "teams"];
        let count = 2 + tape.below(2);
        let mut tables: Vec<_> = names[..count]
            .iter()
            .map(|name| table(tape, name, count))
            .collect();
        for i in 0..count {
            let rows = tape.below(4) + 1;
            tables[i].records = (0..rows).map(|row| record(tape, &tables, i, row)).collect();
        }
        Self { tables }
    }

    pub fn caller(&self, tape: &mut Tape) -> Caller {
        let live = |i: &usize| !self.tables[0].records[*i].deleted;
        let users: Vec<_> = (0..self.tables[0].records.len()).filter(live).collect();
        let user = (!users.is_empty() && !tape.once_in(4)).then(|| *tape.pick(&users));
        let mut some = |items: &[&str]| -> Vec<String> {
            let chosen = items.iter().filter(|_| user.is_some() && tape.once_in(2));
            chosen.map(|item| (*item).to_owned()).collect()
        };
        let (roles, permissions) = (some(ROLES), some(PERMISSIONS));
        let now = Instant::parse(tape.word(INSTANTS)).unwrap();
        Caller {
            user,
            roles,
            permissions,
            now,
        }
    }

    /// Lists of a table: the name of what is on one, where it leads, and the field.
    pub fn lists(&self, table: usize) -> Vec<(String, usize, String)> {
        let columns = self.tables[table].columns.iter();
        let lists = columns.filter_map(|column| Some((column, column.list?)));
        lists
            .map(|(column, to)| {
                let behind = names::behind(&names::snake(&column.name)).unwrap();
                (names::camel(&behind), to, column.name.clone())
            })
            .collect()
    }

    /// Relations that point at a table: the name of the way back, and where it leads.
    pub fn ways_back(&self, target: usize) -> Vec<(String, usize, String)> {
        let mut ways = Vec::new();
        for (i, table) in self.tables.iter().enumerate() {
            let pointing: Vec<_> = table
                .columns
                .iter()
                .filter(|c| c.target == Some(target))
                .collect();
            for column in &pointing {
                let mut short = column.short();
                short[..1].make_ascii_uppercase();
                ways.push((format!("{}Via{short}", table.name), i, column.name.clone()));
            }
            if let [only] = pointing[..] {
                ways.push((table.name.to_owned(), i, only.name.clone()));
            }
        }
        ways
    }

    pub fn schema(&self) -> Schema {
        Schema::new(
            self.tables
                .iter()
                .map(|table| self.collection(table))
                .collect(),
        )
    }

    fn collection(&self, table: &Table) -> Collection {
        let written = table
            .columns
            .iter()
            .filter(|column| KINDS.contains(&column.kind) || column.leads_to().is_some());
        let fields: Vec<_> = written.map(|column| self.definition(column)).collect();
        let mut definition = json!({
            "name": table.name,
            "deletion": if table.soft { "soft" } else { "hard" },
            "fields": fields,
        });
        if let Some(view) = &table.view {
            definition["rules"] = json!({ "view": view.to_string() });
        }
        let collection = Collection::from_stored(&definition.to_string(), 1).unwrap();
        if table.name != "users" {
            return collection;
        }
        let verified = "(\"users\".\"version\" > 1)";
        let roles = "(SELECT json_group_array(role) FROM (SELECT role FROM _user_roles \
                     WHERE user_id = \"users\".\"id\" ORDER BY role))";
        collection.with_computed(vec![
            Field::computed("verified", &fields::Boolean, verified),
            Field::computed("roles", &fields::Json, roles),
        ])
    }

    fn definition(&self, column: &Column) -> Json {
        let mut field = json!({ "name": names::snake(&column.name), "type": column.kind });
        match column.kind {
            "nocase" => {
                field["type"] = json!("text");
                field["collation"] = json!("nocase");
            }
            "select" | "multiselect" => field["options"] = json!(OPTIONS),
            "decimal" => field["scale"] = json!(2),
            "relation" | "relations" => {
                field["collection"] = json!(self.tables[column.leads_to().unwrap()].name);
            }
            _ => {}
        }
        if let Some(rule) = &column.rule {
            field["readRule"] = json!(rule.to_string());
        }
        field
    }

    pub fn file(&self) -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("PRAGMA foreign_keys = OFF; CREATE TABLE _user_roles (user_id, role)")
            .unwrap();
        let schema = self.schema();
        for table in &self.tables {
            let collection = schema.by_name(table.name).unwrap();
            for statement in collection.ddl() {
                conn.execute(statement.text(), []).unwrap();
            }
            for record in &table.records {
                insert(&conn, collection, record);
            }
        }
        conn
    }
}

fn insert(conn: &Connection, collection: &Collection, record: &Record) {
    let stored = collection
        .columns()
        .filter(|field| field.expression.is_none());
    let mut sql = Sql::new("INSERT INTO ");
    sql.ident(&collection.name).push(" (");
    let mut values = Sql::default();
    for field in stored {
        sql.ident(&field.column).push(", ");
        values.bind(record.values[&field.name].stored()).push(", ");
    }
    let deleted_at = collection.is_soft().then_some(record.deleted.then_some(AT));
    match deleted_at {
        Some(at) => sql.push("deleted_at) VALUES (").append(values).bind(at),
        None => sql.push("_row) VALUES (").append(values).push("NULL"),
    };
    sql.push(")");
    conn.execute(sql.text(), params_from_iter(sql.args()))
        .unwrap();
    if let Some(Value::Json(Json::Array(roles))) = record.values.get("roles") {
        for role in roles {
            conn.execute(
                "INSERT INTO _user_roles VALUES (?, ?)",
                [record.id(), role.as_str().unwrap()],
            )
            .unwrap();
        }
    }
}

fn table(tape: &mut Tape, name: &'static str, count: usize) -> Table {
    let plain = |name: String, kind: &'static str| Column {
        name,
        of: type_of(kind),
        kind,
        target: None,
        list: None,
        rule: None,
    };
    let mut columns = vec![
        plain("id".to_owned(), "id"),
        plain("createdAt".to_owned(), "instant"),
        plain("version".to_owned(), "version"),
        plain("updatedAt".to_owned(), "instant"),
    ];
    if name == "users" {
        columns.push(plain("verified".to_owned(), "verified"));
        columns.push(plain("roles".to_owned(), "roles"));
    }
    let letters = ["A", "B", "C", "D", "E"];
    for letter in &letters[..2 + tape.below(4)] {
        let kind = tape.word(KINDS);
        columns.push(plain(format!("{kind}{letter}"), kind));
    }
    for letter in &letters[..tape.below(3)] {
        let target = Some(tape.below(count));
        columns.push(Column {
            target,
            ..plain(format!("the{letter}Id"), "relation")
        });
    }
    for letter in &letters[..tape.below(3)] {
        let list = Some(tape.below(count));
        columns.push(Column {
            list,
            ..plain(format!("some{letter}Ids"), "relations")
        });
    }
    Table {
        name,
        soft: name == "users" || !tape.once_in(3),
        columns,
        view: None,
        records: Vec::new(),
    }
}

fn type_of(kind: &str) -> Type {
    match kind {
        "integer" | "version" => Type::Exact(0),
        "decimal" => Type::Exact(2),
        "number" => Type::Real,
        "boolean" | "verified" => Type::Boolean,
        "datetime" | "instant" => Type::Instant,
        "date" => Type::Day,
        "json" | "roles" => Type::Json,
        "multiselect" | "relations" => Type::Choices,
        _ => Type::Text,
    }
}

fn id(table: usize, row: usize) -> String {
    format!("01J{table}{row:022}")
}

fn record(tape: &mut Tape, tables: &[Table], table: usize, row: usize) -> Record {
    let mut values = BTreeMap::new();
    for column in &tables[table].columns {
        let value = match column.kind {
            "id" => Value::Text(id(table, row)),
            // One more than there are: it points at nothing.
            "relation" if !tape.once_in(4) => {
                Value::Text(id(column.target.unwrap(), tape.below(5)))
            }
            "relations" => {
                let ids = (0..5).filter(|_| tape.once_in(2));
                Value::Choices(ids.map(|row| id(column.list.unwrap(), row)).collect())
            }
            "version" => Value::number(["1", "2"][tape.below(2)]),
            "instant" => Value::Instant(Instant::parse(tape.word(INSTANTS)).unwrap()),
            "roles" => {
                let roles: Vec<_> = ROLES.iter().rev().filter(|_| tape.once_in(2)).collect();
                Value::Json(json!(roles))
            }
            "verified" => Value::Null,
            _ if tape.once_in(4) => Value::Null,
            kind => any(tape, kind),
        };
        values.insert(column.name.clone(), value);
    }
    if values.contains_key("verified") {
        let verified = matches!(values["version"], Value::Exact(2, _));
        values.insert("verified".to_owned(), Value::Boolean(verified));
    }
    if let Some(Value::Json(Json::Array(roles))) = values.get_mut("roles") {
        roles.sort_by_key(|role| role.as_str().map(str::to_owned));
    }
    let deleted = tables[table].soft && tape.once_in(4);
    Record { deleted, values }
}

fn any(tape: &mut Tape, kind: &str) -> Value {
    match kind {
        "text" => Value::Text(tape.word(TEXTS).to_owned()),
        "nocase" => Value::NoCase(tape.word(TEXTS).to_owned()),
        "select" => Value::Text(tape.word(OPTIONS).to_owned()),
        "multiselect" => {
            let chosen = OPTIONS.iter().filter(|_| tape.once_in(2));
            Value::Choices(chosen.map(|option| (*option).to_owned()).collect())
        }
        "email" => Value::Text(tape.word(EMAILS).to_owned()),
        "url" => Value::Text(tape.word(URLS).to_owned()),
        "integer" => Value::number(tape.word(INTEGERS)),
        "decimal" => Value::number(tape.word(DECIMALS)),
        "number" => Value::Real(tape.word(REALS).parse().unwrap()),
        "boolean" => Value::Boolean(tape.below(2) == 0),
        "datetime" => Value::Instant(Instant::parse(tape.word(INSTANTS)).unwrap()),
        "date" => Value::Day(tape.word(DAYS).to_owned()),
        "json" => Value::Json(serde_json::from_str(tape.word(JSONS)).unwrap()),
        _ => Value::Null,
    }
}
