//! Records that are deleted while what is around them changes.

use std::sync::Arc;

use super::{
    Kind, Removal, Round, cascade,
    erase::{Begun, Step, histories_of},
    family::{Family, Walk},
    plan::Plan,
    purge::{self, Trace},
};
use crate::{
    access::Action,
    base::{Clock, Code, Result},
    db::{Batch, Expect, Sql, Statement, Tag, Touch, WriteError},
    engine::{
        Catalog, Engine, Expected, origin,
        tests::{OWNERS, PETS, Stage, allowed, create, operator, story},
    },
    events::{Changes, Histories},
    schema::Collection,
};

async fn delete_owner(engine: &Engine, id: &str) -> Result<()> {
    let owners = engine.collection("owners").unwrap();
    let rows = allowed("owners", Action::Delete);
    let removal = Removal {
        id,
        kind: Kind::AsDefined,
        expected: Expected::Any,
        origin: &origin(&operator()),
        first: Vec::new(),
    };
    engine.delete(&owners, &rows, &removal).await
}

async fn live_owners(engine: &Engine) -> i64 {
    let count = "SELECT count(*) FROM owners WHERE deleted_at IS NULL";
    engine
        .db
        .read(move |conn| Ok(conn.query_row(count, [], |row| row.get(0))?))
        .await
        .unwrap()
}

#[test]
fn a_deletion_that_does_not_know_of_a_new_relation_is_not_applied() {
    story(async {
        let stage = Stage::new();
        stage.define(OWNERS).await;
        let owner = create(&stage.engine, "owners", "{}").await;
        // It goes on with the definitions of this moment, as a thread does that is stopped here.
        let catalog = stage.engine.db.read(Catalog::load).await.unwrap();
        let late = Engine::new(
            stage.engine.db.clone(),
            catalog,
            Arc::new(Clock::system()),
            1 << 20,
            stage.engine.cursors.clone(),
        );
        stage.define(PETS).await;
        let pet = format!(r#"{{ "ownerId": "{owner}" }}"#);
        create(&stage.engine, "pets", &pet).await;
        let error = delete_owner(&late, &owner).await.unwrap_err();
        assert_eq!(error.code(), Code::ServiceUnavailable);
        assert_eq!(live_owners(&stage.engine).await, 1);
        let error = delete_owner(&stage.engine, &owner).await.unwrap_err();
        assert_eq!(error.code(), Code::Conflict);
    });
}

#[test]
fn a_deletion_behind_the_end_of_a_collection_that_pointed_there_is_applied() {
    story(async {
        let stage = Stage::new();
        stage.define(OWNERS).await;
        stage.define(PETS).await;
        let owner = create(&stage.engine, "owners", "{}").await;
        let db = stage.engine.db.clone();
        let first = Statement::new("SELECT 1", Vec::new()).expecting(Expect::Exists, "one");
        let held = Batch::new().with(first).touching(Touch::Schema);
        let held = actix_web::rt::spawn({
            let db = db.clone();
            async move { db.write(held).await }
        });
        let engine = stage.engine.clone();
        let ends = actix_web::rt::spawn(async move { db.write(Stage::no_more_pets()).await });
        let deletes = actix_web::rt::spawn(async move { delete_owner(&engine, &owner).await });
        // Each has had its turn, so the latter two wait for the writer.
        tokio::task::yield_now().await;
        stage.gate.arrived.recv().unwrap();
        stage.gate.open.send(()).unwrap();
        stage.gate.open.send(()).unwrap();
        held.await.unwrap().unwrap();
        ends.await.unwrap().unwrap();
        deletes.await.unwrap().unwrap();
        assert_eq!(live_owners(&stage.engine).await, 0);
    });
}

const TOYS: &str = r#"{ "name": "toys", "fields": [
    { "name": "owner_id", "type": "relation", "collection": "owners", "onDelete": "cascade" }] }"#;

