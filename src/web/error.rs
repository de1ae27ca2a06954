//! The one map from errors to HTTP answers.

use std::fmt;

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    body::BoxBody,
    cookie::Cookie,
    http::{
        StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER},
    },
};
use serde_json::{Map, Value as Json, json};
use tracing::{error, warn};

use super::envelope::{JSON, Meta};
use crate::base::{Code, Error, error::Severity};

/// What is no [`Error`] because its answer is not in the envelope.
#[derive(Debug)]
pub enum Failure {
    /// The body did not arrive in time: 408, empty, and the connection closes.
    Timeout,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body did not arrive in time")
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        StatusCode::REQUEST_TIMEOUT
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::RequestTimeout().force_close().finish()
    }
}

/// Lets handlers and extractors return [`Error`]. The answer is made by [`answer`], once the
/// request id is at hand; what is made here never leaves the server.
impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        status(self.code())
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// An error whose answer also sets cookies.
#[derive(Debug)]
pub struct WithCookies {
    error: Error,
    cookies: Vec<Cookie<'static>>,
}

impl WithCookies {
    /// The error and the cookies.
    pub fn new(error: Error, cookies: impl IntoIterator<Item = Cookie<'static>>) -> Self {
        Self {
            error,
            cookies: cookies.into_iter().collect(),
        }
    }
}

impl fmt::Display for WithCookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl ResponseError for WithCookies {
    fn status_code(&self) -> StatusCode {
        self.error.status_code()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        for cookie in &self.cookies {
            response.cookie(cookie.clone());
        }
        response.finish()
    }
}

/// The error of ours that a handler or extractor has answered with.
pub fn of(error: &actix_web::Error) -> Option<&Error> {
    let with_cookies = || error.as_error::<WithCookies>().map(|with| &with.error);
    error.as_error::<Error>().or_else(with_cookies)
}

/// The answer to an error, in the envelope. Headers that the handler has set are kept.
pub fn answer(error: &Error, meta: &Meta<'_>) -> HttpResponse<BoxBody> {
    log(error, meta);
    let mut response = HttpResponseBuilder::new(status(error.code()));
    response.insert_header((CONTENT_TYPE, JSON));
    if let Some(seconds) = error.retry_after_seconds() {
        response.insert_header((RETRY_AFTER, seconds.to_string()));
    }
    let (error, meta) = (body(error), meta.json());
    response.body(format!(
        r#"{{"success":false,"error":{error},"meta":{meta}}}"#
    ))
}

/// What a client sees of an error: never its cause.
fn body(error: &Error) -> Json {
    let mut body = Map::new();
    body.insert("code".into(), error.code().name().into());
    body.insert("message".into(), error.message().into());
    if !error.issues().is_empty() {
        let mut details: Map<String, Json> = Map::new();
        for issue in error.issues() {
            let messages = details
                .entry(issue.field.clone())
                .or_insert_with(|| json!([]));
            if let Some(messages) = messages.as_array_mut() {
                messages.push(issue.message.clone().into());
            }
        }
        let issues = error.issues().iter().map(|issue| {
            json!({
                "field": issue.field, "code": issue.code.name(),
                "message": issue.message, "params": issue.params,
            })
        });
        body.insert("details".into(), details.into());
        body.insert("issues".into(), issues.collect());
    }
    body.into()
}

fn log(error: &Error, meta: &Meta<'_>) {
    let (code, request_id) = (error.code().name(), meta.request_id);
    match (error.code().severity(), error.cause()) {
        (Severity::Fault, cause) => {
            let cause = cause.map(ToString::to_string).unwrap_or_default();
            error!(
                code,
                request_id,
                cause,
                "A request failed: {}",
                error.message()
            );
        }
        (Severity::Warning, cause) => {
            let cause = cause.map(ToString::to_string).unwrap_or_default();
            warn!(
                code,
                request_id,
                cause,
                "A request was put off: {}",
                error.message()
            );
        }
        (Severity::Quiet, _) => {}
    }
}

fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
