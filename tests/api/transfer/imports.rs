//! `POST /api/v1/{collection}/import`, where it goes well.

use serde_json::{Value as Json, json};

use super::{CSV, NDJSON, export, import, products, titles};

#[test]
fn text_csv() {
    let app = products();
    let admin = app.admin();
    let text = "title,price,stock,weight,isNew,soldAt,extra,tags,makerIds\r\n\
        \"Tea, \"\"green\"\"\",1.5,9007199254740993,1e-1,true,2026-01-02T03:04:05+01:00,\
        \"{\"\"a\"\": 1.50}\",\"[\"\"blue\"\",\"\"red\"\"]\",[]\r\n";
    let report = import(&admin, "products", "", CSV, text).ok();
    let counts = json!([report["created"], report["updated"], report["failed"]]);
    assert_eq!(counts, json!([1, 0, 0]));
    assert_eq!(report["errors"], json!([]));
    let made = admin.get("/api/v1/products").ok()["items"][0].clone();
    for (name, value) in [
        ("title", json!("Tea, \"green\"")),
        ("price", json!("1.50")),
        ("stock", json!("9007199254740993")),
        ("weight", json!(0.1)),
        ("isNew", json!(true)),
        ("soldAt", json!("2026-01-02T02:04:05.000Z")),
        ("tags", json!(["red", "blue"])),
        ("note", json!("none")),
    ] {
        assert_eq!(made[name], value, "{name}");
    }
}

#[test]
fn application_x_ndjson() {
    let app = products();
    let admin = app.admin();
    let text = "{\"title\": \"a\", \"stock\": 1}\n\n  {\"title\": \"b\"}\r\n{\"title\": \"c\"}";
    let report = import(&admin, "products", "", NDJSON, text).ok();
    assert_eq!(report["created"], 3);
    assert_eq!(titles(&admin, "products"), ["a", "b", "c"]);
}

/// An empty cell is null, one in quotes an empty text, and a field without a column its default.
#[test]
fn null_empty_and_absent_are_three_things() {
    let app = products();
    let admin = app.admin();
    let text = "title,note,stock,isNew\na,,,\nb,\"\",\"\",\"\"\n";
    import(&admin, "products", "", CSV, text).ok();
    import(&admin, "products", "", CSV, "title\nc\n").ok();
    let list = admin.get("/api/v1/products?sort=title").ok();
    let notes: Vec<&Json> = (0..3).map(|i| &list["items"][i]["note"]).collect();
    assert_eq!(notes, [&Json::Null, &json!(""), &json!("none")]);
    assert_eq!(list["items"][1]["stock"], Json::Null);
}

#[test]
fn csv_may_have_a_mark_before_it_blank_lines_and_lines_in_its_cells() {
    let app = products();
    let admin = app.admin();
    let text = "\u{feff}title,note\n\"a\nb\",\"x\r\ny\"\n\nc,d";
    assert_eq!(import(&admin, "products", "", CSV, text).ok()["created"], 2);
    assert_eq!(titles(&admin, "products"), ["a\nb", "c"]);
}

#[test]
fn a_cell_that_looks_like_a_formula_is_a_text() {
    let app = products();
    let admin = app.admin();
    import(&admin, "products", "", CSV, "title\n=1+1\n").ok();
    assert_eq!(titles(&admin, "products"), ["=1+1"]);
}

#[test]
fn mode_upsert_replaces_what_has_the_value_and_makes_what_has_not() {
    let app = products();
    let admin = app.admin();
    let old = json!({ "code": "A", "title": "old", "stock": 5 });
    let old = admin.post("/api/v1/products", &old).created();
    let text = "code,title,id\na,new,\nB,made,\nb,made twice,\n";
    let report = import(&admin, "products", "?mode=upsert&on=code", CSV, text).ok();
    assert_eq!(json!([report["created"], report["updated"]]), json!([1, 2]));
    let list = admin.get("/api/v1/products?sort=code").ok();
    let (first, second) = (&list["items"][0], &list["items"][1]);
    assert_eq!(first["id"], old["id"]);
    assert_eq!(
        json!([first["title"], first["stock"], first["version"]]),
        json!(["new", null, 2])
    );
    assert_eq!(second["title"], "made twice");
}

/// An import of the same ids finds that they are there, so nothing is made twice.
#[test]
fn ids_of_the_file_are_kept() {
    let app = products();
    let admin = app.admin();
    let id = stead::base::Id::generate().to_string();
    let text = format!("id,title\n{id},a\n");
    import(&admin, "products", "", CSV, &text).ok();
    admin.get(&format!("/api/v1/products/{id}")).ok();
    let again = import(&admin, "products", "?onError=skip", CSV, &text).ok();
    assert_eq!(json!([again["created"], again["failed"]]), json!([0, 1]));
}

#[test]
fn each_record_has_its_event() {
    let app = products();
    import(&app.admin(), "products", "", CSV, "title\na\nb\n").ok();
    let sql = "SELECT count(*) FROM _events WHERE type = 'product.created' AND after IS NOT NULL";
    assert_eq!(app.count(sql), 2);
}

#[test]
fn a_row_may_point_at_one_before_it() {
    let app = products();
    let admin = app.admin();
    app.define(
        json!({ "name": "pages", "fields": [{ "name": "title", "type": "text" },
        { "name": "parent_id", "type": "relation", "collection": "pages" }] }),
    );
    let id = stead::base::Id::generate().to_string();
    let text = format!("id,title,parentId\n{id},a,\n,b,{id}\n");
    assert_eq!(import(&admin, "pages", "", CSV, &text).ok()["created"], 2);
    let text = export(&admin, "pages", "?fields=title,parentId");
    assert_eq!(text, format!("title,parentId\r\na,\r\nb,{id}\r\n"));
}

#[test]
fn the_same_key_imports_once() {
    let app = products();
    let admin = app.admin().with("Idempotency-Key", "k1");
    let first = import(&admin, "products", "", CSV, "title\na\n");
    let again = import(&admin, "products", "", CSV, "title\na\n");
    assert_eq!(first.ok(), again.ok());
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    import(&admin, "products", "", CSV, "title\nb\n").error(stead::base::Code::Unprocessable);
    assert_eq!(titles(&app.admin(), "products"), ["a"]);
}

#[test]
fn more_rows_than_one_batch_are_imported_in_their_order() {
    let app = products();
    let admin = app.admin();
    let rows: String = (0..3_000).map(|i| format!("{i:05}\n")).collect();
    let report = import(&admin, "products", "", CSV, &format!("title\n{rows}")).ok();
    assert_eq!(report["created"], 3_000);
    let text = export(&admin, "products", "?fields=title&sort=title");
    assert_eq!(text.replace("\r\n", "\n"), format!("title\n{rows}"));
    assert_eq!(app.count("SELECT count(*) FROM _import_records"), 12);
}
