//! The ways by which `expand` may tell of a record, or of a field of it.

use serde_json::Value as Json;

use super::ways::{Ask, Way, has_secret, of_record, way};

/// All of them, beside those of `ways`.
pub static EXPANDED: &[Way] = &[
    way(
        "expanded behind a relation",
        |ask| Some(behind(ask, "notes", "")?.is_some()),
        |ask| Some(has_secret(&behind(ask, "notes", "")??)),
    ),
    way(
        "fields of what is expanded",
        |ask| Some(behind(ask, "notes", "&fields=doc.title")?.is_some()),
        |ask| Some(has_secret(&behind(ask, "notes", "&fields=id,doc.secret")??)),
    ),
    way(
        "expanded in a collection without rules",
        |ask| Some(behind(ask, "marks", "")?.is_some()),
        |ask| Some(has_secret(&behind(ask, "marks", "")??)),
    ),
    way(
        "expanded in one record",
        |ask| Some(in_note(ask)?.is_some()),
        |ask| Some(has_secret(&in_note(ask)??)),
    ),
    way(
        "expanded on a list",
        |ask| Some(on_list(ask)?.is_some()),
        |ask| Some(has_secret(&on_list(ask)??)),
    ),
    way(
        "expanded where it points",
        |ask| Some(in_team(ask, "")?.is_some()),
        |ask| Some(has_secret(&in_team(ask, "")??)),
    ),
    way(
        "expanded where it points, by cursor",
        |ask| Some(in_team(ask, "&cursor=&fields=docs.title,docs.id")?.is_some()),
        |ask| {
            Some(has_secret(&in_team(
                ask,
                "&cursor=&fields=docs.secret,docs.id",
            )??))
        },
    ),
    of_record("expanded two relations away", |ask| {
        let path = format!("/api/v1/teams?id={}&expand=docs.notes", ask.text("teamId"));
        let teams = ask.get(&path)?;
        let docs = teams["items"][0]["docs"]["items"].as_array()?;
        Some(docs.iter().any(|doc| doc["notes"]["items"] != Json::Null))
    }),
    of_record("expanded in it", |ask| {
        let doc = ask.get(&format!("{}?expand=team,notes", ask.path()));
        Some(doc.is_some_and(|doc| doc["team"]["id"] == ask.doc["teamId"]))
    }),
];

/// The record in the one that points at it; none where the caller cannot ask for that one.
fn behind(ask: &Ask<'_>, collection: &str, more: &str) -> Option<Option<Json>> {
    let id = ask.text("id");
    let list = ask.get(&format!("/api/v1/{collection}?docId={id}&expand=doc{more}"))?;
    Some(shown(&list["items"][0]["doc"]))
}

fn in_note(ask: &Ask<'_>) -> Option<Option<Json>> {
    let notes = ask.get(&format!("/api/v1/notes?docId={}", ask.text("id")))?;
    let id = notes["items"][0]["id"].as_str()?;
    let note = ask.get(&format!("/api/v1/notes/{id}?expand=doc"))?;
    Some(shown(&note["doc"]))
}

fn on_list(ask: &Ask<'_>) -> Option<Option<Json>> {
    let path = format!("/api/v1/notes?docId={}&expand=docs", ask.text("id"));
    let list = ask.get(&path)?;
    let docs = list["items"][0]["docs"].as_array().unwrap();
    assert!(docs.len() < 2);
    Some(docs.first().cloned())
}

fn in_team(ask: &Ask<'_>, more: &str) -> Option<Option<Json>> {
    let path = format!("/api/v1/teams?id={}&expand=docs{more}", ask.text("teamId"));
    let list = ask.get(&path)?;
    let docs = list["items"][0]["docs"]["items"].as_array().unwrap();
    Some(docs.iter().find(|doc| doc["id"] == ask.doc["id"]).cloned())
}

fn shown(doc: &Json) -> Option<Json> {
    (!doc.is_null()).then(|| doc.clone())
}
