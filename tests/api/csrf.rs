//! No write is possible by cookie alone: every route that changes anything is tried.

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::{PASSWORD, TestApp},
    client::{Client, Reply},
};

/// A request that would succeed if it came with its CSRF token, or from our own page.
struct Write {
    method: String,
    path: String,
    guard: String,
    body: Option<Json>,
}

impl Write {
    fn send(&self, client: &Client) -> Reply {
        client.send(&self.method, &self.path, self.body.as_ref())
    }
}

/// What stands in the path of a record.
struct Stage {
    app: TestApp,
    note: String,
    user: String,
    /// What stands under the user, and one of it.
    lines: String,
    line: String,
}

impl Stage {
    fn new() -> Self {
        let app = TestApp::start();
        let title = json!([{ "name": "title", "type": "text" }]);
        app.collection("notes", &title);
        app.collection("empties", &title);
        let unique = json!([{ "name": "title", "type": "text", "unique": true }]);
        app.collection("pages", unique);
        let body = json!({ "title": "Bread" });
        let note = app.admin().post("/api/v1/notes", &body).created();
        let user = app.user("bob", &["viewer"]).get("/api/auth/me").ok();
        let id = |record: &Json| record["id"].as_str().unwrap().to_owned();
        let (note, user) = (id(&note), id(&user));
        // Cascading, so that the user can be deleted and restored with its lines.
        let fields = json!([{ "name": "user_id", "type": "relation", "collection": "users",
            "onDelete": "cascade" }]);
        app.collection("lines", fields);
        let lines = format!("/api/v1/users/{user}/lines");
        let line = id(&app.admin().post(&lines, &json!({})).created());
        Self {
            app,
            note,
            user,
            line: format!("{lines}/{line}"),
            lines,
        }
    }

    /// Every route of the server that is not read only, ready to be called.
    fn writes(&self) -> impl Iterator<Item = Write> {
        let routes = stead::server::routes().list().into_iter();
        let writes = routes.filter(|route| !route.starts_with("GET "));
        writes.map(|route| self.write(&route))
    }

    /// The id of a new session of somebody.
    fn session(&self, email: &str) -> String {
        let client = self.app.guest().sign_in(email, PASSWORD);
        let newest = client.get("/api/auth/sessions?pageSize=1").ok();
        newest["items"][0]["id"].as_str().unwrap().to_owned()
    }

    fn write(&self, route: &str) -> Write {
        let (request, guard) = route.rsplit_once(' ').unwrap();
        let (method, _) = request.split_once(' ').unwrap();
        let (path, body) = self
            .call(request)
            .unwrap_or_else(|| panic!("say in `call` how {request} is called"));
        Write {
            method: method.to_owned(),
            path,
            guard: guard.to_owned(),
            body,
        }
    }

    /// The path with real values, and a body that would be taken. None for a path whose values
    /// nobody has given here.
    fn call(&self, request: &str) -> Option<(String, Option<Json>)> {
        let (_, path) = request.split_once(' ').unwrap();
        let path = match path {
            "/api/v1/{parent}/{id}/{child}" => self.lines.clone(),
            "/api/v1/{collection}" if request.starts_with("PUT") => "/api/v1/pages?on=title".into(),
            "/api/v1/{collection}" if !request.starts_with("POST") => {
                "/api/v1/pages?title=none&expect=0".into()
            }
            "/api/v1/{parent}/{id}/{child}/{childId}" => self.line.clone(),
            "/api/auth/sessions/{id}" => path.replace("{id}", &self.session("ann@example.com")),
            _ if path.contains("/users/{id}") => path.replace("{id}", &self.user),
            _ => path.replace("{id}", &self.note),
        };
        let path = match path.contains("{sessionId}") {
            true => path.replace("{sessionId}", &self.session("bob@example.com")),
            false => path.replace("{collection}", "notes"),
        };
        let path = path.replace("/collections/{name}", "/collections/empties");
        let path = path.replace("/roles/{name}", "/roles/editor");
        (!path.contains('{')).then(|| (path, self.body(request)))
    }

