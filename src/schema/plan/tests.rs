//! A random walk of definitions keeps every value that it can keep.

use std::{collections::BTreeMap, sync::Arc};

use proptest::prelude::*;
use rusqlite::{Connection, params_from_iter};
use serde_json::{Value as Json, json, value::RawValue};

use super::{Change, Span, Weight};
use crate::{
    base::Id,
    db::Sql,
    schema::{Collection, Field, fields::Comparable},
};

/// One change of the field at a place, as far as there is one.
#[derive(Clone, Debug)]
enum Turn {
    Add(usize),
    Drop(usize),
    Rename(usize, usize),
    Convert(usize, usize),
    Limit(usize, &'static str, Json),
    Index(usize),
    Deletion(bool),
    /// Makes a list of relations of a field, or a field of a list.
    Link(usize, usize),
    /// Makes a filled list of a field, something else of that, and a list again.
    Round(usize, usize),
    /// Drops one whose name another takes.
    Take(usize, usize),
    /// Renames one, whose name a new one takes.
    Renew(usize, usize),
    /// Two in one change.
    Both(Box<[Self; 2]>),
    /// Puts the last records on every list.
    Fill(i64),
}

const NAMES: &[&str] = &["a", "b", "c", "d", "e"];

fn kinds() -> [Json; 10] {
    [
        json!({ "type": "text" }),
        json!({ "type": "text", "collation": "nocase" }),
        json!({ "type": "multiselect", "options": ["1", "true", "x", "-2.50"] }),
        json!({ "type": "multiselect", "options": ["x", "y", "1"] }),
        json!({ "type": "integer" }),
        json!({ "type": "decimal", "scale": 2 }),
        json!({ "type": "decimal", "scale": 1 }),
        json!({ "type": "boolean" }),
        json!({ "type": "json" }),
        json!({ "type": "select", "options": ["1", "true", "x", "-2.50"] }),
    ]
}

fn turn() -> impl Strategy<Value = Turn> {
    let place = 0..NAMES.len();
    let place2 = place.clone();
    let limits = prop_oneof![
        Just(("unique", json!(true))),
        Just(("unique", json!(false))),
        Just(("required", json!(true))),
        Just(("required", json!(false))),
        Just(("max", json!(3))),
        Just(("max", Json::Null)),
        Just(("default", json!("1"))),
        Just(("default", Json::Null)),
        Just(("searchable", json!(true))),
        Just(("searchable", json!(false))),
        Just(("containsIndex", json!(true))),
        Just(("containsIndex", json!(false))),
        Just(("collation", json!("nocase"))),
    ];
    let names = (place.clone(), place.clone());
    let names = prop_oneof![
        names.clone().prop_map(|(a, b)| Turn::Rename(a, b)),
        names.clone().prop_map(|(a, b)| Turn::Take(a, b)),
        names.prop_map(|(a, b)| Turn::Renew(a, b)),
    ];
    let others = prop_oneof![
        (place.clone(), 0..kinds().len()).prop_map(|(a, kind)| Turn::Convert(a, kind)),
        (place.clone(), limits).prop_map(|(a, (key, value))| Turn::Limit(a, key, value)),
        place.clone().prop_map(Turn::Index),
        any::<bool>().prop_map(Turn::Deletion),
    ];
    let both = (names.clone(), others.clone());
    prop_oneof![
        1 => place.clone().prop_map(Turn::Add),
        1 => place.prop_map(Turn::Drop),
        2 => names,
        4 => others,
        2 => both.prop_map(|(a, b)| Turn::Both(Box::new([a, b]))),
        1 => (place2, 0..kinds().len()).prop_map(|(a, kind)| Turn::Link(a, kind)),
        1 => (0..4_i64).prop_map(Turn::Fill),
        1 => (0..2_usize, 0..2_usize).prop_map(|(a, kind)| Turn::Round(a, kind)),
    ]
}

/// A file with the records of the walk, and what their values have to be, as the API shows them.
struct Walk {
    conn: Connection,
    collection: Arc<Collection>,
    records: Vec<BTreeMap<String, Json>>,
}

impl Walk {
    fn begin(values: &[Option<String>]) -> Self {
        let definition = json!({ "name": "things", "fields": [{ "name": "a", "type": "text" }] });
        let collection = Arc::new(read(&definition).unwrap());
        let conn = Connection::open_in_memory().unwrap();
        conn.pragma_update(None, "foreign_keys", false).unwrap();
        run(&conn, &collection.ddl());
        let mut records = Vec::new();
        for value in values {
            let insert = "INSERT INTO things (id, a, created_at, updated_at)
                          VALUES (?, ?, '2026-01-15T10:30:00.000Z', '2026-01-15T10:30:00.000Z')";
            conn.execute(insert, (Id::generate().to_string(), value))
                .unwrap();
            records.push(BTreeMap::from([("a".to_owned(), json!(value))]));
        }
        Self {
            conn,
            collection,
            records,
        }
    }

