//! Bodies that were refused half-way.
//!
//! What is still on its way is read and dropped before the answer goes out, as long as it keeps
//! coming and within bounds: who is still sending may never see an answer behind which the
//! connection closes, and a proxy that hands bodies on piece by piece tells its client nothing but
//! that the connection broke.
//!
//! Beyond the bounds the connection closes. Where nobody holds its payload any more, actix waits
//! for the end of a chunked body, if need be for ever; where somebody does, it closes the
//! connection behind the answer. So the payload stays with the request and, unread, goes along
//! with the answer.

use std::{
    error::Error,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{
    HttpMessage,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::{StatusCode, header::CONTENT_LENGTH},
    rt::time::timeout,
    web::Bytes,
};
use futures_util::StreamExt;

/// Most bytes that are read to be dropped. A body that announces more is not begun with.
const MOST: usize = 16 << 20;

/// How long nothing may come. Who sends is heard of sooner on any line.
const PAUSE: Duration = Duration::from_secs(1);

/// Lays the payload where the extractor of bodies looks for it.
pub fn keep(request: &mut ServiceRequest) {
    match request.take_payload() {
        Payload::None => {}
        payload => {
            request.extensions_mut().insert(payload);
        }
    }
}

/// Reads the payload of a request to its end, for at most `time`; what cannot be read so goes along
/// with the answer.
pub async fn drop_rest(
    response: ServiceResponse<BoxBody>,
    time: Duration,
) -> ServiceResponse<BoxBody> {
    let unread = response.request().extensions_mut().remove::<Payload>();
    let Some(mut payload) = unread else {
        return response;
    };
    // Who has had its time for the body gets no more of it.
    let is_late = response.status() == StatusCode::REQUEST_TIMEOUT;
    let may_end = !is_late && announced(&response).is_none_or(|length| length <= MOST);
    if may_end && timeout(time, ends(&mut payload)).await == Ok(true) {
        return response;
    }
    response.map_body(|_, body| {
        let _payload = payload;
        BoxBody::new(Holding { body, _payload })
    })
}

fn announced(response: &ServiceResponse<BoxBody>) -> Option<usize> {
    let header = response.request().headers().get(CONTENT_LENGTH)?;
    header.to_str().ok()?.parse().ok()
}

/// True if the payload ended well.
async fn ends(payload: &mut Payload) -> bool {
    let mut bytes = 0;
    while let Ok(piece) = timeout(PAUSE, payload.next()).await {
        match piece {
            None => return true,
            Some(Ok(piece)) if bytes + piece.len() <= MOST => bytes += piece.len(),
            Some(_) => return false,
        }
    }
    false
}

/// A body that holds a payload until it is written.
struct Holding {
    body: BoxBody,
    _payload: Payload,
}

impl MessageBody for Holding {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        self.get_mut().body.as_pin_mut().poll_next(context)
    }
}
