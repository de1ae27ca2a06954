//! Lists: order, pages, conditions, and parameters that are refused.

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{app::TestApp, client::Client};

const LIST: &str = "/api/v1/tasks";

fn tasks() -> (TestApp, Client) {
    let app = TestApp::start();
    app.collection(
        "tasks",
        json!([
            { "name": "title", "type": "text" },
            { "name": "rank", "type": "integer" },
            { "name": "weight", "type": "number" },
            { "name": "cost", "type": "decimal" },
            { "name": "done", "type": "boolean" },
            { "name": "due", "type": "date" },
            { "name": "seen_at", "type": "datetime" },
            { "name": "kind", "type": "select", "options": ["a", "b"] },
            { "name": "mail", "type": "email" },
            { "name": "link", "type": "url" },
            { "name": "meta", "type": "json" },
            { "name": "before_id", "type": "relation", "collection": "tasks" },
        ]),
    );
    let admin = app.admin();
    (app, admin)
}

/// Tasks `1`, `2`, ... a second apart.
fn numbered(count: i64) -> (TestApp, Client) {
    let (app, admin) = tasks();
    for i in 1..=count {
        admin
            .post(LIST, &json!({ "title": i.to_string(), "rank": i % 3 }))
            .created();
        app.clock().advance(std::time::Duration::from_secs(1));
    }
    (app, admin)
}

