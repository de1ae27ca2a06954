//! Pages by cursor: each is consecutive stretches of an index, so that it takes as long deep down
//! as at the beginning, whatever is equal or null on the way.

use rusqlite::{Connection, StatementStatus, config::DbConfig, params_from_iter};
use serde_json::json;

use super::allowed;
use crate::{
    access::Action,
    db::{Sql, Value},
    engine::{Definitions, ListQuery, list::statements_behind, order, page},
    schema::{Collection, Schema},
};

/// Written straight into the table, since through the engine they would take minutes.
const ROWS: i64 = 100_000;

/// Orders that an index has, and conditions that leave it so.
const ORDERS: &[&[(&str, &str)]] = &[
    &[],
    &[("sort", "createdAt")],
    &[("sort", "id")],
    &[("sort", "kind,-rank,name")],
    &[("sort", "-kind,rank,-name")],
    &[("sort", "weight")],
    &[("sort", "-weight")],
    &[("ownerId", "01A00000000000000000000003")],
    &[("filter", "weight != 1.5")],
    &[("kind", "b"), ("sort", "-rank,name")],
];

/// Orders that an index has in part, or not at all.
const OTHERS: &[&[(&str, &str)]] = &[
    &[("sort", "kind,-rank")],
    &[("sort", "free,-kind,rank")],
    &[("trashed", "with"), ("sort", "-deletedAt,rank")],
    &[("trashed", "only"), ("sort", "deletedAt")],
];

/// Things with ties over three keys, and nulls in each of them.
fn definitions(deletion: &str) -> Definitions {
    let owners = json!({ "name": "owners", "fields": [{ "name": "name", "type": "text" }] });
    let things = json!({
        "name": "things",
        "deletion": deletion,
        "fields": [
            { "name": "kind", "type": "text" },
            { "name": "rank", "type": "integer" },
            { "name": "name", "type": "text" },
            { "name": "weight", "type": "number" },
            { "name": "free", "type": "integer" },
            { "name": "owner_id", "type": "relation", "collection": "owners" },
        ],
        "indexes": [{ "fields": ["kind", "-rank", "name"] }, { "fields": ["weight"] }],
    });
    let read = |one: serde_json::Value| Collection::from_stored(&one.to_string(), 1).unwrap();
    Definitions::of(Schema::new([owners, things].map(read).into()))
}

fn file(definitions: &Definitions, rows: i64) -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    // As the readers of a server have it: a plan hangs on no parameter.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .unwrap();
    for name in ["owners", "things"] {
        for statement in definitions.schema.by_name(name).unwrap().ddl() {
            conn.execute_batch(statement.text()).unwrap();
        }
    }
    let at = "strftime('%Y-%m-%dT%H:%M:%fZ', 1767225600 + i / 3, 'unixepoch')";
    conn.execute_batch(&format!(
        "INSERT INTO owners (id, created_at, updated_at)
           SELECT printf('01A%023d', value), '', '' FROM json_each('[0, 1, 2, 3, 4]');
         WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {rows} - 1)
         INSERT INTO things
           (id, kind, rank, name, weight, free, owner_id, created_at, updated_at)
         SELECT printf('01P%023d', i * 7919 % {rows}), nullif(substr('_abc', 1 + i % 4, 1), '_'),
           nullif(i * 13 % 50, 0), nullif('name ' || i * 7 % 40, 'name 0'),
           nullif(i * 31 % 1000, 0) / 10.0, i * 17 % 1000,
           printf('01A%023d', i % 5), {at}, {at} FROM n"
    ))
    .unwrap();
    conn
}

/// The statements of a page of 20.
fn page_of(
    definitions: &Definitions,
    asked: &[(&str, &str)],
    behind: Option<&[Value]>,
) -> Vec<Sql> {
    let things = definitions.schema.by_name("things").unwrap();
    let rows = allowed("things", Action::List);
    let asked = asked.iter().copied().chain([("cursor", "")]);
    let query = ListQuery::parse(definitions, things, &rows, asked).unwrap();
    statements_behind(things, &rows, &query, u64::MAX, behind, &Value::Null)
}

