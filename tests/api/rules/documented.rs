//! The rules of `docs/rules.md`, taken from there as they are printed.

use std::time::Duration;

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{POSTS, id_of};
use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

const DOCUMENT: &str = include_str!("../../../docs/rules.md");
const COMMENTS: &str = "/api/v1/comments";

/// The collections of the document, three users and a guest.
struct Stage {
    app: TestApp,
    ann: Client,
    bob: Client,
    eve: Client,
    guest: Client,
    ids: [Json; 2],
}

/// The first block of JSON behind a mark.
fn block(mark: &str) -> Json {
    let (_, rest) = DOCUMENT.split_once(mark).expect(mark);
    let (_, rest) = rest.split_once("```json\n").expect(mark);
    let (block, _) = rest.split_once("\n```").expect(mark);
    serde_json::from_str(block).unwrap_or_else(|fault| panic!("{mark}: {fault}"))
}

/// The headings of the rules that people need.
fn headings() -> Vec<&'static str> {
    let (_, rest) = DOCUMENT.split_once("\n## Rules that people need").unwrap();
    let (section, _) = rest.split_once("\n## ").unwrap();
    let lines = section.lines();
    lines.filter_map(|line| line.strip_prefix("### ")).collect()
}

impl Stage {
    fn new() -> Self {
        let app = TestApp::start();
        for definition in block("<!-- collections -->").as_array().unwrap() {
            app.define(definition);
        }
        let (ann, bob) = (app.user("anna", &[]), app.user("bob", &[]));
        let (eve, guest) = (app.editor(), app.guest());
        let ids = [id_of(&ann), id_of(&bob)];
        Self {
            app,
            ann,
            bob,
            eve,
            guest,
            ids,
        }
    }

    /// Gives the collections the rules under a heading, and no others.
    fn rule(&self, heading: &str) {
        let given = block(&format!("\n### {heading}\n"));
        let given = given.as_object().unwrap();
        for name in ["teams", "members", "posts", "comments"] {
            let path = format!("/api/system/collections/{name}");
            let admin = self.app.admin();
            let old = admin.get(&path).ok();
            let none = |field: &Json| json!({ "name": field["name"], "readRule": null, "writeRule": null });
            let fields: Vec<_> = old["fields"].as_array().unwrap().iter().map(none).collect();
            let rules = json!({ "list": null, "view": null, "create": null, "update": null, "delete": null });
            admin
                .patch(&path, &json!({ "rules": rules, "fields": fields }))
                .ok();
            if let Some(rules) = given.get(name) {
                admin.patch(&path, rules).ok();
            }
        }
    }

    /// A post that the admin makes.
    fn post(&self, body: &Json) -> Json {
        self.app.admin().post(POSTS, body).created()
    }

    fn of_ann(&self) -> Json {
        self.post(&json!({ "ownerId": self.ids[0] }))
    }

    /// A team of which Ann is the lead, and Bob a member.
    fn team(&self) -> Json {
        let admin = self.app.admin();
        let team = admin.post("/api/v1/teams", &json!({})).created()["id"].clone();
        for (id, is_lead) in [(&self.ids[0], true), (&self.ids[1], false)] {
            let member = json!({ "teamId": team, "userId": id, "isLead": is_lead });
            admin.post("/api/v1/members", &member).created();
        }
        team
    }

    fn comment(&self, caller: &Client, post: &Json) -> u16 {
        let me = caller.access.as_ref().map(|_| id_of(caller));
        let body = json!({ "postId": post["id"], "authorId": me });
        caller.post(COMMENTS, &body).status()
    }
}

#[track_caller]
fn sees(caller: &Client, post: &Json, expected: bool) {
    let status = caller.get(&path_of("posts", post)).status();
    assert_eq!(status == 200, expected, "{status}");
}

#[track_caller]
fn lists(caller: &Client, post: &Json, expected: bool) {
    let reply = caller.get(&format!("{POSTS}?pageSize=100"));
    let items = reply.json()["data"]["items"].clone();
    let mut items = items.as_array().into_iter().flatten();
    assert_eq!(items.any(|item| item["id"] == post["id"]), expected);
}

