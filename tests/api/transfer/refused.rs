//! `POST /api/v1/{collection}/import`, where it does not go well.

use serde_json::json;
use stead::base::Code;

use super::{CSV, NDJSON, import, places, products, titles};
use crate::support::app::TestApp;

const BAD: &str = "title,stock,price\na,1,1.00\n,x,1.00\nc,3,0.001\n\"d\ne\",4\nf,5,\n";

#[test]
fn on_error_abort_writes_nothing_if_one_row_is_bad() {
    let app = products();
    let admin = app.admin();
    let before = app.rows();
    let error = import(&admin, "products", "", CSV, BAD).faults(
        Code::ValidationError,
        &[
            "lines[3].stock",
            "lines[3].title",
            "lines[4].price",
            "lines[5]",
        ],
    );
    assert_eq!(
        error["message"],
        "3 rows cannot be imported; nothing was written"
    );
    assert_eq!(error["issues"][0]["params"]["line"], 3);
    assert_eq!(app.rows(), before);
}

#[test]
fn on_error_skip_writes_the_others_and_tells_each_bad_row_by_its_line() {
    let app = products();
    let admin = app.admin();
    let report = import(&admin, "products", "?onError=skip", CSV, BAD).ok();
    assert_eq!(json!([report["created"], report["failed"]]), json!([2, 3]));
    let expected = [(3, "title"), (3, "stock"), (4, "price"), (5, "_")];
    assert_eq!(places(&report), expected);
    assert_eq!(titles(&admin, "products"), ["a", "f"]);
}

#[test]
fn unique_values_and_relations_are_told_by_line_too() {
    let app = products();
    let admin = app.admin();
    admin
        .post(
            "/api/v1/products",
            &json!({ "code": "A", "title": "first" }),
        )
        .created();
    let nobody = stead::base::Id::generate();
    let text = format!("code,title,makerId\nB,b,\na,c,\nC,d,{nobody}\nb,e,\nD,f,\n");
    let before = app.rows();
    let error = import(&admin, "products", "", CSV, &text).error(Code::ValidationError);
    let fields: Vec<&str> = error["issues"]
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| issue["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        fields,
        ["lines[3].code", "lines[4].makerId", "lines[5].code"]
    );
    assert_eq!(app.rows(), before, "nothing was written");
    let report = import(&admin, "products", "?onError=skip", CSV, &text).ok();
    assert_eq!(places(&report), [(3, "code"), (4, "makerId"), (5, "code")]);
    assert_eq!(titles(&admin, "products"), ["b", "f", "first"]);
}

#[test]
fn errors_are_bounded_and_failed_is_exact() {
    let app = products();
    let rows = "x\n".repeat(1_000);
    let report = import(
        &app.admin(),
        "products",
        "?onError=skip",
        CSV,
        &format!("stock\n{rows}"),
    );
    let report = report.ok();
    assert_eq!(report["failed"], 1_000);
    assert_eq!(report["errors"].as_array().unwrap().len(), 100);
}

#[test]
fn a_bad_row_among_many_costs_no_other() {
    let app = products();
    let admin = app.admin();
    let rows: String = (0..700)
        .map(|i| format!("{:03},{i:03}\n", i % 350))
        .collect();
    let report = import(
        &admin,
        "products",
        "?onError=skip",
        CSV,
        &format!("code,title\n{rows}"),
    );
    let report = report.ok();
    assert_eq!(
        json!([report["created"], report["failed"]]),
        json!([350, 350])
    );
    let expected: Vec<String> = (0..100).map(|i| format!("{i:03}")).collect();
    assert_eq!(
        titles(&admin, "products"),
        expected,
        "the first of each code"
    );
}

#[test]
fn a_header_line_names_fields_each_once() {
    let app = products();
    let admin = app.admin();
    let reply = import(&admin, "products", "", CSV, "title,nope,title\na,b,c\n");
    reply.faults(Code::InvalidInput, &["nope", "title"]);
    import(&admin, "products", "", CSV, "").faults(Code::InvalidInput, &["_"]);
    import(&admin, "products", "", CSV, "\"title\na\n").faults(Code::InvalidInput, &["_"]);
}

/// Each name would be looked for among all before it.
#[test]
fn of_a_header_line_with_too_many_names_not_all_are_told() {
    let app = products();
    let names = "x,".repeat(200_000) + &"title,".repeat(100_000);
    let reply = import(&app.admin(), "products", "", CSV, &format!("{names}\n"));
    let error = reply.error(Code::InvalidInput);
    let told = error["issues"].as_array().unwrap().len();
    assert!((100..200).contains(&told), "{told} are told");
}

