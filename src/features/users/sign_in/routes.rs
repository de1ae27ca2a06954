//! `/api/system/users/{id}/sessions` and `lockout`, `/api/v1/users/{id}/unlock`.

use actix_web::{
    HttpRequest,
    http::Method,
    web::{Data, Path},
};

use serde_json::json;

use crate::{
    access::Caller,
    base::Result,
    features::users::Users,
    web::{Guard, IdempotencyKey, Query, Reply, Routes, list},
};

/// The routes. Sessions stand under `system`, because `/api/v1/users/{id}/sessions` are the records
/// of an operator's own collection of that name.
pub fn routes() -> Routes {
    let (many, one) = (
        "/api/system/users/{id}/sessions",
        "/api/system/users/{id}/sessions/{sessionId}",
    );
    let locked = "/api/system/users/{id}/lockout";
    Routes::new()
        .on(Method::GET, many, Guard::Caller, sessions)
        .on(Method::DELETE, many, Guard::Caller, end_all)
        .on(Method::DELETE, one, Guard::Caller, end)
        .on(Method::GET, locked, Guard::Caller, lockout)
        .once("/api/v1/users/{id}/unlock", unlock)
}

async fn sessions(
    request: HttpRequest,
    users: Data<Users>,
    caller: Caller,
    id: Path<String>,
    mut query: Query,
) -> Result<Reply> {
    let page = query.take_page()?;
    query.finish()?;
    let listed = users.sessions(&caller, &id, page).await?;
    Ok(list::page(&request, &listed.items, page, listed.total))
}

async fn end(
    users: Data<Users>,
    caller: Caller,
    path: Path<(String, String)>,
    query: Query,
) -> Result<Reply> {
    query.finish()?;
    let (id, session) = path.into_inner();
    users.end_session(&caller, &id, &session).await?;
    Ok(Reply::no_content())
}

async fn end_all(
    users: Data<Users>,
    caller: Caller,
    id: Path<String>,
    query: Query,
) -> Result<Reply> {
    query.finish()?;
    users.end_sessions(&caller, &id).await?;
    Ok(Reply::no_content())
}

async fn lockout(
    users: Data<Users>,
    caller: Caller,
    id: Path<String>,
    query: Query,
) -> Result<Reply> {
    query.finish()?;
    let until = users.locked_until(&caller, &id).await?;
    let until = until.map(|until| until.to_string());
    let locked = json!({ "locked": until.is_some(), "lockedUntil": until });
    Ok(Reply::ok(&locked))
}

async fn unlock(
    users: Data<Users>,
    caller: Caller,
    id: Path<String>,
    query: Query,
    key: IdempotencyKey,
) -> Result<Reply> {
    query.finish()?;
    Ok(list::changed(users.unlock(&caller, &id, key.0).await?))
}
