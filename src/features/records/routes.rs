//! `/api/v1/{collection}` and `/api/v1/{collection}/{id}`.

use actix_web::{HttpRequest, http::Method, web::Data, web::Path};

use super::service::Records;
use crate::{
    access::Caller,
    base::Result,
    web::{Body, Guard, Query, Reply, Routes, list},
};

/// The routes. They fit any collection, so they stand behind those that have routes of their own.
pub fn routes() -> Routes {
    let (many, one) = ("/api/v1/{collection}", "/api/v1/{collection}/{id}");
    let restored = "/api/v1/{collection}/{id}/restore";
    Routes::new()
        .on(Method::GET, many, Guard::Caller, list_all)
        .on(Method::POST, many, Guard::Caller, create)
        .on(Method::GET, one, Guard::Caller, load)
        .on(Method::PATCH, one, Guard::Caller, update)
        .on(Method::DELETE, one, Guard::Caller, delete)
        .on(Method::POST, restored, Guard::Caller, restore)
}

async fn list_all(
    request: HttpRequest,
    records: Data<Records>,
    caller: Caller,
    path: Path<String>,
    query: Query,
) -> Result<Reply> {
    let page = records.list(&caller, &path, &query).await?;
    Ok(list::list(&request, &page))
}

async fn load(
    records: Data<Records>,
    caller: Caller,
    path: Path<(String, String)>,
    query: Query,
) -> Result<Reply> {
    query.finish()?;
    let (collection, id) = path.into_inner();
    Ok(list::record(records.load(&caller, &collection, &id).await?))
}

async fn create(
    records: Data<Records>,
    caller: Caller,
    path: Path<String>,
    query: Query,
    body: Body,
) -> Result<Reply> {
    query.finish()?;
    let record = records.create(&caller, &path, &body.0).await?;
    let location = format!("/api/v1/{path}/{}", record.id);
    Ok(list::record(record).created(location))
}

async fn update(
    request: HttpRequest,
    records: Data<Records>,
    caller: Caller,
    path: Path<(String, String)>,
    query: Query,
    body: Body,
) -> Result<Reply> {
    query.finish()?;
    let (collection, id) = path.into_inner();
    let expected = |version| list::expected(&request, version);
    Ok(list::record(
        records
            .update(&caller, &collection, &id, &body.0, expected)
            .await?,
    ))
}

async fn delete(
    request: HttpRequest,
    records: Data<Records>,
    caller: Caller,
    path: Path<(String, String)>,
    mut query: Query,
) -> Result<Reply> {
    let kind = list::kind_of_deletion(&mut query)?;
    query.finish()?;
    let (collection, id) = path.into_inner();
    let expected = list::expected(&request, None)?;
    let deleted = records.delete(&caller, &collection, &id, kind, expected);
    deleted.await?;
    Ok(Reply::no_content())
}

async fn restore(
    request: HttpRequest,
    records: Data<Records>,
    caller: Caller,
    path: Path<(String, String)>,
    query: Query,
) -> Result<Reply> {
    query.finish()?;
    let (collection, id) = path.into_inner();
    let expected = list::expected(&request, None)?;
    let restored = records.restore(&caller, &collection, &id, expected);
    Ok(list::record(restored.await?))
}
