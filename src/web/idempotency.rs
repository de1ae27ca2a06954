//! `Idempotency-Key`, as it stands in a request.

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};

use super::request::RequestInfo;
use crate::{
    base::{Error, Result},
    engine::SentKey,
};

/// The header's name.
pub const HEADER: &str = "Idempotency-Key";

/// The key of a request, if it has one. Only routes that take it, by [`super::Routes::once`], get
/// to see one.
#[derive(Debug)]
pub struct IdempotencyKey(pub Option<SentKey>);

impl FromRequest for IdempotencyKey {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(read(request).map(Self))
    }
}

fn read(request: &HttpRequest) -> Result<Option<SentKey>> {
    let mut headers = request.headers().get_all(HEADER);
    let Some(header) = headers.next() else {
        return Ok(None);
    };
    let key = header.as_bytes();
    let is_well = (1..=255).contains(&key.len()) && key.iter().all(u8::is_ascii_graphic);
    let key = header.to_str().ok().filter(|_| is_well);
    let Some(key) = key.filter(|_| headers.next().is_none()) else {
        let message = "Must stand once, with 1 to 255 visible ASCII characters";
        return Err(Error::invalid_input(HEADER, message));
    };
    let info = request.extensions().get::<RequestInfo>().cloned();
    let info = info.ok_or_else(|| Error::internal("a request without its id"))?;
    let (path, query) = (request.match_info().as_str(), request.query_string());
    Ok(Some(SentKey {
        key: key.to_owned(),
        route: format!("{path}?{query}"),
        at: info.at(),
    }))
}
