//! What is known of a request before its handler runs.

use std::{cell::Cell, sync::Arc};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::{Payload, ServiceRequest},
    http::header::{AUTHORIZATION, HeaderMap},
};

use super::{
    cookies::{CookieNames, SentCookies},
    peer::Peer,
};
use crate::{
    access::Caller,
    base::{Error, Instant, Result},
};

/// Set by the first middleware for every request. Cheap to clone.
#[derive(Clone)]
pub struct RequestInfo(Arc<Known>);

struct Known {
    id: Arc<str>,
    peer: Peer,
    at: Instant,
    cookies: SentCookies,
    bearer: Option<String>,
}

impl RequestInfo {
    /// With the id that the answer carries, the other end, and the time of arrival.
    pub fn new(
        id: Arc<str>,
        peer: Peer,
        at: Instant,
        names: &CookieNames,
        headers: &HeaderMap,
    ) -> Self {
        let cookies = SentCookies::read(names, headers);
        Self(Arc::new(Known {
            id,
            peer,
            at,
            cookies,
            bearer: bearer(headers),
        }))
    }

    /// The token of `Authorization: Bearer`. Other schemes, such as a proxy's `Basic`, are none of
    /// ours.
    pub fn bearer(&self) -> Option<&str> {
        self.0.bearer.as_deref()
    }

    /// The id, as in `X-Request-Id`.
    pub fn id(&self) -> &Arc<str> {
        &self.0.id
    }

    /// The other end.
    pub fn peer(&self) -> Peer {
        self.0.peer
    }

    /// When it came.
    pub fn at(&self) -> Instant {
        self.0.at
    }

    /// Our cookies that came with it.
    pub fn cookies(&self) -> &SentCookies {
        &self.0.cookies
    }
}

impl FromRequest for RequestInfo {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let info = request.extensions().get::<Self>().cloned();
        std::future::ready(info.ok_or_else(|| Error::internal("a request without its id")))
    }
}

/// The path as the router reads it. The raw path must decide nothing: `/%61pi` is routed as `/api`.
pub fn path(request: &ServiceRequest) -> &str {
    request.match_info().as_str()
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim().to_owned())
}

/// How a caller has shown who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// Not at all.
    None,
    /// By the cookie that browsers send by themselves, so that writes need a CSRF token.
    Cookie,
    /// By `Authorization: Bearer`.
    Bearer,
}

/// The outcome of authentication, until the route's guard asks for it.
pub struct Session {
    /// The caller, or why there is none.
    pub caller: Cell<Option<Result<Caller>>>,
    /// How it has shown who it is.
    pub credential: Credential,
}

impl FromRequest for Caller {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    /// The caller that the route's guard has let in.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = request.extensions().get::<Self>().cloned();
        std::future::ready(caller.ok_or_else(|| Error::internal("a route without a guard")))
    }
}
