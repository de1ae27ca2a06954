//! The outermost layer: gives each request its id, each error its envelope, and each answer the
//! headers that all have.

use std::{rc::Rc, sync::Arc};

use actix_web::{
    HttpMessage,
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
};

use super::{compress::compress, unread};
use crate::{
    app::App,
    base::{Error, Id},
    config::CONTENT_SECURITY_POLICY,
    server::connections::{self, Connection},
    web::{RequestInfo, envelope::Meta, error},
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers that every answer has.
static ALWAYS: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (
        header::PERMISSIONS_POLICY,
        "camera=(), microphone=(), geolocation=()",
    ),
];

/// Runs the rest and dresses its answer.
pub async fn respond(
    app: Rc<App>,
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let running = request
        .conn_data::<Arc<Connection>>()
        .map(Connection::begin);
    app.base.strip(&mut request);
    let peer = app.peers.peer(&request);
    let id = request_id(request.headers());
    let names = app.cookies.names();
    let info = RequestInfo::new(id, peer, app.clock.now(), names, request.headers());
    let is_api = super::is_api(&request);
    request.extensions_mut().insert(info.clone());
    unread::keep(&mut request);
    let response = next.call(request).await?;
    let response = compress(enveloped(&app, &info, response)).await;
    let response = connections::in_pieces(response);
    let mut response = unread::drop_rest(response, app.config.server.body_timeout).await;
    drop(running);
    dress(&app, &info, is_api, &mut response);
    Ok(response)
}

/// Sets the headers that every answer has.
fn dress(app: &App, info: &RequestInfo, is_api: bool, response: &mut ServiceResponse<BoxBody>) {
    let request = response.request().clone();
    let headers = response.headers_mut();
    for (name, value) in &ALWAYS {
        headers.insert(name.clone(), HeaderValue::from_static(value));
    }
    let policy = HeaderValue::from_static(CONTENT_SECURITY_POLICY);
    or_insert(headers, header::CONTENT_SECURITY_POLICY, policy);
    if let Ok(id) = HeaderValue::from_str(info.id()) {
        headers.insert(REQUEST_ID, id);
    }
    if is_api {
        let vary = HeaderValue::from_static("Cookie, Authorization, Accept-Encoding, Origin");
        or_insert(headers, header::VARY, vary);
        or_insert(
            headers,
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        );
        app.cors.open(request.headers(), headers);
    }
    if info.peer().is_https {
        let hsts = match app.config.server.hsts_preload {
            true => "max-age=31536000; includeSubDomains; preload",
            false => "max-age=31536000; includeSubDomains",
        };
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(hsts),
        );
    }
}

/// Sets a header unless the answer says it otherwise.
fn or_insert(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    if !headers.contains_key(&name) {
        headers.insert(name, value);
    }
}

/// The client's own id if it is 1 to 128 visible ASCII characters, else a new one.
fn request_id(headers: &HeaderMap) -> Arc<str> {
    let sent = headers
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok());
    let is_kept =
        |id: &&str| (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    match sent.filter(is_kept) {
        Some(id) => id.into(),
        None => Id::generate().to_string().into(),
    }
}

/// Gives an error its answer; what its handler has set in headers is kept.
fn enveloped(
    app: &App,
    info: &RequestInfo,
    response: ServiceResponse<BoxBody>,
) -> ServiceResponse<BoxBody> {
    let Some(cause) = response.response().error() else {
        return response;
    };
    let foreign = || foreign(response.status(), cause);
    let other;
    let error = match error::of(cause) {
        Some(error) => error,
        None if response.status() == StatusCode::REQUEST_TIMEOUT => return response,
        None => {
            other = foreign();
            &other
        }
    };
    let meta = Meta {
        request_id: info.id(),
        timestamp: app.clock.now(),
    };
    let mut answer = error::answer(error, &meta);
    for (name, value) in response.headers() {
        if *name != header::CONTENT_TYPE {
            answer.headers_mut().append(name.clone(), value.clone());
        }
    }
    let (request, _) = response.into_parts();
    ServiceResponse::new(request, answer)
}

/// What actix itself has refused, such as a path that is not UTF-8.
fn foreign(status: StatusCode, cause: &actix_web::Error) -> Error {
    match status {
        StatusCode::NOT_FOUND => Error::not_found(),
        status if status.is_client_error() => {
            Error::unreadable(Vec::new()).caused_by(cause.to_string())
        }
        _ => Error::internal(cause.to_string()),
    }
}
