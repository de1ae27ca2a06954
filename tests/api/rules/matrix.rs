//! Nobody sees what a rule denies, by any way; and by every way what it allows.

use serde_json::{Value as Json, json};

use super::ways::{Ask, DOCS, WAYS};
use crate::support::{app::TestApp, client::Client};

/// Somebody of the matrix.
struct Caller {
    name: &'static str,
    client: Client,
    id: String,
}

struct Stage {
    _app: TestApp,
    callers: Vec<Caller>,
    docs: Vec<Doc>,
}

/// A record, and what rules may ask of it.
struct Doc {
    json: Json,
    owner: &'static str,
    lead: &'static str,
    is_public: bool,
}

/// A kind of rule, and whom it lets see which record, beside the admin, who may bypass all.
struct Kind {
    rule: &'static str,
    allows: fn(&str, &Doc) -> bool,
}

static KINDS: &[Kind] = &[
    Kind {
        rule: "ownerId == auth.id",
        allows: |who, doc| who == doc.owner,
    },
    Kind {
        rule: "isPublic",
        allows: |_, doc| doc.is_public,
    },
    Kind {
        rule: "auth.can(\"docs:read\")",
        allows: |who, _| matches!(who, "eve" | "vic"),
    },
    Kind {
        rule: "\"editor\" in auth.roles",
        allows: |who, _| who == "eve",
    },
    Kind {
        rule: "team.leadId == auth.id",
        allows: |who, doc| who == doc.lead,
    },
    Kind {
        rule: "isPublic || ownerId == auth.id && auth.verified == false",
        allows: |who, doc| doc.is_public || who == doc.owner,
    },
    Kind {
        rule: "auth == null || team.docs.exists(d, d.ownerId == auth.id)",
        allows: |who, doc| who == "guest" || who == doc.owner,
    },
    Kind {
        rule: "true",
        allows: |_, _| true,
    },
    Kind {
        rule: "false",
        allows: |_, _| false,
    },
];

impl Kind {
    fn allows(&self, caller: &Caller, doc: &Doc) -> bool {
        caller.name == "ann" || (self.allows)(caller.name, doc)
    }
}

/// The admin first, so that what is remembered of its answers is there when others ask.
fn callers(app: &TestApp) -> Vec<Caller> {
    let guest = Caller {
        name: "guest",
        client: app.guest(),
        id: String::new(),
    };
    let known = |name, client: Client| {
        let me = client.get("/api/auth/me").ok();
        let id = me["id"].as_str().unwrap().to_owned();
        Caller { name, client, id }
    };
    vec![
        known("ann", app.admin()),
        known("olga", app.user("olga", &[])),
        known("tom", app.user("tom", &[])),
        known("eve", app.editor()),
        known("vic", app.viewer()),
        guest,
    ]
}

fn stage() -> Stage {
    let free = json!({ "create": "true", "update": "true", "delete": "true" });
    stage_of(&free, false)
}

/// Docs by these rules, whose secret is `hidden` or not.
fn stage_of(rules: &Json, hidden: bool) -> Stage {
    let app = TestApp::start();
    let open = json!({ "list": "true", "view": "true" });
    app.define(json!({ "name": "teams", "rules": open, "fields": [
        { "name": "lead_id", "type": "relation", "collection": "users" } ] }));
    app.define(json!({ "name": "docs", "rules": rules, "fields": [
        { "name": "owner_id", "type": "relation", "collection": "users" },
        { "name": "team_id", "type": "relation", "collection": "teams" },
        { "name": "title", "type": "text" },
        { "name": "is_public", "type": "boolean" },
        { "name": "code", "type": "text", "unique": true },
        { "name": "secret", "type": "text", "hidden": hidden } ] }));
    let doc_id = json!({ "name": "doc_id", "type": "relation", "collection": "docs",
        "onDelete": "setNull" });
    let doc_ids = json!({ "name": "doc_ids", "type": "relations", "collection": "docs" });
    app.define(json!({ "name": "notes", "rules": open, "fields": [doc_id, doc_ids] }));
    app.define(json!({ "name": "marks", "fields": [doc_id] }));
    let callers = callers(&app);
    let docs = [
        ("olga", "eve", false),
        ("tom", "olga", false),
        ("tom", "vic", true),
    ];
    let docs = docs.into_iter().enumerate();
    let docs = docs.map(|(i, traits)| doc(&callers, i, traits)).collect();
    Stage {
        _app: app,
        callers,
        docs,
    }
}

