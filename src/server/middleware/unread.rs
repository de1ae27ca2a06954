//! Bodies that were refused half-way. Where nobody holds its payload any more, actix waits for the
//! end of a chunked body, if need be for ever. Where somebody does, it closes the connection behind
//! the answer. So the payload stays with the request and, unread, goes along with the answer.

use std::{
    error::Error,
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    HttpMessage,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    web::Bytes,
};

/// Lays the payload where the extractor of bodies looks for it.
pub fn keep(request: &mut ServiceRequest) {
    match request.take_payload() {
        Payload::None => {}
        payload => {
            request.extensions_mut().insert(payload);
        }
    }
}

/// Sends a payload that nobody has read to its end along with the answer.
pub fn close_if_any(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let unread = response.request().extensions_mut().remove::<Payload>();
    match unread {
        None => response,
        Some(payload) => response.map_body(|_, body| {
            let _payload = payload;
            BoxBody::new(Holding { body, _payload })
        }),
    }
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
