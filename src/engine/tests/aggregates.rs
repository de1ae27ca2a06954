//! How aggregates are found: groups by an indexed field are read in the order of its index.

use super::plans::{file, plan, schema, somebody};
use crate::{
    access::{Action, decide},
    db::{Sql, Value},
    engine::{AggregateQuery, Definitions, aggregate::statement},
};

fn aggregate(definitions: &Definitions, parameters: &[(&str, &str)]) -> Sql {
    let posts = definitions.schema.by_name("posts").unwrap();
    let rules = definitions.book.of("posts").unwrap();
    let rows = decide(&somebody(), rules, Action::List).unwrap();
    let parameters = parameters.iter().copied();
    let query = AggregateQuery::parse(definitions, posts, &rows, parameters).unwrap();
    statement(posts, &rows, &query, &Value::Null)
}

#[test]
fn groups_by_an_indexed_field_are_read_from_its_index() {
    for deletion in ["soft", "hard"] {
        let definitions = schema(deletion, "true");
        let conn = file(&definitions, 0);
        for (group, index) in [
            ("status", "posts_status_idx"),
            ("authorId", "posts_author_id_idx"),
            ("price", "posts_price_idx"),
        ] {
            for select in ["count()", "count(),sum(price)"] {
                let sql = aggregate(&definitions, &[("group", group), ("select", select)]);
                let plan = plan(&conn, &sql);
                assert!(plan.contains(index), "{group}, {select}: {plan}");
                assert!(!plan.contains("TEMP B-TREE"), "{group}, {select}: {plan}");
            }
        }
    }
}

#[test]
fn a_condition_is_found_by_its_index() {
    let definitions = schema("soft", "true");
    let conn = file(&definitions, 0);
    let sql = aggregate(
        &definitions,
        &[("status", "open"), ("select", "sum(price)")],
    );
    assert!(plan(&conn, &sql).contains("posts_status_idx"));
}
