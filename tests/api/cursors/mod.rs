//! Lists by cursor: every record once, whatever comes and goes meanwhile, and cursors that show
//! nothing and that nobody can make.

mod properties;

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

const LIST: &str = "/api/v1/things";

fn things() -> (TestApp, Client) {
    let app = TestApp::start();
    app.define(json!({
        "name": "things",
        "fields": [
            { "name": "lot", "type": "integer" },
            { "name": "title", "type": "text" },
            { "name": "rank", "type": "integer" },
            { "name": "weight", "type": "number" },
            { "name": "cost", "type": "decimal" },
            { "name": "done", "type": "boolean" },
            { "name": "due", "type": "date" },
            { "name": "meta", "type": "json" },
        ],
        // Some orders have an index, others none.
        "indexes": [{ "fields": ["title", "-rank", "weight"] }, { "fields": ["cost"] }],
    }));
    let admin = app.admin();
    (app, admin)
}

/// Things `1`, `2`, ... of which the last is the newest.
fn numbered(count: i64) -> (TestApp, Client) {
    let (app, admin) = things();
    for i in 1..=count {
        let body = json!({ "title": i.to_string(), "rank": i % 3 });
        admin.post(LIST, &body).created();
        app.clock().advance(std::time::Duration::from_secs(1));
    }
    (app, admin)
}

fn titles(list: &Json) -> String {
    let items = list["items"].as_array().unwrap().iter();
    let titles: Vec<&str> = items.map(|item| item["title"].as_str().unwrap()).collect();
    titles.join(" ")
}

