//! Lists that an index of some records serves: those whose filter names its condition.

use rusqlite::{Connection, config::DbConfig};
use serde_json::json;

use super::plans::{page, plan};
use crate::{
    engine::Definitions,
    rules::partial,
    schema::{Collection, Schema},
};

fn posts(condition: &str) -> (Definitions, Connection) {
    let definition = json!({ "name": "posts", "rules": { "list": "true" }, "fields": [
            { "name": "status", "type": "text" },
            { "name": "done", "type": "boolean" },
            { "name": "price", "type": "integer" } ],
        "indexes": [{ "fields": ["price"], "where": condition }] });
    let mut posts = Collection::from_stored(&definition.to_string(), 1).unwrap();
    assert!(partial::compile(&mut posts).is_empty(), "{condition}");
    let conn = Connection::open_in_memory().unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .unwrap();
    for statement in posts.ddl() {
        conn.execute_batch(statement.text()).unwrap();
    }
    (Definitions::of(Schema::new(vec![posts])), conn)
}

/// Few records are left, so that a list is free to take any index.
fn is_used(condition: &str, filter: &str) -> bool {
    let (definitions, conn) = posts(condition);
    plan(&conn, &page(&definitions, Some(filter), 10)).contains("posts_price_where_idx")
}

#[test]
fn a_filter_that_names_the_condition_uses_the_index() {
    for (condition, filter) in [
        ("status == 'open'", "status == 'open' && price == 3"),
        ("status == 'open'", "price == 3 && status == \"open\""),
        ("status == 'it''s?'", "price == 3 && status == \"it''s?\""),
        ("status in ['a', 'b']", "price == 3 && status in ['a', 'b']"),
        (
            "status == 'a' && !done",
            "price == 3 && !done && status == 'a'",
        ),
        ("done", "price == 3 && done"),
        ("price > 100", "price > 100 && price < 120"),
    ] {
        let condition = condition.replace("''", "\\'");
        let filter = filter.replace("''", "\\'");
        assert!(is_used(&condition, &filter), "{condition}: {filter}");
    }
}

#[test]
fn a_filter_that_asks_for_more_does_not() {
    for (condition, filter) in [
        ("status == 'open'", "price == 3"),
        ("status == 'open'", "price == 3 && status == 'shut'"),
        (
            "status == 'open'",
            "price == 3 && (status == 'open' || done)",
        ),
        ("status == 'a' && done", "price == 3 && status == 'a'"),
    ] {
        assert!(!is_used(condition, filter), "{condition}: {filter}");
    }
}
