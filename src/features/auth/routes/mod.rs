//! `/api/auth/...`: translates between cookies or bodies and the service, a file for each subject.

mod account;
mod cookies;
mod sessions;
mod set_up;
mod sign_in;

use actix_web::{HttpRequest, http::Method};

use crate::{
    access::{Caller, Who},
    web::{Guard, RequestInfo, Routes},
};

/// The routes.
pub fn routes() -> Routes {
    let (sessions, session) = ("/api/auth/sessions", "/api/auth/sessions/{id}");
    Routes::new()
        .on(
            Method::POST,
            "/api/auth/setup",
            Guard::Origin,
            set_up::set_up,
        )
        .on(
            Method::POST,
            "/api/auth/login",
            Guard::Origin,
            sign_in::login,
        )
        .on(
            Method::POST,
            "/api/auth/refresh",
            Guard::Refresh,
            sign_in::refresh,
        )
        .on(
            Method::POST,
            "/api/auth/logout",
            Guard::Refresh,
            sign_in::logout,
        )
        .on(Method::GET, "/api/auth/me", Guard::Caller, account::me)
        .on(
            Method::PATCH,
            "/api/auth/me",
            Guard::Caller,
            account::update_me,
        )
        .on(
            Method::POST,
            "/api/auth/password",
            Guard::Caller,
            account::change_password,
        )
        .on(Method::GET, sessions, Guard::Caller, sessions::list)
        .on(
            Method::DELETE,
            sessions,
            Guard::Caller,
            sessions::end_others,
        )
        .on(Method::DELETE, session, Guard::Caller, sessions::end)
}

fn guest(info: &RequestInfo) -> Caller {
    Caller {
        who: Who::Guest,
        request_id: info.id().clone(),
        address: info.peer().address,
    }
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok())
}
