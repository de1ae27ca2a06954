//! `GET /api/system/settings`.

use actix_web::{HttpRequest, http::Method, web::Data};

use super::service::Settings;
use crate::{
    access::Caller,
    base::Result,
    web::{Guard, Query, Reply, Routes, list},
};

/// The routes.
pub fn routes() -> Routes {
    Routes::new().on(Method::GET, "/api/system/settings", Guard::Caller, list_all)
}

async fn list_all(
    request: HttpRequest,
    settings: Data<Settings>,
    caller: Caller,
    mut query: Query,
) -> Result<Reply> {
    let page = query.take_page()?;
    query.finish()?;
    let items = settings.list(&caller)?;
    Ok(list::page_of_values(&request, items, page))
}
