//! `/api/system/collections`, `/api/system/collections/{name}`, and `.../plan` below it.

use actix_web::{HttpRequest, http::Method, web::Data, web::Path};

use serde_json::{Value as Json, json};

use super::{service::Collections, shown::Shown};
use crate::{
    access::Caller,
    base::{Issue, Result},
    web::{Body, Guard, IdempotencyKey, Query, Reply, Routes, list},
};

/// The routes.
pub fn routes() -> Routes {
    let (many, one) = ("/api/system/collections", "/api/system/collections/{name}");
    let plan_path = "/api/system/collections/{name}/plan";
    Routes::new()
        .on(Method::GET, many, Guard::Caller, list_all)
        .once(many, create)
        .on(Method::GET, one, Guard::Caller, load)
        .on(Method::PATCH, one, Guard::Caller, change)
        .on(Method::DELETE, one, Guard::Caller, delete)
        .on(Method::POST, plan_path, Guard::Caller, plan)
}

async fn list_all(
    request: HttpRequest,
    collections: Data<Collections>,
    caller: Caller,
    mut query: Query,
) -> Result<Reply> {
    let page = query.take_page()?;
    query.finish()?;
    Ok(list::page_of_values(
        &request,
        &collections.list(&caller)?,
        page,
    ))
}

async fn load(
    collections: Data<Collections>,
    caller: Caller,
    name: Path<String>,
    query: Query,
) -> Result<Reply> {
    query.finish()?;
    shown(&collections.load(&caller, &name)?)
}

async fn create(
    collections: Data<Collections>,
    caller: Caller,
    query: Query,
    key: IdempotencyKey,
    body: Body,
) -> Result<Reply> {
    query.finish()?;
    let made = collections.create(&caller, &body.0, key.0).await?;
    let name = made.value.get("name").and_then(|name| name.as_str());
    let name = name.unwrap_or_default();
    let location = format!("/api/system/collections/{name}");
    let warnings = collections.warnings(&caller, name).await;
    let reply = shown(&collections.with_can(&caller, made.value))?.created(location);
    Ok(warned(reply.replaying(made.replayed), warnings))
}

async fn change(
    request: HttpRequest,
    collections: Data<Collections>,
    caller: Caller,
    name: Path<String>,
    query: Query,
    body: Body,
) -> Result<Reply> {
    query.finish()?;
    let expected = list::expected(&request, None)?;
    let changed = collections.change(&caller, &name, &body.0, expected);
    let definition = changed.await?;
    let name = definition.get("name").and_then(Json::as_str);
    let warnings = collections.warnings(&caller, name.unwrap_or_default());
    let warnings = warnings.await;
    let reply = shown(&collections.with_can(&caller, definition))?;
    Ok(warned(reply, warnings))
}

async fn plan(
    request: HttpRequest,
    collections: Data<Collections>,
    caller: Caller,
    name: Path<String>,
    query: Query,
    body: Body,
) -> Result<Reply> {
    query.finish()?;
    let expected = list::expected(&request, None)?;
    let plan = collections.plan(&caller, &name, &body.0, expected).await?;
    Ok(Reply::ok(&json!(plan)))
}

/// The answer with a definition, and its tag where that is known.
fn shown(shown: &Shown) -> Result<Reply> {
    list::versioned(&shown.definition, shown.revision)
}

/// An answer that tells in `meta` what is costly, if anything is.
fn warned(reply: Reply, warnings: Vec<Issue>) -> Reply {
    if warnings.is_empty() {
        return reply;
    }
    let warning = |issue: Issue| json!({ "field": issue.field, "message": issue.message });
    reply.meta(
        "warnings",
        Json::from_iter(warnings.into_iter().map(warning)),
    )
}

async fn delete(
    request: HttpRequest,
    collections: Data<Collections>,
    caller: Caller,
    name: Path<String>,
    query: Query,
) -> Result<Reply> {
    query.finish()?;
    let expected = list::expected(&request, None)?;
    collections.delete(&caller, &name, expected).await?;
    Ok(Reply::no_content())
}
