//! Versions are found by their record, however many others there are.

use std::{collections::HashMap, sync::Arc};

use rusqlite::{Connection, params_from_iter};

use super::was::{DEFINITIONS, Was, Which};
use crate::{
    access::{Action, RowFilter, decide},
    db::{Sql, Statement, Value},
    engine::{
        Definitions,
        tests::plans::{file, schema, somebody},
    },
    events::{Origin, Versions},
    schema::Collection,
};

const ID: &str = "01P00000000000000000000007";

/// What a rule may ask of a version, of what it leads to, and of those that point there.
const RULES: &[&str] = &[
    "true",
    "authorId == auth.id",
    "status == 'open' || author.team.name == 'team 1'",
    "author.posts.exists(p, p.title == title)",
];

fn was(definitions: &Definitions) -> Was {
    let posts = definitions.schema.by_name("posts").unwrap();
    let rules = definitions.book.of("posts").unwrap();
    let rows: RowFilter = decide(&somebody(), rules, Action::List).unwrap();
    let mut posts = Collection::clone(posts);
    posts.history = true;
    Was {
        collection: Arc::new(posts),
        rows,
        id: ID.to_owned(),
        now: Value::from("2026-01-15T10:30:00.000Z"),
    }
}

/// How each look at the table of versions is done.
fn looks(conn: &Connection, sql: &Sql) -> Vec<String> {
    let mut query = conn
        .prepare(&format!("EXPLAIN QUERY PLAN {}", sql.text()))
        .unwrap();
    let rows = query.query_map(params_from_iter(sql.args()), |row| row.get::<_, String>(3));
    let all = rows.unwrap().map(Result::unwrap);
    all.filter(|step| step.contains("_history") || step.contains(" h "))
        .collect()
}

#[test]
fn versions_are_found_by_their_record() {
    for rule in RULES {
        let definitions = schema("soft", rule);
        let (conn, was) = (file(&definitions, 100), was(&definitions));
        conn.execute_batch(include_str!("../../../migrations/V0007__history.sql"))
            .unwrap();
        let reading = |which: &Which| was.reading(which, (20, 0), &HashMap::new()).0;
        let at = Which::At(crate::base::Instant::parse("2026-01-15T10:30:00Z").unwrap());
        for sql in [
            was.counting(&HashMap::new()),
            reading(&Which::All),
            reading(&at),
            reading(&Which::Version(3)),
        ] {
            let looks = looks(&conn, &sql);
            let by_key = "(collection=? AND record_id=?";
            assert_eq!(looks.len(), 1, "{looks:?}: {}", sql.text());
            assert!(
                looks[0].starts_with("SEARCH") && looks[0].contains(by_key),
                "{looks:?}"
            );
        }
    }
}

#[test]
fn what_keeps_and_forgets_versions_goes_by_their_record() {
    let definitions = schema("soft", "true");
    let (conn, was) = (file(&definitions, 100), was(&definitions));
    conn.execute_batch(include_str!("../../../migrations/V0007__history.sql"))
        .unwrap();
    conn.execute_batch("CREATE TABLE _revisions (revision INTEGER PRIMARY KEY, definition TEXT)")
        .unwrap();
    let ids = [ID.to_owned()];
    let versions = Versions {
        collection: &was.collection,
        ids: &ids,
    };
    let origin = Origin {
        actor: "guest".to_owned(),
        request_id: "story".to_owned(),
    };
    let text = |statement: Statement| statement.sql.to_string();
    let before = text(versions.before().unwrap());
    let after = text(versions.after(&origin).unwrap());
    for sql in [
        before,
        after,
        text(versions.forgotten()),
        DEFINITIONS.to_owned(),
    ] {
        let plan: Vec<String> = {
            let mut query = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let mut steps = query.raw_query();
            let step = |row: &rusqlite::Row<'_>| row.get(3);
            std::iter::from_fn(|| steps.next().unwrap().map(|row| step(row).unwrap())).collect()
        };
        let scans = |step: &String| step.starts_with("SCAN") && !step.contains("json_each");
        assert!(!plan.iter().any(scans), "{plan:?}: {sql}");
    }
}
