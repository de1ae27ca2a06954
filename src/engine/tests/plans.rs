//! Pages of lists whose rule or filter an index would serve: none is sorted, and none takes longer
//! the more records there are.

use std::{net::Ipv4Addr, sync::Arc};

use rusqlite::{Connection, StatementStatus, config::DbConfig, params_from_iter};
use serde_json::json;

use crate::{
    access::{Action, Caller, Permissions, RowFilter, SignedIn, Who, decide},
    db::{Sql, Value},
    engine::{Definitions, ListQuery, list::statements},
    schema::{Collection, Schema},
};

/// What everybody may see, or asks for: as dense among many posts as among few.
const DENSE: &[&str] = &[
    "authorId == auth.id",
    "authorId == auth.id && status == 'open'",
    "authorId in ['01A00000000000000000000000', '01A00000000000000000000001']",
    "status in ['open', 'shut']",
    "status == 'open'",
    "status == 'open' || authorId == auth.id",
    "status == 'open' || price < 10",
    "title == 'title 1' || status == 'open'",
    "title == 'title 1' || price == 1 || authorId == auth.id",
    "authorId == auth.id || authorId == '01A00000000000000000000001'",
    "status == 'open' && (title == 'title 1' || price == 13 || authorId == auth.id)",
    "price >= 10 && price < 60",
    "!(price < 10)",
    "createdAt >= '2026-01-01' && price < 50",
    "title.startsWith('title 1')",
    "author.teamId == '01T00000000000000000000001'",
    "author.team.name == 'team 1'",
    "author.team.name.startsWith('team 1') && price > 5",
    "author.posts.exists(p, p.id == id)",
    "author.posts.exists(p, p.authorId == auth.id)",
    "author.team.authors.exists(a, a.id == auth.id)",
];

fn collection(definition: &serde_json::Value) -> Collection {
    Collection::from_stored(&definition.to_string(), 1).unwrap()
}

/// Teams of authors, and posts with these rules of who may list them.
pub(in crate::engine) fn schema(deletion: &str, rule: &str) -> Definitions {
    let seen = json!({ "view": "true" });
    let teams = json!({ "name": "teams", "rules": seen,
        "fields": [{ "name": "name", "type": "text" }] });
    let authors = json!({ "name": "authors", "rules": seen,
        "fields": [{ "name": "team_id", "type": "relation", "collection": "teams" }] });
    let posts = json!({
        "name": "posts",
        "deletion": deletion,
        "fields": [
            { "name": "title", "type": "text" },
            { "name": "status", "type": "text" },
            { "name": "price", "type": "integer" },
            { "name": "author_id", "type": "relation", "collection": "authors" },
        ],
        "indexes": [{ "fields": ["title"] }, { "fields": ["status"] }, { "fields": ["-price"] }],
        "rules": { "list": rule, "view": "true" },
    });
    let all = [teams, authors, posts].map(|one| collection(&one));
    Definitions::of(Schema::new(all.into()))
}

/// A file with this many posts. Whoever asks has written each tenth.
pub(in crate::engine) fn file(definitions: &Definitions, posts: usize) -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    // As the readers of a server have it: a plan hangs on no parameter.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .unwrap();
    for name in ["teams", "authors", "posts"] {
        for statement in definitions.schema.by_name(name).unwrap().ddl() {
            conn.execute_batch(statement.text()).unwrap();
        }
    }
    let at = "strftime('%Y-%m-%dT%H:%M:%fZ', 1767225600 + i, 'unixepoch')";
    let n = |count| {
        format!(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {count} - 1)"
        )
    };
    let ten = n(10);
    let many = n(posts);
    conn.execute_batch(&format!(
        "INSERT INTO teams (id, name, created_at, updated_at) {ten}
           SELECT printf('01T%023d', i), 'team ' || i, {at}, {at} FROM n;
         INSERT INTO authors (id, team_id, created_at, updated_at) {ten}
           SELECT printf('01A%023d', i), printf('01T%023d', i), {at}, {at} FROM n;
         INSERT INTO posts (id, title, status, price, author_id, created_at, updated_at) {many}
           SELECT printf('01P%023d', i), 'title ' || (i * 7 % 20), iif(i % 3, 'open', 'shut'),
             i * 13 % 100, printf('01A%023d', i % 10), {at}, {at} FROM n;"
    ))
    .unwrap();
    conn
}

pub(in crate::engine) fn somebody() -> Caller {
    let user = SignedIn::imagined(format!("01A{:023}", 0), Vec::new(), Permissions::default());
    Caller {
        who: Who::User(Arc::new(user)),
        request_id: "story".into(),
        address: Ipv4Addr::LOCALHOST.into(),
    }
}

/// The first page of the list that a rule or a filter leaves `total` of.
pub(super) fn page(definitions: &Definitions, filter: Option<&str>, total: u64) -> Sql {
    let posts = definitions.schema.by_name("posts").unwrap();
    let rules = definitions.book.of("posts").unwrap();
    let rows: RowFilter = decide(&somebody(), rules, Action::List).unwrap();
    let parameters = filter.map(|filter| ("filter", filter)).into_iter();
    let query = ListQuery::parse(definitions, posts, &rows, parameters).unwrap();
    let [page, _] = statements(posts, &rows, &query, total, &Value::Null).unwrap();
    page
}

