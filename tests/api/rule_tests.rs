//! Rules that are tried out: what each part says of which record and whom, and who may ask.

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::{PASSWORD, TestApp},
    client::{Client, Reply},
};

const PATH: &str = "/api/system/rules/test";

/// Posts with rules, one of them written, and two users without roles.
struct Stage {
    app: TestApp,
    admin: Client,
    ann: String,
    bob: String,
    post: String,
}

impl Stage {
    fn new() -> Self {
        let app = TestApp::start();
        app.define(json!({
            "name": "posts",
            "fields": [
                { "name": "title", "type": "text", "required": true, "max": 20 },
                { "name": "published", "type": "boolean", "default": false },
                { "name": "price", "type": "decimal", "scale": 2 },
                { "name": "author_id", "type": "relation", "collection": "users" },
            ],
            "rules": {
                "view": "published || authorId == auth.id",
                "create": "auth != null && authorId == auth.id && title.size() > 3",
                "update": "authorId == auth.id && (previous.title == title || !previous.published)",
            },
        }));
        let id = |client: &Client| text(&client.get("/api/auth/me").ok()["id"]);
        let (ann, bob) = (id(&app.user("anna", &[])), id(&app.user("bob", &[])));
        let admin = app.admin();
        let post = json!({ "title": "Bread", "authorId": ann, "price": "1.10" });
        let post = text(&admin.post("/api/v1/posts", &post).created()["id"]);
        Self {
            app,
            admin,
            ann,
            bob,
            post,
        }
    }

    fn ask(&self, rule: &str, by: Option<&str>, record: impl Into<Json>) -> Reply {
        ask(&self.admin, rule, by, record)
    }

    /// Whether a rule of the posts allows it, and its parts.
    #[track_caller]
    fn says(
        &self,
        rule: &str,
        by: Option<&str>,
        record: impl Into<Json>,
    ) -> (bool, Vec<(String, Json)>) {
        said(&self.ask(rule, by, record))
    }

    /// Somebody whose only role has these permissions.
    fn with_permissions(&self, name: &str, permissions: &[&str]) -> Client {
        let permissions = json!(permissions);
        self.app.change_by_sql(&format!(
            "INSERT INTO _roles (name, permissions, created_at, updated_at)
             VALUES ('{name}', '{permissions}', '2026-01-15T10:30:00.000Z', '2026-01-15T10:30:00.000Z')"
        ));
        self.app.user(name, &[name])
    }
}

fn ask(client: &Client, rule: &str, by: Option<&str>, record: impl Into<Json>) -> Reply {
    let record = record.into();
    client.post(
        PATH,
        &json!({ "collection": "posts", "rule": rule, "as": by, "record": record }),
    )
}

#[track_caller]
fn said(reply: &Reply) -> (bool, Vec<(String, Json)>) {
    let data = reply.ok();
    let parts = data["parts"].as_array().unwrap().iter();
    let parts = parts.map(|part| (text(&part["expression"]), part["value"].clone()));
    (data["allowed"].as_bool().unwrap(), parts.collect())
}

fn parts(parts: &[(&str, Option<bool>)]) -> Vec<(String, Json)> {
    let parts = parts.iter();
    parts
        .map(|(text, value)| ((*text).to_owned(), json!(value)))
        .collect()
}

fn text(value: &Json) -> String {
    value.as_str().unwrap().to_owned()
}

#[test]
fn a_rule_of_an_operation_is_told_part_by_part() {
    let stage = Stage::new();
    let expected = |bypass, owner| {
        parts(&[
            ("auth.can(\"posts:bypass\")", bypass),
            ("published", Some(false)),
            ("authorId == auth.id", owner),
        ])
    };
    let (no, yes) = (Some(false), Some(true));
    let said = stage.says("view", Some(&stage.ann), stage.post.as_str());
    assert_eq!(said, (true, expected(no, yes)));
    let said = stage.says("view", Some(&stage.bob), stage.post.as_str());
    assert_eq!(said, (false, expected(no, no)));
    // Of a guest every field of `auth` is unknown.
    let said = stage.says("view", None, stage.post.as_str());
    assert_eq!(said, (false, expected(None, None)));
    // A rule that is left out is a permission.
    let (allowed, said) = stage.says("delete", Some(&stage.ann), stage.post.as_str());
    assert_eq!(
        (allowed, said),
        (false, parts(&[("auth.can(\"posts:delete\")", no)]))
    );
}

