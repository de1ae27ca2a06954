//! Changing collections that hold records: through `PATCH` of a definition, planned before.

mod collations;
mod conversions;
mod fields;
mod limits;
mod lists;
mod names;
mod partial;
mod plans;
mod refused;
mod renames;
mod rules;
mod stale;
mod texts;
mod titles;

use std::borrow::Borrow;

use serde_json::{Value as Json, json};
use stead::{base::Code, engine::check};

use crate::support::{app::TestApp, client::Reply};

pub const ITEMS: &str = "/api/v1/items";
pub const DEFINITION: &str = "/api/system/collections/items";

/// A collection `items` of these fields, with a record of each of these bodies.
pub fn items(fields: &Json, records: &[Json]) -> TestApp {
    let app = TestApp::start();
    app.collection("items", fields);
    let admin = app.admin();
    for record in records {
        admin.post(ITEMS, record).created();
    }
    app
}

/// Sends a change, and looks whether the file is whole behind it.
pub fn send(app: &TestApp, body: &Json) -> Reply {
    let reply = app.admin().patch(DEFINITION, body);
    whole(app);
    reply
}

/// The steps of a change by their kinds, and that planning it changes nothing.
pub fn planned(app: &TestApp, body: &Json) -> Json {
    let admin = app.admin();
    let before = app.rows();
    let plan = admin.post(&format!("{DEFINITION}/plan"), body).ok();
    assert!(app.rows() == before, "planning changes nothing");
    plan
}

pub fn kinds(plan: &Json) -> Vec<&str> {
    let steps = plan["steps"].as_array().unwrap().iter();
    steps.map(|step| step["kind"].as_str().unwrap()).collect()
}

/// Sends a change that must be refused, and leave all as it was.
pub fn refused(app: &TestApp, body: &Json, code: Code) -> Json {
    let admin = app.admin();
    let state = || {
        let shape = app.count("SELECT count(*) FROM sqlite_schema");
        (app.rows(), shape, admin.get(DEFINITION).ok())
    };
    let before = state();
    let error = admin.patch(DEFINITION, body).error(code);
    assert!(state() == before, "{body} changes nothing");
    whole(app);
    error
}

/// The file is whole, and its tables are as the definitions say.
pub fn whole(app: &TestApp) {
    let conn = app.sql();
    assert_eq!(check::definitions(&conn).unwrap().faults, [""; 0]);
    let keys = stead::db::check::foreign_keys(&conn).unwrap();
    assert_eq!(keys, [""; 0]);
    let integrity = stead::db::check::integrity(&conn, false).unwrap();
    assert_eq!(integrity, [""; 0]);
}

/// The values of a field, oldest record first.
pub fn values(app: &TestApp, field: &str) -> Vec<Json> {
    let list = app.admin().get(&format!("{ITEMS}?sort=createdAt,id")).ok();
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| item[field].clone()).collect()
}

pub fn text(name: &str) -> Json {
    json!({ "name": name, "type": "text" })
}

/// A change of one field.
pub fn field(sent: impl Borrow<Json>) -> Json {
    json!({ "fields": [sent.borrow()] })
}
