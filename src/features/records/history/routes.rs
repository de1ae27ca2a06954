//! `/api/v1/{collection}/{id}/history` and `/revert`.

use actix_web::{HttpRequest, http::Method, web::Data, web::Path};

use crate::{
    access::Caller,
    base::Result,
    features::records::{service::Place, service::Records},
    web::{Body, Guard, IdempotencyKey, Query, Reply, Routes, list},
};

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .on(
            Method::GET,
            "/api/v1/{collection}/{id}/history",
            Guard::Caller,
            history,
        )
        .once("/api/v1/{collection}/{id}/revert", revert)
}

async fn history(
    request: HttpRequest,
    records: Data<Records>,
    caller: Caller,
    path: Path<(String, String)>,
    mut query: Query,
) -> Result<Reply> {
    let page = query.take_page()?;
    query.finish()?;
    let versions = records.history(&caller, Place::of(&path), page).await?;
    Ok(list::list(&request, &versions))
}

async fn revert(
    request: HttpRequest,
    records: Data<Records>,
    caller: Caller,
    path: Path<(String, String)>,
    key: IdempotencyKey,
    body: Body,
) -> Result<Reply> {
    Query::parse(request.query_string())?.finish()?;
    let expected = list::expected(&request, None)?;
    let reverted = records.revert(&caller, Place::of(&path), &body.0, expected, key.0);
    Ok(list::changed(reverted.await?))
}
