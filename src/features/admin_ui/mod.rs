//! The admin page, embedded in the program.
//!
//! All its files lie under one hash over them all as a folder, so that they can be kept for ever
//! and import each other by relative paths.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION},
    },
    web::{Data, Path},
};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

use crate::{
    base::{Error, Result, secret},
    web::{Guard, Routes},
};

#[derive(RustEmbed)]
#[folder = "static/admin"]
struct Files;

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
        for name in Files::iter() {
            all.update(name.as_bytes());
            if let Some(file) = Files::get(&name) {
                all.update(file.metadata.sha256_hash());
            }
        }
        let hash = secret::hex(all.finalize().get(..8).unwrap_or_default());
        let page = Files::get("index.html")
            .map(|file| file.data.into_owned())
            .unwrap_or_default();
        let assets = format!("/admin/assets/{hash}");
        let page = String::from_utf8_lossy(&page).replace("{{assets}}", &assets);
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
        .on(Method::GET, "/", Guard::Public, to_page)
        .on(Method::GET, "/admin", Guard::Public, to_page)
        .on(Method::GET, "/admin/", Guard::Public, page)
        .on(
            Method::GET,
            "/admin/assets/{hash}/{name:.*}",
            Guard::Public,
            asset,
        )
}

async fn to_page() -> HttpResponse {
    HttpResponse::TemporaryRedirect()
        .insert_header((LOCATION, "/admin/"))
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
    let file = Files::get(&name).filter(|_| *hash == *ui.hash && name != "index.html");
    let file = file.ok_or_else(Error::not_found)?;
    let tag = format!("\"{}\"", secret::hex(&file.metadata.sha256_hash()));
    let known = request
        .headers()
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let is_known = known == Some(tag.as_str());
    let mut response = if is_known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header((CONTENT_TYPE, media_type(&file)))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((ETAG, tag));
    // A 304 ends with its headers: actix would send a body, which reads as the next answer.
    Ok(if is_known {
        response.finish()
    } else {
        response.body(file.data.into_owned())
    })
}

fn media_type(file: &EmbeddedFile) -> String {
    let media_type = file.metadata.mimetype();
    let is_text = media_type.starts_with("text/") || media_type.ends_with("javascript");
    if is_text {
        format!("{media_type}; charset=utf-8")
    } else {
        media_type.to_owned()
    }
}
