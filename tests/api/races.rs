//! Many clients at once.

use std::sync::Barrier;

use serde_json::json;
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

const CLIENTS: usize = 64;

/// What each of the clients does, all at the same moment, and what it gets.
fn at_once<T: Send>(act: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(CLIENTS);
    let (start, act) = (&start, &act);
    std::thread::scope(|scope| {
        let run = |i| {
            scope.spawn(move || {
                start.wait();
                act(i)
            })
        };
        let all: Vec<_> = (0..CLIENTS).map(run).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

/// A record with a number for each client, and one for all.
fn tally() -> (TestApp, Client, String) {
    let app = TestApp::start();
    let number = |name: String| json!({ "name": name, "type": "integer" });
    let own = (0..CLIENTS).map(|i| number(format!("n{i}")));
    let fields = own.chain([
        number("sum".into()),
        json!({ "name": "cost", "type": "decimal" }),
    ]);
    app.collection("tallies", fields.collect::<serde_json::Value>());
    let admin = app.admin();
    let path = path_of(
        "tallies",
        &admin.post("/api/v1/tallies", &json!({})).created(),
    );
    (app, admin, path)
}

#[test]
fn patches_of_different_fields_are_all_kept() {
    let (_app, admin, path) = tally();
    at_once(|i| admin.patch(&path, &json!({ format!("n{i}"): i })).ok());
    let record = admin.get(&path).ok();
    for i in 0..CLIENTS {
        assert_eq!(record[format!("n{i}")], i, "n{i}");
    }
    assert_eq!(record["version"], 1 + CLIENTS);
}

#[test]
fn increments_of_one_number_add_up() {
    let (app, admin, path) = tally();
    let by = json!({ "sum": { "$inc": 3 }, "cost": { "$inc": "0.10" } });
    let mut versions: Vec<i64> =
        at_once(|_| admin.patch(&path, &by).ok()["version"].as_i64().unwrap());
    versions.sort_unstable();
    assert_eq!(versions, (2..2 + CLIENTS as i64).collect::<Vec<_>>());
    let record = admin.get(&path).ok();
    assert_eq!(
        (&record["sum"], &record["cost"]),
        (&json!(192), &json!("6.40"))
    );
    let events = "SELECT count(DISTINCT after ->> 'sum') FROM _events WHERE type = 'tally.updated'";
    let events: i64 = app.sql().query_row(events, [], |row| row.get(0)).unwrap();
    assert_eq!(events, CLIENTS as i64);
}

#[test]
fn of_all_who_want_one_unique_value_one_gets_it() {
    let app = TestApp::start();
    app.collection(
        "names",
        json!([{ "name": "name", "type": "text", "unique": true }]),
    );
    let admin = app.admin();
    let statuses = at_once(|_| {
        let reply = admin.post("/api/v1/names", &json!({ "name": "ann" }));
        if reply.status() != 201 {
            reply.faults(Code::AlreadyExists, &["name"]);
        }
        reply.status()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1);
    let events = "SELECT count(*) FROM _events WHERE type = 'name.created'";
    let events: i64 = app.sql().query_row(events, [], |row| row.get(0)).unwrap();
    assert_eq!(events, 1);
}

#[test]
fn of_all_who_send_one_id_one_gets_it() {
    let (_app, admin, _) = tally();
    let body = json!({ "id": "01HZXK5V8QWERTYASDFGHJKMNP" });
    let statuses = at_once(|_| admin.post("/api/v1/tallies", &body).status());
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1);
    assert_eq!(
        statuses.iter().filter(|status| **status == 409).count(),
        CLIENTS - 1
    );
}

#[test]
fn of_all_who_hang_on_one_version_one_gets_through() {
    let (_app, admin, path) = tally();
    let careful = admin.with("If-Match", "\"1\"");
    let statuses = at_once(|i| careful.patch(&path, &json!({ "sum": i })).status());
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(
        statuses.iter().filter(|status| **status == 412).count(),
        CLIENTS - 1
    );
}

#[test]
fn a_relation_is_never_left_pointing_at_a_deleted_record() {
    let app = TestApp::start();
    app.collection("owners", json!([{ "name": "name", "type": "text" }]));
    let relation = json!([{ "name": "owner_id", "type": "relation", "collection": "owners" }]);
    app.collection("pets", relation);
    let admin = app.admin();
    let owner = admin.post("/api/v1/owners", &json!({})).created();
    at_once(|i| {
        if i % 2 == 0 {
            admin.delete(&path_of("owners", &owner)).status()
        } else {
            admin
                .post("/api/v1/pets", &json!({ "ownerId": owner["id"] }))
                .status()
        }
    });
    let dangling = "SELECT count(*) FROM pets p JOIN owners o ON o.id = p.owner_id WHERE o.deleted_at IS NOT NULL";
    let dangling: i64 = app.sql().query_row(dangling, [], |row| row.get(0)).unwrap();
    assert_eq!(dangling, 0);
}
