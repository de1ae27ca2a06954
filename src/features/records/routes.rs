//! `/api/v1/{collection}` and `/api/v1/{collection}/{id}`.

use actix_web::{HttpRequest, http::Method, web::Data, web::Path};

use super::{
    history, many, nested,
    service::{Change, Place, Records},
    transfer,
};
use crate::{
    access::Caller,
    base::Result,
    web::{Body, Guard, IdempotencyKey, Query, Reply, Routes, list},
};

/// The routes. They fit any collection, so they stand behind those that have routes of their own.
pub fn routes() -> Routes {
    let (many, one) = ("/api/v1/{collection}", "/api/v1/{collection}/{id}");
    let aggregated = "/api/v1/{collection}/aggregate";
    let restored = "/api/v1/{collection}/{id}/restore";
    Routes::new()
        .on(Method::GET, many, Guard::Caller, list_all)
        .once(many, create)
        .and(many::routes())
        .and(transfer::routes())
        .on(Method::GET, aggregated, Guard::Caller, aggregate)
        .on(Method::GET, one, Guard::Caller, load)
        .on(Method::PATCH, one, Guard::Caller, update)
        .on(Method::PUT, one, Guard::Caller, replace)
        .on(Method::DELETE, one, Guard::Caller, delete)
        .once(restored, restore)
        .and(history::routes())
        .and(nested::routes())
}

async fn list_all(
    request: HttpRequest,
    records: Data<Records>,
    caller: Caller,
    path: Path<String>,
    query: Query,
) -> Result<Reply> {
    let page = records.list(&caller, &path, &query, None).await?;
    Ok(list::list(&request, &page))
}

async fn aggregate(
    records: Data<Records>,
    caller: Caller,
    path: Path<String>,
    query: Query,
) -> Result<Reply> {
    let items = records.aggregate(&caller, &path, &query).await?;
    Ok(list::aggregate(&items))
}

async fn load(
    records: Data<Records>,
    caller: Caller,
    path: Path<(String, String)>,
    mut query: Query,
) -> Result<Reply> {
    if let Some(at) = query.take("at") {
        let fields = query.take("fields");
        query.finish()?;
        let record = records.load_at(&caller, Place::of(&path), &at, fields.as_deref());
        return Ok(list::record(record.await?));
    }
    let shape = list::shape(&mut query);
    query.finish()?;
    let record = records.load(&caller, Place::of(&path), &shape);
    Ok(list::record(record.await?))
}

async fn create(
    records: Data<Records>,
    caller: Caller,
    path: Path<String>,
    query: Query,
    key: IdempotencyKey,
    body: Body,
) -> Result<Reply> {
    query.finish()?;
    if many::is_array(&body.0) {
        let made = records.create_all(&caller, &path, &body.0, key.0).await?;
        return Ok(list::made_all(&made.value, made.replayed));
    }
    let made = records.create(&caller, &path, &body.0, key.0).await?;
    Ok(list::made(made, &path))
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
    let expected = |version| list::expected(&request, version);
    let changed = records.update(&caller, Place::of(&path), Change::Patch, &body.0, expected);
    Ok(list::record(changed.await?))
}

async fn replace(
    request: HttpRequest,
    records: Data<Records>,
    caller: Caller,
    path: Path<(String, String)>,
    query: Query,
    body: Body,
) -> Result<Reply> {
    query.finish()?;
    let expected = |version| list::expected(&request, version);
    let changed = records.update(
        &caller,
        Place::of(&path),
        Change::Replace,
        &body.0,
        expected,
    );
    Ok(list::record(changed.await?))
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
    let expected = list::expected(&request, None)?;
    records
        .delete(&caller, Place::of(&path), kind, expected)
        .await?;
    Ok(Reply::no_content())
}

async fn restore(
    request: HttpRequest,
    records: Data<Records>,
    caller: Caller,
    path: Path<(String, String)>,
    query: Query,
    key: IdempotencyKey,
) -> Result<Reply> {
    query.finish()?;
    let expected = list::expected(&request, None)?;
    let restored = records.restore(&caller, Place::of(&path), expected, key.0);
    Ok(list::changed(restored.await?))
}
