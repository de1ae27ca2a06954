//! Import and export beside what else records have: their history, what is looked for in them,
//! fields that not everybody reads, and what goes along with them.

use serde_json::{Value as Json, json};
use stead::base::{Code, Id};

use super::{CSV, NDJSON, export, import, places, products, titles};
use crate::support::{app::TestApp, client::path_of, process::eventually};

fn find(app: &TestApp, collection: &str, title: &str) -> Json {
    let list = app
        .admin()
        .get(&format!("/api/v1/{collection}?title={title}"));
    list.ok()["items"][0].clone()
}

fn history(app: &TestApp, record: &Json) -> Json {
    let path = format!("{}/history", path_of("posts", record));
    app.admin().get(&path).ok()["items"].clone()
}

/// Posts that keep their history and are searched.
fn posts() -> TestApp {
    let app = TestApp::start();
    app.define(json!({ "name": "posts", "history": true, "fields": [
        { "name": "title", "type": "text", "unique": true, "searchable": true },
        { "name": "views", "type": "integer" } ] }));
    app
}

#[test]
fn each_record_of_an_import_has_its_versions() {
    let app = posts();
    let admin = app.admin();
    import(&admin, "posts", "", CSV, "title,views\na,1\nb,1\n").ok();
    let path = "?mode=upsert&on=title";
    import(&admin, "posts", path, CSV, "title,views\na,2\nc,3\na,4\n").ok();
    let kept = history(&app, &find(&app, "posts", "a"));
    let views = |i: usize| &kept[i]["changes"]["views"];
    assert_eq!(json!([views(0), views(1)]), json!([[2, 4], [1, 2]]));
    assert_eq!(kept[2]["version"], 1);
    assert_eq!(kept[0]["actor"], kept[2]["actor"]);
    for title in ["b", "c"] {
        let kept = history(&app, &find(&app, "posts", title));
        assert_eq!(kept.as_array().map(Vec::len), Some(1), "{title}");
    }
}

#[test]
fn what_is_imported_is_found_at_once_and_what_is_taken_back_no_more() {
    let app = posts();
    let admin = app.admin();
    let count = |words: &str| {
        let list = admin.get(&format!("/api/v1/posts?search={words}")).ok();
        list["items"].as_array().unwrap().len()
    };
    let report = import(&admin, "posts", "", CSV, "title\ngreen tea\nblack tea\n").ok();
    assert_eq!(count("tea"), 2);
    let path = "?mode=upsert&on=title";
    import(
        &admin,
        "posts",
        path,
        CSV,
        "title,views\ngreen tea,1\ncoffee,2\n",
    )
    .ok();
    assert_eq!((count("tea"), count("coffee")), (2, 1));
    let id = report["importId"].as_str().unwrap();
    let back = admin.delete(&format!("/api/v1/posts/import/{id}")).ok();
    assert_eq!(back, json!({ "deleted": 1, "kept": 1 }));
    assert_eq!(count("tea"), 1);
}

#[test]
fn a_search_is_exported_the_oldest_first() {
    let app = posts();
    let admin = app.admin();
    for title in ["tea and coffee", "tea", "coffee"] {
        import(&admin, "posts", "", CSV, &format!("title\n{title}\n")).ok();
    }
    let text = export(&admin, "posts", "?fields=title&search=tea");
    assert_eq!(text, "title\r\ntea and coffee\r\ntea\r\n");
    for wrong in ["snippets=true", "at=2026-01-01T00:00:00Z"] {
        let reply = admin.get(&format!("/api/v1/posts/export?search=tea&{wrong}"));
        reply.faults(Code::InvalidInput, &[wrong.split('=').next().unwrap()]);
    }
}

#[test]
fn an_import_that_is_undone_leaves_no_version() {
    let app = TestApp::start();
    app.define(json!({ "name": "posts", "history": true, "rules": { "list": "true", "view": "true",
        "create": "auth != null" }, "fields": [
        { "name": "title", "type": "text", "searchable": true }, { "name": "n", "type": "integer" } ],
        "indexes": [{ "fields": ["title", "n"], "unique": true }] }));
    let mut rows: String = (0..400).map(|i| format!("t{i},1\n")).collect();
    rows += "t0,1\n";
    let before = app.count("SELECT count(*) FROM _history");
    let reply = import(&app.admin(), "posts", "", CSV, &format!("title,n\n{rows}"));
    let error = reply.error(Code::ValidationError);
    assert_eq!(error["issues"][0]["params"]["line"], 402);
    assert_eq!(app.count("SELECT count(*) FROM posts"), 0);
    assert_eq!(app.count("SELECT count(*) FROM _history"), before);
}

