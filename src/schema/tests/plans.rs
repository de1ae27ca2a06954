//! Plans: lists in the default order and checks of foreign keys neither sort nor scan.

use rusqlite::Connection;
use serde_json::json;

use super::{file, things, users};
use crate::schema::Collection;

fn collection(deletion: &str) -> Collection {
    let fields = json!([
        { "name": "user_id", "type": "relation", "collection": "users" },
        { "name": "status", "type": "select", "options": ["a", "b"] },
    ]);
    let mut definition = things(deletion, &fields).definition();
    definition["indexes"] = json!([{ "fields": ["status", "-created_at"] }]);
    super::parse(&definition, &super::schema()).unwrap()
}

fn plan(conn: &Connection, sql: &str) -> String {
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let rows = statement
        .query_map([], |row| row.get::<_, String>("detail"))
        .unwrap();
    rows.map(Result::unwrap).collect::<Vec<_>>().join("; ")
}

const LIVE: &str = "deleted_at IS NULL";

#[test]
fn lists_in_the_default_order_read_an_index() {
    for (deletion, live) in [("soft", LIVE), ("hard", "TRUE")] {
        let conn = file(&[&users(), &collection(deletion)]);
        for direction in ["DESC", "ASC"] {
            let list = |condition: &str| {
                let sql = format!(
                    "SELECT * FROM things WHERE {condition} AND {live} \
                     ORDER BY created_at {direction}, id {direction} LIMIT 20"
                );
                plan(&conn, &sql)
            };
            assert_eq!(
                list("TRUE"),
                "SCAN things USING INDEX things_created_at_idx"
            );
            let by_user = list("user_id = 'x'");
            assert!(by_user.starts_with("SEARCH things USING INDEX things_user_id_idx (user_id=?"));
            assert!(!by_user.contains("TEMP B-TREE"), "{by_user}");
        }
    }
}

#[test]
fn a_list_of_a_parent_steps_over_no_deleted_record() {
    let conn = file(&[&users(), &collection("soft")]);
    let sql = "SELECT * FROM things WHERE user_id = 'x' AND deleted_at IS NULL \
               ORDER BY created_at DESC, id DESC";
    let expected = "SEARCH things USING INDEX things_user_id_idx (user_id=? AND deleted_at=?)";
    assert_eq!(plan(&conn, sql), expected);
    let count = "SELECT count(*) FROM things WHERE user_id = 'x' AND deleted_at IS NULL";
    assert!(plan(&conn, count).contains("COVERING INDEX things_user_id_idx"));
}

#[test]
fn declared_indexes_serve_their_sort() {
    for (deletion, live) in [("soft", LIVE), ("hard", "TRUE")] {
        let conn = file(&[&users(), &collection(deletion)]);
        let sql = format!(
            "SELECT * FROM things WHERE status = 'a' AND {live} ORDER BY created_at DESC, id DESC"
        );
        let expected = "SEARCH things USING INDEX things_status_created_at_idx (status=?)";
        assert_eq!(plan(&conn, &sql), expected);
    }
}

/// SQLite looks for children by itself when a parent goes, and its plan shows how.
#[test]
fn deleting_a_parent_does_not_scan_its_children() {
    for deletion in ["soft", "hard"] {
        let conn = file(&[&users(), &collection(deletion)]);
        let found = plan(&conn, "DELETE FROM users WHERE id = 'x'");
        let search = "SEARCH things USING COVERING INDEX things_user_id_idx (user_id=?)";
        assert!(found.contains(search), "{found}");
        conn.execute("DROP INDEX things_user_id_idx", []).unwrap();
        let found = plan(&conn, "DELETE FROM users WHERE id = 'x'");
        assert!(found.contains("SCAN things"), "{found}");
    }
}
