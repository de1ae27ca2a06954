//! Pages of what was found: by number in the order of the rank or another, by cursor in another.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{POSTS, list, make, posts};
use crate::support::client::Client;

fn many(admin: &Client) {
    let texts = ["fox", "fox fox", "a fox and more", "dog", "Fox, or so"];
    let posts: Vec<Json> = (0..60)
        .map(|i| json!({ "title": format!("t{}", i % 7), "body": texts[i % 5], "rank": i % 4 }))
        .collect();
    admin.post(POSTS, &json!(posts)).created();
}

fn ids(list: &Json) -> Vec<String> {
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

/// The ids on all pages from this one on.
fn walk(admin: &Client, query: &str) -> Vec<String> {
    let (mut all, mut path) = (Vec::new(), format!("{POSTS}?{query}"));
    loop {
        let page = admin.get(&path).ok();
        let found = ids(&page);
        assert_eq!(page["snippets"].as_array().unwrap().len(), found.len());
        all.extend(found);
        match page["links"]["next"].as_str() {
            Some(next) => path = next.to_owned(),
            None => return all,
        }
    }
}

#[test]
fn each_record_that_was_found_stands_on_one_page() {
    let (_app, admin) = posts(&json!({}));
    many(&admin);
    for query in [
        "search=fox&pageSize=7",
        "search=fox&pageSize=7&count=none",
        "search=fox&pageSize=7&sort=rank",
        "search=fox&pageSize=7&sort=-rank,title&cursor=",
        "search=fox&pageSize=7&sort=-createdAt&cursor=",
        "search=fox&pageSize=7&sort=title&cursor=&count=exact",
        "search=fo*&pageSize=5&sortBy=id&cursor=",
        "search=fox&pageSize=48&sort=title&cursor=",
    ] {
        let all = walk(&admin, query);
        let once: BTreeSet<&String> = all.iter().collect();
        assert_eq!((all.len(), once.len()), (48, 48), "{query}");
    }
}

#[test]
fn pages_by_cursor_miss_nothing_while_records_come_and_go() {
    let (_app, admin) = posts(&json!({}));
    many(&admin);
    let first = list(&admin, "search=fox&sort=rank&pageSize=20&cursor=").ok();
    let seen: BTreeSet<String> = ids(&first).into_iter().collect();
    let gone = format!("{POSTS}/{}", ids(&first)[3]);
    admin.delete(&gone).no_content();
    make(&admin, &json!({ "title": "new", "body": "fox", "rank": 0 }));
    let next = first["links"]["next"].as_str().unwrap();
    let rest = walk(&admin, next.split_once('?').unwrap().1);
    assert_eq!(rest.len(), 28);
    assert!(rest.iter().all(|id| !seen.contains(id)));
}

#[test]
fn the_order_of_the_rank_has_no_cursor() {
    let (_app, admin) = posts(&json!({}));
    list(&admin, "search=fox&cursor=").faults(Code::InvalidInput, &["cursor"]);
    list(&admin, "search=fox&cursor=&sort=-createdAt").ok();
}

#[test]
fn a_cursor_is_bound_to_the_words() {
    let (_app, admin) = posts(&json!({}));
    many(&admin);
    let first = list(&admin, "search=fox&sort=rank&cursor=&pageSize=5").ok();
    let cursor = first["pagination"]["nextCursor"].as_str().unwrap();
    let at = |search: &str| {
        list(
            &admin,
            &format!("{search}sort=rank&pageSize=5&cursor={cursor}"),
        )
    };
    at("search=fox&").ok();
    at("search=dog&").faults(Code::InvalidInput, &["cursor"]);
    at("search=fo*&").faults(Code::InvalidInput, &["cursor"]);
    at("").faults(Code::InvalidInput, &["cursor"]);
}

#[test]
fn a_page_past_the_end_is_empty() {
    let (_app, admin) = posts(&json!({}));
    many(&admin);
    let page = list(&admin, "search=fox&page=9").ok();
    assert_eq!(
        (&page["items"], &page["snippets"]),
        (&json!([]), &json!([]))
    );
    assert_eq!(page["pagination"]["totalItems"], 48);
}

#[test]
fn what_was_found_is_exported_and_taken_together() {
    let (_app, admin) = posts(&json!({}));
    many(&admin);
    let lines = admin.get(&format!(
        "{POSTS}/export?format=ndjson&fields=title&search=fox"
    ));
    assert_eq!(lines.response.text().lines().count(), 48);
    let counted = admin
        .get(&format!("{POSTS}/aggregate?search=fo*&sort=count()"))
        .ok();
    assert_eq!(counted["items"], json!([{ "count()": 48 }]));
}
