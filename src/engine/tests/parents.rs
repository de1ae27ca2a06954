//! Records under a parent: how they are found, and that none is changed that has left.

use rusqlite::{Connection, params_from_iter};
use serde_json::{json, value::to_raw_value};

use super::{OWNERS, PETS, Stage, allowed, create, operator, origin, story};
use crate::{
    access::Action,
    base::{Code, Id, json::Object},
    db::{Sql, Value},
    engine::{
        Definitions, Expected, Kind, ListQuery, Parent, Patch, Removal, Update, list::statements,
    },
    schema::{Collection, Schema},
};

fn plan(conn: &Connection, sql: &Sql) -> String {
    let explain = format!("EXPLAIN QUERY PLAN {}", sql.text());
    let mut query = conn.prepare(&explain).unwrap();
    let rows = query.query_map(params_from_iter(sql.args()), |row| row.get::<_, String>(3));
    rows.unwrap()
        .map(Result::unwrap)
        .collect::<Vec<_>>()
        .join("; ")
}

/// The collection `pets`, and its table in memory.
fn pets(deletion: &str) -> (Definitions, Connection) {
    let parse = |definition: serde_json::Value, schema: &Schema| {
        Collection::parse(&to_raw_value(&definition).unwrap(), schema).unwrap()
    };
    let owners: serde_json::Value = serde_json::from_str(OWNERS).unwrap();
    let owners = parse(owners, &Schema::default());
    let fields = json!([{ "name": "owner_id", "type": "relation", "collection": "owners" }]);
    let definition = json!({ "name": "pets", "deletion": deletion, "fields": fields });
    let pets = parse(definition, &Schema::new(vec![owners.clone()]));
    let conn = Connection::open_in_memory().unwrap();
    for statement in pets.ddl() {
        conn.execute(statement.text(), []).unwrap();
    }
    (Definitions::of(Schema::new(vec![owners, pets])), conn)
}

#[test]
fn a_list_under_a_parent_neither_sorts_nor_scans() {
    for deletion in ["soft", "hard"] {
        let (definitions, conn) = pets(deletion);
        let pets = definitions.schema.by_name("pets").unwrap();
        let parent = Parent::new(&pets.fields[0], &Id::generate().to_string()).unwrap();
        for parameters in [&[][..], &[("page", "3")], &[("sort", "createdAt")]] {
            let rows = allowed("pets", Action::List);
            let parameters = parameters.iter().copied();
            let query = ListQuery::parse(&definitions, pets, &rows, parameters);
            let mut query = query.unwrap();
            parent.narrow(&definitions, pets, &mut query).unwrap();
            let [page, count] = statements(pets, &rows, &query, u64::MAX, &Value::Null).unwrap();
            let page = plan(&conn, &page);
            assert!(
                page.starts_with("SEARCH pets USING INDEX pets_owner_id_idx"),
                "{page}"
            );
            assert!(!page.contains("TEMP B-TREE"), "{page}");
            let count = plan(&conn, &count);
            let by = "SEARCH pets USING COVERING INDEX pets_owner_id_idx";
            assert!(count.starts_with(by), "{count}");
        }
    }
}

#[test]
fn a_record_that_has_just_left_its_parent_is_not_changed() {
    story(async {
        let stage = Stage::new();
        stage.define(OWNERS).await;
        stage.define(PETS).await;
        let [one, other] = [
            create(&stage.engine, "owners", "{}").await,
            create(&stage.engine, "owners", "{}").await,
        ];
        let body = format!(r#"{{ "ownerId": "{other}" }}"#);
        let pet = create(&stage.engine, "pets", &body).await;
        let pets = stage.engine.collection("pets").unwrap();
        let object = Object::parse(body.as_bytes()).unwrap();
        let change = |parent: &str| {
            let parent = Parent::new(&pets.fields[0], parent).unwrap();
            parent.still_has(&pets, &pet).unwrap()
        };
        for (parent, expected) in [(&one, Err(Code::NotFound)), (&other, Ok(2))] {
            let update = Update {
                patch: &Patch::read(&pets, &object).unwrap(),
                expected: Expected::Any,
                origin: &origin(&operator()),
                further: vec![change(parent)],
            };
            let rows = allowed("pets", Action::Update);
            let changed = stage.engine.update(&pets, &rows, &pet, update).await;
            let outcome = changed.map(|pet| pet.version).map_err(|error| error.code());
            assert_eq!(outcome, expected);
        }
    });
}

#[test]
fn a_record_that_has_just_left_its_parent_is_not_deleted() {
    story(async {
        let stage = Stage::new();
        stage.define(OWNERS).await;
        stage.define(PETS).await;
        let [one, other] = [
            create(&stage.engine, "owners", "{}").await,
            create(&stage.engine, "owners", "{}").await,
        ];
        let pets = stage.engine.collection("pets").unwrap();
        for kind in [Kind::AsDefined, Kind::Purge] {
            let body = format!(r#"{{ "ownerId": "{other}" }}"#);
            let pet = create(&stage.engine, "pets", &body).await;
            let wrong = Expected::Precondition(9);
            for (parent, expected, outcome) in [
                (&one, Expected::Any, Err(Code::NotFound)),
                (&one, wrong, Err(Code::NotFound)),
                (&other, wrong, Err(Code::PreconditionFailed)),
                (&other, Expected::Any, Ok(())),
            ] {
                let parent = Parent::new(&pets.fields[0], parent).unwrap();
                let removal = Removal {
                    id: &pet,
                    kind,
                    expected,
                    origin: &origin(&operator()),
                    first: vec![parent.still_has(&pets, &pet).unwrap()],
                };
                let rows = allowed("pets", Action::Delete);
                let deleted = stage.engine.delete(&pets, &rows, &removal).await;
                assert_eq!(deleted.map_err(|error| error.code()), outcome);
            }
        }
    });
}
