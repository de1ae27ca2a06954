//! The admin page, embedded in the program.
//!
//! All its files lie under one hash over them all as a folder, so that they can be kept for ever
//! and import each other by relative paths. The page names them relatively, too, so that it works
//! below whatever path a proxy has put it.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{HeaderName, HeaderValue, LOCATION},
    },
    web::Path,
};

use crate::{
    base::{Error, Result},
    web::{BasePath, Guard, Routes, embedded::File},
};

/// All files, sorted by name.
static ALL: &[File] = include!(concat!(env!("OUT_DIR"), "/admin_files.rs"));

/// The folder below which they lie: a hash over all of them.
static HASH: &str = include_str!(concat!(env!("OUT_DIR"), "/admin_hash"));

/// The name of the page itself.
const PAGE: &str = "index.html";

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .on(Method::GET, "/admin", Guard::Public, to_page)
        .on(Method::GET, "/admin/", Guard::Public, page)
        .on(
            Method::GET,
            "/admin/assets/{hash}/{name:.*}",
            Guard::Public,
            asset,
        )
}

async fn to_page(request: HttpRequest) -> HttpResponse {
    HttpResponse::TemporaryRedirect()
        .insert_header((LOCATION, BasePath::outside_of(&request, "/admin/")))
        .finish()
}

async fn page(request: HttpRequest) -> Result<HttpResponse> {
    let page = File::named(ALL, PAGE).ok_or_else(Error::not_found)?;
    let mut response = page.answer(&request, "no-cache");
    let opener = HeaderName::from_static("cross-origin-opener-policy");
    let own = HeaderValue::from_static("same-origin");
    response.headers_mut().insert(opener, own);
    Ok(response)
}

async fn asset(request: HttpRequest, path: Path<(String, String)>) -> Result<HttpResponse> {
    let (hash, name) = path.into_inner();
    let file = File::named(ALL, &name).filter(|_| hash == HASH && name != PAGE);
    let file = file.ok_or_else(Error::not_found)?;
    Ok(file.answer(&request, "public, max-age=31536000, immutable"))
}
