//! `$inc`: numbers that many add to at once, within their limits.

use serde_json::json;
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::{Client, path_of},
    race::at_once,
};

const CLIENTS: usize = 32;

/// A shelf with ten loaves on it, that holds twelve.
fn shelf() -> (TestApp, Client, String) {
    let app = TestApp::start();
    app.collection(
        "shelves",
        json!([
            { "name": "loaves", "type": "integer", "min": 0, "max": 12 },
            { "name": "sold", "type": "integer" },
            { "name": "taken", "type": "decimal", "scale": 3 },
            { "name": "note", "type": "text", "max": 5 },
        ]),
    );
    let admin = app.admin();
    let shelf = admin.post("/api/v1/shelves", &json!({ "loaves": 10 }));
    let path = path_of("shelves", &shelf.created());
    (app, admin, path)
}

#[test]
fn of_all_who_take_one_only_as_many_get_one_as_there_are() {
    let (app, admin, path) = shelf();
    let sale = json!({ "loaves": { "$inc": -1 }, "sold": { "$inc": 1 } });
    let statuses = at_once(CLIENTS, |_| {
        let reply = admin.patch(&path, &sale);
        if reply.status() != 200 {
            reply.faults(Code::ValidationError, &["loaves"]);
        }
        reply.status()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 10);
    let shelf = admin.get(&path).ok();
    assert_eq!((&shelf["loaves"], &shelf["sold"]), (&json!(0), &json!(10)));
    assert_eq!(shelf["version"], 11);
    let events = "SELECT count(*) FROM _events WHERE collection = 'shelves' AND before IS NOT NULL";
    assert_eq!(app.count(events), 10);
}

#[test]
fn all_that_many_clients_add_adds_up() {
    let (_app, admin, path) = shelf();
    let mine = |i: usize| json!({ "sold": { "$inc": i }, "taken": { "$inc": "0.001" } });
    at_once(CLIENTS, |i| {
        for _ in 0..5 {
            admin.patch(&path, &mine(i)).ok();
        }
    });
    let shelf = admin.get(&path).ok();
    assert_eq!(shelf["sold"], 5 * (CLIENTS * (CLIENTS - 1) / 2));
    assert_eq!(shelf["taken"], "0.160");
}

#[test]
fn several_in_one_patch_are_all_done_or_none() {
    let (app, admin, path) = shelf();
    let before = app.rows();
    let patch =
        |loaves: i64| json!({ "loaves": { "$inc": loaves }, "sold": { "$inc": 2 }, "note": "x" });
    let error = admin
        .patch(&path, &patch(3))
        .faults(Code::ValidationError, &["loaves"]);
    assert_eq!(error["issues"][0]["params"]["max"], 12);
    assert_eq!(app.rows(), before, "nothing is half done");
    let shelf = admin.patch(&path, &patch(2)).ok();
    assert_eq!((&shelf["loaves"], &shelf["sold"]), (&json!(12), &json!(2)));
    assert_eq!(shelf["note"], "x");
}

#[test]
fn a_fault_beside_an_increment_undoes_it() {
    let (app, admin, path) = shelf();
    let before = app.rows();
    let patch = json!({ "sold": { "$inc": 1 }, "note": "too long" });
    admin
        .patch(&path, &patch)
        .faults(Code::ValidationError, &["note"]);
    let stale = admin.with("If-Match", "\"7\"");
    let patch = json!({ "sold": { "$inc": 1 } });
    stale.patch(&path, &patch).error(Code::PreconditionFailed);
    assert_eq!(app.rows(), before);
}
