//! Who may enter a route, and the check at its door.

use std::fmt;

use actix_web::{
    HttpMessage,
    dev::ServiceRequest,
    http::{Method, header::HeaderMap},
};

use super::{
    idempotency::HEADER,
    origin::OriginRules,
    request::{Credential, RequestInfo, Session, path},
};
use crate::{
    access::{Caller, Who, session},
    base::{Code, Error, Issue, IssueCode, Result, secret},
};

/// Who may enter a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Anybody, unseen.
    Public,
    /// Nobody's pages but our own: there is no session yet that a CSRF token could be bound to.
    Origin,
    /// Who holds a refresh token. Its handler checks CSRF against the session of that token.
    Refresh,
    /// Callers, guests among them. Who signs in by cookie shows its CSRF token on every write.
    Caller,
    /// Whoever runs this instance, over the socket in its data directory. To all others there is
    /// no such path.
    Operator,
}

impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "public",
            Self::Origin => "origin",
            Self::Refresh => "refresh",
            Self::Caller => "caller",
            Self::Operator => "operator",
        })
    }
}

/// What a request meets before its handler.
#[derive(Clone, Copy)]
pub struct Entrance {
    /// Who may enter.
    pub guard: Guard,
    /// True if the handler sees to an `Idempotency-Key`.
    pub takes_key: bool,
}

/// Lets a request in, and tells its handler who has sent it.
///
/// # Errors
/// What the caller is told who may not enter.
pub fn admit(entrance: Entrance, request: &ServiceRequest) -> Result<()> {
    match entrance.guard {
        Guard::Public | Guard::Refresh => Ok(()),
        Guard::Origin => {
            let rules = request.app_data::<OriginRules>();
            let rules = rules.ok_or_else(|| Error::internal("no rules for origins"))?;
            rules.check(request.headers(), info(request)?.peer())
        }
        Guard::Caller => {
            let caller = admit_caller(entrance, request)?;
            request.extensions_mut().insert(caller);
            Ok(())
        }
        Guard::Operator => {
            let caller = admit_caller(entrance, request)?;
            let is_operator = matches!(caller.who, Who::Operator);
            request.extensions_mut().insert(caller);
            is_operator.then_some(()).ok_or_else(Error::not_found)
        }
    }
}

fn admit_caller(entrance: Entrance, request: &ServiceRequest) -> Result<Caller> {
    let unseen = || Error::internal("a request that was not authenticated");
    let (caller, credential) = {
        let extensions = request.extensions();
        let session = extensions.get::<Session>().ok_or_else(unseen)?;
        (
            session.caller.take().ok_or_else(unseen)??,
            session.credential,
        )
    };
    let user = caller.user();
    if let Some(user) = user
        && credential == Credential::Cookie
        && !request.method().is_safe()
    {
        check_csrf(
            request.headers(),
            &session::csrf_token(&user.session, &user.csrf_key),
        )?;
    }
    // Guests are told to sign in, whatever they send.
    if !entrance.takes_key && !matches!(caller.who, Who::Guest) {
        refuse_idempotency_key(request)?;
    }
    let must_change = user.is_some_and(|user| user.must_change_password);
    if must_change && !path(request).starts_with("/api/auth/") {
        return Err(Error::new(Code::Forbidden, "Password change required"));
    }
    Ok(caller)
}

/// A client that sends this key counts on its request being done once, and may repeat it: to ignore
/// the key would be to do it twice.
fn refuse_idempotency_key(request: &ServiceRequest) -> Result<()> {
    let counts_on_it = *request.method() == Method::POST && request.headers().contains_key(HEADER);
    if !counts_on_it || path(request).starts_with("/api/auth/") {
        return Ok(());
    }
    let issue = Issue::new(HEADER, IssueCode::Unsupported, "Is not taken here");
    Err(Error::unreadable(vec![issue]))
}

/// Compares the CSRF token of a request with that of its session.
///
/// # Errors
/// `FORBIDDEN` if it is missing or another.
pub fn check_csrf(headers: &HeaderMap, expected: &str) -> Result<()> {
    let sent = headers
        .get("x-csrf-token")
        .and_then(|value| value.to_str().ok());
    if sent.is_some_and(|sent| secret::equal(sent, expected)) {
        return Ok(());
    }
    Err(Error::new(Code::Forbidden, "CSRF validation failed"))
}

fn info(request: &ServiceRequest) -> Result<RequestInfo> {
    let info = request.extensions().get::<RequestInfo>().cloned();
    info.ok_or_else(|| Error::internal("a request without its id"))
}