/// The values that record number `offset` of a list is sorted by.
fn position(
    definitions: &Definitions,
    conn: &Connection,
    asked: &[(&str, &str)],
    offset: i64,
) -> Vec<Value> {
    let things = definitions.schema.by_name("things").unwrap();
    let rows = allowed("things", Action::List);
    let query = ListQuery::parse(definitions, things, &rows, asked.iter().copied()).unwrap();
    let columns = things.columns().chain(things.deleted_at());
    let columns = columns.map(|field| &*field.column);
    let columns: Vec<&str> = columns.collect();
    let [select] = &page_of(definitions, asked, None)[..] else {
        panic!("a first page is one statement");
    };
    let (text, _) = select.text().rsplit_once("LIMIT").unwrap();
    let mut args = select.args().to_vec();
    *args.last_mut().unwrap() = Value::Integer(offset);
    let mut statement = conn.prepare(&format!("{text} LIMIT 1 OFFSET ?")).unwrap();
    let keys = query.sort.iter().map(|(field, _)| {
        let at = columns.iter().position(|column| *column == field.column);
        at.unwrap()
    });
    let keys: Vec<usize> = keys.collect();
    let read = |row: &rusqlite::Row<'_>| {
        let values = keys.iter().map(|at| {
            Value::from_row(row.get_ref(*at)?).map_err(|_| rusqlite::Error::InvalidQuery)
        });
        values.collect()
    };
    statement.query_row(params_from_iter(&args), read).unwrap()
}

/// The ids on a page, one record more where there is one, and how many steps of SQLite's machine
/// it takes to read them as the engine does.
fn read(conn: &Connection, selects: &[Sql]) -> (Vec<String>, i32) {
    let (mut ids, mut steps) = (Vec::new(), 0);
    for select in selects {
        if ids.len() > 20 {
            break;
        }
        let mut query = conn.prepare(select.text()).unwrap();
        let mut rows = query.query(params_from_iter(select.args())).unwrap();
        while ids.len() <= 20
            && let Some(row) = rows.next().unwrap()
        {
            ids.push(row.get(0).unwrap());
        }
        drop(rows);
        steps += query.get_status(StatementStatus::VmStep);
    }
    (ids, steps)
}

fn plan(conn: &Connection, sql: &Sql) -> String {
    let explain = format!("EXPLAIN QUERY PLAN {}", sql.text());
    let mut query = conn.prepare(&explain).unwrap();
    let steps = query.query_map(params_from_iter(sql.args()), |row| row.get("detail"));
    let steps: rusqlite::Result<Vec<String>> = steps.unwrap().collect();
    steps.unwrap().join("; ")
}

/// Steps are counted, so that no clock has a say.
#[test]
fn a_page_deep_down_takes_as_many_steps_as_the_first() {
    let definitions = definitions("soft");
    let conn = file(&definitions, ROWS);
    for asked in ORDERS {
        let (ids, at_first) = read(&conn, &page_of(&definitions, asked, None));
        assert_eq!(ids.len(), 21, "{asked:?}");
        // Of five owners, one has a fifth.
        let deep = if asked
            .first()
            .is_some_and(|(name, _)| *name != "sort" && *name != "filter")
        {
            17_000
        } else {
            90_000
        };
        for offset in [100, deep / 2, deep] {
            let behind = position(&definitions, &conn, asked, offset);
            let (ids, steps) = read(&conn, &page_of(&definitions, asked, Some(&behind)));
            assert_eq!(ids.len(), 21, "{asked:?} at {offset}");
            assert!(
                steps * 5 <= at_first * 6,
                "{asked:?} at {offset}: {at_first} steps, then {steps}"
            );
        }
    }
}

/// A quarter has no kind, and the index has to lead past those in one step.
#[test]
fn a_page_across_the_last_null_does_not_read_the_others() {
    let definitions = definitions("soft");
    let conn = file(&definitions, ROWS);
    let asked: &[(&str, &str)] = &[("sort", "kind,-rank,name")];
    let (_, at_first) = read(&conn, &page_of(&definitions, asked, None));
    let behind = position(&definitions, &conn, asked, ROWS / 4 - 10);
    let (ids, steps) = read(&conn, &page_of(&definitions, asked, Some(&behind)));
    assert_eq!(ids.len(), 21);
    assert!(steps < 2 * at_first, "{at_first} steps, then {steps}");
}

