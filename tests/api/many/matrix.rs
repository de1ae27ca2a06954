//! Nobody writes what a rule denies, by any way; and by every way what it allows. What is refused
//! leaves the file as it was.

use serde_json::{Value as Json, json};

use super::{ORDERS, id_of, orders};
use crate::support::{
    app::TestApp,
    client::{Client, Reply, path_of},
};

/// What somebody wants to do with an order: one that is there, or for the ways that make one, a
/// body. `{number}` is its own.
struct Try<'a> {
    caller: &'a Client,
    order: &'a Json,
}

/// A way to write, and whether it makes a record.
#[derive(Clone, Copy)]
struct Way {
    name: &'static str,
    makes: bool,
    /// Whether it is a file, of which each row may be a fault.
    is_file: bool,
    go: fn(&Try<'_>) -> Reply,
}

const fn making(name: &'static str, go: fn(&Try<'_>) -> Reply) -> Way {
    let (makes, is_file) = (true, false);
    Way {
        name,
        makes,
        is_file,
        go,
    }
}

const fn on(name: &'static str, go: fn(&Try<'_>) -> Reply) -> Way {
    let way = making(name, go);
    Way {
        makes: false,
        ..way
    }
}

const fn file(way: Way) -> Way {
    Way {
        is_file: true,
        ..way
    }
}

static WAYS: &[Way] = &[
    making("POST", |it| it.caller.post(ORDERS, &it.body())),
    making("POST of an array", |it| {
        it.caller.post(ORDERS, &json!([it.body()]))
    }),
    making("POST in a batch", |it| {
        it.batch(&json!({ "method": "POST", "path": ORDERS, "body": it.body() }))
    }),
    making("upsert of a new one", |it| it.upsert()),
    file(making("import", |it| it.import("text/csv", "mode=create"))),
    file(making("import of lines of JSON", |it| {
        it.import("application/x-ndjson", "mode=create")
    })),
    file(making("import that replaces, of a new one", |it| {
        it.import("text/csv", "mode=upsert&on=number")
    })),
    file(on("import that replaces, of one that is there", |it| {
        it.import("text/csv", "mode=upsert&on=number")
    })),
    on("PATCH", |it| it.caller.patch(&it.path(), &it.body())),
    on("PUT", |it| it.caller.put(&it.path(), &it.body())),
    on("PATCH in a batch", |it| {
        it.batch(&json!({ "method": "PATCH", "path": it.path(), "body": it.body() }))
    }),
    on("PUT in a batch", |it| {
        it.batch(&json!({ "method": "PUT", "path": it.path(), "body": it.body() }))
    }),
    on("PATCH by filter", |it| {
        it.caller.patch(&it.picked(), &it.body())
    }),
    on("upsert of one that is there", |it| it.upsert()),
    on("revert", |it| {
        let path = format!("{}/revert", it.path());
        it.caller.post(&path, &json!({ "version": 1 }))
    }),
    on("DELETE", |it| it.caller.delete(&it.path())),
    on("DELETE in a batch", |it| {
        it.batch(&json!({ "method": "DELETE", "path": it.path() }))
    }),
    on("DELETE by filter", |it| it.caller.delete(&it.picked())),
];

impl Try<'_> {
    fn path(&self) -> String {
        path_of("orders", self.order)
    }

    fn body(&self) -> Json {
        let order = self.order;
        json!({ "number": order["number"], "status": order["status"], "ownerId": order["ownerId"] })
    }

    fn picked(&self) -> String {
        let number = self.order["number"].as_str().unwrap();
        format!("{ORDERS}?number={number}&expect=1")
    }

    fn upsert(&self) -> Reply {
        self.caller
            .put(&format!("{ORDERS}?on=number"), &self.body())
    }

    fn import(&self, media: &str, query: &str) -> Reply {
        let body = self.body();
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let cells = ["number", "status", "ownerId"].map(text).join(",");
        let text = match media {
            "text/csv" => format!("number,status,ownerId\n{cells}\n"),
            _ => body.to_string(),
        };
        let path = format!("{ORDERS}/import?{query}");
        let client = self.caller;
        client.send_bytes("POST", &path, Some(media), text.as_bytes())
    }

    fn batch(&self, operation: &Json) -> Reply {
        let body = json!({ "operations": [operation] });
        self.caller.post("/api/batch", &body)
    }
}

/// A rule, and whom it lets write which order, beside the admin, who may bypass all.
type Kind = (&'static str, fn(&str, &Json) -> bool);

static KINDS: &[Kind] = &[
    ("ownerId == auth.id", |who, order| {
        who == "tom" && !order["ownerId"].is_null()
    }),
    ("owner.displayName == \"tom\"", |_, order| {
        !order["ownerId"].is_null()
    }),
    ("auth.can(\"orders:update\")", |who, _| who == "eve"),
    ("status == \"open\" && auth != null", |who, order| {
        who != "guest" && order["status"] == "open"
    }),
    ("false", |_, _| false),
];

fn callers(app: &TestApp) -> [(&'static str, Client); 4] {
    [
        ("ann", app.admin()),
        ("tom", app.user("tom", &[])),
        ("eve", app.editor()),
        ("guest", app.guest()),
    ]
}

#[test]
fn nobody_writes_what_a_rule_denies_by_any_way() {
    let app = orders(&json!({ "list": "true", "view": "true" }));
    let callers = callers(&app);
    let tom = id_of(&callers[1].1);
    let mut count = 0;
    for (rule, allows) in KINDS {
        let rules = json!({ "rules": { "create": rule, "update": rule, "delete": rule } });
        let path = "/api/system/collections/orders";
        callers[0].1.patch(path, &rules).ok();
        for (way, (who, caller)) in WAYS
            .iter()
            .flat_map(|way| callers.iter().map(move |c| (way, c)))
        {
            for (owner, status) in [(&tom, "open"), (&Json::Null, "paid")] {
                count += 1;
                let number = count.to_string();
                let mut order = json!({ "number": number, "status": status, "ownerId": owner });
                if !way.makes {
                    order = callers[0].1.post(ORDERS, &order).created();
                }
                let before = app.rows();
                let reply = (way.go)(&Try {
                    caller,
                    order: &order,
                });
                let place = format!("{}, {rule}, {who}, {order}: {}", way.name, reply.status());
                let is_allowed = *who == "ann" || allows(who, &order);
                assert_eq!(reply.status() < 300, is_allowed, "{place}");
                let is_refused = match reply.status() {
                    401 | 403 => true,
                    400 => way.is_file && reply.response.text().contains("A rule does not allow"),
                    _ => false,
                };
                assert_eq!(is_refused, !is_allowed, "{place}");
                assert_eq!(app.rows() == before, !is_allowed, "{place}");
            }
        }
    }
}
