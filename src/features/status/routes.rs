//! `GET /api/system/status`.

use actix_web::{http::Method, web::Data};

use super::service::Status;
use crate::{
    access::Caller,
    base::Result,
    web::{Guard, Query, Reply, Routes},
};

/// The routes.
pub fn routes() -> Routes {
    Routes::new().on(Method::GET, "/api/system/status", Guard::Caller, show)
}

async fn show(status: Data<Status>, caller: Caller, query: Query) -> Result<Reply> {
    query.finish()?;
    Ok(Reply::ok(&status.show(&caller).await?))
}