/// Why there are several statements.
#[test]
fn one_condition_with_or_would_read_what_stands_before() {
    let definitions = definitions("soft");
    let conn = file(&definitions, ROWS);
    let asked: &[(&str, &str)] = &[("sort", "kind,-rank,name"), ("cursor", "")];
    let things = definitions.schema.by_name("things").unwrap();
    let rows = allowed("things", Action::List);
    let query = ListQuery::parse(&definitions, things, &rows, asked.iter().copied()).unwrap();
    let behind = position(&definitions, &conn, &asked[..1], 90_000);
    let stretches = order::stretches(&query.sort, &behind);
    let read = |ranges: &[Sql]| {
        let none = Sql::default();
        let plan = page::plan(things, &rows, &query, &none, ranges, &Value::Null);
        read(&conn, &plan.into_statements())
    };
    let (ids, steps) = read(&stretches);
    let (same, more) = read(&[order::at_once(stretches)]);
    assert_eq!(ids, same);
    assert!(more > 100 * steps, "{steps} steps, or {more}");
}

#[test]
fn no_stretch_of_an_order_that_an_index_has_is_scanned_or_sorted() {
    for deletion in ["soft", "hard"] {
        let definitions = definitions(deletion);
        let conn = file(&definitions, 500);
        for asked in ORDERS {
            for offset in [0, 50, 90] {
                let behind = position(&definitions, &conn, asked, offset);
                for select in page_of(&definitions, asked, Some(&behind)) {
                    let plan = plan(&conn, &select);
                    assert!(
                        plan.starts_with("SEARCH things USING INDEX"),
                        "{asked:?}: {plan}"
                    );
                    assert!(!plan.contains("TEMP B-TREE"), "{asked:?}: {plan}");
                }
            }
        }
    }
}

/// An order that no index has is sorted anyway; but once, however many keys there are.
#[test]
fn an_order_without_an_index_is_read_in_one_statement() {
    let definitions = definitions("soft");
    let conn = file(&definitions, 500);
    let asked: &[(&str, &str)] = &[("sort", "free,-kind,rank")];
    let behind = position(&definitions, &conn, asked, 100);
    let selects = page_of(&definitions, asked, Some(&behind));
    assert_eq!(selects.len(), 1);
    let (ids, _) = read(&conn, &selects);
    let (whole, _) = read(
        &conn,
        &page_of(
            &definitions,
            asked,
            Some(&position(&definitions, &conn, asked, 99)),
        ),
    );
    assert_eq!(ids[..20], whole[1..]);
}

/// Row by row through all of them, across every tie and from nulls to values and back.
#[test]
fn behind_each_record_stands_the_next() {
    let definitions = definitions("soft");
    let conn = file(&definitions, 400);
    conn.execute_batch("UPDATE things SET deleted_at = created_at WHERE _row % 7 = 0")
        .unwrap();
    for asked in ORDERS.iter().chain(OTHERS) {
        let mut walked = Vec::new();
        for offset in 0.. {
            let before = (offset > 0).then(|| position(&definitions, &conn, asked, offset - 1));
            let (ids, _) = read(&conn, &page_of(&definitions, asked, before.as_deref()));
            let Some(id) = ids.into_iter().next() else {
                break;
            };
            walked.push(id);
        }
        let things = page_of(&definitions, asked, None).remove(0);
        let (text, _) = things.text().rsplit_once("LIMIT").unwrap();
        let mut all = conn.prepare(text).unwrap();
        let args = &things.args()[..things.args().len() - 1];
        let all = all
            .query_map(params_from_iter(args), |row| row.get(0))
            .unwrap();
        let all: Vec<String> = all.map(Result::unwrap).collect();
        assert!(all.len() > 50, "{asked:?}");
        assert_eq!(walked, all, "{asked:?}");
    }
}
