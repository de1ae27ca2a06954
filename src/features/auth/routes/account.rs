//! One's own account and password.

use actix_web::{HttpRequest, web::Data};

use super::cookies::is_secure;
use crate::{
    access::{Caller, session},
    base::Result,
    features::auth::service::Auth,
    web::{Body, Fields, Query, Reply, RequestInfo, cookies::CookieRules, list},
};

pub(super) async fn me(
    request: HttpRequest,
    auth: Data<Auth>,
    cookies: Data<CookieRules>,
    info: RequestInfo,
    caller: Caller,
    query: Query,
) -> Result<Reply> {
    query.finish()?;
    let reply = Reply::ok(&auth.me(&caller).await?);
    let Some(user) = caller.user().filter(|_| info.bearer().is_none()) else {
        return Ok(reply);
    };
    let csrf = session::csrf_token(&user.session, &user.csrf_key);
    let is_missing = info.cookies().csrf.is_none();
    let cookie = is_missing.then(|| cookies.set_csrf(&csrf, is_secure(&request, &cookies, &info)));
    Ok(reply.meta("csrfToken", csrf).cookies(cookie))
}

pub(super) async fn update_me(
    request: HttpRequest,
    auth: Data<Auth>,
    caller: Caller,
    query: Query,
    body: Body,
) -> Result<Reply> {
    query.finish()?;
    let expected = |version| list::expected(&request, version);
    auth.update_me(&caller, &body.0, expected).await?;
    Ok(Reply::ok(&auth.me(&caller).await?))
}

pub(super) async fn change_password(
    auth: Data<Auth>,
    caller: Caller,
    query: Query,
    body: Body,
) -> Result<Reply> {
    query.finish()?;
    let mut fields = Fields::read(&body.0)?;
    let current = fields.required_secret("currentPassword");
    let new = fields.required_secret("newPassword");
    fields.finish()?;
    auth.change_password(&caller, current, new).await?;
    Ok(Reply::no_content())
}
