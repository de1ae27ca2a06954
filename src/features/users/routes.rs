//! `/api/v1/users`, `/api/v1/users/{id}` and what is done to one.

use actix_web::{HttpRequest, http::Method, web::Data, web::Path};

use super::{service::Users, sign_in};
use crate::{
    access::Caller,
    base::Result,
    engine::Standing,
    web::{Body, Guard, IdempotencyKey, Query, Reply, Routes, list},
};

/// The routes.
pub fn routes() -> Routes {
    let (many, one) = ("/api/v1/users", "/api/v1/users/{id}");
    let aggregated = "/api/v1/users/aggregate";
    let restored = "/api/v1/users/{id}/restore";
    let activated = "/api/v1/users/{id}/activate";
    let deactivated = "/api/v1/users/{id}/deactivate";
    Routes::new()
        .on(Method::GET, many, Guard::Caller, list_all)
        .once(many, create)
        .on(Method::GET, aggregated, Guard::Caller, aggregate)
        .on(Method::GET, one, Guard::Caller, load)
        .on(Method::PATCH, one, Guard::Caller, update)
        .on(Method::DELETE, one, Guard::Caller, delete)
        .once(restored, restore)
        .once(deactivated, deactivate)
        .once(activated, activate)
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

async fn aggregate(users: Data<Users>, caller: Caller, query: Query) -> Result<Reply> {
    Ok(list::aggregate(&users.aggregate(&caller, &query).await?))
}

async fn load(
    users: Data<Users>,
    caller: Caller,
    id: Path<String>,
    mut query: Query,
) -> Result<Reply> {
    let shape = list::shape(&mut query);
    query.finish()?;
    let user = users.load(&caller, &id, &shape);
    Ok(list::record(user.await?))
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

async fn delete(
    request: HttpRequest,
    users: Data<Users>,
    caller: Caller,
    id: Path<String>,
    mut query: Query,
) -> Result<Reply> {
    let kind = list::kind_of_deletion(&mut query)?;
    query.finish()?;
    let expected = list::expected(&request, None)?;
    users.delete(&caller, &id, kind, expected).await?;
    Ok(Reply::no_content())
}

async fn restore(
    request: HttpRequest,
    users: Data<Users>,
    caller: Caller,
    id: Path<String>,
    query: Query,
    key: IdempotencyKey,
) -> Result<Reply> {
    query.finish()?;
    let expected = list::expected(&request, None)?;
    let restored = users.restore(&caller, &id, expected, key.0);
    Ok(list::changed(restored.await?))
}

async fn activate(
    request: HttpRequest,
    users: Data<Users>,
    caller: Caller,
    id: Path<String>,
    query: Query,
    key: IdempotencyKey,
) -> Result<Reply> {
    query.finish()?;
    let expected = list::expected(&request, None)?;
    let activated = users.set_standing(&caller, &id, Standing::Active, expected, key.0);
    Ok(list::changed(activated.await?))
}

async fn deactivate(
    request: HttpRequest,
    users: Data<Users>,
    caller: Caller,
    id: Path<String>,
    query: Query,
    key: IdempotencyKey,
) -> Result<Reply> {
    query.finish()?;
    let expected = list::expected(&request, None)?;
    let disabled = users.set_standing(&caller, &id, Standing::Disabled, expected, key.0);
    Ok(list::changed(disabled.await?))
}
