//! `/api/auth/...`: translates between cookies or bodies and the service.

use actix_web::{
    HttpRequest,
    cookie::Cookie,
    http::{
        Method,
        header::{ORIGIN, USER_AGENT},
    },
    web::Data,
};
use serde_json::{Map, Value as Json, json};

use super::{
    refresh::Refreshed,
    service::{Attempt, Auth, Tickets},
    setup::FirstAdmin,
};
use crate::{
    access::{Caller, Who, session},
    base::{Error, Issue, IssueCode, Result, json::Object, secret::ExposeSecret},
    web::{
        Body, Fields, Guard, Query, Reply, RequestInfo, Routes,
        cookies::{CookieRules, Values},
        error::WithCookies,
        list,
        routing::check_csrf,
    },
};

/// Most characters of a `User-Agent` that are kept with a session.
const MAX_USER_AGENT: usize = 512;

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .on(Method::POST, "/api/auth/setup", Guard::Origin, set_up)
        .on(Method::POST, "/api/auth/login", Guard::Origin, login)
        .on(Method::POST, "/api/auth/refresh", Guard::Refresh, refresh)
        .on(Method::POST, "/api/auth/logout", Guard::Refresh, logout)
        .on(Method::GET, "/api/auth/me", Guard::Caller, me)
        .on(Method::PATCH, "/api/auth/me", Guard::Caller, update_me)
        .on(
            Method::POST,
            "/api/auth/password",
            Guard::Caller,
            change_password,
        )
}

async fn set_up(auth: Data<Auth>, info: RequestInfo, query: Query, body: Body) -> Result<Reply> {
    query.finish()?;
    if auth.has_admin().await? {
        return Err(Error::not_found());
    }
    let mut account = Object::parse(&body.0)?;
    let mut fields = Fields::read(&body.0)?;
    let (token, password) = (
        fields.required_text("token"),
        fields.required_secret("password"),
    );
    for field in ["email", "displayName"] {
        fields.required_text(field);
    }
    fields.finish()?;
    account.take("token");
    account.take("password");
    let first = FirstAdmin {
        token: &token,
        password,
        account: &account,
    };
    let user = auth.set_up(&guest(&info), first).await?;
    let user: Json = serde_json::from_slice(&user.json).map_err(Error::internal)?;
    Ok(Reply::ok(&json!({ "user": user })).created("/api/auth/me"))
}

async fn login(
    request: HttpRequest,
    auth: Data<Auth>,
    cookies: Data<CookieRules>,
    info: RequestInfo,
    query: Query,
    body: Body,
) -> Result<Reply> {
    query.finish()?;
    let mut fields = Fields::read(&body.0)?;
    let (email, password) = (
        fields.required_text("email"),
        fields.required_secret("password"),
    );
    let by_body = delivery(&mut fields);
    fields.finish()?;
    let replaced = if by_body {
        None
    } else {
        info.cookies().check()?;
        auth.session_of_cookies(info.cookies()).await?
    };
    let caller = guest(&info);
    let attempt = Attempt {
        email: &email,
        password,
        caller: caller.clone(),
        user_agent: header(&request, USER_AGENT.as_str()).map(shortened),
        replaces: replaced.as_ref().map(|(session, _)| session.as_str()),
    };
    let (_, tickets) = auth.login(attempt).await?;
    let user = auth.signed_in(&caller, &tickets.access).await?;
    if by_body {
        let mut data = bodied(&tickets);
        data.insert("user".to_owned(), user);
        return Ok(Reply::ok(&data.into()));
    }
    let data = json!({ "user": user });
    Ok(with_cookies(
        Reply::ok(&data),
        &request,
        &cookies,
        &info,
        &tickets,
    ))
}

/// `"delivery": "body"` asks for tokens in the answer, for what is no browser.
fn delivery(fields: &mut Fields<'_>) -> bool {
    match fields.text("delivery").as_deref() {
        Some("body") => true,
        None | Some("cookie") => false,
        Some(_) => {
            let message = "Must be body or cookie";
            fields.fault(Issue::new("delivery", IssueCode::NotAnOption, message));
            false
        }
    }
}

