//! Bodies: JSON alone, within a bound of bytes and of time.

use std::{future::Future, pin::Pin, time::Duration};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    error::PayloadError,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
    web::{Bytes, BytesMut},
};
use futures_util::StreamExt;

use super::error::Failure;
use crate::base::{Code, Error};

/// The bounds of a body, as data of the app.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimits {
    /// Most bytes.
    pub bytes: usize,
    /// How long it may take to arrive.
    pub time: Duration,
}

/// The bytes of a JSON body; none where a request that needs no body has none.
#[derive(Debug)]
pub struct Body(pub Bytes);

impl FromRequest for Body {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limits = request.app_data::<BodyLimits>().copied();
        let announced = content_length(request);
        let media_type = check_media_type(request);
        // A middleware keeps it with the request; without it, it comes by itself.
        let kept = request.extensions_mut().remove::<Payload>();
        let mut payload = kept.unwrap_or_else(|| payload.take());
        let request = request.clone();
        Box::pin(async move {
            let outcome = whole(&mut payload, limits, announced).await;
            if outcome.is_err() {
                request.extensions_mut().insert(payload);
            }
            let bytes = outcome?;
            if !bytes.is_empty() {
                media_type?;
            }
            Ok(Self(bytes))
        })
    }
}

async fn whole(
    payload: &mut Payload,
    limits: Option<BodyLimits>,
    announced: Option<u64>,
) -> Result<Bytes, actix_web::Error> {
    let limits = limits.ok_or_else(|| Error::internal("no limits for bodies"))?;
    if announced.is_some_and(|length| length > limits.bytes as u64) {
        return Err(too_large(limits.bytes as u64).into());
    }
    let read = tokio::time::timeout(limits.time, read(payload, limits.bytes));
    Ok(read.await.map_err(|_| Failure::Timeout)??)
}

async fn read(payload: &mut Payload, limit: usize) -> Result<Bytes, Error> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| broken(&error))?;
        if bytes.len() + chunk.len() > limit {
            return Err(too_large(limit as u64));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// What is told of a body whose connection ended before it did.
pub fn broken(error: &PayloadError) -> Error {
    Error::invalid_input("_", "The body did not arrive whole").caused_by(error.to_string())
}

/// What is told of a body that is longer than `limit` bytes.
pub fn too_large(limit: u64) -> Error {
    Error::new(
        Code::PayloadTooLarge,
        format!("The body may have at most {limit} bytes"),
    )
}

/// How many bytes a body is said to have.
pub fn content_length(request: &HttpRequest) -> Option<u64> {
    request
        .headers()
        .get(CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// Refuses what is no JSON, and what is JSON only once it is unpacked.
fn check_media_type(request: &HttpRequest) -> Result<(), Error> {
    let refused = |message| Err(Error::new(Code::UnsupportedMediaType, message));
    if !is_json(request) {
        return refused("Send JSON, with `Content-Type: application/json`");
    }
    let mut encodings = request.headers().get_all(CONTENT_ENCODING);
    if !encodings.all(|encoding| encoding == "identity") {
        return refused("Send the body as it is, without `Content-Encoding`");
    }
    Ok(())
}

/// `application/json`, or anything that says it is JSON underneath, such as a merge patch.
fn is_json(request: &HttpRequest) -> bool {
    let header = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = header
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    let essence = essence.to_ascii_lowercase();
    let in_utf8 = header.is_none_or(|header| {
        let charset = header.to_ascii_lowercase();
        !charset.contains("charset=")
            || charset.contains("charset=utf-8")
            || charset.contains("charset=\"utf-8\"")
    });
    in_utf8
        && (essence == "application/json"
            || (essence.starts_with("application/") && essence.ends_with("+json")))
}
