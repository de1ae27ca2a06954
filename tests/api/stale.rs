//! No answer is older than what was acknowledged before it was asked for, whatever is kept in
//! memory: writers and readers hammer a record, a total, rights and a session.
//!
//! `STEAD_HAMMER_SECONDS` says for how long, 2 by default.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread::{self, Scope},
    time::{Duration, Instant},
};

use serde_json::{Value as Json, json};

use crate::support::{
    app::{PASSWORD, TestApp},
    client::{Client, path_of},
    setting,
};

const READERS: usize = 2;

/// How long to go on.
struct Bell(Instant);

impl Bell {
    fn start() -> Self {
        let seconds = setting("STEAD_HAMMER_SECONDS", 2);
        Self(Instant::now() + Duration::from_secs(seconds))
    }

    fn has_rung(&self) -> bool {
        Instant::now() >= self.0
    }
}

/// Raises a number by one `write` after the other, while readers see by `read` that it never is
/// below what was acknowledged before they asked.
fn never_falls_behind<'s>(
    scope: &'s Scope<'s, '_>,
    bell: &'s Bell,
    write: impl Fn(u64) + Send + 's,
    read: impl Fn() -> u64 + Clone + Send + 's,
) {
    let acknowledged: &'static AtomicU64 = Box::leak(Box::default());
    scope.spawn(move || {
        let mut number = 0;
        while !bell.has_rung() {
            number += 1;
            write(number);
            acknowledged.store(number, Ordering::SeqCst);
        }
        assert!(number > 10, "{number} writes are too few to tell");
    });
    for _ in 0..READERS {
        let read = read.clone();
        scope.spawn(move || {
            while !bell.has_rung() {
                let least = acknowledged.load(Ordering::SeqCst);
                let found = read();
                assert!(
                    found >= least,
                    "found {found} after {least} was acknowledged"
                );
            }
        });
    }
}

/// Switches something by `switch` and sees by `is_on` that it is so at once, while readers ask, too,
/// and so have it kept again and again as it was a moment ago.
fn is_as_it_was_switched<'s>(
    scope: &'s Scope<'s, '_>,
    bell: &'s Bell,
    switch: impl Fn(bool) + Send + 's,
    is_on: impl Fn() -> bool + Clone + Send + 's,
) {
    for _ in 0..READERS {
        let is_on = is_on.clone();
        scope.spawn(move || {
            while !bell.has_rung() {
                is_on();
            }
        });
    }
    scope.spawn(move || {
        let mut on = false;
        while !bell.has_rung() {
            on = !on;
            switch(on);
            assert_eq!(is_on(), on);
        }
    });
}

fn with_two_workers() -> TestApp {
    TestApp::start_with(|config| config.server.workers = 2)
}

#[test]
fn a_record_and_a_total_are_never_older_than_what_was_acknowledged() {
    let app = with_two_workers();
    app.collection("notes", json!([{ "name": "number", "type": "integer" }]));
    app.collection("marks", json!([{ "name": "even", "type": "boolean" }]));
    let admin = &app.admin();
    let path = &path_of(
        "notes",
        &admin
            .post("/api/v1/notes", &json!({ "number": 0 }))
            .created(),
    );
    let bell = &Bell::start();
    thread::scope(|scope| {
        let write = |number| drop(admin.patch(path, &json!({ "number": number })).ok());
        let read = || admin.get(path).ok()["number"].as_u64().unwrap();
        never_falls_behind(scope, bell, write, read);
        let mark = |number: u64| {
            let mark = json!({ "even": number.is_multiple_of(2) });
            admin.post("/api/v1/marks", &mark).created();
        };
        let total = |query: &str| total(admin, &format!("/api/v1/marks?pageSize=1{query}"));
        let both = move || total("&even=true") + total("&even=false");
        never_falls_behind(scope, bell, mark, both);
    });
}

#[test]
fn writes_of_an_sql_shell_are_noticed() {
    let app = TestApp::start();
    app.collection("notes", json!([{ "name": "title", "type": "text" }]));
    let admin = app.admin();
    let path = path_of(
        "notes",
        &admin
            .post("/api/v1/notes", &json!({ "title": "a" }))
            .created(),
    );
    assert_eq!(admin.get(&path).ok()["title"], "a");
    assert_eq!(total(&admin, "/api/v1/notes"), 1);
    // The twin sees it, too, but the server is not told to look.
    let sql = "UPDATE notes SET title = 'b', version = version + 1";
    app.change_by_sql_unnoticed(sql);
    while admin.get(&path).ok()["title"] == "a" {
        thread::yield_now();
    }
    app.change_by_sql("DELETE FROM notes");
    assert_eq!(admin.get(&path).status(), 404);
    assert_eq!(total(&admin, "/api/v1/notes"), 0);
}

fn total(client: &Client, path: &str) -> u64 {
    client.get(path).ok()["pagination"]["totalItems"]
        .as_u64()
        .unwrap()
}

#[test]
fn rights_are_those_that_were_acknowledged() {
    let app = with_two_workers();
    app.collection("notes", json!([{ "name": "title", "type": "text" }]));
    let user = &app.user("vic", &[]);
    let admin = &app.admin();
    let id = user.get("/api/auth/me").ok()["id"].clone();
    let path = &format!("/api/v1/users/{}", id.as_str().unwrap());
    let bell = &Bell::start();
    thread::scope(|scope| {
        let switch = |on| {
            let roles: Json = if on { json!(["viewer"]) } else { json!([]) };
            admin.patch(path, &json!({ "roles": roles })).ok();
        };
        let is_on = || match user.get("/api/v1/notes").status() {
            200 => true,
            403 => false,
            other => panic!("{other}"),
        };
        is_as_it_was_switched(scope, bell, switch, is_on);
    });
}

#[test]
fn what_a_role_allows_is_what_was_acknowledged() {
    let app = with_two_workers();
    app.collection("notes", json!([{ "name": "title", "type": "text" }]));
    let (user, admin) = (&app.viewer(), &app.admin());
    let bell = &Bell::start();
    thread::scope(|scope| {
        let switch = |on| {
            let permissions: Json = if on { json!(["notes:read"]) } else { json!([]) };
            let viewer = "/api/system/roles/viewer";
            admin
                .patch(viewer, &json!({ "permissions": permissions }))
                .ok();
        };
        let is_on = || match user.get("/api/v1/notes").status() {
            200 => true,
            403 => false,
            other => panic!("{other}"),
        };
        is_as_it_was_switched(scope, bell, switch, is_on);
    });
}

#[test]
fn a_session_that_has_ended_is_refused_at_once() {
    let app = with_two_workers();
    let bell = Bell::start();
    let mut turns = 0;
    while !bell.has_rung() || turns < 5 {
        turns += 1;
        let (user, ended) = (
            &app.guest().sign_in("ann@example.com", PASSWORD),
            &AtomicBool::new(false),
        );
        thread::scope(|scope| {
            for _ in 0..READERS {
                scope.spawn(|| ask_until_refused(user, ended));
            }
            user.get("/api/auth/me").ok();
            user.send("POST", "/api/auth/logout", None).no_content();
            ended.store(true, Ordering::SeqCst);
        });
    }
}

/// No answer but a refusal is given once the session `has_ended`.
fn ask_until_refused(user: &Client, has_ended: &AtomicBool) {
    loop {
        let was_over = has_ended.load(Ordering::SeqCst);
        match user.get("/api/auth/me").status() {
            200 => assert!(!was_over, "answered after the session had ended"),
            401 => return,
            other => panic!("{other}"),
        }
    }
}
