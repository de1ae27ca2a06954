//! Ways to learn of a record by a file.

use super::ways::{Ask, DOCS, Way, escaped, of_field, way};

/// All of them.
pub static FILES: &[Way] = &[
    way(
        "export as CSV",
        |ask| tells(ask, "", "title"),
        |ask| tells(ask, "", "secret"),
    ),
    way(
        "export as NDJSON",
        |ask| tells(ask, "format=ndjson&sort=-title", "title"),
        |ask| tells(ask, "format=ndjson&fields=secret", "secret"),
    ),
    way(
        "filter of an export",
        |ask| finds(ask, "title"),
        |ask| finds(ask, "secret"),
    ),
    of_field("a column of an export", |ask| {
        tells(ask, "fields=secret", "secret")
    }),
];

/// Whether the value of a field stands in the export.
fn tells(ask: &Ask<'_>, query: &str, field: &str) -> Option<bool> {
    let text = exported(ask, query);
    Some(text.is_some_and(|text| text.contains(ask.doc[field].as_str().unwrap())))
}

/// Whether a filter by a field's value finds the record.
fn finds(ask: &Ask<'_>, field: &str) -> Option<bool> {
    let filter = escaped(&format!("{field} == {}", ask.doc[field]));
    let text = exported(ask, &format!("fields=id&filter={filter}"));
    Some(text.is_some_and(|text| text.contains(ask.doc["id"].as_str().unwrap())))
}

fn exported(ask: &Ask<'_>, query: &str) -> Option<String> {
    let reply = ask.caller.get(&format!("{DOCS}/export?{query}"));
    match reply.status() {
        200 => Some(reply.response.text().to_owned()),
        401 | 403 => None,
        status => panic!("{query}: {status} {}", reply.response.text()),
    }
}
