//! Cross-origin requests (the Fetch standard, "CORS protocol"): pages of listed origins may call
//! the API with credentials and read its answers. All others get answers that say nothing of it,
//! which their browser then keeps from them.

use std::sync::Arc;

use actix_web::http::{
    Method,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS,
        ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
        ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN,
        VARY,
    },
};

use crate::config;

/// Headers of answers that a page may read.
const EXPOSED: &str = "ETag, Location, Link, X-Request-Id, X-RateLimit-Limit, \
                       X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After, \
                       Idempotency-Replayed, X-Commit";

/// Headers that a page may send. A list, because `*` does not count where there are credentials.
const ALLOWED: &str = "Authorization, Content-Type, X-CSRF-Token, If-Match, If-None-Match, \
                       Idempotency-Key, Last-Event-ID, X-Request-Id, traceparent";

/// What the answer to a preflight depends on, beside what those of the API do anyway.
const PREFLIGHT_VARY: &str = "Cookie, Authorization, Accept-Encoding, Origin, \
                              Access-Control-Request-Method, Access-Control-Request-Headers";

/// The origins whose pages are let in. Cheap to clone.
#[derive(Clone, Debug)]
pub struct CorsRules {
    origins: Arc<[config::Origin]>,
    max_age: u64,
}

impl CorsRules {
    /// As configured.
    pub fn new(config: &config::Cors) -> Self {
        Self {
            origins: config.origins.clone().into(),
            max_age: config.max_age.as_secs(),
        }
    }

    /// True for an origin of the list, written as browsers write it.
    pub fn lists(&self, origin: &str) -> bool {
        self.origins.iter().any(|listed| listed.as_str() == origin)
    }

    /// Lets a page of a listed origin read an answer, whatever became of its request.
    pub fn open(&self, request: &HeaderMap, response: &mut HeaderMap) {
        let Some(origin) = self.listed(request) else {
            return;
        };
        response.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        response.insert(
            ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
        response.insert(
            ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static(EXPOSED),
        );
    }

    /// Answers a preflight, the question whether a request may be sent at all. `allow` are the
    /// methods of the path that was asked for.
    pub fn answer_preflight(
        &self,
        method: &Method,
        request: &HeaderMap,
        allow: &HeaderValue,
        response: &mut HeaderMap,
    ) {
        if *method != Method::OPTIONS || !request.contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
            return;
        }
        response.insert(VARY, HeaderValue::from_static(PREFLIGHT_VARY));
        if self.listed(request).is_some() {
            response.insert(ACCESS_CONTROL_ALLOW_METHODS, allow.clone());
            response.insert(
                ACCESS_CONTROL_ALLOW_HEADERS,
                HeaderValue::from_static(ALLOWED),
            );
            response.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from(self.max_age));
        }
    }

    /// The origin of a request, if it is listed.
    fn listed<'a>(&self, request: &'a HeaderMap) -> Option<&'a HeaderValue> {
        let origin = request.get(ORIGIN)?;
        self.lists(origin.to_str().ok()?).then_some(origin)
    }
}
