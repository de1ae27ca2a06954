//! How many statements an answer takes, by which index each finds its records, and that neither
//! hangs on how many there are.

use std::{
    slice,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
};

use rusqlite::{
    Connection, StatementStatus,
    trace::{TraceEvent, TraceEventCodes},
};
use serde_json::{Value as Json, json};

use super::{Branch, Expansion, load};
use crate::{
    access::{Action, decide},
    db::{Sql, Value},
    engine::{Definitions, ListQuery, page, tests::plans},
    schema::{Collection, Schema},
};

/// What an index of another column would serve, which must not be taken.
const RULES: &[&str] = &[
    "true",
    "authorId == auth.id",
    "authorId in ['01A00000000000000000000000', '01A00000000000000000000001']",
    "authorId == auth.id || text == 'text 1'",
    "createdAt >= '2026-01-01' && text != 'x'",
    "author.posts.exists(p, p.authorId == auth.id)",
];

/// Posts of authors, with tags; and comments on posts, by authors, which this rule shows.
fn definitions(deletion: &str, rule: &str) -> Definitions {
    let relation = |name, to| json!({ "name": name, "type": "relation", "collection": to });
    let collection = |name: &str, rule: &str, fields: Json| {
        let definition = json!({ "name": name, "deletion": deletion, "fields": fields,
            "indexes": if name == "comments" { json!([{ "fields": ["text"] }]) } else { json!([]) },
            "rules": { "list": "true", "view": rule } });
        Collection::from_stored(&definition.to_string(), 1).unwrap()
    };
    let text = json!({ "name": "text", "type": "text" });
    let tags = json!({ "name": "tag_ids", "type": "relations", "collection": "tags" });
    let author = relation("author_id", "authors");
    Definitions::of(Schema::new(vec![
        collection("authors", rule_on_authors(rule), json!([text])),
        collection("tags", "true", json!([text])),
        collection("posts", "true", json!([author, tags])),
        collection(
            "comments",
            rule,
            json!([relation("post_id", "posts"), author, text]),
        ),
    ]))
}

/// Authors have no authors.
fn rule_on_authors(rule: &str) -> &str {
    if rule.contains("author") {
        "text != 'x'"
    } else {
        rule
    }
}

/// A file with so many posts, and so many comments on each.
fn file(definitions: &Definitions, posts: usize, comments: usize) -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    for name in ["authors", "tags", "posts", "comments"] {
        for statement in definitions.schema.by_name(name).unwrap().ddl() {
            conn.execute_batch(statement.text()).unwrap();
        }
    }
    let n = |count: usize| {
        format!(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {count} - 1)"
        )
    };
    let at = "strftime('%Y-%m-%dT%H:%M:%fZ', 1767225600 + i, 'unixepoch')";
    let (ten, of_posts, of_comments) = (n(10), n(posts), n(posts * comments));
    conn.execute_batch(&format!(
        "INSERT INTO authors (id, text, created_at, updated_at) {ten}
           SELECT printf('01A%023d', i), 'author ' || i, {at}, {at} FROM n;
         INSERT INTO tags (id, text, created_at, updated_at) {ten}
           SELECT printf('01T%023d', i), 'tag ' || i, {at}, {at} FROM n;
         INSERT INTO posts (id, author_id, tag_ids, created_at, updated_at) {of_posts}
           SELECT printf('01P%023d', i), printf('01A%023d', i % 10),
             json_array(printf('01T%023d', i % 10), printf('01T%023d', (i + 1) % 10)), {at}, {at}
           FROM n;
         INSERT INTO comments (id, post_id, author_id, text, created_at, updated_at) {of_comments}
           SELECT printf('01C%023d', i), printf('01P%023d', i % {posts}),
             printf('01A%023d', i / {posts} % 2), 'text ' || (i % 3), {at}, {at} FROM n;"
    ))
    .unwrap();
    conn
}

fn expansion(definitions: &Definitions, expand: &str) -> Expansion {
    let posts = definitions.schema.by_name("posts").unwrap();
    let rules = definitions.book.of("posts").unwrap();
    let rows = decide(&plans::somebody(), rules, Action::List).unwrap();
    let parsed = Expansion::parse(definitions, posts, &rows, expand, None, false);
    parsed.unwrap().0
}

/// The statement that reads what a post leads to by the first name.
fn select(definitions: &Definitions, expand: &str) -> Sql {
    let Expansion { branches } = expansion(definitions, expand);
    let id = format!(
        "{}{:023}",
        if expand == "comments" { "01P" } else { "01A" },
        0
    );
    let of = |branch: &Branch| load::select(branch, &[id], &Value::Null);
    of(&branches[0]).unwrap().0
}