/// The cursor of the page behind the first two.
fn second_page(client: &Client, query: &str) -> String {
    let list = client
        .get(&format!("{LIST}?cursor=&pageSize=2&{query}"))
        .ok();
    list["pagination"]["nextCursor"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_page_by_cursor_leads_to_the_next() {
    let (_app, admin) = numbered(5);
    let first = admin.get(&format!("{LIST}?cursor=&pageSize=2")).ok();
    assert_eq!(titles(&first), "5 4");
    let cursor = first["pagination"]["nextCursor"].as_str().unwrap();
    let pagination = json!({
        "page": null, "pageSize": 2, "totalItems": null, "totalPages": null,
        "hasNextPage": true, "hasPreviousPage": null, "nextCursor": cursor,
    });
    assert_eq!(first["pagination"], pagination);
    let next = format!("{LIST}?cursor={cursor}&pageSize=2");
    let links = json!({ "self": format!("{LIST}?cursor=&pageSize=2"), "next": next, "prev": null });
    assert_eq!(first["links"], links);
    let second = admin.get(&next).ok();
    assert_eq!(titles(&second), "3 2");
    assert_eq!(second["links"]["self"], next);
    let last = admin.get(second["links"]["next"].as_str().unwrap());
    assert_eq!(titles(&last.ok()), "1");
    assert_eq!(last.ok()["pagination"]["nextCursor"], json!(null));
    assert_eq!(last.ok()["pagination"]["hasNextPage"], false);
    assert_eq!(last.header("link"), None);
}

#[test]
fn the_next_page_stands_in_the_link_header_too() {
    let (_app, admin) = numbered(3);
    let reply = admin.get(&format!("{LIST}?pageSize=2&cursor="));
    let next = reply.ok()["links"]["next"].as_str().unwrap().to_owned();
    assert_eq!(
        reply.header("link"),
        Some(&*format!("<{next}>; rel=\"next\""))
    );
    assert_eq!(reply.header("cache-control"), Some("private, no-cache"));
}

#[test]
fn a_full_last_page_has_no_next() {
    let (_app, admin) = numbered(4);
    let cursor = second_page(&admin, "");
    let last = admin
        .get(&format!("{LIST}?cursor={cursor}&pageSize=2"))
        .ok();
    assert_eq!(titles(&last), "2 1");
    assert_eq!(last["links"]["next"], json!(null));
}

#[test]
fn an_empty_list_has_no_cursor() {
    let (_app, admin) = things();
    let list = admin.get(&format!("{LIST}?cursor=")).ok();
    assert_eq!(list["items"], json!([]));
    assert_eq!(list["pagination"]["nextCursor"], json!(null));
}

#[test]
fn count_is_exact_by_page_and_none_by_cursor_unless_it_is_asked_for() {
    let (_app, admin) = numbered(5);
    for (query, total, pages, has_next) in [
        ("pageSize=2", json!(5), json!(3), true),
        ("pageSize=2&count=exact", json!(5), json!(3), true),
        ("pageSize=2&count=none", json!(null), json!(null), true),
        (
            "pageSize=2&page=3&count=none",
            json!(null),
            json!(null),
            false,
        ),
        ("pageSize=5&count=none", json!(null), json!(null), false),
        ("pageSize=2&cursor=", json!(null), json!(null), true),
        (
            "pageSize=2&cursor=&count=none",
            json!(null),
            json!(null),
            true,
        ),
        (
            "pageSize=2&cursor=&count=exact",
            json!(5),
            json!(null),
            true,
        ),
        ("cursor=&count=exact&title=9", json!(0), json!(null), false),
    ] {
        let pagination = &admin.get(&format!("{LIST}?{query}")).ok()["pagination"];
        assert_eq!(pagination["totalItems"], total, "{query}");
        assert_eq!(pagination["totalPages"], pages, "{query}");
        assert_eq!(pagination["hasNextPage"], has_next, "{query}");
    }
}

#[test]
fn an_uncounted_page_by_number_leads_on_and_back() {
    let (_app, admin) = numbered(5);
    let list = admin
        .get(&format!("{LIST}?page=2&pageSize=2&count=none"))
        .ok();
    assert_eq!(titles(&list), "3 2");
    let link = |page| format!("{LIST}?page={page}&pageSize=2&count=none");
    let links = json!({ "self": link(2), "next": link(3), "prev": link(1) });
    assert_eq!(list["links"], links);
}

#[test]
fn a_cursor_is_good_for_its_list_alone() {
    let (app, admin) = numbered(6);
    let same = json!([{ "name": "title", "type": "text" }, { "name": "rank", "type": "integer" }]);
    app.collection("others", same);
    let made = "sort=-rank,title&rank[gte]=0";
    let cursor = second_page(&admin, made);
    for other in [
        "",
        "sort=-rank,title",
        "sort=-rank,-title&rank[gte]=0",
        "sort=rank,title&rank[gte]=0",
        "sort=-rank&rank[gte]=0",
        "sort=-rank,title&rank[gte]=1",
        "sort=-rank,title&rank[gt]=0",
        "sort=-rank,title&rank[gte]=0&title=1",
        "sort=-rank,title&rank[gte]=0&trashed=with",
    ] {
        let path = format!("{LIST}?cursor={cursor}&{other}");
        admin.get(&path).faults(Code::InvalidInput, &["cursor"]);
    }
    let path = format!("/api/v1/others?cursor={cursor}&{made}");
    admin.get(&path).faults(Code::InvalidInput, &["cursor"]);
    // In another order and size, and of other fields, it is the same list.
    for same in [
        "rank[gte]=0&sort=-rank,title",
        "sort=-rank,%2Btitle&rank%5Bgte%5D=0&pageSize=1",
        "sort=-rank,title,id,weight&rank[gte]=0",
        "sort=-rank,title&rank[gte]=0&fields=title&count=exact",
    ] {
        let list = admin.get(&format!("{LIST}?cursor={cursor}&{same}")).ok();
        assert_eq!(list["items"][0]["title"], "1", "{same}");
    }
}

#[test]
fn a_cursor_under_a_parent_is_good_under_it_alone() {
    let (app, admin) = things();
    app.collection(
        "parts",
        json!([{ "name": "thing_id", "type": "relation", "collection": "things" }]),
    );
    let parents = [0, 1].map(|_| admin.post(LIST, &json!({})).created());
    let parts = |parent: &Json| format!("{}/parts", path_of("things", parent));
    for parent in parents.iter().chain(&parents) {
        admin.post(&parts(parent), &json!({})).created();
    }
    let first = admin
        .get(&format!("{}?cursor=&pageSize=1", parts(&parents[0])))
        .ok();
    let next = first["links"]["next"].as_str().unwrap();
    assert_eq!(
        admin.get(next).ok()["items"][0]["thingId"],
        parents[0]["id"]
    );
    let (_, query) = next.split_once('?').unwrap();
    for other in [parts(&parents[1]), "/api/v1/parts".to_owned()] {
        let reply = admin.get(&format!("{other}?{query}"));
        reply.faults(Code::InvalidInput, &["cursor"]);
    }
}

#[test]
fn a_cursor_outlives_its_record_a_restart_and_a_change_of_rules() {
    let (mut app, admin) = numbered(4);
    let cursor = second_page(&admin, "");
    for title in ["3", "4"] {
        let found = admin.get(&format!("{LIST}?title={title}")).ok();
        let path = path_of("things", &found["items"][0]);
        admin.delete(&format!("{path}?hard=true")).no_content();
    }
    let rules = json!({ "rules": { "list": "title != \"2\"" } });
    admin.patch("/api/system/collections/things", &rules).ok();
    app.restart_with(|_| {});
    let rest = |client: &Client| titles(&client.get(&format!("{LIST}?cursor={cursor}")).ok());
    assert_eq!(rest(&app.guest()), "1");
    assert_eq!(rest(&app.admin()), "2 1");
}

#[test]
fn a_cursor_of_another_instance_is_none() {
    let (_app, admin) = numbered(3);
    let (_other, stranger) = numbered(3);
    let path = format!("{LIST}?cursor={}", second_page(&admin, ""));
    stranger.get(&path).faults(Code::InvalidInput, &["cursor"]);
}

#[test]
fn a_cursor_shows_no_value() {
    let (_app, admin) = things();
    for _ in 0..3 {
        admin
            .post(LIST, &json!({ "title": "hippopotamus" }))
            .created();
    }
    let cursor = second_page(&admin, "sort=title");
    // The same page has the same, so that its `ETag` holds; another list has another.
    assert_eq!(cursor, second_page(&admin, "sort=title"));
    let filtered = second_page(&admin, "sort=title&title=hippopotamus");
    assert_ne!(cursor[..16], filtered[..16]);
    let plain = unsealed(&cursor);
    assert!(plain.len() > "hippopotamus".len());
    let has = |text: &str| {
        plain
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    assert!(!has("hippo") && !has("title") && !has("things"));
}

/// The bytes that the letters stand for.
fn unsealed(cursor: &str) -> Vec<u8> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for letter in cursor.chars() {
        bits = bits << 6 | LETTERS.find(letter).unwrap() as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    bytes
}

/// An answer's head has to go through proxies, but its body may have any length.
#[test]
fn a_long_cursor_stands_in_the_body_alone_and_one_too_long_is_refused() {
    let app = TestApp::start();
    app.collection(
        "texts",
        json!([{ "name": "text", "type": "text", "max": 50_000 }]),
    );
    let admin = app.admin();
    let made = |letter: &str, count| {
        let body = json!({ "text": letter.repeat(count) });
        admin.post("/api/v1/texts", &body).created();
    };
    made("a", 5_000);
    made("b", 40_000);
    made("c", 1);
    let path = "/api/v1/texts?sort=text&pageSize=1&fields=id";
    let first = admin.get(&format!("{path}&cursor="));
    assert_eq!(first.header("link"), None);
    let next = first.ok()["links"]["next"].as_str().unwrap().to_owned();
    let refused = admin.get(&next);
    refused.error(Code::Unprocessable);
    assert_eq!(
        admin.get(&format!("{path}&page=3")).ok()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_page_of_users_goes_by_cursor_too() {
    let app = TestApp::start();
    for name in ["bob", "cem"] {
        app.user(name, &[]);
    }
    let admin = app.admin();
    let mut path =
        Some("/api/v1/users?sort=-verified,displayName&pageSize=1&fields=email&cursor=".to_owned());
    let mut seen = Vec::new();
    while let Some(next) = path {
        let list = admin.get(&next).ok();
        seen.push(list["items"].to_string());
        path = list["links"]["next"].as_str().map(str::to_owned);
    }
    let all = ["ann", "bob", "cem"];
    assert_eq!(
        seen,
        all.map(|name| format!("[{{\"email\":\"{name}@example.com\"}}]"))
    );
}
