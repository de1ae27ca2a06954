//! One batch: all or nothing, what it expects, and what it gives back.

use std::time::Duration;

use super::{Batch, Expect, Stage, Statement, Value, WriteError, named, sql, story, thing};
use crate::{
    base::Instant,
    db::{Constraint, Tag, Touch},
};

#[test]
fn a_batch_is_applied_as_a_whole_or_not_at_all() {
    story(async {
        let stage = Stage::new().await;
        let both = Batch::new().with(named("one")).with(named("two"));
        stage.db.write(both).await.unwrap();
        let fails_late = thing("three").with(named("four")).with(named("one"));
        let outcome = stage.db.write(fails_late).await;
        let taken = Constraint::Unique(vec!["things.name".to_owned()]);
        assert_eq!(outcome, Err(WriteError::Constraint(taken)));
        assert_eq!(stage.names().await, ["one", "two"]);
    });
}

#[test]
fn every_refusal_leaves_no_trace_and_says_what_it_was() {
    story(async {
        let stage = Stage::new().await;
        let long = "x".repeat(5_001);
        let refusals = [
            (named(&long), "Check(\"things_name_max\")"),
            (sql("INSERT INTO things (id) VALUES (1)"), "NotNull"),
            (
                sql("INSERT INTO things (name, parent) VALUES ('orphan', 99)"),
                "ForeignKey",
            ),
            (
                sql("INSERT INTO things (name, parent) VALUES ('one', 'x')"),
                "Type",
            ),
            (sql("INSERT INTO nothing VALUES (1)"), "Fault"),
            (sql("SELECT x'00'").kept(), "Fault"),
        ];
        for (statement, word) in refusals {
            let outcome = stage.db.write(thing("first").with(statement)).await;
            let error = format!("{:?}", outcome.unwrap_err());
            assert!(error.contains(word), "{error} is no {word}");
            assert!(stage.names().await.is_empty(), "{word} leaves no trace");
        }
    });
}