/// The answer is that of the real request: whoever it says may, can.
#[test]
fn what_it_says_is_what_happens() {
    let stage = Stage::new();
    let path = format!("/api/v1/posts/{}", stage.post);
    for (name, id) in [("anna", &stage.ann), ("bob", &stage.bob)] {
        let client = stage
            .app
            .guest()
            .sign_in(&format!("{name}@example.com"), PASSWORD);
        let (allowed, _) = stage.says("view", Some(id), stage.post.as_str());
        assert_eq!(client.get(&path).status() == 200, allowed, "{name} views");
        for title in ["Bun", "Butter"] {
            let draft = json!({ "title": title, "authorId": id });
            let (allowed, _) = stage.says("create", Some(id), draft.clone());
            let made = client.post("/api/v1/posts", &draft).status();
            assert_eq!(made == 201, allowed, "{name} makes {title}");
            let change = json!({ "id": stage.post, "title": title });
            let (allowed, _) = stage.says("update", Some(id), change);
            let changed = client.patch(&path, &json!({ "title": title })).status();
            assert_eq!(changed == 200, allowed, "{name} calls it {title}");
        }
    }
}

#[test]
fn a_change_is_compared_with_the_stored_record_which_stays() {
    let stage = Stage::new();
    let path = format!("/api/v1/posts/{}", stage.post);
    stage.admin.patch(&path, &json!({ "published": true })).ok();
    let before = stage.app.rows();
    let change = json!({ "id": stage.post, "title": "Butter" });
    let (allowed, said) = stage.says("update", Some(&stage.ann), change);
    let expected = parts(&[
        ("auth.can(\"posts:bypass\")", Some(false)),
        ("authorId == auth.id", Some(true)),
        ("previous.title == title", Some(false)),
        ("previous.published", Some(true)),
    ]);
    assert_eq!((allowed, said), (false, expected));
    let change = json!({ "id": stage.post, "price": { "$inc": 1 } });
    let (allowed, _) = stage.says("previous.price == 1.10 && price == 2.10", None, change);
    assert!(allowed);
    // As it is, it is what it was.
    assert!(
        stage
            .says("previous.title == title", None, stage.post.as_str())
            .0
    );
    assert_eq!(stage.app.rows(), before);
}

#[test]
fn an_expression_binds_nobody_who_may_bypass_it() {
    let stage = Stage::new();
    let me = text(&stage.admin.get("/api/auth/me").ok()["id"]);
    let (allowed, said) = stage.says("title == 'Milk'", Some(&me), stage.post.as_str());
    let expected = [
        ("auth.can(\"posts:bypass\")", Some(true)),
        ("title == 'Milk'", Some(false)),
    ];
    assert_eq!((allowed, said), (true, parts(&expected)));
    // One that would be made has the time of now, its defaults, and no past.
    let rule = "createdAt == now() && !published && version == 1";
    assert!(stage.says(rule, None, json!({ "title": "Bread" })).0);
    stage
        .ask("previous.title == title", None, json!({ "title": "Bread" }))
        .faults(Code::ValidationError, &["rule"]);
}

#[test]
fn faults_are_told_where_they_are() {
    let stage = Stage::new();
    let error = stage
        .ask("published ||\n  titel == 'a'", None, stage.post.as_str())
        .faults(Code::ValidationError, &["rule"]);
    let detail = &error["issues"][0]["params"];
    assert_eq!(
        (&detail["line"], &detail["column"]),
        (&json!(2), &json!(3)),
        "{error}"
    );
    let draft = json!({ "title": "much too long for a title", "colour": 1 });
    stage
        .ask("create", None, draft)
        .faults(Code::ValidationError, &["record.colour", "record.title"]);
    let gone = "01JZZZZZZZZZZZZZZZZZZZZZZZ";
    let change = json!({ "id": gone, "title": "Bread" });
    for record in [json!(gone), json!("nothing"), change] {
        stage
            .ask("true", None, record)
            .faults(Code::ValidationError, &["record"]);
    }
    stage
        .ask("update", None, json!({ "title": "Bread" }))
        .faults(Code::MissingField, &["record.id"]);
    stage
        .ask("create", None, stage.post.as_str())
        .faults(Code::ValidationError, &["record"]);
    stage
        .ask("view", Some(gone), stage.post.as_str())
        .faults(Code::ValidationError, &["as"]);
    let asked = json!({ "collection": "posts", "rule": "true", "as": stage.ann });
    let missing = stage.admin.post(PATH, &asked);
    missing.faults(Code::MissingField, &["record"]);
    let question = json!({ "collection": "pots", "rule": "view", "record": stage.post });
    stage
        .admin
        .post(PATH, &question)
        .faults(Code::ValidationError, &["collection"]);
    let fields = ["collection", "rule"];
    stage
        .admin
        .post(PATH, &json!({}))
        .faults(Code::MissingField, &fields);
}

