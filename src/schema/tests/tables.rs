//! Tables: what the statements make, and what holds in them for plain SQL too.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{AT, faults, file, insert, parse, raw, schema, shown, thing, things, users};
use crate::schema::Collection;

#[test]
fn a_table_reads_as_it_was_defined() {
    let fields = json!([
        { "name": "user_id", "type": "relation", "collection": "users", "required": true },
        { "name": "title", "type": "text", "required": true, "unique": true, "max": 200 },
        { "name": "order", "type": "integer", "default": 0 },
    ]);
    let ddl = things("soft", &fields).ddl();
    let texts: Vec<_> = ddl.iter().map(|sql| sql.text()).collect();
    assert_eq!(texts[0], EXPECTED_TABLE);
    assert_eq!(
        texts[1..6],
        [
            r#"CREATE INDEX "things_created_at_idx" ON "things" ("created_at", "id") WHERE "deleted_at" IS NULL"#,
            r#"CREATE INDEX "things_deleted_at_idx" ON "things" ("deleted_at", "id") WHERE "deleted_at" IS NOT NULL"#,
            r#"CREATE INDEX "things_user_id_idx" ON "things" ("user_id", "deleted_at", "created_at", "id")"#,
            r#"CREATE UNIQUE INDEX "things_title_unique" ON "things" ("title") WHERE "deleted_at" IS NULL"#,
            "CREATE TRIGGER \"things_set_updated_at\" AFTER UPDATE ON \"things\" FOR EACH ROW \
         WHEN NEW.\"version\" IS OLD.\"version\" BEGIN\n  UPDATE \"things\" SET \
         \"updated_at\" = max(OLD.\"updated_at\", strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), \
         \"version\" = OLD.\"version\" + 1 WHERE \"_row\" = NEW.\"_row\";\nEND",
        ]
    );
}

const EXPECTED_TABLE: &str = r#"CREATE TABLE "things" (
  "_row" INTEGER PRIMARY KEY,
  "id" TEXT NOT NULL UNIQUE CONSTRAINT "things_id_form" CHECK (length("id") = 26 AND "id" NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*' AND "id" < '8'),
  "user_id" TEXT NOT NULL REFERENCES "users" ("id"),
  "title" TEXT NOT NULL CONSTRAINT "things_title_form" CHECK (instr("title", char(0)) = 0) CONSTRAINT "things_title_required" CHECK ("title" <> '') CONSTRAINT "things_title_max" CHECK (length("title") <= 200),
  "order" INTEGER DEFAULT 0,
  "created_at" TEXT NOT NULL,
  "updated_at" TEXT NOT NULL,
  "version" INTEGER NOT NULL DEFAULT 1,
  "deleted_at" TEXT,
  "_deletion" TEXT
) STRICT"#;

#[test]
fn hard_deletion_has_no_columns_for_restoring() {
    let collection = things(
        "hard",
        &json!([{ "name": "a", "type": "text", "unique": true }]),
    );
    let all: Vec<_> = collection
        .ddl()
        .into_iter()
        .map(|sql| sql.text().to_owned())
        .collect();
    assert!(!all.join(";").contains("delet"), "{all:?}");
}

#[test]
fn ids_of_another_form_are_refused() {
    let collection = thing(json!({ "type": "text" }));
    let conn = file(&[&users(), &collection]);
    let insert = "INSERT INTO things (id, created_at, updated_at) VALUES (?, '', '')";
    for id in [
        "",
        "01j00000000000000000000000",
        "8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
        "01I00000000000000000000000",
    ] {
        let error = conn.execute(insert, [id]).unwrap_err();
        assert_eq!(error.to_string(), "CHECK constraint failed: things_id_form");
    }
    assert_eq!(
        collection.constraint_issue("things_id_form").unwrap().field,
        "id"
    );
    conn.execute(insert, ["7ZZZZZZZZZZZZZZZZZZZZZZZZZ"])
        .unwrap();
}

#[test]
fn a_shell_that_updates_a_record_raises_its_version() {
    let collection = thing(json!({ "type": "integer" }));
    let conn = file(&[&users(), &collection]);
    insert(&conn, &collection, &[]).unwrap();
    conn.execute("UPDATE things SET f = 1", []).unwrap();
    let version = collection.field("version").unwrap();
    let updated = collection.field("updatedAt").unwrap();
    assert_eq!(shown(&conn, &collection, version), "2");
    assert!(*shown(&conn, &collection, updated) > *format!("\"{AT}\""));

    let statement = "UPDATE things SET f = 2, version = 9, updated_at = '9000-01-01T00:00:00.000Z'";
    conn.execute(statement, []).unwrap();
    assert_eq!(shown(&conn, &collection, version), "9");
    conn.execute("UPDATE things SET f = 3", []).unwrap();
    assert_eq!(shown(&conn, &collection, version), "10");
    assert_eq!(
        shown(&conn, &collection, updated),
        "\"9000-01-01T00:00:00.000Z\""
    );
}

#[test]
fn a_deleted_record_gives_its_unique_value_back() {
    let collection = thing(json!({ "type": "text", "unique": true }));
    let conn = file(&[&users(), &collection]);
    let one = || [(&collection.fields[0], "one".into())];
    insert(&conn, &collection, &one()).unwrap();
    let error = insert(&conn, &collection, &one()).unwrap_err();
    assert_eq!(error.to_string(), "UNIQUE constraint failed: things.f");
    conn.execute("UPDATE things SET deleted_at = updated_at", [])
        .unwrap();
    insert(&conn, &collection, &one()).unwrap();
}

