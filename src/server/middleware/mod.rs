//! What every request passes before it reaches its route: a file each. `server::router` gives
//! their order.

mod access_log;
mod authenticate;
mod compress;
mod rate_limit;
mod respond;
mod unread;

pub use access_log::access_log;
pub use authenticate::authenticate;
pub use rate_limit::rate_limit;
pub use respond::respond;

use actix_web::{HttpMessage, dev::ServiceRequest};

use crate::{
    base::{Error, Result},
    web::{RequestInfo, path},
};

/// What `respond` has found out about a request.
fn info(request: &ServiceRequest) -> Result<RequestInfo> {
    let info = request.extensions().get::<RequestInfo>().cloned();
    info.ok_or_else(|| Error::internal("a request without its id"))
}

/// True below `/api`.
fn is_api(request: &ServiceRequest) -> bool {
    let path = path(request);
    path == "/api" || path.starts_with("/api/")
}