/// An expression could ask for a record letter by letter, and a rule for the roles of others.
#[test]
fn nobody_learns_of_what_it_may_not_read() {
    let stage = Stage::new();
    let (post, bob) = (stage.post.as_str(), Some(stage.bob.as_str()));
    let refused = |client: &Client, rule: &str, by: Option<&str>, record: Json| {
        ask(client, rule, by, record).error(Code::InsufficientPermissions);
    };
    let reader = stage.with_permissions("reader", &["*:read", "*:bypass"]);
    refused(&reader, "nonsense", None, json!("nothing"));
    let designer = stage.with_permissions("designer", &["system:collections:read"]);
    for rule in ["view", "title.startsWith('B')"] {
        refused(&designer, rule, None, post.into());
        refused(&designer, rule, None, json!("nothing"));
    }
    let change = json!({ "id": post, "title": "Bun" });
    refused(&designer, "previous.title == 'Bread'", None, change);
    // What is made up is not read, but for what a relation leads to.
    let draft = json!({ "title": "Bread", "authorId": stage.ann });
    assert!(!said(&ask(&designer, "create", None, draft.clone())).0);
    refused(
        &designer,
        "author.email == 'anna@example.com'",
        None,
        draft.clone(),
    );
    refused(&designer, "create", bob, draft.clone());
    let me = text(&designer.get("/api/auth/me").ok()["id"]);
    assert!(!said(&ask(&designer, "create", Some(&me), draft)).0);
    // Who may read all posts may ask about them, but not who others are.
    let both = ["system:collections:read", "posts:bypass"];
    let editor = stage.with_permissions("trusted", &both);
    assert!(said(&ask(&editor, "title.startsWith('B')", None, post)).0);
    refused(&editor, "auth.can('users:read')", bob, post.into());
    refused(
        &editor,
        "author.email == 'anna@example.com'",
        None,
        post.into(),
    );
    let all = ["system:collections:read", "posts:bypass", "users:read"];
    let auditor = stage.with_permissions("auditor", &all);
    assert!(
        said(&ask(
            &auditor,
            "author.email == 'anna@example.com'",
            bob,
            post
        ))
        .0
    );
}

/// What a check of an expression by itself answers.
fn checked(client: &Client, rule: &str, place: Option<&str>) -> Reply {
    client.post(
        PATH,
        &json!({ "collection": "posts", "rule": rule, "for": place }),
    )
}

#[test]
fn without_a_record_a_rule_is_only_read() {
    let stage = Stage::new();
    let data = checked(&stage.admin, "published && price > 3", Some("view")).ok();
    let part = |text: &str| json!({ "expression": text, "value": null });
    let parts = json!([
        part("auth.can(\"posts:bypass\")"),
        part("published"),
        part("price > 3")
    ]);
    assert_eq!(
        data,
        json!({ "allowed": null, "parts": parts, "warnings": [] })
    );
    let stored = checked(&stage.admin, "update", None).ok();
    assert_eq!(stored["parts"].as_array().unwrap().len(), 4);
    let error = checked(&stage.admin, "published ||\n titel == 'a'", None);
    let error = error.faults(Code::ValidationError, &["rule"]);
    let params = &error["issues"][0]["params"];
    assert_eq!((&params["line"], &params["column"]), (&json!(2), &json!(2)));
}

#[test]
fn what_was_before_is_for_rules_on_changes() {
    let stage = Stage::new();
    let rule = "previous.title == title";
    for place in ["update", "writeRule"] {
        checked(&stage.admin, rule, Some(place)).ok();
    }
    for place in [None, Some("view"), Some("readRule")] {
        checked(&stage.admin, rule, place).faults(Code::ValidationError, &["rule"]);
    }
    for rule in ["true", "view"] {
        checked(&stage.admin, rule, Some("purge")).faults(Code::ValidationError, &["for"]);
    }
    let both =
        json!({ "collection": "posts", "rule": "true", "for": "view", "record": stage.post });
    let refused = stage.admin.post(PATH, &both);
    assert_eq!(refused.status(), 400);
    let neither =
        json!({ "collection": "posts", "rule": "true", "for": null, "record": stage.post });
    stage.admin.post(PATH, &neither).ok();
    let designer = stage.with_permissions("designer", &["system:collections:read"]);
    checked(&designer, "author.email == 'a'", None).ok();
}