/// The records of a page of posts, how many statements they took, and how many steps of SQLite's
/// machine.
fn page(definitions: &Definitions, mut conn: Connection, expand: &str) -> (Json, usize, i64) {
    let posts = definitions.schema.by_name("posts").unwrap();
    let rules = definitions.book.of("posts").unwrap();
    let rows = decide(&plans::somebody(), rules, Action::List).unwrap();
    let asked = [("cursor", ""), ("pageSize", "100"), ("expand", expand)];
    let query = ListQuery::parse(definitions, posts, &rows, asked.into_iter()).unwrap();
    let (nothing, now) = (Sql::default(), Value::Null);
    let plan = page::plan(
        posts,
        &rows,
        &query,
        &nothing,
        slice::from_ref(&nothing),
        &now,
    );
    let counts = Arc::new((AtomicUsize::new(0), AtomicI64::new(0)));
    let seen = Arc::clone(&counts);
    let count = move |event: TraceEvent<'_>| {
        if let TraceEvent::Profile(statement, _) = event {
            seen.0.fetch_add(1, Ordering::Relaxed);
            let steps = statement.get_status(StatementStatus::VmStep);
            seen.1.fetch_add(steps.into(), Ordering::Relaxed);
        }
    };
    conn.trace_v2(TraceEventCodes::SQLITE_TRACE_PROFILE, Some(count))
        .unwrap();
    let items = serde_json::from_slice(&plan.take(&conn).unwrap().items).unwrap();
    let (statements, steps) = &*counts;
    (
        items,
        statements.load(Ordering::Relaxed),
        steps.load(Ordering::Relaxed),
    )
}

#[test]
fn each_name_is_one_statement_however_many_records_there_are() {
    let definitions = definitions("soft", "true");
    for (expand, statements) in [
        ("author", 2),
        ("tags", 2),
        ("comments", 2),
        ("author,tags,comments", 4),
        ("author,comments.author", 4),
        ("comments.author,comments.post,author.posts", 6),
    ] {
        for posts in [1, 100] {
            let conn = file(&definitions, posts, 3);
            let (items, counted, _) = page(&definitions, conn, expand);
            assert_eq!(items.as_array().unwrap().len(), posts);
            assert_eq!(counted, statements, "{expand} in {posts}");
        }
    }
}

#[test]
fn what_leads_nowhere_takes_no_statement() {
    let definitions = definitions("soft", "true");
    let conn = file(&definitions, 3, 1);
    conn.execute_batch("UPDATE posts SET author_id = NULL, tag_ids = '[]'")
        .unwrap();
    let (items, counted, _) = page(&definitions, conn, "author,tags");
    assert_eq!(
        (&items[0]["author"], &items[0]["tags"]),
        (&Json::Null, &json!([]))
    );
    assert_eq!(counted, 1);
}

#[test]
fn a_record_is_searched_for_by_its_id_whatever_its_rule_asks() {
    for (deletion, rule) in [
        ("soft", "true"),
        ("hard", "true"),
        ("soft", "text == 'author 1'"),
    ] {
        let definitions = definitions(deletion, rule);
        let conn = file(&definitions, 1, 1);
        for name in ["author", "tags"] {
            let plan = plans::plan(&conn, &select(&definitions, name));
            assert!(plan.contains("s USING INDEX sqlite_autoindex_"), "{plan}");
            assert!(plan.contains("(id=?)"), "{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}

#[test]
fn records_that_point_here_are_counted_out_by_the_index_of_their_relation() {
    for deletion in ["soft", "hard"] {
        for rule in RULES {
            let definitions = definitions(deletion, rule);
            let conn = file(&definitions, 1, 1);
            let plan = plans::plan(&conn, &select(&definitions, "comments"));
            let step = plan
                .split("; ")
                .find(|step| step.starts_with("SEARCH _pointing "));
            let by = "INDEX comments_post_id_idx (post_id=?";
            assert!(step.is_some_and(|step| step.contains(by)), "{rule}: {plan}");
            assert!(
                plan.contains("SEARCH comments USING INTEGER PRIMARY KEY"),
                "{plan}"
            );
            // Those that are told are sorted, and nothing else.
            assert_eq!(plan.matches("TEMP B-TREE").count(), 1, "{rule}: {plan}");
            assert!(
                plan.ends_with("USE TEMP B-TREE FOR ORDER BY"),
                "{rule}: {plan}"
            );
        }
    }
}

/// Steps are counted, so that no clock has a say.
#[test]
fn it_takes_no_longer_the_more_records_point_at_one() {
    for rule in RULES {
        let definitions = definitions("soft", rule);
        let steps = [100, 20_000].map(|comments| {
            let conn = file(&definitions, 2, comments);
            let (items, _, steps) = page(&definitions, conn, "comments.author");
            let shown = items[0]["comments"]["items"].as_array().unwrap().len();
            assert_eq!(
                (shown, &items[0]["comments"]["hasMore"]),
                (20, &json!(true)),
                "{rule}"
            );
            steps
        });
        assert!(steps[1] * 5 <= steps[0] * 6, "{rule}: {steps:?}");
    }
}