    /// Takes a turn, unless the definition is none or a record is in its way.
    fn take(&mut self, turn: &Turn) {
        if let Turn::Fill(count) = turn {
            return self.fill(*count);
        }
        if let Turn::Round(at, kind) = turn {
            let link = Turn::Link(*at, *kind);
            for turn in [&link, &Turn::Fill(2), &link, &link] {
                self.take(turn);
            }
            return;
        }
        let mut definition = self.collection.definition();
        let mut columns = BTreeMap::new();
        edit(&mut definition, turn, &mut columns);
        let Some(new) = read(&definition) else {
            return;
        };
        let (old, new) = (Arc::clone(&self.collection), Arc::new(new));
        let change = Change::alter(old, Arc::clone(&new), columns, BTreeMap::new());
        if self.is_obstructed(&change) {
            return;
        }
        run(&self.conn, &change.statements(Span { last: 250_000 }));
        for record in &mut self.records {
            *record = kept(&change, record);
        }
        self.collection = new;
    }

    fn fill(&mut self, count: i64) {
        let lists = self
            .collection
            .fields
            .iter()
            .filter(|field| field.is_many());
        for field in lists {
            let mut sql = Sql::new("UPDATE things SET ");
            sql.ident(&field.column).push(
                " = (SELECT json_group_array(id) FROM
                     (SELECT id FROM things ORDER BY _row DESC LIMIT ?))",
            );
            self.conn.execute(sql.text(), [count]).unwrap();
            let ids = "SELECT json_group_array(id) FROM
                         (SELECT id FROM things ORDER BY _row DESC LIMIT ?)";
            let ids = self
                .conn
                .query_row(ids, [count], |row| row.get::<_, String>(0));
            let ids: Json = serde_json::from_str(&ids.unwrap()).unwrap();
            for record in &mut self.records {
                record.insert(field.column.clone(), ids.clone());
            }
        }
    }

    /// The join table of a list holds what the list holds.
    fn check_pairs(&self, field: &Field) {
        let Some(join) = field.join_table("things") else {
            return;
        };
        let mut sql = Sql::new("SELECT owner_id || target_id FROM ");
        sql.ident(&join).push(" ORDER BY 1");
        let pairs = texts(&self.conn, sql.text());
        let mut sql = Sql::new("SELECT things.id || item.value FROM things, json_each(things.");
        sql.ident(&field.column).push(") AS item ORDER BY 1");
        assert_eq!(pairs, texts(&self.conn, sql.text()), "{join}");
    }

    fn is_obstructed(&self, change: &Change) -> bool {
        let questions = change.questions().into_iter();
        let mut obstacles = questions.filter(|one| one.weight == Weight::Obstacle);
        obstacles.any(|question| {
            let mut query = self.conn.prepare(question.rows().text()).unwrap();
            let args = params_from_iter(question.rows().args());
            let mut rows = query.query(args).unwrap();
            let mut found = false;
            while let Some(row) = rows.next().unwrap() {
                found |= question.refuses(row.get_ref(1).unwrap());
            }
            found
        })
    }

    /// What the file holds is what has to be there, in a table as a new file would have it.
    fn check(&self) {
        for field in &self.collection.fields {
            self.check_pairs(field);
            let mut sql = Sql::new("SELECT ");
            sql.append(field.sql()).push(" FROM things ORDER BY _row");
            let mut query = self.conn.prepare(sql.text()).unwrap();
            let mut rows = query.query([]).unwrap();
            for record in &self.records {
                let row = rows.next().unwrap().expect("a record for each");
                let mut out = Vec::new();
                field.write(row.get_ref(0).unwrap(), &mut out);
                let found: Json = serde_json::from_slice(&out).unwrap();
                assert_eq!(found, record[&field.column], "{}", field.column);
            }
        }
        let fresh = Connection::open_in_memory().unwrap();
        run(&fresh, &self.collection.ddl());
        assert_eq!(shape(&self.conn), shape(&fresh));
        self.check_texts();
        let whole = "SELECT * FROM pragma_integrity_check";
        let found = self
            .conn
            .query_row(whole, [], |row| row.get::<_, String>(0));
        assert_eq!(found.unwrap(), "ok");
    }
}

