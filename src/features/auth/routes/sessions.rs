//! One's own sessions.

use actix_web::{
    HttpRequest,
    web::{Data, Path},
};

use super::cookies::cleared;
use crate::{
    access::Caller,
    base::Result,
    features::auth::service::Auth,
    web::{Query, Reply, RequestInfo, cookies::CookieRules, list},
};

pub(super) async fn list(
    request: HttpRequest,
    auth: Data<Auth>,
    caller: Caller,
    mut query: Query,
) -> Result<Reply> {
    let page = query.take_page()?;
    query.finish()?;
    let listed = auth.sessions(&caller, page).await?;
    Ok(list::page(&request, &listed.items, page, listed.total))
}

pub(super) async fn end(
    request: HttpRequest,
    auth: Data<Auth>,
    (cookies, info): (Data<CookieRules>, RequestInfo),
    caller: Caller,
    id: Path<String>,
    query: Query,
) -> Result<Reply> {
    query.finish()?;
    let is_own = auth.end_session(&caller, &id).await?;
    let reply = Reply::no_content();
    // Who ends the session by whose cookies it asks has signed out.
    if is_own && info.bearer().is_none() {
        return Ok(reply.cookies(cleared(&request, &cookies, &info)));
    }
    Ok(reply)
}

pub(super) async fn end_others(auth: Data<Auth>, caller: Caller, query: Query) -> Result<Reply> {
    query.finish()?;
    auth.end_other_sessions(&caller).await?;
    Ok(Reply::no_content())
}
