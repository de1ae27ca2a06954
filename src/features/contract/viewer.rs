//! The page that shows the document: a few files of our own, embedded in the program.
//!
//! It takes nothing from elsewhere, and runs no script but the one file; what the document says
//! reaches it as text alone.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CONTENT_SECURITY_POLICY, HeaderName, HeaderValue},
};

use crate::{
    base::{Error, Result},
    web::embedded::File,
};

/// The name of the page itself.
pub const PAGE: &str = "index.html";

static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/docs_files.rs"));

/// Stricter than that of all other answers: it needs its own files and the document.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

/// The name of a file that the page asks for, which is not the page itself.
///
/// # Errors
/// `NOT_FOUND` if it is.
pub fn part(name: &str) -> Result<&str> {
    match name {
        PAGE => Err(Error::not_found()),
        name => Ok(name),
    }
}

/// The file of that name.
///
/// # Errors
/// `NOT_FOUND` if there is none.
pub fn answer(request: &HttpRequest, name: &str) -> Result<HttpResponse> {
    let file = File::named(FILES, name).ok_or_else(Error::not_found)?;
    let mut response = file.answer(request, "no-cache");
    let further = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in further {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}
