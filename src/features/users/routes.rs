//! `/api/v1/users` and `/api/v1/users/{id}`.

use actix_web::{HttpRequest, http::Method, web::Data, web::Path};

use super::service::Users;
use crate::{
    access::Caller,
    base::Result,
    web::{Body, Guard, IdempotencyKey, Query, Reply, Routes, list},
};

/// The routes.
pub fn routes() -> Routes {
    let (many, one) = ("/api/v1/users", "/api/v1/users/{id}");
    Routes::new()
        .on(Method::GET, many, Guard::Caller, list_all)
        .once(many, create)
        .on(Method::GET, one, Guard::Caller, load)
        .on(Method::PATCH, one, Guard::Caller, update)
}

async fn list_all(
    request: HttpRequest,
    users: Data<Users>,
    caller: Caller,
    query: Query,
) -> Result<Reply> {
    Ok(list::list(&request, &users.list(&caller, &query).await?))
}

async fn load(users: Data<Users>, caller: Caller, id: Path<String>, query: Query) -> Result<Reply> {
    query.finish()?;
    Ok(list::record(users.load(&caller, &id).await?))
}

async fn create(
    users: Data<Users>,
    caller: Caller,
    query: Query,
    key: IdempotencyKey,
    body: Body,
) -> Result<Reply> {
    query.finish()?;
    let made = users.create(&caller, &body.0, key.0).await?;
    Ok(list::made(made, "users"))
}

async fn update(
    request: HttpRequest,
    users: Data<Users>,
    caller: Caller,
    id: Path<String>,
    query: Query,
    body: Body,
) -> Result<Reply> {
    query.finish()?;
    let expected = |version| list::expected(&request, version);
    Ok(list::record(
        users.update(&caller, &id, &body.0, expected).await?,
    ))
}
