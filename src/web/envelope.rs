//! Answers that went well, in the envelope of every JSON answer.

use std::io::Write;

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    cookie::Cookie,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LOCATION},
    },
};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use super::{base_path::BasePath, etag, request::RequestInfo};
use crate::base::{Instant, secret};

/// The media type of every answer in the envelope.
pub const JSON: &str = "application/json";

/// What every answer says of itself.
#[derive(Clone, Copy)]
pub struct Meta<'a> {
    /// As in `X-Request-Id`.
    pub request_id: &'a str,
    /// The time of the answer.
    pub timestamp: Instant,
}

impl Meta<'_> {
    /// As JSON.
    pub fn json(&self) -> Json {
        json!({ "requestId": self.request_id, "timestamp": self.timestamp.to_string() })
    }
}

/// The tag of a record, or whatever else has a version, as this caller gets it:
/// `"<version>-<hash of data>"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Etag(String);

impl Etag {
    /// Over the bytes of `data`, so that it changes with whatever the caller sees.
    pub fn of(version: i64, data: &[u8]) -> Self {
        let hash = Sha256::digest(data);
        let short = hash.get(..8).unwrap_or_default();
        Self(format!("\"{version}-{}\"", secret::hex(short)))
    }
}

/// An answer that went well.
#[derive(Debug)]
pub struct Reply {
    status: StatusCode,
    // Rendered JSON; none for answers without a body.
    data: Option<Vec<u8>>,
    meta: Map<String, Json>,
    etag: Option<Etag>,
    cache: Option<&'static str>,
    location: Option<String>,
    headers: Vec<(HeaderName, String)>,
    cookies: Vec<Cookie<'static>>,
}

impl Reply {
    /// 200 with `data`.
    pub fn ok(data: &Json) -> Self {
        Self::rendered(data.to_string().into_bytes())
    }

    /// 200 with `data` that is rendered already.
    pub fn rendered(data: Vec<u8>) -> Self {
        Self {
            status: StatusCode::OK,
            data: Some(data),
            meta: Map::new(),
            etag: None,
            cache: None,
            location: None,
            headers: Vec::new(),
            cookies: Vec::new(),
        }
    }

    /// 204 without a body.
    pub fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            data: None,
            ..Self::rendered(Vec::new())
        }
    }

    /// Makes it 201, with the path of what was made.
    #[must_use]
    pub fn created(mut self, location: impl Into<String>) -> Self {
        self.status = StatusCode::CREATED;
        self.location = Some(location.into());
        self
    }

    /// Makes it 201, for several at once, which have no path of their own.
    #[must_use]
    pub fn created_many(mut self) -> Self {
        self.status = StatusCode::CREATED;
        self
    }

    /// Says that this is an earlier answer again, where it had `status`.
    #[must_use]
    pub fn replaying(mut self, status: Option<u16>) -> Self {
        let Some(status) = status.and_then(|status| StatusCode::from_u16(status).ok()) else {
            return self;
        };
        self.status = status;
        self.header(HeaderName::from_static("idempotency-replayed"), "true")
    }

    /// Adds the tag of what is told; a `GET` that has it already is answered 304.
    #[must_use]
    pub fn tagged(mut self, etag: Etag) -> Self {
        self.etag = Some(etag);
        self.private()
    }

    /// Lets the client keep it, but ask each time; no proxy may.
    #[must_use]
    pub fn private(mut self) -> Self {
        self.cache = Some("private, no-cache");
        self
    }

    /// Has it kept by nobody, as what is not tagged is.
    #[must_use]
    pub fn kept_by_nobody(mut self) -> Self {
        self.cache = None;
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds cookies to set.
    #[must_use]
    pub fn cookies(mut self, cookies: impl IntoIterator<Item = Cookie<'static>>) -> Self {
        self.cookies.extend(cookies);
        self
    }

    /// Adds to `meta`.
    #[must_use]
    pub fn meta(mut self, key: &str, value: impl Into<Json>) -> Self {
        self.meta.insert(key.to_owned(), value.into());
        self
    }

    fn is_known_to(&self, request: &HttpRequest) -> bool {
        let tag = self.etag.as_ref().filter(|_| request.method().is_safe());
        tag.is_some_and(|tag| etag::is_known(request.headers(), &tag.0))
    }

    fn envelope(&self, data: &[u8], info: &RequestInfo) -> Vec<u8> {
        let mut body = Vec::with_capacity(data.len() + 128);
        body.extend_from_slice(br#"{"success":true,"data":"#);
        body.extend_from_slice(data);
        // A request id is visible ASCII, but may hold quotes and backslashes.
        let id = Json::from(&**info.id());
        let _ = write!(
            body,
            r#","meta":{{"requestId":{id},"timestamp":"{}""#,
            info.at()
        );
        for (key, value) in &self.meta {
            let _ = write!(body, ",{}:{value}", Json::from(key.as_str()));
        }
        body.extend_from_slice(b"}}");
        body
    }
}

impl Responder for Reply {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let unchanged = self.is_known_to(request);
        let status = if unchanged {
            StatusCode::NOT_MODIFIED
        } else {
            self.status
        };
        let mut response = HttpResponse::build(status);
        if let Some(etag) = &self.etag {
            response.insert_header((ETAG, etag.0.as_str()));
        }
        // What says nothing of its own is kept by nobody.
        let cache = HeaderValue::from_static(self.cache.unwrap_or("no-store"));
        response.insert_header((CACHE_CONTROL, cache));
        if let Some(path) = &self.location {
            response.insert_header((LOCATION, BasePath::outside_of(request, path)));
        }
        for (name, value) in &self.headers {
            response.insert_header((name.clone(), value.as_str()));
        }
        for cookie in &self.cookies {
            response.cookie(cookie.clone());
        }
        let info = request.extensions().get::<RequestInfo>().cloned();
        match (&self.data, info) {
            (Some(data), Some(info)) if !unchanged => {
                response.insert_header((CONTENT_TYPE, HeaderValue::from_static(JSON)));
                response.body(self.envelope(data, &info))
            }
            _ => response.finish(),
        }
    }
}