#[test]
fn a_relation_points_at_a_record() {
    let (users, collection) = (
        users(),
        thing(json!({ "type": "relation", "collection": "users" })),
    );
    let conn = file(&[&users, &collection]);
    let user = insert(&conn, &users, &[(&users.fields[0], "a@b".into())]).unwrap();
    insert(
        &conn,
        &collection,
        &[(&collection.fields[0], user.clone().into())],
    )
    .unwrap();
    assert_eq!(
        shown(&conn, &collection, &collection.fields[0]),
        format!("\"{user}\"")
    );
    let nobody = "01J00000000000000000000000".into();
    insert(&conn, &collection, &[(&collection.fields[0], nobody)]).unwrap_err();
    conn.execute("DELETE FROM users", []).unwrap_err();
}

#[test]
fn defaults_hold_for_plain_sql_too() {
    let rows = [
        (
            json!({ "type": "text", "default": "O'Neil \"x\" ; --" }),
            r#""O'Neil \"x\" ; --""#,
        ),
        (
            json!({ "type": "integer", "default": "-9223372036854775808" }),
            "\"-9223372036854775808\"",
        ),
        (json!({ "type": "number", "default": 1e300 }), "1e+300"),
        (
            json!({ "type": "decimal", "default": "-0.05" }),
            "\"-0.05\"",
        ),
        (json!({ "type": "boolean", "default": true }), "true"),
        (
            json!({ "type": "json", "default": { "a": "it's" } }),
            r#"{"a":"it's"}"#,
        ),
    ];
    for (definition, expected) in rows {
        let collection = thing(definition);
        let conn = file(&[&users(), &collection]);
        insert(&conn, &collection, &[]).unwrap();
        assert_eq!(shown(&conn, &collection, &collection.fields[0]), expected);
        let field = &collection.fields[0];
        let mut out = Vec::new();
        field.write_value(&field.absent().unwrap(), &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}

#[test]
fn an_image_holds_json_once() {
    let collection = thing(json!({ "type": "json" }));
    let conn = file(&[&users(), &collection]);
    let field = &collection.fields[0];
    insert(
        &conn,
        &collection,
        &[(field, field.read(&raw("{\"a\": 1}")).unwrap())],
    )
    .unwrap();
    let sql = format!(
        "SELECT json_object('f', {}) FROM things",
        field.image().text()
    );
    let image: String = conn.query_row(&sql, [], |row| row.get(0)).unwrap();
    assert_eq!(image, r#"{"f":{"a":1}}"#);
}

fn any_field(name: String) -> impl Strategy<Value = Json> {
    let tricky = prop_oneof!["[^\0]{1,12}", "['\"\\\\;?-]{1,6}"];
    let kind = prop_oneof![
        (0..10_i64, 10..99_i64, tricky.clone()).prop_map(|(min, max, text)| {
            let fits = (min..=max).contains(&i64::try_from(text.chars().count()).unwrap());
            let default = fits.then_some(text);
            json!({ "type": "text", "min": min, "max": max, "default": default })
        }),
        any::<(i64, i64)>().prop_map(|(a, b)| {
            json!({ "type": "integer", "min": a.min(b), "max": a.max(b), "default": b })
        }),
        (-1e9..1e9_f64).prop_map(|n| json!({ "type": "number", "min": n, "default": n })),
        (any::<i64>(), 0..=9_u32).prop_map(|(n, scale)| {
            let text = crate::schema::fields::scaled::show(n, scale).to_string();
            json!({ "type": "decimal", "scale": scale, "max": text, "default": text })
        }),
        prop::collection::hash_set(tricky, 1..6).prop_map(|options| {
            let options = Vec::from_iter(options);
            json!({ "type": "select", "options": options, "default": options[0] })
        }),
        any::<bool>().prop_map(|flag| json!({ "type": "boolean", "default": flag })),
        Just(json!({ "type": "json", "default": { "'": ["?"] } })),
        Just(json!({ "type": "date", "default": "2024-02-29" })),
        Just(json!({ "type": "datetime", "unique": true })),
        Just(json!({ "type": "email", "unique": true })),
        Just(json!({ "type": "url" })),
    ];
    kind.prop_map(move |mut field| {
        field["name"] = name.as_str().into();
        field
    })
}

fn any_definition() -> impl Strategy<Value = Json> {
    let names = prop::collection::hash_set("[a-z]{2,4}x(_[a-c]{2}){0,2}", 1..6);
    let fields = names.prop_flat_map(|names| names.into_iter().map(any_field).collect::<Vec<_>>());
    ("[a-z]{2,9}z", fields, any::<bool>()).prop_map(|(name, fields, soft)| {
        let deletion = if soft { "soft" } else { "hard" };
        json!({ "name": name, "deletion": deletion, "fields": fields })
    })
}

proptest! {
    #[test]
    fn sqlite_accepts_every_definition_and_its_literals_hold(definition in any_definition()) {
        let collection = parse(&definition, &schema())
            .map_err(|issues| format!("{:?}", faults(&issues)))
            .unwrap();
        let conn = file(&[&collection]);
        insert(&conn, &collection, &[]).unwrap();
        for field in &collection.fields {
            let expected = field.absent().unwrap_or(crate::db::Value::Null);
            let mut out = Vec::new();
            field.write_value(&expected, &mut out);
            prop_assert_eq!(shown(&conn, &collection, field), String::from_utf8(out).unwrap());
        }
        let stored = Collection::from_stored(&collection.definition().to_string(), 1).unwrap();
        prop_assert_eq!(stored.ddl(), collection.ddl());
    }
}
