//! Whose request log lines are about, how many requests there are, and, where it is asked for, a
//! line for each. By default there is none: reading must not write to the disk, and logs do.

use std::{sync::Arc, time::Instant};

use actix_web::{
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::HeaderMap,
    middleware::Next,
};
use tracing::info;

use crate::telemetry::{Context, Trace, Traffic};

/// Runs the rest, with its log lines as the request's, and counts it.
pub async fn access_log(
    all: bool,
    traffic: Arc<Traffic>,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let info = super::info(&request)?;
    let context = Context::new(info.id().clone(), trace(request.headers()));
    let line = all.then(|| (request.method().clone(), request.path().to_owned()));
    let response = context.clone().within(next.call(request)).await?;
    let (status, took) = (response.status().as_u16(), started.elapsed());
    traffic.count(info.at(), status, took);
    if let Some((method, path)) = line {
        let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        context.scope(|| info!(%method, path, status, duration_ms, "Answered a request"));
    }
    Ok(response)
}

/// Trace and span of a `traceparent` header (W3C Trace Context, version 00).
fn trace(headers: &HeaderMap) -> Option<Trace> {
    let mut parts = headers.get("traceparent")?.to_str().ok()?.split('-');
    let (version, trace, span, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_hex = |text: &str, length: usize| {
        text.len() == length
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    let is_known = version == "00" && is_hex(flags, 2) && parts.next().is_none();
    let is_set = |text: &str| text.bytes().any(|byte| byte != b'0');
    (is_known && is_hex(trace, 32) && is_hex(span, 16) && is_set(trace) && is_set(span)).then(
        || Trace {
            trace_id: trace.to_owned(),
            span_id: span.to_owned(),
        },
    )
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

    use super::trace;

    #[test]
    fn only_a_whole_traceparent_is_honoured() {
        let read = |value: &str| {
            let mut headers = HeaderMap::new();
            let name = HeaderName::from_static("traceparent");
            headers.insert(name, HeaderValue::from_str(value).unwrap());
            trace(&headers).map(|found| (found.trace_id, found.span_id))
        };
        let (trace, span) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
        let good = format!("00-{trace}-{span}-01");
        assert_eq!(read(&good), Some((trace.to_owned(), span.to_owned())));
        let zero = "0".repeat(32);
        for bad in [
            "",
            "00",
            &good[1..],
            &good.to_uppercase(),
            &format!("00-{zero}-{span}-01"),
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
