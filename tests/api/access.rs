//! Every endpoint, asked by everybody: who has no credentials, each role, and whoever shows a token
//! that is good no more, or never was.
//!
//! The endpoints come from the server's own list. One that `access.txt` does not name fails. Those
//! of the operator's socket are not among them: over the network there are none
//! (`tests/cli/socket.rs`), and whoever can open the socket may do everything.

use std::{cell::RefCell, collections::BTreeMap};

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::{PASSWORD, TestApp},
    client::{Client, Reply},
    forge::{Forge, tampered},
};

/// An endpoint of the table.
struct Expected {
    /// What nobody, viewer, editor, owner and admin get, and who shows a broken token.
    statuses: Vec<u16>,
    body: Json,
}

/// Those who ask, in the order of the table's columns.
const CALLERS: &[&str] = &["nobody", "viewer", "editor", "owner", "admin"];

fn table() -> BTreeMap<String, Expected> {
    let lines = include_str!("access.txt").lines();
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(expected).collect()
}

fn expected(line: &str) -> (String, Expected) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (endpoint, rest) = words.split_at(2);
    let statuses = rest.iter().map_while(|word| word.parse().ok()).collect();
    let body = line.find(" {\"").map_or("{}", |at| &line[at..]);
    let body = serde_json::from_str(body).unwrap_or_else(|error| panic!("{line}: {error}"));
    (endpoint.join(" "), Expected { statuses, body })
}

/// The server's routes: method and path, and the guard.
fn routes() -> impl Iterator<Item = (String, String)> {
    let routes = stead::server::routes().list().into_iter();
    routes.map(|route| {
        let (endpoint, guard) = route.rsplit_once(' ').unwrap();
        (endpoint.to_owned(), guard.to_owned())
    })
}

/// What is asked for, made again where an endpoint has taken it away.
struct Stage {
    app: TestApp,
    signed_in: RefCell<BTreeMap<String, Client>>,
    owners: RefCell<usize>,
}

impl Stage {
    fn new() -> Self {
        let app = TestApp::start();
        app.add_user("viewer", &["viewer"]);
        app.add_user("editor", &["editor"]);
        let stage = Self {
            app,
            signed_in: RefCell::default(),
            owners: RefCell::new(0),
        };
        stage.new_owner();
        stage
    }

    fn new_owner(&self) {
        *self.owners.borrow_mut() += 1;
        self.app.add_user(&self.owner(), &[]);
    }

    fn owner(&self) -> String {
        format!("owner{}", self.owners.borrow())
    }

    /// A caller who is signed in, whatever the endpoint before has done to its session.
    fn caller(&self, name: &str) -> Client {
        let email = match name {
            "nobody" => return self.app.guest(),
            "admin" => "ann@example.com".to_owned(),
            "owner" => format!("{}@example.com", self.owner()),
            name => format!("{name}@example.com"),
        };
        let known = self.signed_in.borrow().get(&email).cloned();
        if let Some(known) = known.filter(|known| known.get("/api/auth/me").status() == 200) {
            return known;
        }
        let body = json!({ "email": email, "password": PASSWORD, "delivery": "body" });
        if name == "owner" && self.app.guest().post("/api/auth/login", &body).status() != 200 {
            self.new_owner();
            return self.caller(name);
        }
        let client = self.app.guest().sign_in(&email, PASSWORD);
        self.signed_in.borrow_mut().insert(email, client.clone());
        client
    }

    fn user_of(&self, client: &Client) -> String {
        text(&client.get("/api/auth/me").ok()["id"])
    }

    /// A further session of the owner.
    fn session(&self) -> String {
        let email = format!("{}@example.com", self.owner());
        current_session(&self.app.guest().sign_in(&email, PASSWORD))
    }

    fn note(&self) -> String {
        let admin = self.caller("admin");
        if admin.get("/api/v1/notes").status() == 404 {
            let title = json!([{ "name": "title", "type": "text" }]);
            let notes = json!({ "name": "notes", "history": true, "fields": title });
            self.app.define(notes);
        }
        let note = admin.post("/api/v1/notes", &json!({ "title": "Salt" }));
        text(&note.created()["id"])
    }

    /// A role that nobody has.
    fn role(&self) -> String {
        let admin = self.caller("admin");
        if admin.get("/api/system/roles/spare").status() == 404 {
            let spare = json!({ "name": "spare", "permissions": [] });
            admin.post("/api/system/roles", &spare).created();
        }
        "spare".to_owned()
    }

    /// Where the lines of a note are.
    fn under(&self, note: &str) -> String {
        format!("/api/v1/notes/{note}/lines")
    }

    /// A line of a note.
    fn line(&self, note: &str) -> String {
        let admin = self.caller("admin");
        if admin.get("/api/v1/lines").status() == 404 {
            let note = json!([{ "name": "note_id", "type": "relation", "collection": "notes" }]);
            self.app.collection("lines", note);
        }
        text(&admin.post(&self.under(note), &json!({})).created()["id"])
    }

