//! Finds out who asks: by a bearer token, else by the cookie. What it finds is kept with the
//! request until the route's guard asks for it; routes without one never hear of it.

use std::{cell::Cell, net::Ipv4Addr, rc::Rc};

use actix_web::{
    HttpMessage,
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};

use crate::{
    access::{Caller, Who},
    app::App,
    base::{Code, Error, Id, Result},
    server::Door,
    telemetry::Context,
    web::{Credential, RequestInfo, Session},
};

/// Authenticates what is below `/api`, and runs the rest.
pub async fn authenticate(
    app: Rc<App>,
    door: Door,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if super::is_api(&request) {
        let info = super::info(&request)?;
        let (credential, who) = match door {
            Door::Network => who(&app, &info).await,
            // Nothing that the request says counts: not even a token makes it somebody else's.
            Door::Operator => (Credential::None, Ok(Who::Operator)),
        };
        if let Ok(Who::User(user)) = &who
            && let Some((context, id)) = Context::current().zip(Id::parse(&user.user))
        {
            context.set_user(id);
        }
        let address = match door {
            Door::Network => info.peer().address,
            Door::Operator => Ipv4Addr::LOCALHOST.into(),
        };
        let caller = who.map(|who| Caller {
            who,
            request_id: info.id().clone(),
            address,
        });
        request.extensions_mut().insert(Session {
            caller: Cell::new(Some(caller)),
            credential,
        });
    }
    next.call(request).await
}

async fn who(app: &App, info: &RequestInfo) -> (Credential, Result<Who>) {
    if let Some(token) = info.bearer() {
        return (Credential::Bearer, user(app, token).await);
    }
    let cookies = info.cookies();
    if let Err(error) = cookies.check() {
        return (Credential::Cookie, Err(error));
    }
    match (&cookies.access, &cookies.csrf) {
        (Some(token), _) => (Credential::Cookie, user(app, token).await),
        // A browser whose access cookie has run out must refresh, and not be served as a guest.
        (None, Some(_)) => {
            let error = Error::new(Code::TokenExpired, "The access token has expired");
            (Credential::Cookie, Err(error))
        }
        (None, None) => (Credential::None, Ok(Who::Guest)),
    }
}

/// The user of an access token, with the rights of this moment.
async fn user(app: &App, token: &str) -> Result<Who> {
    let access = app.tokens.read(token).await?;
    match app.sessions.find(&access, app.clock.now()).await? {
        Some(user) => Ok(Who::User(user)),
        None => Err(Error::new(Code::TokenInvalid, "The session has ended")),
    }
}
