//! Counts requests below `/api`, and refuses those that are too many.

use std::sync::Arc;

use actix_web::{
    HttpMessage,
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
};

use crate::{
    base::{Code, Error, Id},
    server::{
        Door,
        limits::{Allowance, Key, Kind, RateLimits},
    },
    web::{Session, path},
};

/// Runs the rest if there is something left in the bucket.
pub async fn rate_limit(
    limits: Arc<RateLimits>,
    door: Door,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if door == Door::Operator || !super::is_api(&request) {
        return next.call(request).await;
    }
    let info = super::info(&request)?;
    let kind = kind(path(&request));
    let allowance = limits.take(kind, key(&request, kind, info.peer().address));
    let Some(allowance) = allowance else {
        return next.call(request).await;
    };
    let mut response = match allowance.wait {
        None => next.call(request).await?,
        Some(seconds) => {
            let message = "Too many requests, please try again later";
            let error = Error::new(Code::RateLimited, message).retry_after(seconds);
            request.error_response(error)
        }
    };
    show(&mut response, &allowance, info.at().as_seconds());
    Ok(response)
}

/// Where a password or a link could be guessed, less is allowed.
fn kind(path: &str) -> Kind {
    let guessing = ["/api/auth/login", "/api/auth/register", "/api/auth/setup"];
    let is_guessing = guessing.contains(&path)
        || path == "/api/auth/password"
        || path.starts_with("/api/auth/password/");
    if is_guessing {
        Kind::Guessing
    } else {
        Kind::General
    }
}

/// The user, or the address of who has not signed in.
fn key(request: &ServiceRequest, kind: Kind, address: std::net::IpAddr) -> Key {
    let extensions = request.extensions();
    let user = extensions.get::<Session>().and_then(|session| {
        let caller = session.caller.take();
        let user = caller
            .as_ref()
            .and_then(|caller| caller.as_ref().ok()?.user());
        let user = user.and_then(|user| Id::parse(&user.user));
        session.caller.set(caller);
        user
    });
    // Who tries passwords from one address shares one bucket, whatever session it shows.
    user.filter(|_| kind == Kind::General)
        .map_or_else(|| Key::address(address), Key::User)
}

fn show(response: &mut ServiceResponse<BoxBody>, allowance: &Allowance, now: i64) {
    let reset = now.saturating_add(i64::try_from(allowance.full_in).unwrap_or(i64::MAX));
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: i64| {
        headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
    };
    set("x-ratelimit-limit", allowance.limit.into());
    set("x-ratelimit-remaining", allowance.remaining.into());
    set("x-ratelimit-reset", reset);
}