#[test]
fn a_child_that_comes_between_the_look_and_the_change_is_noticed() {
    story(async {
        let stage = Stage::new();
        stage.define(OWNERS).await;
        stage.define(TOYS).await;
        let engine = &stage.engine;
        let owner = create(engine, "owners", "{}").await;
        let (schema, owners) = (
            engine.catalog.schema(),
            engine.collection("owners").unwrap(),
        );
        let origin = origin(&operator());
        let roots = vec![owner.clone()];
        let found: Family = engine
            .family(&schema, &owners, roots, Walk::Live)
            .await
            .unwrap();
        let mut late = Plan::new(&schema);
        cascade::add(&mut late, &schema, &found, &origin);
        let (late, _) = late.into_parts();
        let toy = format!(r#"{{ "ownerId": "{owner}" }}"#);
        create(engine, "toys", &toy).await;
        let refused = engine.db.write(late).await.unwrap_err();
        assert_eq!(refused, WriteError::Guard(Tag(Changes::MOVED, 0)));
        assert_eq!(live_owners(engine).await, 1);
        delete_owner(engine, &owner).await.unwrap();
        assert_eq!(live_owners(engine).await, 0);
    });
}

/// Events of records that hold data.
async fn telling(engine: &Engine) -> i64 {
    let count = "SELECT count(*) FROM _events WHERE after IS NOT NULL OR before IS NOT NULL";
    let read = move |conn: &rusqlite::Connection| Ok(conn.query_row(count, [], |row| row.get(0))?);
    engine.db.read(read).await.unwrap()
}

#[test]
fn an_event_that_comes_between_the_look_and_the_purge_is_emptied() {
    story(async {
        let stage = Stage::new();
        stage.define(OWNERS).await;
        let engine = &stage.engine;
        let ids = vec![create(engine, "owners", "{}").await];
        let mut histories = Histories::default();
        histories.add("owners", &ids);
        histories.read_on(&engine.db).await.unwrap();
        // Its event comes behind what was read.
        delete_owner(engine, &ids[0]).await.unwrap();
        assert_eq!(telling(engine).await, 2);
        let (schema, owners) = (
            engine.catalog.schema(),
            engine.collection("owners").unwrap(),
        );
        let family = Family::alone(&owners, ids);
        let mut plan = Plan::new(&schema);
        let trace = Trace::Emptied(&histories);
        purge::add(&mut plan, &schema, &family, &origin(&operator()), trace);
        engine.db.write(plan.into_parts().0).await.unwrap();
        assert_eq!(telling(engine).await, 0);
    });
}

/// Writes so many events of a record of `owners`, each with data.
async fn add_events(engine: &Engine, count: i64, id: &str) {
    let add = "INSERT INTO _events (id, type, collection, record_id, actor, at, revision, after)
               WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
               SELECT 'e', 'owner.updated', 'owners', ?, 'operator', '', 1, '{}' FROM n";
    let add = Statement::new(add, vec![count.into(), id.into()]);
    engine.db.write(Batch::new().with(add)).await.unwrap();
}

#[test]
fn all_events_are_read_in_as_many_reads_as_it_takes() {
    story(async {
        let stage = Stage::new();
        let engine = &stage.engine;
        let ids = ["one".to_owned()];
        add_events(engine, 25_000, "one").await;
        add_events(engine, 25_000, "two").await;
        add_events(engine, 1, "one").await;
        let mut histories = Histories::default();
        histories.add("owners", &ids);
        histories.read_on(&engine.db).await.unwrap();
        assert_eq!(histories.upto(), 50_001);
        assert_eq!(histories.events("owners", &ids).count(), 25_001);
        histories.forget_upto("owners", &ids, 25_000);
        assert!(histories.events("owners", &ids).eq([50_001]));
    });
}

#[test]
fn no_part_of_a_long_history_is_emptied_where_the_purge_is_refused_by_then() {
    story(async {
        let stage = Stage::new();
        stage.define(OWNERS).await;
        stage.define(PETS).await;
        let engine = &stage.engine;
        let owner = create(engine, "owners", "{}").await;
        add_events(engine, 3_000, &owner).await;
        let (schema, owners) = (
            engine.catalog.schema(),
            engine.collection("owners").unwrap(),
        );
        let begun = Begun {
            plan: Plan::new(&schema),
            family: Family::alone(&owners, vec![owner.clone()]),
            changes: Vec::new(),
        };
        let mut histories = histories_of(&begun.family);
        histories.read_on(&engine.db).await.unwrap();
        let (plan, step) = begun.next_step(&schema, &histories, &origin(&operator()));
        assert!(matches!(step, Step::Emptied(..)));
        let pet = format!(r#"{{ "ownerId": "{owner}" }}"#);
        create(engine, "pets", &pet).await;
        let refused = engine.db.write(plan.into_parts().0).await.unwrap_err();
        assert!(matches!(refused, WriteError::Guard(_)));
        assert_eq!(telling(engine).await, 3_002);
    });
}

#[test]
fn a_round_of_purging_by_age_reads_the_events_once_and_only_if_something_can_go() {
    story(async {
        let stage = Stage::new();
        stage.define(OWNERS).await;
        stage.define(PETS).await;
        let engine = &stage.engine;
        let owner = create(engine, "owners", "{}").await;
        let pet = create(engine, "pets", &format!(r#"{{ "ownerId": "{owner}" }}"#)).await;
        let gone = "UPDATE owners SET deleted_at = '2020-01-01T00:00:00.000Z'";
        engine
            .db
            .write(Batch::new().with(Sql::new(gone)))
            .await
            .unwrap();
        let mut round = engine.round(Clock::system().now());
        assert_eq!(age(engine, &mut round, "owners").await, (0, 1));
        assert_eq!(round.histories.count(), 0);
        let gone = "UPDATE pets SET deleted_at = '2020-01-01T00:00:00.000Z'";
        engine
            .db
            .write(Batch::new().with(Sql::new(gone)))
            .await
            .unwrap();
        assert_eq!(age(engine, &mut round, "pets").await, (1, 0));
        // Those of the next collection were looked for as well.
        assert!(round.histories.know("pets", &[pet]));
        assert!(round.histories.know("owners", &[owner]));
        assert_eq!(age(engine, &mut round, "owners").await, (1, 0));
        assert_eq!(telling(engine).await, 0);
    });
}

/// Purges one collection in a round: how many have gone, and how many have stayed.
async fn age(engine: &Engine, round: &mut Round, path: &str) -> (usize, usize) {
    let (collection, rows) = (
        engine.collection(path).unwrap(),
        allowed(path, Action::Purge),
    );
    let origin = origin(&operator());
    let purged = engine.purge_by_age(&collection, &rows, round, &origin);
    let purged = purged.await.unwrap();
    (purged.gone, purged.kept)
}

#[test]
fn rows_of_tables_that_point_at_each_other_go_together() {
    story(async {
        let stage = Stage::new();
        for (name, other) in [("lefts", "rights"), ("rights", "lefts")] {
            let definition = format!(
                r#"{{ "name": "{name}", "deletion": "hard", "fields": [{{ "name": "other_id",
                "type": "relation", "collection": "{other}", "onDelete": "cascade" }}] }}"#
            );
            let collection = Collection::from_stored(&definition, 0).unwrap();
            stage.store(&collection).await;
        }
        let engine = &stage.engine;
        let left = create(engine, "lefts", "{}").await;
        let right = format!(r#"{{ "otherId": "{left}" }}"#);
        let right = create(engine, "rights", &right).await;
        let close = "UPDATE lefts SET other_id = ?, version = version + 1";
        let close = Statement::new(close, vec![right.into()]);
        engine.db.write(Batch::new().with(close)).await.unwrap();
        let removal = Removal {
            id: &left,
            kind: Kind::AsDefined,
            expected: Expected::Any,
            origin: &origin(&operator()),
            first: Vec::new(),
        };
        let lefts = engine.collection("lefts").unwrap();
        let rows = allowed("lefts", Action::Delete);
        engine.delete(&lefts, &rows, &removal).await.unwrap();
        let left = "SELECT (SELECT count(*) FROM lefts) + (SELECT count(*) FROM rights)";
        let count = move |conn: &rusqlite::Connection| {
            Ok(conn.query_row(left, [], |row| row.get::<_, i64>(0))?)
        };
        assert_eq!(engine.db.read(count).await.unwrap(), 0);
    });
}
