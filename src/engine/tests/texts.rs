//! Searches take as long as what they find, not as long as the collection.

use rusqlite::{Connection, config::DbConfig};
use serde_json::json;

use super::plans::{plan, somebody, steps};
use crate::{
    access::{Action, decide},
    db::{Sql, Value},
    engine::{Definitions, ListQuery, list::statements},
    schema::{Collection, Schema},
};

fn definitions(indexed: bool, rule: &str) -> Definitions {
    let posts = json!({ "name": "posts", "rules": { "list": rule }, "fields": [
        { "name": "title", "type": "text", "searchable": true, "containsIndex": indexed },
        { "name": "rank", "type": "integer" } ] });
    let posts = Collection::from_stored(&posts.to_string(), 1).unwrap();
    Definitions::of(Schema::new(vec![posts]))
}

/// So many posts, each of which has a word of its own and one that all have.
fn file(definitions: &Definitions, posts: usize) -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .unwrap();
    for statement in definitions.schema.by_name("posts").unwrap().ddl() {
        conn.execute_batch(statement.text()).unwrap();
    }
    let at = "strftime('%Y-%m-%dT%H:%M:%fZ', 1767225600 + i, 'unixepoch')";
    conn.execute_batch(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {posts} - 1)
         INSERT INTO posts (id, title, rank, created_at, updated_at)
           SELECT printf('01P%023d', i), 'post word' || i, i % 10, {at}, {at} FROM n"
    ))
    .unwrap();
    conn
}

/// The first page and the count of a list that has `total` records.
fn list(definitions: &Definitions, parameters: &[(&str, &str)], total: u64) -> [Sql; 2] {
    let posts = definitions.schema.by_name("posts").unwrap();
    let rules = definitions.book.of("posts").unwrap();
    let rows = decide(&somebody(), rules, Action::List).unwrap();
    let parameters = parameters.iter().copied();
    let query = ListQuery::parse(definitions, posts, &rows, parameters).unwrap();
    statements(posts, &rows, &query, total, &Value::Null).unwrap()
}

#[test]
fn a_search_begins_at_the_index_of_words() {
    let definitions = definitions(true, "rank < 5");
    let conn = file(&definitions, 0);
    let ranked = list(&definitions, &[("search", "word1")], 1);
    let found = plan(&conn, &ranked[0]);
    assert!(
        found.starts_with("SCAN _search_posts_ VIRTUAL TABLE"),
        "{found}"
    );
    assert!(
        found.contains("SEARCH posts USING INTEGER PRIMARY KEY"),
        "{found}"
    );
    for parameters in [
        &[("search", "word1"), ("sort", "rank")][..],
        &[("search", "word1"), ("sort", "-createdAt")],
        &[("search", "word1"), ("rank", "3")],
    ] {
        let [page, count] = list(&definitions, parameters, 1);
        for sql in [page, count] {
            let found = plan(&conn, &sql);
            let by_row = "SEARCH posts USING INTEGER PRIMARY KEY";
            assert!(found.contains(by_row), "{parameters:?}: {found}");
            assert!(found.contains("_search_posts_ VIRTUAL TABLE"), "{found}");
            assert!(!found.contains("SCAN posts"), "{parameters:?}: {found}");
        }
    }
}

#[test]
fn what_is_found_counts_and_not_how_many_there_are() {
    let definitions = definitions(true, "true");
    let (few, many) = (file(&definitions, 500), file(&definitions, 5_000));
    for parameters in [
        &[("search", "word77")][..],
        &[("search", "word77*"), ("sort", "rank")],
        &[("search", "word77"), ("rank[gte]", "1")],
        &[("title[contains]", "word77 ")],
        &[("filter", "title.contains('word77')")],
    ] {
        for sql in list(&definitions, parameters, 1) {
            let ((_, before), (_, after)) = (steps(&few, &sql), steps(&many, &sql));
            // Ten times as many begin with these words, and no more are looked at.
            assert!(
                after < before * 11 && after < 1_000,
                "{parameters:?}: {before} {after}"
            );
        }
    }
}

#[test]
fn a_part_of_a_text_is_found_by_its_index_and_else_by_looking_at_all() {
    let found = |indexed: bool, part: &str| {
        let definitions = definitions(indexed, "true");
        let conn = file(&definitions, 2_000);
        let [_, count] = list(&definitions, &[("title[contains]", part)], 1);
        (plan(&conn, &count), steps(&conn, &count).1)
    };
    let (by_index, few) = found(true, "word1234");
    assert!(
        by_index.contains("_contains_posts__title_ VIRTUAL TABLE"),
        "{by_index}"
    );
    assert!(
        by_index.contains("SEARCH posts USING INTEGER PRIMARY KEY"),
        "{by_index}"
    );
    let (by_all, many) = found(false, "word1234");
    assert!(by_all.contains("SCAN posts"), "{by_all}");
    assert!(few * 20 < many, "{few} {many}");
    // Two characters are no part that the index knows.
    let (too_short, _) = found(true, "12");
    assert!(!too_short.contains("_contains_posts"), "{too_short}");
}

#[test]
fn one_record_is_not_looked_for_in_the_index_of_all() {
    let definitions = definitions(true, "title.contains('word')");
    let conn = file(&definitions, 0);
    // Many fit, so that the order leads, and each record is asked by itself.
    let [page, _] = list(&definitions, &[], u64::MAX);
    let found = plan(&conn, &page);
    assert!(found.contains("posts_created_at_idx"), "{found}");
    assert!(!found.contains("_contains_posts"), "{found}");
}