/// A definition with a field that is hidden, one that only its owner reads, and one that nobody
/// but the admin writes.
fn fenced() -> TestApp {
    let app = TestApp::start();
    app.define(
        json!({ "name": "posts", "rules": { "list": "true", "view": "true",
        "create": "true", "update": "true" }, "fields": [
        { "name": "title", "type": "text", "unique": true },
        { "name": "key", "type": "text", "hidden": true },
        { "name": "owner_id", "type": "relation", "collection": "users" },
        { "name": "secret", "type": "text", "readRule": "ownerId == auth.id" },
        { "name": "never", "type": "text", "readRule": "false" } ] }),
    );
    app
}

#[test]
fn what_may_not_be_read_may_be_imported_and_is_not_exported() {
    let app = fenced();
    let tom = app.user("tom", &[]);
    let me = tom.get("/api/auth/me").ok()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let text = format!("title,key,ownerId,secret,never\na,k,{me},mine,n\nb,k,,theirs,n\n");
    import(&tom, "posts", "", CSV, &text).ok();
    let told = export(&tom, "posts", "?sort=title");
    let told: Vec<&str> = told.lines().collect();
    assert!(
        told[0].starts_with("id,title,ownerId,secret,"),
        "{}",
        told[0]
    );
    assert!(
        told[1].contains(",mine,") && told[2].contains(",b,,,"),
        "{told:?}"
    );
    let lines = export(&tom, "posts", "?sort=title&format=ndjson");
    let lines: Vec<Json> = lines
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(lines[0]["secret"], "mine");
    for (line, name) in [(1, "secret"), (0, "key"), (0, "never")] {
        assert_eq!(lines[line].get(name), None, "{name}");
    }
    let all = export(&app.admin(), "posts", "?sort=title&fields=key,secret,never");
    assert_eq!(all, "key,secret,never\r\nk,mine,n\r\nk,theirs,n\r\n");
    let sorted = tom.get("/api/v1/posts/export?sort=secret");
    sorted.faults(Code::InvalidInput, &["sort"]);
    let asked = export(&tom, "posts", "?fields=title&key=k");
    assert_eq!(asked, "title\r\n", "nobody guesses what is hidden");
}

#[test]
fn rows_point_at_rows_before_them_by_lists_too() {
    let app = TestApp::start();
    app.define(
        json!({ "name": "pages", "fields": [{ "name": "title", "type": "text" },
        { "name": "page_ids", "type": "relations", "collection": "pages" }] }),
    );
    let admin = app.admin();
    let [a, b] = [Id::generate().to_string(), Id::generate().to_string()];
    let line = |id: &str, to: &[&str]| json!({ "id": id, "title": "t", "pageIds": to }).to_string();
    let text = format!("{}\n{}\n", line(&a, &[]), line(&b, &[&a]));
    import(&admin, "pages", "", NDJSON, &text).ok();
    let c = Id::generate().to_string();
    let text = format!(
        "{}\n{}\n",
        line(&Id::generate().to_string(), &[&c]),
        line(&c, &[])
    );
    let error = import(&admin, "pages", "", NDJSON, &text).error(Code::ValidationError);
    assert_eq!(error["issues"][0]["field"], "lines[1].pageIds");
    assert_eq!(app.count("SELECT count(*) FROM pages"), 2);
    let report = import(&admin, "pages", "?onError=skip", NDJSON, &text).ok();
    assert_eq!(
        json!([report["created"], places(&report)]),
        json!([1, [[1, "pageIds"]]])
    );
}

#[test]
fn what_goes_along_is_taken_back_too() {
    let app = TestApp::start();
    for (name, deletion) in [("soft", "soft"), ("hard", "hard")] {
        app.define(
            json!({ "name": format!("{name}_pages"), "deletion": deletion, "fields": [
            { "name": "title", "type": "text" },
            { "name": "parent_id", "type": "relation", "collection": format!("{name}_pages"),
              "onDelete": "cascade" }] }),
        );
        let admin = app.admin();
        let path = format!("{name}-pages");
        let id = Id::generate().to_string();
        let text = format!("id,title,parentId\n{id},a,\n,b,{id}\n");
        let report = import(&admin, &path, "", CSV, &text).ok();
        admin
            .post(
                &format!("/api/v1/{path}"),
                &json!({ "title": "c", "parentId": id }),
            )
            .created();
        let back = format!(
            "/api/v1/{path}/import/{}",
            report["importId"].as_str().unwrap()
        );
        assert_eq!(admin.delete(&back).ok(), json!({ "deleted": 2, "kept": 0 }));
        assert_eq!(titles(&admin, &path), Vec::<String>::new());
    }
}

