//! Packs answers with gzip for clients that ask for it.
//!
//! Not what carries secrets: how long a packed answer is tells whether something that a stranger
//! had put into it also stands elsewhere in it, and so, guess by guess, what stands there (BREACH).
//! Cookies with `SameSite=Strict` keep strangers from asking in somebody's name in the first place;
//! this holds where somebody has loosened that.

use std::io::Write;

use actix_web::{
    HttpRequest,
    body::{BodySize, BoxBody, MessageBody},
    dev::ServiceResponse,
    http::{
        Method, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, SET_COOKIE, VARY,
        },
    },
    web::Bytes,
};
use flate2::{Compression, write::GzEncoder};

use crate::{
    base::{Error, Result},
    telemetry::blocking,
    web::{Accepted, Encoding, etag, media},
};

/// Answers of up to so many bytes fit into one packet anyway.
const SMALLEST: usize = 1 << 10;

/// More bytes than this are packed off the request threads: they take about a millisecond.
const LONG: usize = 64 << 10;

/// Packs an answer where that is asked for and does no harm. Streams stay as they are.
pub async fn compress(mut response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let request = response.request().clone();
    if response.status() == StatusCode::NOT_MODIFIED {
        etag::match_weakness(request.headers(), response.headers_mut());
        return response;
    }
    if !may_be_packed(&request, &response) {
        return response;
    }
    let path = request.match_info().as_str();
    if !path.starts_with("/api/") && !response.headers().contains_key(VARY) {
        response
            .headers_mut()
            .insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    if Accepted::read(request.headers()).best(&[Encoding::Gzip]) != Encoding::Gzip {
        return response;
    }
    let (request, response) = response.into_parts();
    let (mut response, body) = response.into_parts();
    let body = match body.try_into_bytes() {
        Err(stream) => stream,
        Ok(plain) => match packed(plain.clone()).await {
            Err(_) => BoxBody::new(plain),
            Ok(packed) => {
                let headers = response.headers_mut();
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                etag::weaken(headers);
                BoxBody::new(packed)
            }
        },
    };
    ServiceResponse::new(request, response.set_body(body))
}

fn may_be_packed(request: &HttpRequest, response: &ServiceResponse<BoxBody>) -> bool {
    let headers = response.headers();
    let is_long = match response.response().body().size() {
        BodySize::Sized(length) => usize::try_from(length).is_ok_and(|length| length > SMALLEST),
        _ => false,
    };
    let text = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    is_long
        && response.status() != StatusCode::PARTIAL_CONTENT
        && !headers.contains_key(CONTENT_ENCODING)
        && !text(CACHE_CONTROL).contains("no-transform")
        && media::is_packable(text(CONTENT_TYPE))
        && !holds_secrets(request, headers)
}

/// Tokens are answered under `/api/auth`, alone or with cookies; keys and secrets of `/api/system`
/// once, to the `POST` that has made them.
fn holds_secrets(request: &HttpRequest, headers: &HeaderMap) -> bool {
    let path = request.match_info().as_str();
    let makes_a_key = *request.method() == Method::POST && path.starts_with("/api/system/");
    path.starts_with("/api/auth/") || makes_a_key || headers.contains_key(SET_COOKIE)
}

async fn packed(plain: Bytes) -> Result<Bytes> {
    if plain.len() <= LONG {
        return gzip(&plain);
    }
    blocking::run("packing an answer", move || gzip(&plain)).await
}

fn gzip(plain: &[u8]) -> Result<Bytes> {
    // The fastest level: on a small machine the others take several times as long for a tenth less.
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::fast());
    let written = encoder.write_all(plain).and_then(|()| encoder.finish());
    Ok(written.map_err(Error::internal)?.into())
}
