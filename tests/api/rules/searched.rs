//! The ways by which somebody may learn of a record by searching in its texts.

use super::ways::{Ask, DOCS, Way, of_record};

/// All of them.
pub static WAYS: &[Way] = &[
    of_record("search", |ask| {
        Some(ask.in_list(&searching(ask, "title")).is_some())
    }),
    of_record("search for a beginning", |ask| {
        let path = format!("{DOCS}?search=titl*&fields=id&count=none");
        Some(ask.in_list(&path).is_some())
    }),
    of_record("search by cursor", |ask| {
        let query = format!("sort=-title&search={}", ask.text("title"));
        Some(ask.by_cursor(&query).is_some())
    }),
    of_record("count of a search", |ask| {
        Some(ask.total(&searching(ask, "title")) > 0)
    }),
    of_record("snippets", |ask| Some(has_snippet(ask, "title"))),
    of_record("search in an aggregate", |ask| {
        ask.counts("group=id&search={title}")
    }),
    of_record("search under a parent", |ask| {
        let path = format!("{}?search={}", ask.under_team(), ask.text("title"));
        Some(ask.in_list(&path).is_some())
    }),
];

/// What is told of the field `secret`, by each way.
pub fn told_of_secret(ask: &Ask<'_>) -> Vec<(&'static str, bool)> {
    let of = |query: &str| format!("{DOCS}?{query}{}", ask.text("secret"));
    vec![
        ("search", ask.in_list(&of("search=")).is_some()),
        (
            "beside another",
            ask.in_list(&of("search=title*%20")).is_some(),
        ),
        ("sorted", ask.in_list(&of("sort=title&search=")).is_some()),
        ("count", ask.total(&of("search=")) > 0),
        ("snippets", has_snippet(ask, "secret")),
        (
            "aggregate",
            ask.counts("group=id&search={secret}") == Some(true),
        ),
    ]
}

fn searching(ask: &Ask<'_>, field: &str) -> String {
    format!("{DOCS}?search={}", ask.text(field))
}

fn has_snippet(ask: &Ask<'_>, field: &str) -> bool {
    let list = ask.get(&searching(ask, field));
    let marked = format!("<mark>{}</mark>", ask.text(field));
    list.is_some_and(|list| {
        let mut snippets = list["snippets"].as_array().unwrap().iter();
        snippets.any(|snippet| snippet[field] == *marked)
    })
}