    fn body(&self, request: &str) -> Option<Json> {
        let password = json!({ "currentPassword": PASSWORD, "newPassword": "another password" });
        let account = json!({ "email": "x@example.com", "password": PASSWORD, "displayName": "X" });
        let title = json!({ "title": "Butter" });
        let name = json!({ "displayName": "Another" });
        let mut first = account.clone();
        first["token"] = self.app.setup_token().into();
        match request {
            "POST /api/auth/setup" => Some(first),
            "POST /api/auth/login" => {
                Some(json!({ "email": "ann@example.com", "password": PASSWORD }))
            }
            "PATCH /api/auth/me" | "PATCH /api/v1/users/{id}" => Some(name),
            "PATCH /api/system/collections/{name}" => Some(json!({ "rules": { "list": "true" } })),
            "POST /api/auth/password" => Some(password),
            "POST /api/system/collections" => {
                Some(json!({ "name": "tags", "fields": [{ "name": "tag", "type": "text" }] }))
            }
            "POST /api/system/roles" => Some(json!({ "name": "night-shift", "permissions": [] })),
            "PATCH /api/system/roles/{name}" => Some(json!({ "permissions": ["*:read"] })),
            "POST /api/v1/users" => Some(account),
            "POST /api/v1/{collection}"
            | "PATCH /api/v1/{collection}/{id}"
            | "PUT /api/v1/{collection}/{id}" => Some(title),
            "PATCH /api/v1/{collection}" | "PUT /api/v1/{collection}" => Some(title),
            "POST /api/batch" => Some(json!({ "operations": [
                { "method": "POST", "path": "/api/v1/notes", "body": title }] })),
            "POST /api/v1/{parent}/{id}/{child}"
            | "PATCH /api/v1/{parent}/{id}/{child}/{childId}"
            | "PUT /api/v1/{parent}/{id}/{child}/{childId}" => Some(json!({})),
            "POST /api/system/rules/test" => {
                Some(json!({ "collection": "notes", "rule": "view", "record": self.note }))
            }
            _ => None,
        }
    }
}

#[track_caller]
fn expect_refused(reply: &Reply, message: &str) {
    assert_eq!(reply.error(Code::Forbidden)["message"], message);
    assert_eq!(reply.header("set-cookie"), None, "no cookie is touched");
}

#[test]
fn by_cookie_no_write_is_possible_without_csrf() {
    let stage = Stage::new();
    let (browser, other) = (stage.app.browser(), stage.app.browser());
    let wrong = browser.with("X-CSRF-Token", &other.cookies["csrf_token"]);
    let empty = browser.with("X-CSRF-Token", "");
    let writes: Vec<Write> = stage.writes().collect();
    let before = stage.app.rows();
    for write in writes {
        if write.guard == "origin" {
            continue;
        }
        for client in [&browser, &wrong, &empty] {
            expect_refused(&write.send(client), "CSRF validation failed");
        }
    }
    assert_eq!(stage.app.rows(), before, "nothing has changed");
}

#[test]
fn where_there_is_no_session_another_page_is_refused() {
    let stage = Stage::new();
    let writes: Vec<Write> = stage.writes().collect();
    let before = stage.app.rows();
    for write in writes {
        if write.guard == "caller" {
            continue;
        }
        for (name, value) in [
            ("Origin", "http://evil.example"),
            ("Origin", "null"),
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
        ] {
            let page = stage.app.guest().with(name, value);
            expect_refused(&write.send(&page), "Origin check failed");
        }
    }
    assert_eq!(stage.app.rows(), before, "nothing has changed");
}

#[test]
fn every_write_is_guarded_and_passes_with_its_token() {
    let stage = Stage::new();
    for write in stage.writes() {
        assert_ne!(write.guard, "public", "{} {}", write.method, write.path);
        let reply = write.send(&stage.app.browser().with_csrf());
        let expected = match write.path.as_str() {
            "/api/auth/setup" => 404..405,
            _ => 200..300,
        };
        assert!(
            expected.contains(&reply.status()),
            "{}: {:?}",
            write.path,
            reply.json()
        );
        if write.path == "/api/auth/password" {
            let back = json!({ "currentPassword": "another password", "newPassword": PASSWORD });
            let ann = stage
                .app
                .guest()
                .sign_in("ann@example.com", "another password");
            ann.post(&write.path, &back).no_content();
        }
    }
}

/// One that is not taken is refused, one that is taken must be well-formed.
#[test]
fn no_post_ignores_an_idempotency_key() {
    let stage = Stage::new();
    let careful = stage.app.admin().with("Idempotency-Key", "two words");
    let is_about = |write: &Write| write.method == "POST" && !write.path.starts_with("/api/auth/");
    let writes: Vec<Write> = stage.writes().filter(is_about).collect();
    assert!(writes.len() >= 4);
    let before = stage.app.rows();
    for write in writes {
        let reply = write.send(&careful);
        reply.faults(Code::InvalidInput, &["Idempotency-Key"]);
    }
    assert_eq!(stage.app.rows(), before, "nothing has changed");
}

#[test]
fn by_bearer_no_csrf_is_asked_for() {
    let stage = Stage::new();
    let mut program = stage.app.browser();
    program.access = stage.app.admin().access;
    let body = json!({ "title": "Butter" });
    program.post("/api/v1/notes", &body).created();
}