#[test]
fn what_is_no_row_is_told_by_its_line() {
    let app = products();
    let admin = app.admin();
    for (media, text, line) in [
        (CSV, "title\na\n\"b\"c\n", 3),
        (CSV, "title\n\"a\nb\n", 2),
        (NDJSON, "{\"title\":\"a\"}\n[1]\n", 2),
        (NDJSON, "{\"title\":\"a\"}\n{\"title\":\"b\"", 2),
        (NDJSON, "{\"title\":\"a\", \"nope\": 1}\n", 1),
    ] {
        let report = import(&admin, "products", "?onError=skip", media, text).ok();
        assert_eq!(places(&report)[0].0, line, "{text:?}");
    }
}

#[test]
fn a_row_longer_than_a_json_body_is_refused_and_a_file_may_be_longer() {
    let app = TestApp::start_with(|config| config.server.body_limit = 2_000);
    app.collection("products", json!([{ "name": "title", "type": "text" }]));
    let long = "x".repeat(3_000);
    let text = format!("title\na\n{long}\n{}", "b\n".repeat(2_000));
    let report = import(&app.admin(), "products", "?onError=skip", CSV, &text).ok();
    assert_eq!(places(&report), [(3, "_")]);
    assert_eq!(report["created"], 2_001);
    let text = format!("{{\"title\":\"{long}\"}}\n{{\"title\":\"c\"}}\n");
    let report = import(&app.admin(), "products", "?onError=skip", NDJSON, &text).ok();
    assert_eq!(places(&report), [(1, "_")]);
}

#[test]
fn a_file_over_its_own_limit_is_refused_before_it_is_read() {
    let app = TestApp::start_with(|config| config.server.import_limit = 5_000);
    app.collection("products", json!([{ "name": "title", "type": "text" }]));
    let text = format!("title\n{}", "a\n".repeat(3_000));
    import(&app.admin(), "products", "", CSV, &text).error(Code::PayloadTooLarge);
}

#[test]
fn other_media_and_parameters_are_refused() {
    let app = products();
    let admin = app.admin();
    for media in ["application/json", "text/plain", "text/csv; charset=latin1"] {
        import(&admin, "products", "", media, "title\na\n").error(Code::UnsupportedMediaType);
    }
    for (query, name) in [
        ("?mode=replace", "mode"),
        ("?onError=ask", "onError"),
        ("?mode=upsert", "on"),
        ("?mode=upsert&on=title", "on"),
        ("?on=code", "on"),
        ("?nope=1", "nope"),
    ] {
        import(&admin, "products", query, CSV, "title\na\n").faults(Code::InvalidInput, &[name]);
    }
}

#[test]
fn an_import_needs_what_create_needs_and_an_upsert_update_too() {
    let app = products();
    let (guest, viewer, editor) = (app.guest(), app.viewer(), app.editor());
    let text = "code,title\na,b\n";
    import(&guest, "products", "", CSV, text).error(Code::Unauthorized);
    import(&viewer, "products", "", CSV, text).error(Code::InsufficientPermissions);
    import(&editor, "products", "", CSV, text).ok();
    let role = json!({ "name": "maker", "permissions": ["products:create"] });
    app.admin().post("/api/system/roles", &role).created();
    let maker = app.user("max", &["maker"]);
    import(&maker, "products", "", CSV, "title\nc\n").ok();
    let upsert = import(&maker, "products", "?mode=upsert&on=code", CSV, text);
    upsert.error(Code::InsufficientPermissions);
}

#[test]
fn accounts_are_neither_imported_nor_exported() {
    let app = products();
    import(&app.admin(), "users", "", CSV, "email\na@b.c\n").error(Code::MethodNotAllowed);
    app.admin()
        .get("/api/v1/users/export")
        .error(Code::NotFound);
}

#[test]
fn a_rule_is_asked_of_each_row() {
    let app = TestApp::start();
    app.define(json!({ "name": "posts", "fields": [
        { "name": "title", "type": "text", "unique": true },
        { "name": "secret", "type": "text", "writeRule": "false" } ],
        "rules": { "create": "title != \"no\"", "update": "title != \"kept\"", "list": "true",
            "view": "true" } }));
    let guest = app.guest();
    let report = import(
        &guest,
        "posts",
        "?onError=skip",
        CSV,
        "title\nyes\nno\nkept\n",
    )
    .ok();
    assert_eq!(json!([report["created"], report["failed"]]), json!([2, 1]));
    assert_eq!(places(&report), [(3, "_")]);
    let error =
        import(&guest, "posts", "", CSV, "title,secret\na,b\n").error(Code::ValidationError);
    assert_eq!(error["issues"][0]["field"], "lines[2].secret");
    let path = "?mode=upsert&on=title&onError=skip";
    let report = import(&guest, "posts", path, CSV, "title\nyes\nkept\nnew\n").ok();
    assert_eq!(
        json!([report["created"], report["updated"], report["failed"]]),
        json!([1, 1, 1])
    );
}
