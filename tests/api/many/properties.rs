//! A batch, or an array, is what its requests are one after another.

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value as Json, json};
use stead::base::Id;

use crate::support::{
    app::TestApp,
    client::{Client, Reply},
};

/// A request about one of some records; `{record}`, a number that others may have, an amount and a
/// version that may not be right.
#[derive(Clone, Debug)]
struct Step {
    kind: u8,
    record: usize,
    number: u8,
    amount: i8,
    version: Option<u8>,
}

const RECORDS: usize = 3;

/// One in which every second request would fail says little.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (
        0..5_u8,
        0..RECORDS,
        0..9_u8,
        -1..6_i8,
        proptest::option::weighted(0.2, 1..4_u8),
    );
    let step = step.prop_map(|(kind, record, number, amount, version)| Step {
        kind,
        record,
        number,
        amount,
        version,
    });
    vec(step, 1..8)
}

impl Step {
    /// The request, in a collection; new records get the ids of `made` in their order.
    fn request(&self, collection: &str, ids: &[String], made: &[String], i: usize) -> Json {
        let many = format!("/api/v1/{collection}");
        let one = format!("{many}/{}", ids[self.record]);
        let number = self.number.to_string();
        let mut body = json!({ "number": number });
        let (method, path) = match self.kind {
            0 => ("POST", many),
            1 => ("PATCH", one),
            2 => ("PUT", one),
            3 => return json!({ "method": "DELETE", "path": one }),
            _ => {
                body = json!({ "amount": { "$inc": self.amount } });
                ("PATCH", one)
            }
        };
        if method == "POST" {
            body["id"] = made[i].as_str().into();
        } else if let Some(version) = self.version {
            body["version"] = version.into();
        }
        json!({ "method": method, "path": path, "body": body })
    }
}

struct Stage {
    app: TestApp,
    admin: Client,
}

fn stage() -> Stage {
    let app = TestApp::start();
    for name in ["singles", "batches"] {
        app.collection(
            name,
            json!([{ "name": "number", "type": "text", "unique": true },
                { "name": "amount", "type": "integer", "min": 0, "default": 0 }]),
        );
    }
    let admin = app.admin();
    Stage { app, admin }
}

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|_| Id::generate().to_string()).collect()
}

impl Stage {
    /// Leaves just the records with these ids, in both collections.
    fn begin(&self, ids: &[String]) {
        for name in ["singles", "batches"] {
            let path = format!("/api/v1/{name}");
            let total = self.admin.get(&path).ok()["pagination"]["totalItems"].clone();
            let all = format!("{path}?createdAfter=2020-01-01&expect={total}");
            self.admin.delete(&all).ok();
            let bodies: Json = ids.iter().map(|id| json!({ "id": id })).collect();
            self.admin.post(&path, &bodies).created();
        }
    }

    fn send(&self, request: &Json) -> Reply {
        let text = |key: &str| request[key].as_str().unwrap();
        let body = request.get("body");
        self.admin.send(text("method"), text("path"), body)
    }

    /// What is there of these records, and how often something was told of them.
    fn state(&self, name: &str, ids: &[String]) -> (Json, i64) {
        let listed = ids.join(",");
        let path = format!("/api/v1/{name}?id[in]={listed}&sort=id&pageSize=100&trashed=with");
        let listed = ids.join("','");
        let events = format!(
            "SELECT count(*) FROM _events WHERE collection = '{name}' AND record_id IN ('{listed}')"
        );
        (
            self.admin.get(&path).ok()["items"].clone(),
            self.app.count(&events),
        )
    }

    /// The first that fails, with its code and the fields to blame.
    fn one_by_one(&self, requests: &[Json]) -> Option<(usize, Json, Vec<String>)> {
        let mut replies = requests
            .iter()
            .map(|request| self.send(request))
            .enumerate();
        replies.find_map(|(i, reply)| (reply.status() >= 300).then(|| failure(i, &reply, "")))
    }
}

fn failure(i: usize, reply: &Reply, prefix: &str) -> (usize, Json, Vec<String>) {
    let error = reply.json()["error"].clone();
    let details = error["details"].as_object().cloned().unwrap_or_default();
    let fields = details.keys().filter_map(|key| {
        let field = key.strip_prefix(prefix)?.trim_start_matches('.');
        (!matches!(field, "" | "_")).then(|| field.to_owned())
    });
    (i, error["code"].clone(), fields.collect())
}

fn check(
    stage: &Stage,
    ids: &[String],
    requests: impl Fn(&str) -> Vec<Json>,
    many: impl Fn(&[Json]) -> Reply,
    list: &str,
) {
    let first = stage.state("batches", ids);
    let done = many(&requests("batches"));
    let failed = stage.one_by_one(&requests("singles"));
    match failed {
        None => {
            assert!(done.status() < 300, "{}", done.json());
            let (singles, batches) = (stage.state("singles", ids), stage.state("batches", ids));
            assert_eq!(singles, batches);
        }
        Some((i, code, fields)) => {
            let prefix = format!("{list}[{i}]");
            let told = failure(i, &done, &prefix);
            assert_eq!(told, (i, code, fields), "{}", done.json());
            let details = done.json()["error"]["details"].clone();
            assert!(
                details
                    .as_object()
                    .unwrap()
                    .keys()
                    .all(|key| key.starts_with(&prefix))
            );
            assert_eq!(stage.state("batches", ids), first, "nothing of it is done");
        }
    }
}

#[test]
fn a_batch_is_its_requests_one_after_another() {
    let stage = stage();
    let mut runner = TestRunner::new(Config {
        cases: 40,
        failure_persistence: None,
        ..Config::default()
    });
    let run = runner.run(&steps(), |steps| {
        let (ids, made) = (ids(RECORDS), ids(steps.len()));
        stage.begin(&ids);
        let requests = |name: &str| -> Vec<Json> {
            let steps = steps.iter().enumerate();
            steps
                .map(|(i, step)| step.request(name, &ids, &made, i))
                .collect()
        };
        let batch = |requests: &[Json]| {
            stage
                .admin
                .post("/api/batch", &json!({ "operations": requests }))
        };
        let all = [&ids[..], &made].concat();
        check(&stage, &all, requests, batch, "operations");
        Ok(())
    });
    run.unwrap();
}

#[test]
fn an_array_is_its_requests_one_after_another() {
    let stage = stage();
    let mut runner = TestRunner::new(Config {
        cases: 20,
        failure_persistence: None,
        ..Config::default()
    });
    let run = runner.run(&vec(0..30_u8, 1..8), |numbers| {
        let made = ids(numbers.len());
        stage.begin(&ids(1));
        let requests = |name: &str| -> Vec<Json> {
            let bodies = numbers.iter().zip(&made);
            let bodies = bodies.map(|(number, id)| json!({ "id": id, "number": number.to_string() }));
            bodies.map(|body| json!({ "method": "POST", "path": format!("/api/v1/{name}"), "body": body })).collect()
        };
        let array = |requests: &[Json]| {
            let bodies: Json = requests.iter().map(|request| request["body"].clone()).collect();
            stage.admin.post("/api/v1/batches", &bodies)
        };
        check(&stage, &made, requests, array, "");
        Ok(())
    });
    run.unwrap();
}
