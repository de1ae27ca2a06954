//! `/api/system/roles` and `/api/system/roles/{name}`.

use actix_web::{HttpRequest, http::Method, web::Data, web::Path};

use super::{service::Roles, types::Role};
use crate::{
    access::Caller,
    base::{Error, Result},
    web::{Body, Guard, IdempotencyKey, Query, Reply, Routes, list},
};

/// The routes.
pub fn routes() -> Routes {
    let (many, one) = ("/api/system/roles", "/api/system/roles/{name}");
    Routes::new()
        .on(Method::GET, many, Guard::Caller, list_all)
        .once(many, create)
        .on(Method::GET, one, Guard::Caller, load)
        .on(Method::PATCH, one, Guard::Caller, update)
        .on(Method::DELETE, one, Guard::Caller, delete)
}

async fn list_all(
    request: HttpRequest,
    roles: Data<Roles>,
    caller: Caller,
    mut query: Query,
) -> Result<Reply> {
    let page = query.take_page()?;
    query.finish()?;
    let (found, total) = roles.list(&caller, page).await?;
    let items = serde_json::to_vec(&found).map_err(Error::internal)?;
    Ok(list::page(&request, &items, page, total))
}

async fn load(
    roles: Data<Roles>,
    caller: Caller,
    name: Path<String>,
    query: Query,
) -> Result<Reply> {
    query.finish()?;
    shown(&roles.load(&caller, &name).await?)
}

async fn create(
    roles: Data<Roles>,
    caller: Caller,
    query: Query,
    key: IdempotencyKey,
    body: Body,
) -> Result<Reply> {
    query.finish()?;
    let made = roles.create(&caller, &body.0, key.0).await?;
    let location = format!("/api/system/roles/{}", made.value.name);
    let reply = shown(&made.value)?.created(location);
    Ok(reply.replaying(made.replayed))
}

async fn update(
    request: HttpRequest,
    roles: Data<Roles>,
    caller: Caller,
    name: Path<String>,
    query: Query,
    body: Body,
) -> Result<Reply> {
    query.finish()?;
    let expected = |version| list::expected(&request, version);
    shown(&roles.update(&caller, &name, &body.0, expected).await?)
}

async fn delete(
    request: HttpRequest,
    roles: Data<Roles>,
    caller: Caller,
    name: Path<String>,
    query: Query,
) -> Result<Reply> {
    query.finish()?;
    let expected = list::expected(&request, None)?;
    roles.delete(&caller, &name, expected).await?;
    Ok(Reply::no_content())
}

/// The answer with a role and its tag.
fn shown(role: &Role) -> Result<Reply> {
    list::versioned(role, Some(role.version))
}
