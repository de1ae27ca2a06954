//! The admin page, embedded in the program.
//!
//! All its files lie under one hash over them all as a folder, so that they can be kept for ever
//! and import each other by relative paths. The page names them relatively, too, so that it works
//! below whatever path a proxy has put it.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION},
    },
    web::{Data, Path},
};
use sha2::{Digest, Sha256};

use crate::{
    base::{Error, Result, secret},
    web::{BasePath, Guard, Routes, embedded::File},
};

/// All files, sorted by name.
static ALL: &[File] = include!(concat!(env!("OUT_DIR"), "/admin_files.rs"));

/// The name of the page itself.
const PAGE: &str = "index.html";

/// The one page, and the way to its files. Cheap to clone.
#[derive(Clone)]
pub struct AdminUi {
    hash: Arc<str>,
    page: Arc<str>,
}

impl AdminUi {
    /// Reads the embedded files.
    pub fn new() -> Self {
        let mut all = Sha256::new();
        for file in ALL {
            all.update(file.name.as_bytes());
            all.update(Sha256::digest(file.plain));
        }
        let hash = secret::hex(all.finalize().get(..8).unwrap_or_default());
        let page = File::named(ALL, PAGE).map_or(&[][..], |file| file.plain);
        let page = String::from_utf8_lossy(page).replace("{{assets}}", &format!("assets/{hash}"));
        Self {
            hash: hash.into(),
            page: page.into(),
        }
    }
}

impl Default for AdminUi {
    fn default() -> Self {
        Self::new()
    }
}

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

async fn page(ui: Data<AdminUi>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header(("Cross-Origin-Opener-Policy", "same-origin"))
        .body(ui.page.to_string())
}

async fn asset(
    request: HttpRequest,
    ui: Data<AdminUi>,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let (hash, name) = path.into_inner();
    let file = File::named(ALL, &name).filter(|_| *hash == *ui.hash && name != PAGE);
    let file = file.ok_or_else(Error::not_found)?;
    Ok(file.answer(&request, "public, max-age=31536000, immutable"))
}