#[test]
fn an_import_is_taken_back_under_the_new_name_of_its_collection() {
    let app = products();
    let admin = app.admin();
    let report = import(&admin, "products", "", CSV, "title\na\n").ok();
    let new = json!({ "name": "wares" });
    admin.patch("/api/system/collections/products", &new).ok();
    let path = format!(
        "/api/v1/wares/import/{}",
        report["importId"].as_str().unwrap()
    );
    assert_eq!(admin.delete(&path).ok(), json!({ "deleted": 1, "kept": 0 }));
}

/// What it was called when the import began is of no use any more.
#[test]
fn an_import_that_a_new_name_cuts_off_is_taken_back() {
    let app = products();
    let (admin, other) = (app.admin(), app.admin());
    let rows: String = (0..6_000).map(|i| format!("{i}\n")).collect();
    let text = format!("title\n{rows}");
    std::thread::scope(|scope| {
        let import = scope.spawn(|| import(&admin, "products", "", CSV, &text));
        eventually("some of it is written", || {
            app.count("SELECT count(*) FROM _import_records") > 0
        });
        let new = json!({ "name": "wares" });
        other.patch("/api/system/collections/products", &new).ok();
        let reply = import.join().unwrap();
        let words = reply.json()["error"]["message"].to_string();
        assert!(words.contains("nothing was written"), "{words}");
    });
    assert_eq!(app.count("SELECT count(*) FROM wares"), 0);
    assert_eq!(app.count("SELECT count(*) FROM _imports"), 0);
}

#[test]
fn a_key_belongs_to_one_way_of_importing() {
    let app = products();
    let admin = app.admin().with("Idempotency-Key", "k1");
    import(&admin, "products", "", CSV, "code,title\na,b\n").ok();
    let other = import(
        &admin,
        "products",
        "?mode=upsert&on=code",
        CSV,
        "code,title\na,b\n",
    );
    other.error(Code::Unprocessable);
}

#[test]
fn two_rows_of_the_same_number_are_one_record() {
    let app = TestApp::start();
    app.define(json!({ "name": "posts", "fields": [
        { "name": "n", "type": "number", "unique": true }, { "name": "title", "type": "text" } ] }));
    let text = "n,title\n0,a\n-0.0,b\n1,c\n1.0,d\n";
    let report = import(&app.admin(), "posts", "?mode=upsert&on=n", CSV, text);
    assert_eq!(
        json!([report.ok()["created"], titles(&app.admin(), "posts")]),
        json!([2, ["b", "d"]])
    );
}

/// All of a batch are made at one time, and nothing but their ids tells which came first.
#[test]
fn records_that_are_made_together_are_exported_in_their_order() {
    let app = TestApp::start();
    app.collection("pages", json!([{ "name": "title", "type": "text" }]));
    let admin = app.admin();
    let rows: String = (0..300).map(|i| format!("{i}\r\n")).collect();
    import(&admin, "pages", "", CSV, &format!("title\r\n{rows}")).ok();
    let bodies: Json = (300..600)
        .map(|i| json!({ "title": i.to_string() }))
        .collect();
    admin.post("/api/v1/pages", &bodies).created();
    let all: String = (0..600).map(|i| format!("{i}\r\n")).collect();
    let text = export(&admin, "pages", "?fields=title");
    assert_eq!(text, format!("title\r\n{all}"));
}

#[test]
fn unique_values_of_an_upsert_are_checked_before_anything_is_written() {
    let app = TestApp::start();
    app.define(json!({ "name": "posts", "fields": [
        { "name": "slug", "type": "text", "unique": true },
        { "name": "code", "type": "text", "unique": true } ] }));
    let rows: String = (0..400).map(|i| format!("s{i},c{i}\n")).collect();
    let admin = app.admin();
    let before = app.rows();
    let text = format!("slug,code\n{rows}x,c7\n");
    let reply = import(&admin, "posts", "?mode=upsert&on=slug", CSV, &text);
    reply.faults(Code::ValidationError, &["lines[402].code"]);
    assert!(app.rows() == before);
    let fine = "slug,code\na,1\nb,2\na,3\nc,1\n";
    import(&admin, "posts", "?mode=upsert&on=slug", CSV, fine).ok();
}