fn doc(
    callers: &[Caller],
    i: usize,
    (owner, lead, is_public): (&'static str, &'static str, bool),
) -> Doc {
    let admin = &callers[0].client;
    let id = |name| &callers.iter().find(|one| one.name == name).unwrap().id;
    let team = admin.post("/api/v1/teams", &json!({ "leadId": id(lead) }));
    let body = json!({
        "ownerId": id(owner), "teamId": team.created()["id"], "isPublic": is_public,
        "title": format!("title{i}"), "code": format!("code{i}"), "secret": format!("secret{i}"),
    });
    let json = admin.post(DOCS, &body).created();
    let note = json!({ "docId": json["id"] });
    let listed = json!({ "docId": json["id"], "docIds": [json["id"]] });
    admin.post("/api/v1/notes", &listed).created();
    admin.post("/api/v1/marks", &note).created();
    Doc {
        json,
        owner,
        lead,
        is_public,
    }
}

impl Stage {
    fn rule(&self, change: &Json) {
        let path = "/api/system/collections/docs";
        self.callers[0].client.patch(path, change).ok();
    }

    /// Everybody asks about every record.
    fn each(&self, mut see: impl FnMut(&Caller, &Doc, &Ask<'_>)) {
        for caller in &self.callers {
            for doc in &self.docs {
                let ask = Ask {
                    admin: &self.callers[0].client,
                    caller: &caller.client,
                    is_guest: caller.name == "guest",
                    doc: &doc.json,
                };
                see(caller, doc, &ask);
            }
        }
    }
}

#[test]
fn nobody_sees_a_record_that_a_rule_denies_by_any_way() {
    let stage = stage();
    for kind in KINDS {
        stage.rule(&json!({ "rules": { "list": kind.rule, "view": kind.rule } }));
        stage.each(|caller, doc, ask| {
            for way in WAYS {
                let Some(told) = way.record.and_then(|way| way(ask)) else {
                    continue;
                };
                let place = format!("{}, {}, {}, {}", way.name, kind.rule, caller.name, doc.json);
                assert_eq!(told, kind.allows(caller, doc), "{place}");
            }
        });
    }
}

#[test]
fn nobody_sees_a_field_that_a_rule_denies_by_any_way() {
    let stage = stage();
    stage.rule(&json!({ "rules": { "list": "true", "view": "true" } }));
    for kind in KINDS {
        let field = json!({ "name": "secret", "readRule": kind.rule });
        stage.rule(&json!({ "fields": [field] }));
        stage.each(|caller, doc, ask| {
            for way in WAYS {
                let Some(told) = way.field.and_then(|way| way(ask)) else {
                    continue;
                };
                let place = format!("{}, {}, {}, {}", way.name, kind.rule, caller.name, doc.json);
                assert_eq!(told, kind.allows(caller, doc), "{place}");
            }
        });
    }
}

#[test]
fn nobody_sees_a_hidden_field_by_any_way_but_who_may_bypass_the_rules() {
    let open = json!({ "list": "true", "view": "true", "create": "true", "update": "true",
        "delete": "true" });
    let stage = stage_of(&open, true);
    stage.each(|caller, doc, ask| {
        for way in WAYS {
            let told = way.field.and_then(|way| way(ask));
            let place = format!("{}, {}, {}", way.name, caller.name, doc.json);
            assert_eq!(
                told.unwrap_or(caller.name == "ann"),
                caller.name == "ann",
                "{place}"
            );
        }
    });
}

#[test]
fn a_list_is_sorted_only_by_what_may_be_read_of_every_record() {
    let stage = stage();
    stage.rule(&json!({ "rules": { "list": "true", "view": "true" } }));
    for kind in KINDS {
        let field = json!({ "name": "secret", "readRule": kind.rule });
        stage.rule(&json!({ "fields": [field] }));
        for caller in &stage.callers {
            let all = stage.docs.iter().all(|doc| kind.allows(caller, doc));
            let expected = if all { 200 } else { 400 };
            for sort in ["sort=secret", "sort=title,-secret", "sortBy=secret"] {
                let reply = caller.client.get(&format!("{DOCS}?{sort}"));
                assert_eq!(
                    reply.status(),
                    expected,
                    "{sort} {} {}",
                    kind.rule,
                    caller.name
                );
            }
        }
    }
}

#[test]
fn records_are_taken_together_only_by_what_may_be_read_of_every_one() {
    let stage = stage();
    stage.rule(&json!({ "rules": { "list": "true", "view": "true" } }));
    for kind in KINDS {
        let field = json!({ "name": "secret", "readRule": kind.rule });
        stage.rule(&json!({ "fields": [field] }));
        for caller in &stage.callers {
            let all = stage.docs.iter().all(|doc| kind.allows(caller, doc));
            for query in [
                "group=secret",
                "select=count(secret)",
                "select=max(secret)",
                "select=min(secret)&sort=min(secret)",
                "group=secret&having=secret%3D%3D%22x%22",
            ] {
                let reply = caller.client.get(&format!("{DOCS}/aggregate?{query}"));
                let place = format!("{query} {} {}", kind.rule, caller.name);
                assert_eq!(reply.status(), if all { 200 } else { 400 }, "{place}");
            }
        }
    }
}
