//! `/api/batch`, and what is done to all records of `/api/v1/{collection}` that fit a filter.

use actix_web::{
    HttpRequest,
    http::{Method, header::IF_MATCH},
    web::{Data, Path},
};
use serde_json::json;

use super::batch::Outcome;
use crate::{
    access::Caller,
    base::{Error, Result},
    features::records::Records,
    web::{Body, Guard, IdempotencyKey, Query, Reply, Routes, list},
};

/// The routes.
pub fn routes() -> Routes {
    let many = "/api/v1/{collection}";
    Routes::new()
        .once("/api/batch", batch)
        .on(Method::PATCH, many, Guard::Caller, update_all)
        .on(Method::PUT, many, Guard::Caller, upsert)
        .on(Method::DELETE, many, Guard::Caller, delete_all)
}

async fn update_all(
    request: HttpRequest,
    records: Data<Records>,
    caller: Caller,
    path: Path<String>,
    query: Query,
    body: Body,
) -> Result<Reply> {
    check_headers(&request)?;
    let changed = records.update_all(&caller, &path, query, &body.0).await?;
    Ok(Reply::ok(&json!({ "changed": changed })))
}

async fn upsert(
    request: HttpRequest,
    records: Data<Records>,
    caller: Caller,
    path: Path<String>,
    mut query: Query,
    body: Body,
) -> Result<Reply> {
    let on = query.take("on");
    query.finish()?;
    let expected = |version| list::expected(&request, version);
    let done = records.upsert(&caller, (&path, on), &body.0, expected);
    Ok(match done.await? {
        (record, true) => list::record(&record).created(format!("/api/v1/{path}/{}", record.id)),
        (record, false) => list::record(record),
    })
}

async fn delete_all(
    request: HttpRequest,
    records: Data<Records>,
    caller: Caller,
    path: Path<String>,
    query: Query,
) -> Result<Reply> {
    check_headers(&request)?;
    let changed = records.delete_all(&caller, &path, query).await?;
    Ok(Reply::ok(&json!({ "changed": changed })))
}

fn check_headers(request: &HttpRequest) -> Result<()> {
    match request.headers().contains_key(IF_MATCH) {
        true => Err(Error::invalid_input("If-Match", "Is about one record")),
        false => Ok(()),
    }
}

async fn batch(
    records: Data<Records>,
    caller: Caller,
    query: Query,
    key: IdempotencyKey,
    body: Body,
) -> Result<Reply> {
    query.finish()?;
    let done = records.batch(&caller, &body.0, key.0).await?;
    let reply = Reply::rendered(results(&done.value)).private();
    Ok(reply.replaying(done.replayed))
}

fn results(outcomes: &[Outcome]) -> Vec<u8> {
    let mut data = br#"{"results":["#.to_vec();
    for (i, (status, record)) in outcomes.iter().enumerate() {
        if i > 0 {
            data.push(b',');
        }
        data.extend_from_slice(format!(r#"{{"status":{status},"data":"#).as_bytes());
        let json = record.as_ref().map(|record| record.json.as_slice());
        data.extend_from_slice(json.unwrap_or(b"null"));
        data.push(b'}');
    }
    data.extend_from_slice(b"]}");
    data
}
