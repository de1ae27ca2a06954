//! `/api/v1/users` and `/api/v1/users/{id}`.

use actix_web::{HttpRequest, http::Method, web::Data, web::Path};

use super::{service::Users, sign_in};
use crate::{
    access::Caller,
    base::Result,
    web::{Body, Guard, Query, Reply, Routes, list},
};

/// The routes.
pub fn routes() -> Routes {
    let (many, one) = ("/api/v1/users", "/api/v1/users/{id}");
    Routes::new()
        .on(Method::GET, many, Guard::Caller, list_all)
        .on(Method::POST, many, Guard::Caller, create)
        .on(Method::GET, one, Guard::Caller, load)
        .on(Method::PATCH, one, Guard::Caller, update)
        .and(sign_in::routes())
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

async fn create(users: Data<Users>, caller: Caller, query: Query, body: Body) -> Result<Reply> {
    query.finish()?;
    let record = users.create(&caller, &body.0).await?;
    let location = format!("/api/v1/users/{}", record.id);
    Ok(list::record(record).created(location))
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
