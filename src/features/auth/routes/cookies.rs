//! The cookies that answers set and clear.

use actix_web::{HttpRequest, cookie::Cookie, http::header::ORIGIN};

use super::header;
use crate::{
    base::secret::ExposeSecret,
    features::auth::service::Tickets,
    web::{
        Reply, RequestInfo,
        cookies::{CookieRules, Values},
    },
};

/// The answer with the cookies that sign in.
pub(super) fn with_cookies(
    reply: Reply,
    request: &HttpRequest,
    rules: &CookieRules,
    info: &RequestInfo,
    tickets: &Tickets,
) -> Reply {
    let refresh = tickets.refresh.expose_secret();
    let values = Values {
        access: &tickets.access,
        refresh,
        csrf: &tickets.csrf,
    };
    let cookies = rules.set(values, is_secure(request, rules, info));
    reply
        .cookies(cookies)
        .meta("csrfToken", tickets.csrf.as_str())
}

/// The cookies that sign out.
pub(super) fn cleared(
    request: &HttpRequest,
    rules: &CookieRules,
    info: &RequestInfo,
) -> [Cookie<'static>; 3] {
    rules.clear(is_secure(request, rules, info))
}

/// True if the cookies of this request carry `Secure`.
pub(super) fn is_secure(request: &HttpRequest, rules: &CookieRules, info: &RequestInfo) -> bool {
    rules.is_secure(info.peer(), header(request, ORIGIN.as_str()))
}