/// A statement for each expectation, that meets it and that breaks it, where one thing is there.
fn expectations() -> [(&'static str, Expect, bool); 8] {
    let (found, none) = (
        "SELECT 1 FROM things",
        "SELECT 1 FROM things WHERE name = 'none'",
    );
    let (one, no) = (
        "UPDATE things SET at = 'x'",
        "UPDATE things SET at = 'x' WHERE name = 'none'",
    );
    [
        (no, Expect::Any, true),
        (none, Expect::Any, true),
        (one, Expect::Changed(1), true),
        (no, Expect::Changed(1), false),
        (found, Expect::Exists, true),
        (none, Expect::Exists, false),
        (none, Expect::Absent, true),
        (found, Expect::Absent, false),
    ]
}

#[test]
fn an_expectation_that_is_broken_is_told_by_its_tag_and_undoes_the_batch() {
    for (text, expect, is_met) in expectations() {
        story(async move {
            let stage = Stage::new().await;
            stage.db.write(thing("one")).await.unwrap();
            let batch = Batch::new()
                .with(sql(text).expecting(expect, Tag("it", 7)))
                .with(named("two"));
            let outcome = stage.db.write(batch).await.map(|_| ());
            let (expected, left) = if is_met {
                (Ok(()), vec!["one", "two"])
            } else {
                (Err(WriteError::Guard(Tag("it", 7))), vec!["one"])
            };
            assert_eq!(outcome, expected, "{text} {expect:?}");
            assert_eq!(stage.names().await, left, "{text} {expect:?}");
        });
    }
}

#[test]
fn changed_counts_exactly_and_is_not_misled_by_the_statement_before() {
    story(async {
        let stage = Stage::new().await;
        let two = Batch::new().with(named("one")).with(named("two"));
        stage.db.write(two).await.unwrap();
        let touch_all = || sql("UPDATE things SET at = 'x'");
        for (rows, is_met) in [(1, false), (2, true), (3, false)] {
            let batch = Batch::new().with(touch_all().expecting(Expect::Changed(rows), "all"));
            assert_eq!(stage.db.write(batch).await.is_ok(), is_met, "{rows}");
        }
        let none = sql("DELETE FROM things WHERE id > 9").expecting(Expect::Changed(2), "none");
        let behind = Batch::new().with(touch_all()).with(none);
        let outcome = stage.db.write(behind).await;
        assert_eq!(outcome, Err(WriteError::Guard("none".into())));
    });
}

#[test]
fn rows_come_back_in_order_from_the_statements_that_keep_them_alone() {
    story(async {
        let stage = Stage::new().await;
        let batch = Batch::new()
            .with(sql("INSERT INTO things (name) VALUES ('b'), ('a') RETURNING name, id").kept())
            .with(sql("INSERT INTO things (name) VALUES ('c') RETURNING name"))
            .with(sql("SELECT name FROM things ORDER BY name").kept());
        let receipt = stage.db.write(batch).await.unwrap();
        let first = [("b", 1), ("a", 2)].map(|(name, id)| vec![name.into(), Value::Integer(id)]);
        let second = ["a", "b", "c"].map(|name| vec![Value::from(name)]);
        assert_eq!(receipt.rows, [first.to_vec(), second.to_vec()].concat());
    });
}

#[test]
fn the_time_of_the_commit_is_that_of_the_receipt_and_never_runs_back() {
    story(async {
        let stage = Stage::new().await;
        let start = stage.clock.now();
        let mut last = start;
        for (name, wall) in [("one", 5_000), ("two", 0), ("three", 9_000)] {
            stage.clock.set(start.after(Duration::from_millis(wall)));
            let text = "INSERT INTO things (name, at) VALUES (?, ?) RETURNING at";
            let args = vec![name.into(), Value::CommitTime];
            let batch = Batch::new().with(Statement::new(text, args).kept());
            let receipt = stage.db.write(batch).await.unwrap();
            let stored = receipt.rows[0][0].as_text().and_then(Instant::parse);
            assert_eq!(stored, Some(receipt.at));
            assert!(receipt.at >= last, "{name}");
            last = receipt.at;
        }
        assert_eq!(last, start.after(Duration::from_secs(9)));
    });
}

#[test]
fn a_refusal_says_in_which_part_of_a_batch_it_was() {
    story(async {
        let stage = Stage::new().await;
        let parts = |last: Batch| {
            let parts = [Batch::new(), thing("one").with(named("two")), last];
            stage.db.write(Batch::of_parts(parts))
        };
        let taken = Constraint::Unique(vec!["things.name".to_owned()]);
        let expected = WriteError::Part(2, Box::new(WriteError::Constraint(taken)));
        let outcome = parts(thing("three").with(named("one"))).await;
        assert_eq!(outcome, Err(expected));
        let guard = sql("SELECT 1 WHERE FALSE").expecting(Expect::Exists, Tag("is there", 7));
        let expected = WriteError::Part(2, Box::new(WriteError::Guard(Tag("is there", 7))));
        assert_eq!(parts(Batch::new().with(guard)).await, Err(expected));
        parts(thing("three")).await.unwrap();
        assert_eq!(stage.names().await, ["one", "two", "three"]);
    });
}

#[test]
fn a_batch_of_parts_touches_all_where_one_part_does_not_say() {
    let says = |name: &str| Batch::new().with(named(name)).touching(Touch::Nothing);
    let all = Batch::of_parts([Batch::new(), says("one"), says("two")]);
    assert_eq!(all.touches(), [Touch::Nothing, Touch::Nothing]);
    let some = Batch::of_parts([says("one"), Batch::new().with(named("two"))]);
    assert!(some.touches().is_empty());
}

#[test]
fn a_batch_that_is_too_large_is_refused_unread() {
    story(async {
        let stage = Stage::new().await;
        let many = |n| Batch::new().with_all((0..n).map(|i| named(&i.to_string())));
        let outcome = stage.db.write(many(Batch::MAX_STATEMENTS + 1)).await;
        assert_eq!(outcome, Err(WriteError::TooLarge));
        let long = thing(&"x".repeat(Batch::MAX_BYTES));
        assert_eq!(stage.db.write(long).await, Err(WriteError::TooLarge));
        assert!(stage.names().await.is_empty());
        stage.db.write(many(Batch::MAX_STATEMENTS)).await.unwrap();
        assert_eq!(stage.names().await.len(), Batch::MAX_STATEMENTS);
    });
}