    /// The path with what it names. The owner comes first, because it may have to be made anew.
    fn path(&self, path: &str) -> String {
        let owner = self.caller("owner");
        let note = self.note();
        let path = &path.replace("{importId}", "01K00000000000000000000000");
        if let Some(rest) = path.strip_prefix("/api/v1/{parent}/{id}/{child}") {
            return self.under(&note) + &rest.replace("{childId}", &self.line(&note));
        }
        if path.contains("/roles/") {
            return path.replace("{name}", &self.role());
        }
        let mut path = path
            .replace("{collection}", "notes")
            .replace("{name}", "notes");
        if path.contains("/sessions/") {
            let session = if path.contains("{sessionId}") {
                "{sessionId}"
            } else {
                "{id}"
            };
            path = path.replace(session, &self.session());
        }
        let id = if path.contains("/users/") {
            self.user_of(&owner)
        } else {
            note
        };
        path = path.replace("{id}", &id);
        while let Some((head, rest)) = path.split_once('{') {
            path = format!("{head}none{}", rest.split_once('}').unwrap().1);
        }
        path
    }

    /// Tokens that let nobody in, each with the code that says why.
    fn broken(&self) -> Vec<(&'static str, String, Code)> {
        let forge = || {
            let viewer = self.caller("viewer");
            Forge::new(&self.app, &self.user_of(&viewer), &current_session(&viewer))
        };
        let good = forge().token();
        bearer(&self.app, &good).get("/api/auth/me").ok();
        let revoked = self.app.guest().sign_in("viewer@example.com", PASSWORD);
        revoked.send("POST", "/api/auth/logout", None).no_content();
        let disabled = self.app.user("dan", &["admin"]);
        self.app.change_by_sql(
            "UPDATE users SET status = 'disabled', version = version + 1
             WHERE email = 'dan@example.com'",
        );
        let expired = forge().expired(self.app.clock().now()).token();
        let elsewhere = forge().claiming("aud", "refresh").token();
        let invalid = Code::TokenInvalid;
        vec![
            ("expired", expired, Code::TokenExpired),
            ("revoked", revoked.access.unwrap(), invalid),
            ("for another audience", elsewhere, invalid),
            ("tampered with", tampered(&good), invalid),
            (
                "by an unknown key",
                forge().by_another_key().token(),
                invalid,
            ),
            ("of a disabled user", disabled.access.unwrap(), invalid),
        ]
    }
}

fn text(value: &Json) -> String {
    value.as_str().unwrap().to_owned()
}

fn current_session(client: &Client) -> String {
    let sessions = client.get("/api/auth/sessions?pageSize=100").ok();
    let sessions = sessions["items"].as_array().unwrap();
    text(&sessions.iter().find(|one| one["current"] == true).unwrap()["id"])
}

fn bearer(app: &TestApp, token: &str) -> Client {
    app.guest()
        .with("Authorization", &format!("Bearer {token}"))
}

fn ask(client: &Client, method: &str, path: &str, body: &Json) -> Reply {
    let body = (method != "GET" && method != "DELETE").then_some(body);
    client.send(method, path, body)
}

#[test]
fn the_table_names_every_endpoint_and_no_other() {
    let named: Vec<String> = table().into_keys().collect();
    let mut there: Vec<String> = routes().map(|(endpoint, _)| endpoint).collect();
    there.sort();
    for endpoint in &there {
        assert!(
            named.contains(endpoint),
            "tests/api/access.txt lacks a line for {endpoint}"
        );
    }
    assert_eq!(named, there);
    for (endpoint, expected) in table() {
        assert_eq!(expected.statuses.len(), CALLERS.len() + 1, "{endpoint}");
    }
}

#[test]
fn every_endpoint_lets_in_whom_the_table_says() {
    let (stage, table) = (Stage::new(), table());
    for (endpoint, _) in routes() {
        let Some(expected) = table.get(&endpoint) else {
            continue;
        };
        let (method, path) = endpoint.split_once(' ').unwrap();
        for (name, status) in CALLERS.iter().zip(&expected.statuses) {
            let path = stage.path(path);
            let reply = ask(&stage.caller(name), method, &path, &expected.body);
            assert_eq!(reply.status(), *status, "{name}: {endpoint}");
        }
    }
}

#[test]
fn a_token_that_is_not_good_lets_nobody_in() {
    let (stage, table) = (Stage::new(), table());
    let broken = stage.broken();
    for (endpoint, guard) in routes() {
        let Some(expected) = table.get(&endpoint) else {
            continue;
        };
        let (method, path) = endpoint.split_once(' ').unwrap();
        let (path, status) = (stage.path(path), expected.statuses[CALLERS.len()]);
        for (what, token, code) in &broken {
            let reply = ask(&bearer(&stage.app, token), method, &path, &expected.body);
            assert_eq!(reply.status(), status, "{what}: {endpoint}");
            if guard == "caller" {
                reply.error(*code);
                let mut browser = stage.app.guest();
                browser.cookies.insert("access_token".into(), token.clone());
                ask(&browser, method, &path, &expected.body).error(*code);
            }
        }
    }
}
