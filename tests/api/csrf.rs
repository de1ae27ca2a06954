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
}

impl Stage {
    fn new() -> Self {
        let app = TestApp::start();
        let title = json!([{ "name": "title", "type": "text" }]);
        app.collection("notes", &title);
        app.collection("empties", &title);
        let body = json!({ "title": "Bread" });
        let note = app.admin().post("/api/v1/notes", &body).created();
        let user = app.user("bob", &["viewer"]).get("/api/auth/me").ok();
        let id = |record: &Json| record["id"].as_str().unwrap().to_owned();
        let (note, user) = (id(&note), id(&user));
        Self { app, note, user }
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

    /// The path with real values, and a body that would be taken.
    fn call(&self, request: &str) -> Option<(String, Option<Json>)> {
        let password = json!({ "currentPassword": PASSWORD, "newPassword": "another password" });
        let account = json!({ "email": "x@example.com", "password": PASSWORD, "displayName": "X" });
        let title = json!({ "title": "Butter" });
        let name = json!({ "displayName": "Another" });
        let mut first = account.clone();
        first["token"] = self.app.setup_token().into();
        let login = json!({ "email": "ann@example.com", "password": PASSWORD });
        let definition = json!({ "name": "tags", "fields": [{ "name": "tag", "type": "text" }] });
        let (path, body) = match request {
            "POST /api/auth/setup" => ("/api/auth/setup".to_owned(), Some(first)),
            "POST /api/auth/login" => ("/api/auth/login".to_owned(), Some(login)),
            "POST /api/auth/refresh" => ("/api/auth/refresh".to_owned(), None),
            "POST /api/auth/logout" => ("/api/auth/logout".to_owned(), None),
            "PATCH /api/auth/me" => ("/api/auth/me".to_owned(), Some(name)),
            "POST /api/auth/password" => ("/api/auth/password".to_owned(), Some(password)),
            "DELETE /api/auth/sessions" => ("/api/auth/sessions".to_owned(), None),
            "DELETE /api/auth/sessions/{id}" => (
                format!("/api/auth/sessions/{}", self.session("ann@example.com")),
                None,
            ),
            "DELETE /api/system/users/{id}/sessions" => {
                (format!("/api/system/users/{}/sessions", self.user), None)
            }
            "DELETE /api/system/users/{id}/sessions/{sessionId}" => {
                let session = self.session("bob@example.com");
                (
                    format!("/api/system/users/{}/sessions/{session}", self.user),
                    None,
                )
            }
            "POST /api/v1/users/{id}/unlock" => {
                (format!("/api/v1/users/{}/unlock", self.user), None)
            }
            "POST /api/system/collections" => {
                ("/api/system/collections".to_owned(), Some(definition))
            }
            "DELETE /api/system/collections/{name}" => {
                ("/api/system/collections/empties".to_owned(), None)
            }
            "POST /api/v1/users" => ("/api/v1/users".to_owned(), Some(account)),
            "PATCH /api/v1/users/{id}" => (format!("/api/v1/users/{}", self.user), Some(name)),
            "POST /api/v1/{collection}" => ("/api/v1/notes".to_owned(), Some(title)),
            "PATCH /api/v1/{collection}/{id}" => {
                (format!("/api/v1/notes/{}", self.note), Some(title))
            }
            "DELETE /api/v1/{collection}/{id}" => (format!("/api/v1/notes/{}", self.note), None),
            _ => return None,
        };
        Some((path, body))
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

#[test]
fn by_bearer_no_csrf_is_asked_for() {
    let stage = Stage::new();
    let mut program = stage.app.browser();
    program.access = stage.app.admin().access;
    let body = json!({ "title": "Butter" });
    program.post("/api/v1/notes", &body).created();
}
