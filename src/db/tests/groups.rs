//! Several batches under one commit.

use super::{Batch, Expect, Stage, Waiting, WriteError, is_ready, named, sql, story, thing};

/// Queues these while the writer is held up, so that they come to it as one group.
async fn as_a_group(stage: &Stage, batches: Vec<Batch>) -> Vec<Result<(), WriteError>> {
    let held = stage.hold().await;
    let mut waiting: Vec<Waiting> = Vec::new();
    for batch in batches {
        waiting.push(stage.queue(batch).await);
    }
    stage.release();
    held.await.unwrap();
    let mut outcomes = Vec::new();
    for one in waiting {
        outcomes.push(one.await.map(|_| ()));
    }
    outcomes
}

#[test]
fn what_waits_for_the_writer_shares_one_commit() {
    story(async {
        let stage = Stage::new().await;
        let held = stage.hold().await;
        let one = stage.queue(thing("one")).await;
        let two = stage.queue(thing("two")).await;
        // Told at different times: only what shares a commit has the same one.
        stage.clock.advance(std::time::Duration::from_secs(1));
        stage.release();
        let (held, one, two) = (held.await.unwrap(), one.await.unwrap(), two.await.unwrap());
        assert_eq!(one.at, two.at);
        assert!(held.at < one.at);
    });
}

#[test]
fn a_batch_that_fails_leaves_the_others_of_its_group_standing() {
    story(async {
        let stage = Stage::new().await;
        let guard = sql("SELECT 1").expecting(Expect::Absent, "guard");
        let batches = vec![
            thing("one"),
            thing("lost").with(guard),
            thing("two"),
            thing("lost too").with(named("one")),
            thing("and this").with(sql("INSERT INTO things (name, parent) VALUES ('x', 99)")),
            thing("this too").with(sql("no SQL at all")),
            thing("three"),
        ];
        let outcomes = as_a_group(&stage, batches).await;
        let is_ok: Vec<bool> = outcomes.iter().map(Result::is_ok).collect();
        assert_eq!(is_ok, [true, false, true, false, false, false, true]);
        assert_eq!(outcomes[1], Err(WriteError::Guard("guard".into())));
        assert_eq!(stage.names().await, ["held", "one", "two", "three"]);
    });
}

#[test]
fn a_batch_sees_those_before_it_in_its_group() {
    story(async {
        let stage = Stage::new().await;
        let find = "SELECT 1 FROM things WHERE name = 'one'";
        let batches = vec![
            thing("early").with(sql(find).expecting(Expect::Exists, "one")),
            thing("one"),
            thing("late").with(sql(find).expecting(Expect::Exists, "one")),
        ];
        let outcomes = as_a_group(&stage, batches).await;
        let missed = Err(WriteError::Guard("one".into()));
        assert_eq!(outcomes, [missed, Ok(()), Ok(())]);
    });
}

#[test]
fn where_sqlite_rolls_all_back_the_others_are_applied_one_by_one() {
    story(async {
        let stage = Stage::new().await;
        let trigger = "CREATE TRIGGER fatal BEFORE INSERT ON things WHEN NEW.name = 'fatal'
            BEGIN SELECT RAISE(ROLLBACK, 'all of it'); END";
        stage
            .db
            .write(Batch::new().with(sql(trigger)))
            .await
            .unwrap();
        let or_rollback = "INSERT OR ROLLBACK INTO things (name) VALUES ('one')";
        let batches = vec![
            thing("one"),
            thing("lost").with(sql(or_rollback)),
            thing("two"),
            thing("fatal"),
            thing("three"),
        ];
        let outcomes = as_a_group(&stage, batches).await;
        let is_ok: Vec<bool> = outcomes.iter().map(Result::is_ok).collect();
        assert_eq!(is_ok, [true, false, true, false, true], "{outcomes:?}");
        assert_eq!(stage.names().await, ["held", "one", "two", "three"]);
        stage.db.write(thing("four")).await.unwrap();
    });
}

#[test]
fn watchers_are_told_before_anybody_is_answered_but_after_the_commit() {
    story(async {
        let stage = Stage::new().await;
        let mut held = stage.hold().await;
        assert!(!is_ready(&mut held).await, "the watcher is not done yet");
        assert_eq!(stage.names().await, ["held"], "readers see the commit");
        stage.release();
        held.await.unwrap();
    });
}

#[test]
fn who_hangs_up_has_the_batch_written_and_the_watchers_told_all_the_same() {
    story(async {
        let stage = Stage::new().await;
        drop(stage.hold().await);
        drop(stage.queue(thing("left alone")).await);
        let after = stage.queue(thing("after")).await;
        stage.release();
        after.await.unwrap();
        assert_eq!(stage.names().await, ["held", "left alone", "after"]);
    });
}

#[test]
fn a_full_disk_refuses_what_needs_room_and_lets_go_on_when_there_is_some() {
    story(async {
        let stage = Stage::new().await;
        let limit = |pragma| Batch::new().with(sql(pragma));
        let huge = "INSERT INTO things (name)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
            SELECT printf('%4000d', i) FROM n";
        let huge = || Batch::new().with(sql(huge));
        // A limit of SQLite's own stands for a disk that has no more room.
        let full = limit("PRAGMA max_page_count = 60");
        stage.db.write(full).await.unwrap();
        let outcomes = as_a_group(&stage, vec![thing("one"), huge(), thing("two")]).await;
        assert_eq!(outcomes, [Ok(()), Err(WriteError::Disk), Ok(())]);
        assert_eq!(stage.names().await, ["held", "one", "two"]);
        let room = limit("PRAGMA max_page_count = 100000");
        stage.db.write(room).await.unwrap();
        stage.db.write(huge()).await.unwrap();
    });
}
