//! A caller: it has a way to sign in, sends one request, and reads the answer for what it says.

use std::{collections::BTreeMap, net::SocketAddr};

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{
    contract,
    http::{Connection, Response},
    inspect,
};

/// Somebody who asks.
#[derive(Clone)]
pub struct Client {
    address: SocketAddr,
    /// Tokens, for bearer.
    pub access: Option<String>,
    pub refresh: Option<String>,
    /// The cookie jar, for browsers.
    pub cookies: BTreeMap<String, String>,
    headers: Vec<(String, String)>,
}

/// An answer, with words for what a story expects of it.
pub struct Reply {
    pub response: Response,
    request: String,
}

/// The path of a record of a collection.
pub fn path_of(collection: &str, record: &Json) -> String {
    format!("/api/v1/{collection}/{}", record["id"].as_str().unwrap())
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        let (cookies, headers) = (BTreeMap::new(), Vec::new());
        Self {
            address,
            access: None,
            refresh: None,
            cookies,
            headers,
        }
    }

    /// Signs in with tokens in the body.
    pub fn sign_in(mut self, email: &str, password: &str) -> Self {
        let body = json!({ "email": email, "password": password, "delivery": "body" });
        let data = self.post("/api/auth/login", &body).ok();
        self.access = data["accessToken"].as_str().map(str::to_owned);
        self.refresh = data["refreshToken"].as_str().map(str::to_owned);
        self
    }

    /// Signs in with cookies, as a browser's page does.
    pub fn sign_in_by_cookie(mut self, email: &str, password: &str) -> Self {
        let body = json!({ "email": email, "password": password });
        let reply = self.post("/api/auth/login", &body);
        self.keep_cookies(&reply);
        reply.ok();
        self
    }

    /// Takes over the cookies that an answer sets.
    pub fn keep_cookies(&mut self, reply: &Reply) {
        for cookie in reply.response.headers("set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// The same caller, who sends a further header.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same caller, who shows the CSRF token of its cookies.
    pub fn with_csrf(&self) -> Self {
        self.with("X-CSRF-Token", &self.cookies["csrf_token"])
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, None)
    }

    pub fn post(&self, path: &str, body: &Json) -> Reply {
        self.send("POST", path, Some(body))
    }

    pub fn patch(&self, path: &str, body: &Json) -> Reply {
        self.send("PATCH", path, Some(body))
    }

    pub fn put(&self, path: &str, body: &Json) -> Reply {
        self.send("PUT", path, Some(body))
    }

    pub fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, None)
    }

    /// Sends a request, with a JSON body where there is one.
    pub fn send(&self, method: &str, path: &str, body: Option<&Json>) -> Reply {
        let text = body.map(Json::to_string).unwrap_or_default();
        self.send_bytes(
            method,
            path,
            body.map(|_| "application/json"),
            text.as_bytes(),
        )
    }

    /// Sends a request with JSON as it is written here, so that no digit of it changes.
    pub fn send_text(&self, method: &str, path: &str, text: &str) -> Reply {
        self.send_bytes(method, path, Some("application/json"), text.as_bytes())
    }

    /// Sends a request with any body.
    pub fn send_bytes(&self, method: &str, path: &str, media: Option<&str>, body: &[u8]) -> Reply {
        let mut headers: Vec<(&str, &str)> = Vec::new();
        let bearer = self.access.as_ref().map(|token| format!("Bearer {token}"));
        headers.extend(bearer.as_deref().map(|bearer| ("Authorization", bearer)));
        let cookies = self
            .cookies
            .iter()
            .filter(|(name, _)| *name != "refresh_token" || path.starts_with("/api/auth"));
        let cookies: Vec<String> = cookies
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let cookies = cookies.join("; ");
        if !cookies.is_empty() {
            headers.push(("Cookie", &cookies));
        }
        headers.extend(media.map(|media| ("Content-Type", media)));
        headers.extend(
            self.headers
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        );
        let mut connection = Connection::open(self.address).unwrap();
        let contract = contract::before(self.address);
        let response = connection.send(method, path, &headers, body).unwrap();
        inspect::answer(method, path, &response);
        contract::check(self.address, contract, (method, path), &response);
        Reply {
            response,
            request: format!("{method} {path}"),
        }
    }
}

impl Reply {
    pub fn status(&self) -> u16 {
        self.response.status
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.response.header(name)
    }

    pub fn json(&self) -> Json {
        self.response.json()
    }

    pub fn etag(&self) -> String {
        self.header("etag").expect("a tag").to_owned()
    }

    /// Expects 200, and returns `data`.
    #[track_caller]
    pub fn ok(&self) -> Json {
        self.expect(200)["data"].clone()
    }

    /// Expects 201, and returns `data`.
    #[track_caller]
    pub fn created(&self) -> Json {
        self.expect(201)["data"].clone()
    }

    /// Expects 204.
    #[track_caller]
    pub fn no_content(&self) {
        self.expect(204);
        assert!(
            self.response.body.is_empty(),
            "{}: 204 has no body",
            self.request
        );
    }

    /// Expects an error, and returns it as it stands in the envelope.
    #[track_caller]
    pub fn error(&self, code: Code) -> Json {
        let error = self.expect(code.status())["error"].clone();
        assert_eq!(error["code"], code.name(), "{}: {error}", self.request);
        error
    }

    /// Expects an error that names just these fields.
    #[track_caller]
    pub fn faults(&self, code: Code, fields: &[&str]) -> Json {
        let error = self.error(code);
        let named: Vec<&String> = error["details"]
            .as_object()
            .into_iter()
            .flat_map(|d| d.keys())
            .collect();
        assert_eq!(named, fields, "{}: {error}", self.request);
        error
    }

    #[track_caller]
    fn expect(&self, status: u16) -> Json {
        let body = String::from_utf8_lossy(&self.response.body);
        assert_eq!(self.response.status, status, "{}: {body}", self.request);
        self.response.json()
    }
}