pub(in crate::engine) fn plan(conn: &Connection, sql: &Sql) -> String {
    let mut query = conn
        .prepare(&format!("EXPLAIN QUERY PLAN {}", sql.text()))
        .unwrap();
    let steps = query.query_map(params_from_iter(sql.args()), |row| row.get("detail"));
    let steps: rusqlite::Result<Vec<String>> = steps.unwrap().collect();
    steps.unwrap().join("; ")
}

/// How many records a statement gives, and how many steps of SQLite's machine that takes.
pub(super) fn steps(conn: &Connection, sql: &Sql) -> (usize, i32) {
    let mut query = conn.prepare(sql.text()).unwrap();
    let mut rows = query.query(params_from_iter(sql.args())).unwrap();
    let mut count = 0;
    while rows.next().unwrap().is_some() {
        count += 1;
    }
    drop(rows);
    (count, query.get_status(StatementStatus::VmStep))
}

#[test]
fn a_page_in_the_default_order_is_never_sorted() {
    for deletion in ["soft", "hard"] {
        let conn = file(&schema(deletion, "true"), 0);
        for rule in DENSE {
            let plan = plan(&conn, &page(&schema(deletion, rule), None, u64::MAX));
            let first = plan.split("; ").next().unwrap();
            let by_author = "SEARCH posts USING INDEX posts_author_id_idx";
            let in_order = "posts USING INDEX posts_created_at_idx";
            let is_found = first.starts_with(by_author) || first.contains(in_order);
            assert!(is_found, "{rule}: {plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{rule}: {plan}");
            // Whatever else is read is searched.
            let others = plan.split("; ").skip(1);
            let scans = others.filter(|step| step.starts_with("SCAN")).count();
            assert_eq!(scans, 0, "{rule}: {plan}");
        }
    }
}

/// An owner's records are read in one stretch, whoever else may see them all.
#[test]
fn an_owner_is_searched_for_where_nothing_else_is_left_to_ask() {
    let rules = [
        "authorId == auth.id",
        "authorId == auth.id && status == 'open'",
        "auth.can('posts:read') || authorId == auth.id",
        "(auth.can('posts:read') && status == 'open') || authorId == auth.id",
        "auth != null && !(authorId != auth.id)",
    ];
    let conn = file(&schema("soft", "true"), 0);
    for rule in rules {
        let plan = plan(&conn, &page(&schema("soft", rule), None, u64::MAX));
        assert!(
            plan.starts_with("SEARCH posts USING INDEX posts_author_id_idx"),
            "{rule}: {plan}"
        );
    }
}

/// Steps are counted, so that no clock has a say.
#[test]
fn a_page_takes_as_many_steps_among_many_records_as_among_few() {
    let open = schema("soft", "true");
    let (few, many) = (file(&open, 1_000), file(&open, 100_000));
    for rule in DENSE {
        let total = u64::MAX;
        let mut pages = vec![page(&schema("soft", rule), None, total)];
        if !rule.contains("auth.") {
            pages.push(page(&open, Some(rule), total));
        }
        for page in pages {
            let (count, at_first) = steps(&few, &page);
            let (later_count, later) = steps(&many, &page);
            assert_eq!((count, later_count), (20, 20), "{rule}");
            assert!(
                later * 5 <= at_first * 6,
                "{rule}: {at_first} steps, then {later}"
            );
        }
    }
}

/// Left to itself, SQLite sorts. It may, where few are found: that takes fewer steps than to walk
/// past all the others.
#[test]
fn few_records_are_found_by_their_index_and_sorted() {
    let open = schema("soft", "true");
    let conn = file(&open, 100_000);
    let rare = "title in ['rare', 'none']";
    conn.execute_batch("UPDATE posts SET title = 'rare' WHERE rowid % 1000 = 0")
        .unwrap();
    let (searched, walked) = (
        page(&open, Some(rare), 1_000),
        page(&open, Some(rare), 1_001),
    );
    assert!(plan(&conn, &searched).contains("posts_title_idx"));
    assert!(plan(&conn, &walked).contains("posts_created_at_idx"));
    assert!(steps(&conn, &searched).1 * 10 < steps(&conn, &walked).1);
    // Where many are found, it is the other way round.
    let common = "title in ['title 1', 'title 2']";
    let (searched, walked) = (
        page(&open, Some(common), 0),
        page(&open, Some(common), u64::MAX),
    );
    assert!(plan(&conn, &searched).contains("TEMP B-TREE"));
    assert!(steps(&conn, &walked).1 * 10 < steps(&conn, &searched).1);
    let ids = |sql: &Sql| -> Vec<String> {
        let mut query = conn.prepare(sql.text()).unwrap();
        let ids = query.query_map(params_from_iter(sql.args()), |row| row.get(0));
        ids.unwrap().map(Result::unwrap).collect()
    };
    assert_eq!(ids(&walked), ids(&searched));
}