impl Walk {
    /// The indexes of texts find what new ones would.
    fn check_texts(&self) {
        for index in self.collection.text_indexes() {
            let all = |name: &str| {
                let sql = format!(
                    "CREATE VIRTUAL TABLE temp._terms USING fts5vocab(main, '{name}', 'instance')"
                );
                self.conn.execute_batch(&sql).unwrap();
                let sql = "SELECT term || ' ' || doc || ' ' || coalesce(col, '') FROM temp._terms ORDER BY 1";
                let mut query = self.conn.prepare(sql).unwrap();
                let rows = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
                let rows: Vec<String> = rows.map(Result::unwrap).collect();
                drop(query);
                self.conn.execute_batch("DROP TABLE temp._terms").unwrap();
                rows
            };
            let found = all(&index.name);
            self.conn.execute_batch("SAVEPOINT anew").unwrap();
            run(&self.conn, &index.drop_triggers());
            run(&self.conn, &[index.drop_table()]);
            run(&self.conn, &index.create());
            run(&self.conn, &[index.fill()]);
            assert_eq!(found, all(&index.name), "{}", index.name);
            self.conn
                .execute_batch("ROLLBACK TO anew; RELEASE anew")
                .unwrap();
        }
    }

    /// A change of every record, which the triggers have to follow.
    fn touch(&self) {
        for field in &self.collection.fields {
            let sql = format!(
                "UPDATE OR IGNORE things SET {0} = {0}, version = version + 1;
                 UPDATE OR IGNORE things SET _row = _row + 100000, version = version + 1
                   WHERE _row % 2 = 0 AND _row < 100000;
                 UPDATE OR IGNORE things SET _row = _row - 100000, version = version + 1
                   WHERE _row > 100000;",
                field.column
            );
            self.conn.execute_batch(&sql).unwrap();
        }
    }
}

fn read(definition: &Json) -> Option<Collection> {
    Collection::read(&raw(definition)).ok()
}

fn raw(value: &Json) -> Box<RawValue> {
    serde_json::from_str(&value.to_string()).unwrap()
}

fn run(conn: &Connection, statements: &[Sql]) {
    for sql in statements {
        let mut prepared = conn
            .prepare(sql.text())
            .unwrap_or_else(|error| panic!("{}: {error}", sql.text()));
        let done = prepared.execute(params_from_iter(sql.args()));
        done.unwrap_or_else(|error| panic!("{}: {error}", sql.text()));
    }
}

fn has(name: &str, fields: &[Json]) -> bool {
    fields.iter().any(|field| field["name"] == name)
}

/// Which fields there are, and what they are called.
fn name(definition: &mut Json, turn: &Turn, columns: &mut BTreeMap<String, String>) {
    let fields = definition["fields"].as_array_mut().unwrap();
    match turn {
        Turn::Add(at) if !has(NAMES[*at], fields) => {
            fields.push(json!({ "name": NAMES[*at], "type": "integer", "default": 7 }));
        }
        Turn::Drop(at) if fields.len() > 1 => fields.retain(|field| field["name"] != NAMES[*at]),
        Turn::Rename(from, to) if !has(NAMES[*to], fields) => {
            for field in fields
                .iter_mut()
                .filter(|field| field["name"] == NAMES[*from])
            {
                field["name"] = json!(NAMES[*to]);
                columns.insert(NAMES[*to].to_owned(), NAMES[*from].to_owned());
            }
        }
        Turn::Take(from, to) if from != to && has(NAMES[*from], fields) => {
            fields.retain(|field| field["name"] != NAMES[*to]);
            name(definition, &Turn::Rename(*from, *to), columns);
        }
        Turn::Renew(at, to) if has(NAMES[*at], fields) && !has(NAMES[*to], fields) => {
            name(definition, &Turn::Rename(*at, *to), columns);
            name(definition, &Turn::Add(*at), columns);
        }
        _ => {}
    }
}