/// The titles on a page, in their order.
#[track_caller]
fn titles(client: &Client, query: &str) -> String {
    let data = client.get(&format!("{LIST}?{query}")).ok();
    let items = data["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["title"].as_str().unwrap_or("-"))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn the_newest_comes_first() {
    let (_app, admin) = numbered(4);
    assert_eq!(titles(&admin, ""), "4 3 2 1");
}

#[test]
fn what_was_made_at_one_time_stands_in_the_order_of_ids() {
    let (_app, admin) = tasks();
    for (id, title) in [("B", "2"), ("A", "1"), ("C", "3")] {
        let id = format!("01HZXK5V8QWERTYASDFGHJKM{id}0");
        admin
            .post(LIST, &json!({ "id": id, "title": title }))
            .created();
    }
    assert_eq!(titles(&admin, ""), "3 2 1");
    assert_eq!(titles(&admin, "sort=createdAt"), "1 2 3");
}

#[test]
fn a_list_is_sorted_by_any_field_and_ties_by_id() {
    let (_app, admin) = numbered(6);
    for (query, expected) in [
        ("sort=title", "1 2 3 4 5 6"),
        ("sort=-title", "6 5 4 3 2 1"),
        ("sort=rank", "3 6 1 4 2 5"),
        ("sort=-rank", "5 2 4 1 6 3"),
        ("sort=-rank,%2Btitle", "2 5 1 4 3 6"),
        ("sort=-rank,+title", "2 5 1 4 3 6"),
        ("sort=rank,-createdAt", "6 3 4 1 5 2"),
        ("sort=-id", "6 5 4 3 2 1"),
        ("sortBy=title", "1 2 3 4 5 6"),
        ("sortBy=title&sortOrder=asc", "1 2 3 4 5 6"),
        ("sortOrder=desc&sortBy=title", "6 5 4 3 2 1"),
    ] {
        assert_eq!(titles(&admin, query), expected, "{query}");
    }
}

#[test]
fn nulls_stand_first_ascending_and_last_descending() {
    let (_app, admin) = tasks();
    for (title, cost) in [
        ("a", json!("2.00")),
        ("b", json!(null)),
        ("c", json!("-10.00")),
    ] {
        admin
            .post(LIST, &json!({ "title": title, "cost": cost }))
            .created();
    }
    assert_eq!(titles(&admin, "sort=cost"), "b c a");
    assert_eq!(titles(&admin, "sort=-cost"), "a c b");
}

#[test]
fn a_condition_on_each_type_finds_its_value() {
    let (_app, admin) = tasks();
    let first = admin.post(LIST, &json!({ "title": "other" })).created();
    let body = json!({
        "title": "a b&c=d", "rank": 9_007_199_254_740_993_i64, "weight": 0.5, "cost": "9.90",
        "done": true, "due": "2026-01-15", "seenAt": "2026-01-15T00:00:00Z", "kind": "b",
        "mail": "ann@example.com", "link": "https://example.com/", "beforeId": first["id"],
    });
    let made = admin.post(LIST, &body).created();
    let before = format!("beforeId={}", first["id"].as_str().unwrap());
    let id = format!("id={}", made["id"].as_str().unwrap());
    for query in [
        "title=a+b%26c%3Dd",
        "rank=9007199254740993",
        "weight=0.5",
        "weight=5e-1",
        "cost=9.9",
        "cost=9.90",
        "done=true",
        "due=2026-01-15",
        "seenAt=2026-01-15",
        "seenAt=2026-01-15T01:00:00%2B01:00",
        "kind=b",
        "mail=ann@example.com",
        "link=https://example.com/",
        &before,
        &id,
        "version=1&done=true",
    ] {
        let data = admin.get(&format!("{LIST}?{query}")).ok();
        assert_eq!(data["items"], json!([made]), "{query}");
        assert_eq!(data["pagination"]["totalItems"], 1, "{query}");
    }
}

#[test]
fn conditions_hold_together() {
    let (_app, admin) = numbered(6);
    assert_eq!(titles(&admin, "rank=1&sort=title"), "1 4");
    assert_eq!(titles(&admin, "rank=1&title=4"), "4");
    assert_eq!(titles(&admin, "rank=1&title=5"), "");
    assert_eq!(titles(&admin, "rank=1&page=2&pageSize=1&sort=title"), "4");
    assert_eq!(titles(&admin, "title="), "");
}

#[test]
fn a_page_says_where_it_stands() {
    let (_app, admin) = numbered(5);
    let data = admin
        .get(&format!("{LIST}?page=2&pageSize=2&sort=title"))
        .ok();
    let pagination = json!({
        "page": 2, "pageSize": 2, "totalItems": 5, "totalPages": 3,
        "hasNextPage": true, "hasPreviousPage": true, "nextCursor": null,
    });
    assert_eq!(data["pagination"], pagination);
    let links = json!({
        "self": "/api/v1/tasks?page=2&pageSize=2&sort=title",
        "next": "/api/v1/tasks?page=3&pageSize=2&sort=title",
        "prev": "/api/v1/tasks?page=1&pageSize=2&sort=title",
    });
    assert_eq!(data["links"], links);
}

#[test]
fn links_lead_through_all_pages_and_stand_in_the_header_too() {
    let (_app, admin) = numbered(5);
    let (mut path, mut seen) = (format!("{LIST}?pageSize=2"), Vec::new());
    loop {
        let reply = admin.get(&path);
        let data = reply.ok();
        seen.extend(
            data["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["title"].clone()),
        );
        let Some(next) = data["links"]["next"].as_str() else {
            break;
        };
        let header = reply.header("link").unwrap();
        assert!(
            header.starts_with(&format!("<{next}>; rel=\"next\"")),
            "{header}"
        );
        path = next.to_owned();
    }
    assert_eq!(json!(seen), json!(["5", "4", "3", "2", "1"]));
}

#[test]
fn one_page_alone_has_no_links_to_others() {
    let (_app, admin) = numbered(1);
    let reply = admin.get(LIST);
    let links = json!({ "self": "/api/v1/tasks?page=1", "next": null, "prev": null });
    assert_eq!(reply.ok()["links"], links);
    assert_eq!(reply.header("link"), None);
    assert_eq!(reply.header("cache-control"), Some("private, no-cache"));
}

#[test]
fn an_empty_list_has_no_page() {
    let (_app, admin) = tasks();
    let data = admin.get(LIST).ok();
    assert_eq!(data["items"], json!([]));
    let pagination = json!({
        "page": 1, "pageSize": 20, "totalItems": 0, "totalPages": 0,
        "hasNextPage": false, "hasPreviousPage": false, "nextCursor": null,
    });
    assert_eq!(data["pagination"], pagination);
}

#[test]
fn a_page_past_the_end_is_empty_and_leads_back_to_the_last() {
    let (_app, admin) = numbered(3);
    for page in ["7", "4294967295"] {
        let data = admin.get(&format!("{LIST}?page={page}&pageSize=2")).ok();
        assert_eq!(data["items"], json!([]));
        assert_eq!(data["pagination"]["hasNextPage"], false);
        assert_eq!(data["links"]["prev"], "/api/v1/tasks?page=2&pageSize=2");
    }
}

#[test]
fn the_size_of_a_page_has_three_names() {
    let (_app, admin) = numbered(3);
    for name in ["pageSize", "limit", "per_page"] {
        assert_eq!(titles(&admin, &format!("{name}=2")), "3 2", "{name}");
    }
    let data = admin.get(LIST).ok();
    assert_eq!(data["pagination"]["pageSize"], 20);
}

#[test]
fn a_link_keeps_what_was_asked_but_for_the_page() {
    let (_app, admin) = tasks();
    for _ in 0..2 {
        admin.post(LIST, &json!({ "title": "é\"x" })).created();
    }
    let reply = admin.get(&format!("{LIST}?title=%C3%A9%22x&pageSize=1&%70age=1"));
    let next = reply.ok()["links"]["next"].as_str().unwrap().to_owned();
    assert_eq!(next, "/api/v1/tasks?page=2&title=%C3%A9%22x&pageSize=1");
    assert_eq!(admin.get(&next).ok()["pagination"]["page"], 2);
}

/// A query and the parameters that its error names.
const BAD: &[(&str, &[&str])] = &[
    ("page=0", &["page"]),
    ("page=-1", &["page"]),
    ("page=1.5", &["page"]),
    ("page=", &["page"]),
    ("page=%2B1", &["page"]),
    ("page=4294967296", &["page"]),
    ("page=18446744073709551616", &["page"]),
    ("pageSize=0", &["pageSize"]),
    ("pageSize=101", &["pageSize"]),
    ("pageSize=ten", &["pageSize"]),
    ("limit=101", &["limit"]),
    ("per_page=0", &["per_page"]),
    ("limit=5&pageSize=5", &["pageSize"]),
    ("page=1&page=2", &["page"]),
    ("title=a&title=b", &["title"]),
    ("nope=1", &["nope"]),
    ("before_id=1", &["before_id"]),
    ("deletedAt=2026-01-15", &["deletedAt"]),
    ("deleted_at=2026-01-15", &["deleted_at"]),
    ("_row=1", &["_row"]),
    ("sort=nope", &["sort"]),
    ("sort=", &["sort"]),
    ("sort=title,", &["sort"]),
    ("sort=--title", &["sort"]),
    ("sort=meta", &["sort"]),
    ("sort=deletedAt", &["sort"]),
    ("sort=title,-title", &["sort"]),
    ("sort=title;drop table tasks", &["sort"]),
    ("sortBy=nope", &["sortBy"]),
    ("sortBy=title&sortOrder=up", &["sortOrder"]),
    ("sortOrder=asc", &["sortOrder"]),
    ("sort=title&sortOrder=asc", &["sortOrder"]),
    ("sort=title&sortBy=title", &["sortBy"]),
    ("rank=x", &["rank"]),
    ("rank=9223372036854775808", &["rank"]),
    ("rank=1.5", &["rank"]),
    ("weight=1e400", &["weight"]),
    ("weight=nan", &["weight"]),
    ("cost=1.005", &["cost"]),
    ("done=1", &["done"]),
    ("due=2026-02-29", &["due"]),
    ("seenAt=yesterday", &["seenAt"]),
    ("beforeId=1", &["beforeId"]),
    ("id=01hzxk5v8qwertyasdfghjkmnp", &["id"]),
    ("meta=1", &["meta"]),
    ("title=%ff", &["title"]),
    ("title=%00", &["title"]),
    ("title=%zz", &["title"]),
    ("cursor=x", &["cursor"]),
    ("cursor=&page=1", &["cursor"]),
    ("count=", &["count"]),
    ("count=some", &["count"]),
    ("fields=", &["fields"]),
    ("fields=nope", &["fields"]),
    ("fields=id,", &["fields"]),
    ("fields=id,title,id", &["fields"]),
    ("fields=before_id", &["fields"]),
    ("fields=deletedAt", &["fields"]),
    ("expand=before", &["expand"]),
    ("filter=rank=1", &["filter"]),
    ("filter=nope==1", &["filter"]),
    ("filter=auth.id!=null", &["filter"]),
    ("filter=", &["filter"]),
    ("search=x", &["search"]),
    ("trashed=yes", &["trashed"]),
    ("trashed=", &["trashed"]),
    ("rank[above]=1", &["rank[above]"]),
    ("rank[gte]=x", &["rank[gte]"]),
    ("rank[contains]=1", &["rank[contains]"]),
    ("rank[isNull]=1", &["rank[isNull]"]),
    ("done[gt]=true", &["done[gt]"]),
    ("nope[eq]=1", &["nope[eq]"]),
    ("createdAfter=yesterday", &["createdAfter"]),
    ("page=0&nope=1&rank=x", &["nope", "page", "rank"]),
];

#[test]
fn what_cannot_be_meant_is_refused_by_name() {
    let (_app, admin) = numbered(1);
    for (query, named) in BAD {
        let query = query.replace(' ', "%20");
        let reply = admin.get(&format!("{LIST}?{query}"));
        assert_eq!(reply.status(), 400, "{query}: {}", reply.json());
        reply.faults(Code::InvalidInput, named);
    }
}

#[test]
fn other_requests_take_no_parameters() {
    let (_app, admin) = numbered(1);
    let id = admin.get(LIST).ok()["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("{LIST}/{id}?expand=before");
    admin.get(&path).faults(Code::InvalidInput, &["expand"]);
    admin
        .patch(&path, &json!({}))
        .faults(Code::InvalidInput, &["expand"]);
    admin.delete(&path).faults(Code::InvalidInput, &["expand"]);
    let hard = format!("{LIST}/{id}?hard=yes");
    admin.delete(&hard).faults(Code::InvalidInput, &["hard"]);
    admin
        .post(&format!("{LIST}?on=title"), &json!({}))
        .faults(Code::InvalidInput, &["on"]);
}

#[test]
fn a_sort_of_thousands_of_keys_is_refused() {
    let (_app, admin) = numbered(1);
    let keys = vec!["title"; 5_000].join(",");
    admin
        .get(&format!("{LIST}?sort={keys}"))
        .faults(Code::InvalidInput, &["sort"]);
}

#[test]
fn a_sort_has_at_most_16_fields_and_each_is_asked_of_behind_a_cursor() {
    let app = TestApp::start();
    let names: Vec<String> = (0..17).map(|i| format!("f{i}")).collect();
    let field = |name| json!({ "name": name, "type": "integer" });
    app.collection("wide", names.iter().map(field).collect::<Json>());
    let admin = app.admin();
    for last in [3, 1, 2] {
        admin
            .post("/api/v1/wide", &json!({ "f15": last }))
            .created();
    }
    let path = |count: usize| {
        let sort = names[..count].join(",-");
        format!("/api/v1/wide?sort={sort}&fields=f15&pageSize=1&cursor=")
    };
    admin.get(&path(17)).faults(Code::InvalidInput, &["sort"]);
    let mut found = Vec::new();
    let mut next = Some(path(16));
    while let Some(path) = next {
        let list = admin.get(&path).ok();
        found.push(list["items"][0]["f15"].clone());
        next = list["links"]["next"].as_str().map(str::to_owned);
    }
    assert_eq!(json!(found), json!([3, 2, 1]));
}

#[test]
fn deleted_records_are_neither_shown_nor_counted() {
    let (_app, admin) = numbered(3);
    let data = admin.get(&format!("{LIST}?title=2")).ok();
    let id = data["items"][0]["id"].as_str().unwrap();
    admin.delete(&format!("{LIST}/{id}")).no_content();
    assert_eq!(titles(&admin, ""), "3 1");
    assert_eq!(admin.get(LIST).ok()["pagination"]["totalItems"], 2);
    assert_eq!(titles(&admin, "title=2"), "");
}

#[test]
fn the_lists_of_the_system_are_paged_alike() {
    let (app, admin) = tasks();
    app.collection("notes", json!([{ "name": "title", "type": "text" }]));
    let path = "/api/system/collections";
    for size in ["pageSize", "limit", "per_page"] {
        let data = admin.get(&format!("{path}?page=2&{size}=2")).ok();
        let names: Vec<&Json> = data["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| &d["name"])
            .collect();
        assert_eq!(names, ["users"], "{size}");
        assert_eq!(data["pagination"]["totalItems"], 3);
    }
    for (query, named) in [
        ("page=0", &["page"][..]),
        ("page=%2B1", &["page"]),
        ("page=1&page=1", &["page"]),
        ("pageSize=101", &["pageSize"]),
        ("limit=1&per_page=1", &["per_page"]),
        ("sort=name", &["sort"]),
        ("nope=1", &["nope"]),
    ] {
        admin
            .get(&format!("{path}?{query}"))
            .faults(Code::InvalidInput, named);
    }
}

#[test]
fn a_list_writes_nothing() {
    let (app, admin) = numbered(30);
    let changes = || -> (u64, i64) {
        let wal = app.database().with_extension("db-wal");
        let length = std::fs::metadata(wal).unwrap().len();
        let sql = app.sql();
        (
            length,
            sql.query_row("SELECT total(seq) FROM sqlite_sequence", [], |row| {
                row.get::<_, f64>(0)
            })
            .unwrap() as i64,
        )
    };
    let before = changes();
    for query in ["", "sort=title", "rank=1", "page=2&pageSize=7"] {
        titles(&admin, query);
    }
    assert_eq!(changes(), before);
}

#[test]
fn the_default_order_and_a_relation_sort_nothing() {
    let (app, _admin) = tasks();
    let plan = |sql: &str| -> String {
        let conn = app.sql();
        let mut query = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let rows = query.query_map([], |row| row.get::<_, String>(3)).unwrap();
        rows.map(Result::unwrap).collect::<Vec<_>>().join("; ")
    };
    for condition in ["", "AND before_id = 'x'"] {
        let plan = plan(&format!(
            "SELECT * FROM tasks WHERE deleted_at IS NULL {condition}
             ORDER BY created_at DESC, id DESC LIMIT 20"
        ));
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }
}
