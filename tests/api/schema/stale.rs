//! Two people at one definition: each change says which revision it is of.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{DEFINITION, items, send};
use crate::support::app::TestApp;

const PLAN: &str = "/api/system/collections/items/plan";

fn stage() -> TestApp {
    items(&json!([{ "name": "name", "type": "text" }]), &[])
}

fn described(as_what: &str) -> Json {
    json!({ "description": as_what })
}

#[test]
fn a_change_of_another_revision_is_refused() {
    let app = stage();
    let admin = app.admin();
    let read = admin.get(DEFINITION);
    let changed = admin
        .with("If-Match", &read.etag())
        .patch(DEFINITION, &described("Bread"));
    assert_eq!(changed.header("cache-control"), Some("no-store"));
    let now = admin.get(DEFINITION);
    assert_eq!(changed.etag(), now.etag());
    assert_ne!(read.etag(), now.etag());

    let stale = admin.with("If-Match", &read.etag());
    let refused = [
        stale.post(PLAN, &described("Cake")),
        stale.patch(DEFINITION, &described("Cake")),
        stale.delete(DEFINITION),
    ];
    for reply in refused {
        reply.error(Code::PreconditionFailed);
    }
    assert_eq!(admin.get(DEFINITION).ok()["description"], "Bread");

    let fresh = admin.with("If-Match", &now.etag());
    fresh.post(PLAN, &described("Cake")).ok();
    fresh.delete(DEFINITION).no_content();
}

#[test]
fn a_new_one_has_a_tag_of_its_own() {
    let app = stage();
    let admin = app.admin();
    let new = json!({ "name": "cakes", "fields": [{ "name": "name", "type": "text" }] });
    let plan = "/api/system/collections/cakes/plan";
    let read = admin.get(DEFINITION).etag();
    let of_another = admin.with("If-Match", &read).post(plan, &new);
    of_another.error(Code::PreconditionFailed);
    admin.post(plan, &new).ok();
    let made = admin.post("/api/system/collections", &new);
    let tag = made.etag();
    assert_eq!(tag, admin.get("/api/system/collections/cakes").etag());
}

/// A definition that follows the name of another has changed, too.
#[test]
fn what_follows_another_definition_is_another_revision() {
    let app = stage();
    let admin = app.admin();
    let field = json!([{ "name": "item_id", "type": "relation", "collection": "items" }]);
    app.collection("crumbs", &field);
    let crumbs = "/api/system/collections/crumbs";
    let read = admin.get(crumbs).etag();
    send(&app, &json!({ "name": "things" })).ok();
    let stale = admin.with("If-Match", &read);
    let reply = stale.patch(crumbs, &described("What is left"));
    reply.error(Code::PreconditionFailed);
}

#[test]
fn of_many_who_change_one_revision_one_does() {
    let app = stage();
    let admin = app.admin();
    let careful = admin.with("If-Match", &admin.get(DEFINITION).etag());
    let start = std::sync::Barrier::new(8);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let (start, careful) = (&start, &careful);
        let change = |number: usize| {
            start.wait();
            let words = described(&number.to_string());
            careful.patch(DEFINITION, &words).status()
        };
        let all = (0..8).map(|number| scope.spawn(move || change(number)));
        let all: Vec<_> = all.collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let count = |status: u16| statuses.iter().filter(|one| **one == status).count();
    assert_eq!((count(200), count(412)), (1, 7), "{statuses:?}");
}

#[test]
fn each_reader_has_a_tag_of_what_it_sees() {
    let app = stage();
    let (admin, viewer) = (app.admin(), app.viewer());
    let rules = json!({ "rules": { "list": "true", "view": "true" } });
    send(&app, &rules).ok();
    assert_ne!(viewer.get(DEFINITION).etag(), admin.get(DEFINITION).etag());
    // Of what it cannot see, it does not even see that it has changed.
    let seen = viewer.get(DEFINITION).etag();
    assert!(seen.starts_with("\"0-"), "{seen}");
    let hidden = json!({ "indexes": [{ "fields": ["name"] }] });
    send(&app, &hidden).ok();
    assert_eq!(viewer.get(DEFINITION).etag(), seen);
    let kept = admin.with("If-None-Match", &admin.get(DEFINITION).etag());
    assert_eq!(kept.get(DEFINITION).status(), 304);
}

/// A tag for something else would let its holder change what it has not read.
#[test]
fn a_repeated_answer_has_no_tag_of_what_came_later() {
    let app = stage();
    let admin = app.admin();
    let once = admin.with("Idempotency-Key", "cakes-1");
    let new = json!({ "name": "cakes", "fields": [{ "name": "name", "type": "text" }] });
    let make = || once.post("/api/system/collections", &new);
    let tag = make().etag();
    let again = make();
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.etag(), tag);
    let cakes = "/api/system/collections/cakes";
    admin.patch(cakes, &described("Sweet")).ok();
    assert_eq!(make().header("etag"), None);
}