fn edit(definition: &mut Json, turn: &Turn, columns: &mut BTreeMap<String, String>) {
    let fields = definition["fields"].as_array_mut().unwrap();
    match turn {
        Turn::Convert(at, kind) => {
            for field in fields
                .iter_mut()
                .filter(|field| field["name"] == NAMES[*at])
            {
                let mut kind = kinds()[*kind].clone();
                kind["name"] = field["name"].clone();
                *field = kind;
            }
        }
        Turn::Link(at, kind) => {
            let (name, list) = (NAMES[*at].to_owned(), format!("{}_ids", NAMES[*at]));
            let is_list = has(&list, fields);
            for field in fields.iter_mut() {
                if field["name"] == name && !is_list {
                    columns.insert(list.clone(), name.clone());
                    *field = json!({ "name": list, "type": "relations", "collection": "things" });
                } else if field["name"] == list {
                    columns.insert(name.clone(), list.clone());
                    *field = kinds()[*kind].clone();
                    field["name"] = json!(name);
                }
            }
        }
        Turn::Limit(at, key, value) => {
            for field in fields
                .iter_mut()
                .filter(|field| field["name"] == NAMES[*at])
            {
                field[*key] = value.clone();
            }
        }
        Turn::Index(at) => definition["indexes"] = json!([{ "fields": [NAMES[*at]] }]),
        Turn::Deletion(soft) => {
            definition["deletion"] = json!(if *soft { "soft" } else { "hard" });
        }
        Turn::Both(turns) => turns
            .iter()
            .for_each(|turn| edit(definition, turn, columns)),
        other => name(definition, other, columns),
    }
}

/// What a record has to hold after a change.
fn kept(change: &Change, record: &BTreeMap<String, Json>) -> BTreeMap<String, Json> {
    let fields = change.after().unwrap().fields.iter();
    let value = |field: &Field| match change.source(field) {
        None => field.json(&field.absent().unwrap_or(crate::db::Value::Null)),
        Some(was) => {
            let value = &record[&was.column];
            if change.converts(was, field) {
                converted(value, was, field)
            } else {
                value.clone()
            }
        }
    };
    fields
        .map(|field| (field.column.clone(), value(field)))
        .collect()
}

/// What the new field reads of what the API has shown of the old one.
fn converted(value: &Json, was: &Field, field: &Field) -> Json {
    let empty = field.json(&field.kind.empty());
    let is_list = |field: &Field| field.compared_as() == Comparable::Choices;
    let text = match value {
        Json::Null => return empty,
        Json::String(text) => text.clone(),
        Json::Array(items) if is_list(was) && !is_list(field) => match &items[..] {
            _ if field.kind.name() == "json" => return value.clone(),
            [] => return empty,
            [item] => item.as_str().unwrap().to_owned(),
            _ => value.to_string(),
        },
        other => other.to_string(),
    };
    let is_number = ["integer", "decimal"].contains(&was.kind.name());
    let form = match (was.kind.name(), field.kind.name()) {
        _ if is_list(field) => {
            let read = serde_json::from_str(&text).ok().filter(Json::is_array);
            read.unwrap_or_else(|| json!([text]))
        }
        (_, "json") => value.clone(),
        ("boolean", "integer" | "decimal") => json!(i64::from(text == "true")),
        (_, "boolean") if is_number => match text.parse::<f64>() {
            Ok(number) if number == 0.0 || number == 1.0 => json!(number == 1.0),
            _ => Json::Null,
        },
        (_, "boolean") if text == "true" || text == "false" => json!(text == "true"),
        _ => json!(text),
    };
    let read = field.read(&raw(&form)).ok();
    read.map_or(empty, |value| field.json(&value))
}

/// Columns, indexes and triggers, without the text of the table.
fn shape(conn: &Connection) -> Vec<String> {
    let sql = "SELECT type || name || iif(type = 'table', '', sql) FROM sqlite_schema
                 WHERE sql IS NOT NULL
               UNION ALL
               SELECT name || type || \"notnull\" || coalesce(dflt_value, '')
                 FROM pragma_table_xinfo('things') ORDER BY 1";
    texts(conn, sql)
}

fn texts(conn: &Connection, sql: &str) -> Vec<String> {
    let mut query = conn.prepare(sql).unwrap();
    let rows = query.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn values() -> impl Strategy<Value = Vec<Option<String>>> {
    let value = prop_oneof![
        "-?[0-9]{1,4}",
        "-?[0-9]{1,3}\\.[0-9]{1,3}",
        "[a-z]{0,4}",
        Just("true".to_owned()),
        Just("[\"x\",\"1\"]".to_owned())
    ];
    proptest::collection::vec(proptest::option::of(value), 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_walk_of_definitions_keeps_what_it_can(
        values in values(),
        turns in proptest::collection::vec(turn(), 1..14),
    ) {
        let mut walk = Walk::begin(&values);
        for turn in &turns {
            walk.take(turn);
            walk.check();
            walk.touch();
            walk.check_texts();
        }
    }
}