#[track_caller]
fn patches(caller: &Client, post: &Json, body: &Json, expected: u16) {
    let reply = caller.patch(&path_of("posts", post), body);
    assert_eq!(reply.status(), expected, "{}", reply.json());
}

type Story = (&'static str, fn(&Stage));

/// A story for every heading, in the order of the document.
static STORIES: &[Story] = &[
    ("Own records", |s| {
        let post = s.ann.post(POSTS, &json!({ "ownerId": s.ids[0] })).created();
        for (caller, expected) in [(&s.ann, true), (&s.bob, false), (&s.guest, false)] {
            sees(caller, &post, expected);
            lists(caller, &post, expected);
        }
        s.bob
            .post(POSTS, &json!({ "ownerId": s.ids[0] }))
            .error(Code::Forbidden);
        patches(&s.bob, &post, &json!({ "ownerId": s.ids[1] }), 404);
        patches(&s.ann, &post, &json!({ "ownerId": s.ids[1] }), 403);
        patches(&s.ann, &post, &json!({ "title": "x" }), 200);
        s.bob.delete(&path_of("posts", &post)).error(Code::NotFound);
        s.ann.delete(&path_of("posts", &post)).no_content();
    }),
    ("Everybody reads, owners write", |s| {
        let post = s.of_ann();
        lists(&s.guest, &post, true);
        sees(&s.guest, &post, true);
        patches(&s.guest, &post, &json!({ "title": "x" }), 401);
        patches(&s.bob, &post, &json!({ "ownerId": s.ids[1] }), 403);
        patches(&s.ann, &post, &json!({ "title": "x" }), 200);
        s.guest.post(POSTS, &json!({})).error(Code::Unauthorized);
    }),
    ("For who is signed in", |s| {
        let post = s.of_ann();
        lists(&s.bob, &post, true);
        sees(&s.bob, &post, true);
        s.guest.get(POSTS).error(Code::Unauthorized);
        s.guest
            .get(&path_of("posts", &post))
            .error(Code::Unauthorized);
    }),
    ("Public, but unpublished hidden", |s| {
        let draft = s.of_ann();
        let shown = s.post(&json!({ "status": "published" }));
        for (caller, sees_draft) in [(&s.ann, true), (&s.bob, false), (&s.guest, false)] {
            lists(caller, &draft, sees_draft);
            sees(caller, &draft, sees_draft);
            lists(caller, &shown, true);
            sees(caller, &shown, true);
        }
    }),
    ("Published from a day on", |s| {
        let past = s.post(&json!({ "publishAt": "2026-01-14T00:00:00Z", "ownerId": s.ids[0] }));
        let coming = s.post(&json!({ "publishAt": "2026-02-01T00:00:00Z", "ownerId": s.ids[0] }));
        let never = s.of_ann();
        for (post, expected) in [(&past, true), (&coming, false), (&never, false)] {
            sees(&s.guest, post, expected);
            lists(&s.bob, post, expected);
            sees(&s.ann, post, true);
        }
    }),
    ("A team's records", |s| {
        let team = s.team();
        let post = s.bob.post(POSTS, &json!({ "teamId": team })).created();
        lists(&s.ann, &post, true);
        sees(&s.bob, &post, true);
        sees(&s.eve, &post, false);
        lists(&s.eve, &post, false);
        s.eve
            .post(POSTS, &json!({ "teamId": team }))
            .error(Code::Forbidden);
        s.bob.post(POSTS, &json!({})).error(Code::Forbidden);
    }),
    ("A team reads, its leads change", |s| {
        let post = s.post(&json!({ "teamId": s.team() }));
        sees(&s.bob, &post, true);
        patches(&s.bob, &post, &json!({ "title": "x" }), 403);
        patches(&s.ann, &post, &json!({ "title": "x" }), 200);
        patches(&s.ann, &post, &json!({ "teamId": s.team() }), 403);
        patches(&s.eve, &post, &json!({ "title": "x" }), 404);
    }),
    ("Append only", |s| {
        let post = s.of_ann();
        assert_eq!(s.comment(&s.ann, &post), 201);
        assert_eq!(s.comment(&s.guest, &post), 401);
        let comment = s.app.admin().get(COMMENTS).ok()["items"][0].clone();
        let path = path_of("comments", &comment);
        s.eve
            .patch(&path, &json!({ "text": "x" }))
            .error(Code::Forbidden);
        s.eve.delete(&path).error(Code::Forbidden);
    }),
    ("Only once", |s| {
        let post = s.of_ann();
        assert_eq!(s.comment(&s.ann, &post), 201);
        assert_eq!(s.comment(&s.ann, &post), 403);
        assert_eq!(s.comment(&s.bob, &post), 201);
        assert_eq!(s.comment(&s.ann, &s.of_ann()), 201);
    }),
    ("Moderators", |s| {
        let post = s.of_ann();
        patches(&s.bob, &post, &json!({ "title": "x" }), 403);
        patches(&s.ann, &post, &json!({ "title": "x" }), 200);
        patches(&s.eve, &post, &json!({ "title": "x" }), 200);
        s.eve
            .delete(&path_of("posts", &post))
            .error(Code::Forbidden);
        s.ann.delete(&path_of("posts", &post)).no_content();
    }),
    ("By role", |s| {
        let post = s.of_ann();
        sees(&s.eve, &post, true);
        sees(&s.ann, &post, false);
        sees(&s.guest, &post, false);
    }),
    ("By time of day", |s| {
        // It is half past ten on a Thursday.
        s.guest.post(POSTS, &json!({})).created();
        for hours in [8, 5, 24, 24] {
            s.app.clock().advance(Duration::from_hours(hours));
            let status = s.guest.post(POSTS, &json!({})).status();
            // 18:30, 23:30, on Friday and on Saturday.
            assert_eq!(status, 403);
        }
        s.app.clock().advance(Duration::from_hours(34));
        s.guest.post(POSTS, &json!({})).created();
    }),
    ("What is locked stays", |s| {
        let (locked, open) = (s.post(&json!({ "isLocked": true })), s.of_ann());
        patches(&s.bob, &locked, &json!({ "isLocked": false }), 403);
        s.bob
            .delete(&path_of("posts", &locked))
            .error(Code::Forbidden);
        patches(&s.bob, &open, &json!({ "isLocked": true }), 200);
        patches(&s.bob, &open, &json!({ "isLocked": false }), 403);
    }),
    ("One step after the other", |s| {
        s.ann
            .post(POSTS, &json!({ "status": "published" }))
            .error(Code::Forbidden);
        let post = s.ann.post(POSTS, &json!({})).created();
        patches(&s.ann, &post, &json!({ "status": "archived" }), 403);
        patches(&s.ann, &post, &json!({ "status": "published" }), 200);
        patches(&s.ann, &post, &json!({ "status": "draft" }), 403);
        patches(&s.ann, &post, &json!({ "status": "published" }), 200);
        patches(&s.ann, &post, &json!({ "status": "archived" }), 200);
    }),
    ("Changed until it is published", |s| {
        let body = json!({ "title": "x" });
        patches(&s.bob, &s.of_ann(), &body, 200);
        let past = s.post(&json!({ "publishAt": "2026-01-14T00:00:00Z" }));
        let later = s.post(&json!({ "publishAt": "2026-02-01T00:00:00Z" }));
        patches(&s.bob, &past, &body, 403);
        patches(&s.bob, &past, &json!({ "publishAt": null }), 403);
        patches(&s.bob, &later, &body, 200);
    }),
    ("Set once", |s| {
        let made = s.ann.post(POSTS, &json!({ "title": "a" })).created();
        patches(&s.ann, &made, &json!({ "title": "b" }), 403);
        patches(&s.ann, &made, &json!({ "title": "a" }), 200);
        let empty = s.ann.post(POSTS, &json!({})).created();
        patches(&s.ann, &empty, &json!({ "title": "b" }), 200);
        patches(&s.ann, &empty, &json!({ "title": null }), 403);
    }),
    ("A note of the staff", |s| {
        let post = s.eve.post(POSTS, &json!({ "note": "hm" })).created();
        assert_eq!(post["note"], "hm");
        assert_eq!(s.bob.get(&path_of("posts", &post)).ok().get("note"), None);
        let found = s.bob.get(&format!("{POSTS}?note=hm")).ok();
        assert_eq!(found["pagination"]["totalItems"], 0);
        s.bob
            .get(&format!("{POSTS}?sort=note"))
            .error(Code::InvalidInput);
        s.eve.get(&format!("{POSTS}?sort=note")).ok();
        s.bob
            .post(POSTS, &json!({ "note": "x" }))
            .faults(Code::Forbidden, &["note"]);
    }),
    ("A field for its owner", |s| {
        let post = s.post(&json!({ "ownerId": s.ids[0], "note": "hm" }));
        let path = path_of("posts", &post);
        assert_eq!(s.ann.get(&path).ok()["note"], "hm");
        for caller in [&s.bob, &s.eve, &s.guest] {
            assert_eq!(caller.get(&path).ok().get("note"), None);
        }
    }),
    ("With the record that it belongs to", |s| {
        let shown = s.post(&json!({ "status": "published" }));
        let locked = s.post(&json!({ "status": "published", "isLocked": true }));
        assert_eq!(s.comment(&s.ann, &shown), 201);
        assert_eq!(s.comment(&s.ann, &locked), 403);
        assert_eq!(s.comment(&s.ann, &s.of_ann()), 403);
        assert_eq!(s.comment(&s.guest, &shown), 401);
        let filter = format!("{COMMENTS}?postId={}", shown["id"].as_str().unwrap());
        let total = || s.guest.get(&filter).ok()["pagination"]["totalItems"].clone();
        assert_eq!(total(), 1);
        let path = path_of("posts", &shown);
        s.app
            .admin()
            .patch(&path, &json!({ "status": "draft" }))
            .ok();
        assert_eq!(total(), 0);
    }),
    ("Shared with some", |s| {
        let post = s.post(&json!({ "meta": { "readers": [s.ids[1]] } }));
        sees(&s.bob, &post, true);
        lists(&s.bob, &post, true);
        sees(&s.ann, &post, false);
        sees(&s.guest, &post, false);
    }),
    ("By its address alone", |s| {
        let post = s.of_ann();
        sees(&s.guest, &post, true);
        lists(&s.guest, &post, false);
        lists(&s.ann, &post, false);
    }),
    ("Colleagues", |s| {
        let post = s.of_ann();
        sees(&s.bob, &post, true);
        sees(&s.guest, &post, false);
        let changed = "UPDATE users SET email = 'bob@example.org', version = version + 1";
        s.app.change_by_sql(&format!(
            "{changed} WHERE id = '{}'",
            s.ids[1].as_str().unwrap()
        ));
        sees(&s.bob, &post, false);
    }),
    ("At most so many", |s| {
        let post = s.of_ann();
        let made = [(); 4].map(|()| s.comment(&s.bob, &post));
        assert_eq!(made, [201, 201, 201, 403]);
    }),
];

#[test]
fn every_rule_of_the_document_has_a_story() {
    let told: Vec<&str> = STORIES.iter().map(|(heading, _)| *heading).collect();
    assert_eq!(told, headings());
    assert!(told.len() >= 20);
}

#[test]
fn every_rule_of_the_document_does_what_it_says() {
    let stage = Stage::new();
    let (by_time, others): (Vec<&Story>, _) = STORIES
        .iter()
        .partition(|(heading, _)| *heading == "By time of day");
    // The one that moves the clock signs everybody out.
    for (heading, story) in others.into_iter().chain(by_time) {
        stage.rule(heading);
        story(&stage);
    }
}
