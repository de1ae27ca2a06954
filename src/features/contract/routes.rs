//! `GET /api/openapi.json`, and the page `/api/docs` that shows it.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{CACHE_CONTROL, CONTENT_TYPE, ETAG},
    },
    web::{Data, Path},
};
use sha2::{Digest, Sha256};

use super::{service::Contract, viewer};
use crate::{
    access::Caller,
    base::{Result, secret},
    telemetry::blocking,
    web::{Guard, Query, Routes, envelope::JSON, etag},
};

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .on(Method::GET, "/api/openapi.json", Guard::Caller, document)
        .on(Method::GET, "/api/docs", Guard::Public, page)
        .on(Method::GET, "/api/docs/{name}", Guard::Public, file)
}

/// The document stands outside the envelope, because tools read it as it is.
async fn document(
    request: HttpRequest,
    contract: Data<Contract>,
    caller: Caller,
    query: Query,
) -> Result<HttpResponse> {
    query.finish()?;
    let make = move || contract.document(&caller);
    let document = blocking::run("describing the API", make).await?;
    let hash = Sha256::digest(&document);
    let tag = format!("\"{}\"", secret::hex(hash.get(..16).unwrap_or_default()));
    let is_known = etag::is_known(request.headers(), &tag);
    let mut response = match is_known {
        true => HttpResponse::NotModified(),
        false => HttpResponse::Ok(),
    };
    response
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .insert_header((ETAG, tag));
    if is_known {
        return Ok(response.finish());
    }
    Ok(response.insert_header((CONTENT_TYPE, JSON)).body(document))
}

async fn page(request: HttpRequest) -> Result<HttpResponse> {
    viewer::answer(&request, viewer::PAGE)
}

async fn file(request: HttpRequest, name: Path<String>) -> Result<HttpResponse> {
    viewer::answer(&request, viewer::part(&name)?)
}
