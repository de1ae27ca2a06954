//! The operator's own front end: a folder, served at `/` beside the API and from its origin.
//!
//! What begins with `/api`, `/admin`, `/health` or `/metrics` is never looked for in it.

mod answer;
mod found;
mod name;
mod range;

use std::{path::PathBuf, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method, Uri,
        header::{ACCEPT, HeaderMap, HeaderValue, LOCATION, RANGE},
    },
    web::Data,
};

use self::{found::Outcome, name::Name};
use crate::{
    base::{Error, Result},
    config,
    telemetry::blocking,
    web::{Accepted, BasePath, Encoding, Guard, Routes},
};

/// The page that stands for a folder, and for every address of a single-page application.
const INDEX: &str = "index.html";

/// The folder, if there is one. Cheap to clone.
#[derive(Clone)]
pub struct PublicDir(Option<Arc<Folder>>);

struct Folder {
    root: PathBuf,
    immutable: Vec<String>,
    policy: HeaderValue,
}

impl PublicDir {
    /// As configured.
    pub fn new(config: &config::Server) -> Self {
        let policy = HeaderValue::from_str(&config.public_policy);
        let strict = HeaderValue::from_static(config::CONTENT_SECURITY_POLICY);
        let folder = config.public_dir.as_ref().map(|root| Folder {
            root: root.clone(),
            immutable: config.public_immutable.clone(),
            policy: policy.unwrap_or(strict),
        });
        Self(folder.map(Arc::new))
    }
}

/// The one route; everything else in the folder is answered by [`other`].
pub fn routes() -> Routes {
    Routes::new().on(Method::GET, "/", Guard::Public, root)
}

/// The front end's first page; the admin page where there is no front end.
async fn root(request: HttpRequest, dir: Data<PublicDir>) -> Result<HttpResponse> {
    match &dir.0 {
        Some(folder) => serve(&request, folder).await,
        None => Ok(to("/admin/", &request)),
    }
}

/// What no route is for: a file of the folder, or nothing.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn other(request: HttpRequest, dir: Data<PublicDir>) -> Result<HttpResponse> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    match &dir.0 {
        Some(folder) if reads => serve(&request, folder).await,
        _ => Err(Error::not_found()),
    }
}

async fn serve(request: &HttpRequest, folder: &Arc<Folder>) -> Result<HttpResponse> {
    let name = Name::read(request.uri().path()).ok_or_else(Error::not_found)?;
    let headers = request.headers();
    let accepted = Accepted::read(headers);
    // A part of a packed file is of no use to who asks for a part of the file.
    let offered: &[Encoding] = match headers.contains_key(RANGE) {
        true => &[],
        false => &[Encoding::Brotli, Encoding::Gzip],
    };
    let may_be_page = name.is_plain() || wants_page(headers);
    let there = Arc::clone(folder);
    let look = move || {
        let fallback = may_be_page.then(Name::index);
        found::look(&there.root, &name, fallback.as_ref(), |encodings| {
            let kept: Vec<Encoding> = encodings
                .iter()
                .copied()
                .filter(|encoding| offered.contains(encoding))
                .collect();
            accepted.best(&kept)
        })
    };
    match blocking::run("reading a file", look).await? {
        Outcome::Found(found) => answer::answer(request, folder, found).await,
        Outcome::Folder => Ok(to(&with_slash(request.uri()), request)),
        Outcome::Nothing => Err(Error::not_found()),
    }
}

/// The address of a folder that was named without its slash; what was asked of it stays.
fn with_slash(uri: &Uri) -> String {
    let query = uri.query().map(|query| format!("?{query}"));
    format!("{}/{}", uri.path(), query.unwrap_or_default())
}

fn to(path: &str, request: &HttpRequest) -> HttpResponse {
    HttpResponse::TemporaryRedirect()
        .insert_header((LOCATION, BasePath::outside_of(request, path)))
        .finish()
}

/// True for a browser that goes to an address, and not for what a page of it loads.
fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}
