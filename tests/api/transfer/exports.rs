//! `GET /api/v1/{collection}/export`.

use std::io::ErrorKind;

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{export, products};
use crate::support::{app::TestApp, client::Client, http::Connection};

fn full(client: &Client, app: &TestApp) -> Json {
    let maker = app
        .admin()
        .post("/api/v1/makers", &json!({ "name": "Ada" }))
        .created();
    let body = json!({ "code": "A1", "title": "Tea, \"green\"\nor not", "note": "", "price": "1.50",
        "stock": "9007199254740993", "weight": 0.1, "isNew": true, "soldAt": "2026-01-02T03:04:05Z",
        "extra": { "a": [1.5, null] }, "tags": ["red", "blue"], "makerId": maker["id"],
        "makerIds": [maker["id"]] });
    client.post("/api/v1/products", &body).created()
}

#[test]
fn a_cell_is_written_as_its_type_has_it() {
    let app = products();
    let admin = app.admin();
    let made = full(&admin, &app);
    admin
        .post(
            "/api/v1/products",
            &json!({ "title": "Bare", "note": null }),
        )
        .created();
    let fields =
        "?fields=code,title,note,price,stock,weight,isNew,soldAt,extra,tags,makerId,makerIds";
    let maker = made["makerId"].as_str().unwrap();
    let expected = format!(
        "code,title,note,price,stock,weight,isNew,soldAt,extra,tags,makerId,makerIds\r\n\
         A1,\"Tea, \"\"green\"\"\nor not\",\"\",1.50,9007199254740993,0.1,true,\
         2026-01-02T03:04:05.000Z,\"{{\"\"a\"\":[1.5,null]}}\",\"[\"\"red\"\",\"\"blue\"\"]\",\
         {maker},\"[\"\"{maker}\"\"]\"\r\n\
         ,Bare,,,,,,,,,,[]\r\n"
    );
    assert_eq!(export(&admin, "products", fields), expected);
}

#[test]
fn a_line_of_ndjson_is_the_record_as_a_list_shows_it() {
    let app = products();
    let admin = app.admin();
    full(&admin, &app);
    let text = export(&admin, "products", "?format=ndjson");
    let list = admin.get("/api/v1/products").ok();
    assert_eq!(
        serde_json::from_str::<Json>(text.trim_end()).unwrap(),
        list["items"][0]
    );
    assert!(text.ends_with('\n'));
}

#[test]
fn it_takes_the_filters_fields_and_order_of_a_list_and_nothing_of_its_pages() {
    let app = products();
    let admin = app.admin();
    for (title, stock) in [("b", 1), ("a", 2), ("c", 3)] {
        let body = json!({ "title": title, "stock": stock });
        admin.post("/api/v1/products", &body).created();
    }
    let get = |query: &str| export(&admin, "products", query);
    assert_eq!(
        get("?fields=title"),
        "title\r\nb\r\na\r\nc\r\n",
        "the oldest first"
    );
    assert_eq!(
        get("?fields=title&sort=-title&stock[gte]=2"),
        "title\r\nc\r\na\r\n"
    );
    assert_eq!(
        get("?fields=stock&filter=title%3D%3D%22a%22&format=csv"),
        "stock\r\n2\r\n"
    );
    assert_eq!(get("?fields=stock&title=none"), "stock\r\n");
    for wrong in [
        "page=1",
        "pageSize=5",
        "cursor=",
        "count=none",
        "format=xml",
        "nope=1",
    ] {
        let name = wrong.split('=').next().unwrap();
        let reply = admin.get(&format!("/api/v1/products/export?{wrong}"));
        reply.faults(Code::InvalidInput, &[name]);
    }
}

#[test]
fn it_says_what_it_is_and_so_does_head() {
    let app = products();
    let admin = app.admin();
    for method in ["GET", "HEAD"] {
        let reply = admin.send(method, "/api/v1/products/export?format=ndjson", None);
        assert_eq!(reply.status(), 200);
        assert_eq!(reply.header("content-type"), Some("application/x-ndjson"));
        let name = "attachment; filename=\"products-2026-01-15.ndjson\"";
        assert_eq!(reply.header("content-disposition"), Some(name));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
}

/// What a spreadsheet takes for a formula stays as it is: whoever opens the file decides that.
#[test]
fn a_cell_that_looks_like_a_formula_is_left_alone() {
    let app = products();
    let admin = app.admin();
    admin
        .post("/api/v1/products", &json!({ "title": "=1+1" }))
        .created();
    assert_eq!(
        export(&admin, "products", "?fields=title"),
        "title\r\n=1+1\r\n"
    );
}

#[test]
fn many_records_in_any_order_are_each_told_once() {
    let app = products();
    let admin = app.admin();
    let long = "x".repeat(300);
    for chunk in 0..3 {
        let bodies: Vec<Json> = (0..900)
            .map(|i| json!({ "title": format!("{:04}", chunk * 900 + i), "note": long, "stock": i % 7 }))
            .collect();
        admin.post("/api/v1/products", &json!(bodies)).created();
    }
    for sort in ["", "&sort=-title", "&sort=stock,-title", "&sort=-createdAt"] {
        let text = export(&admin, "products", &format!("?fields=title{sort}"));
        let mut titles: Vec<&str> = text.lines().skip(1).collect();
        titles.sort_unstable();
        let expected: Vec<String> = (0..2_700).map(|i| format!("{i:04}")).collect();
        assert_eq!(titles, expected, "{sort}");
    }
}

/// A clean end would make half a file look whole.
#[test]
fn a_fault_in_the_middle_breaks_the_connection_off() {
    let app = products();
    let admin = app.admin();
    // More than a connection takes while nobody reads.
    let long = "x".repeat(100_000);
    for _ in 0..40 {
        let bodies: Vec<Json> = (0..9)
            .map(|_| json!({ "title": "t", "extra": long }))
            .collect();
        admin.post("/api/v1/products", &json!(bodies)).created();
    }
    let mut connection = Connection::open(app.address()).unwrap();
    let bearer = format!("Bearer {}", admin.access.as_ref().unwrap());
    let head = format!(
        "GET /api/v1/products/export HTTP/1.1\r\nHost: {}\r\nAuthorization: {bearer}\r\n\r\n",
        app.address()
    );
    connection.write(head.as_bytes()).unwrap();
    let change = json!({ "rules": { "view": "true" } });
    admin
        .patch("/api/system/collections/products", &change)
        .ok();
    let error = connection.read_response(false).unwrap_err();
    assert!(matches!(
        error.kind(),
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset
    ));
}

#[test]
fn deleted_records_are_for_who_may_restore() {
    let app = TestApp::start();
    app.collection("notes", json!([{ "name": "title", "type": "text" }]));
    let (admin, viewer) = (app.admin(), app.viewer());
    let note = admin
        .post("/api/v1/notes", &json!({ "title": "gone" }))
        .created();
    admin
        .delete(&crate::support::client::path_of("notes", &note))
        .no_content();
    let path = "/api/v1/notes/export?trashed=only&fields=title";
    assert_eq!(admin.get(path).response.text(), "title\r\ngone\r\n");
    viewer.get(path).error(Code::InsufficientPermissions);
}