async fn refresh(
    request: HttpRequest,
    auth: Data<Auth>,
    cookies: Data<CookieRules>,
    info: RequestInfo,
    query: Query,
    body: Body,
) -> Result<Reply, actix_web::Error> {
    query.finish()?;
    let mut fields = Fields::read(&body.0)?;
    let sent = fields.text("refreshToken");
    fields.finish()?;
    let caller = guest(&info);
    if let Some(token) = sent {
        auth.origins().check(request.headers(), info.peer())?;
        return match auth.refresh(&caller, &token).await? {
            Refreshed::Renewed(tickets) => Ok(Reply::ok(&bodied(&tickets).into())),
            Refreshed::Refused(error) | Refreshed::Ended(error) => Err(error.into()),
        };
    }
    info.cookies().check()?;
    let token = info.cookies().refresh.as_deref().unwrap_or_default();
    check_session_or_origin(&auth, &request, &info, auth.session_of(token).await?)?;
    if token.is_empty() {
        let error = Error::new(crate::base::Code::Unauthorized, "Sign in first");
        return Err(WithCookies::new(error, cleared(&request, &cookies, &info)).into());
    }
    match auth.refresh(&caller, token).await? {
        Refreshed::Renewed(tickets) => {
            let data = json!({ "expiresIn": tickets.expires_in.as_secs() });
            Ok(with_cookies(
                Reply::ok(&data),
                &request,
                &cookies,
                &info,
                &tickets,
            ))
        }
        // Tabs share one cookie jar: the loser must not wipe out the winner's cookies.
        Refreshed::Refused(error) => Err(error.into()),
        Refreshed::Ended(error) => {
            Err(WithCookies::new(error, cleared(&request, &cookies, &info)).into())
        }
    }
}

async fn logout(
    request: HttpRequest,
    auth: Data<Auth>,
    cookies: Data<CookieRules>,
    info: RequestInfo,
    query: Query,
) -> Result<Reply> {
    query.finish()?;
    let caller = guest(&info);
    if let Some(token) = info.bearer() {
        let access = auth.read_access(token)?;
        auth.logout(&caller, &access.session).await?;
        return Ok(Reply::no_content());
    }
    info.cookies().check()?;
    let session = auth.session_of_cookies(info.cookies()).await?;
    check_session_or_origin(&auth, &request, &info, session.clone())?;
    if let Some((session, _)) = session {
        auth.logout(&caller, &session).await?;
    }
    Ok(Reply::no_content().cookies(cleared(&request, &cookies, &info)))
}

async fn me(
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

async fn update_me(
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

async fn change_password(
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

/// CSRF where there is a session to bind it to, else the origin.
fn check_session_or_origin(
    auth: &Auth,
    request: &HttpRequest,
    info: &RequestInfo,
    session: Option<(String, String)>,
) -> Result<()> {
    match session {
        Some((id, key)) => check_csrf(request.headers(), &session::csrf_token(&id, &key)),
        None => auth.origins().check(request.headers(), info.peer()),
    }
}

fn guest(info: &RequestInfo) -> Caller {
    Caller {
        who: Who::Guest,
        request_id: info.id().clone(),
        address: info.peer().address,
    }
}

fn bodied(tickets: &Tickets) -> Map<String, Json> {
    let members = [
        ("accessToken", Json::from(tickets.access.as_str())),
        ("refreshToken", tickets.refresh.expose_secret().into()),
        ("expiresIn", tickets.expires_in.as_secs().into()),
    ];
    members
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

fn with_cookies(
    reply: Reply,
    request: &HttpRequest,
    rules: &CookieRules,
    info: &RequestInfo,
    tickets: &Tickets,
) -> Reply {
    let refresh = tickets.refresh.expose_secret();
    let values = Values {
        access: &tickets.access,
        refresh,
        csrf: &tickets.csrf,
    };
    let cookies = rules.set(values, is_secure(request, rules, info));
    reply
        .cookies(cookies)
        .meta("csrfToken", tickets.csrf.as_str())
}

fn cleared(request: &HttpRequest, rules: &CookieRules, info: &RequestInfo) -> [Cookie<'static>; 3] {
    rules.clear(is_secure(request, rules, info))
}

fn is_secure(request: &HttpRequest, rules: &CookieRules, info: &RequestInfo) -> bool {
    rules.is_secure(info.peer(), header(request, ORIGIN.as_str()))
}

/// No more of a `User-Agent` than names the program: it is stored, and any client may send any.
fn shortened(user_agent: &str) -> &str {
    user_agent.get(..MAX_USER_AGENT).unwrap_or(user_agent)
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok())
}
