//! Login, refresh, logout: by cookies, or with tokens in bodies.

use actix_web::{HttpRequest, http::header::USER_AGENT, web::Data};
use serde_json::{Map, Value as Json, json};

use super::{
    cookies::{cleared, with_cookies},
    guest, header,
};
use crate::{
    access::session::CsrfBinding,
    base::{Error, Issue, IssueCode, Result, secret::ExposeSecret},
    features::auth::{
        refresh::Refreshed,
        service::{Attempt, Auth, Tickets},
    },
    web::{
        Body, Fields, Query, Reply, RequestInfo, check_csrf, cookies::CookieRules,
        error::WithCookies,
    },
};

/// Most characters of a `User-Agent` that are kept with a session.
const MAX_USER_AGENT: usize = 512;

pub(super) async fn login(
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
        replaces: replaced.as_ref().map(|binding| binding.session.as_str()),
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

pub(super) async fn refresh(
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
    let session = auth.session_of(token).await?;
    check_session_or_origin(&auth, &request, &info, session.as_ref())?;
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

pub(super) async fn logout(
    request: HttpRequest,
    auth: Data<Auth>,
    cookies: Data<CookieRules>,
    info: RequestInfo,
    query: Query,
) -> Result<Reply> {
    query.finish()?;
    let caller = guest(&info);
    if let Some(token) = info.bearer() {
        let session = auth.session_of_bearer(token).await?;
        auth.logout(&caller, &session).await?;
        return Ok(Reply::no_content());
    }
    info.cookies().check()?;
    let session = auth.session_of_cookies(info.cookies()).await?;
    check_session_or_origin(&auth, &request, &info, session.as_ref())?;
    if let Some(binding) = session {
        auth.logout(&caller, &binding).await?;
    }
    Ok(Reply::no_content().cookies(cleared(&request, &cookies, &info)))
}

/// CSRF where there is a session to bind it to, else the origin.
fn check_session_or_origin(
    auth: &Auth,
    request: &HttpRequest,
    info: &RequestInfo,
    session: Option<&CsrfBinding>,
) -> Result<()> {
    match session {
        Some(binding) => check_csrf(request.headers(), &binding.token()),
        None => auth.origins().check(request.headers(), info.peer()),
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

/// No more of a `User-Agent` than names the program: it is stored, and any client may send any.
fn shortened(user_agent: &str) -> &str {
    user_agent.get(..MAX_USER_AGENT).unwrap_or(user_agent)
}
