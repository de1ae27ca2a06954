//! Records that are deleted while what is around them changes.

use super::{
    Kind, Removal, cascade,
    family::{Family, Walk},
};
use crate::{
    access::Action,
    base::{Code, Result},
    db::{Batch, Expect, Statement, Tag, Touch, WriteError},
    engine::{
        Catalog, Engine, Expected, origin,
        tests::{OWNERS, PETS, Stage, allowed, create, operator, story},
    },
    events::Changes,
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
    engine.delete(&owners, rows, &removal).await
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
        let late = Engine::new(stage.engine.db.clone(), catalog, 1 << 20);
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
        let removal = Removal {
            id: &owner,
            kind: Kind::AsDefined,
            expected: Expected::Any,
            origin: &origin,
            first: Vec::new(),
        };
        let roots = vec![owner.clone()];
        let found: Family = engine
            .family(&schema, &owners, roots, Walk::Live)
            .await
            .unwrap();
        let (late, _) = cascade::plan(&schema, &owners, &removal, &found).into_parts();
        let toy = format!(r#"{{ "ownerId": "{owner}" }}"#);
        create(engine, "toys", &toy).await;
        let refused = engine.db.write(late).await.unwrap_err();
        assert_eq!(refused, WriteError::Guard(Tag(Changes::MOVED, 0)));
        assert_eq!(live_owners(engine).await, 1);
        delete_owner(engine, &owner).await.unwrap();
        assert_eq!(live_owners(engine).await, 0);
    });
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
        engine.delete(&lefts, rows, &removal).await.unwrap();
        let left = "SELECT (SELECT count(*) FROM lefts) + (SELECT count(*) FROM rights)";
        let count = move |conn: &rusqlite::Connection| {
            Ok(conn.query_row(left, [], |row| row.get::<_, i64>(0))?)
        };
        assert_eq!(engine.db.read(count).await.unwrap(), 0);
    });
}
