//! Answers that every collection gives alike: a page of a list, a record, and what `If-Match`
//! says.

use actix_web::{
    HttpRequest,
    http::header::{IF_MATCH, LINK},
};
use serde_json::{Value as Json, json};

use super::envelope::{Etag, Reply};
use crate::{
    base::{Error, Result, page::Page},
    engine::{Expected, List, Record},
};

/// The answer with a record and its tag.
pub fn record(record: Record) -> Reply {
    let etag = Etag::of(record.version, &record.json);
    Reply::rendered(record.json).tagged(etag)
}

/// The answer with a page of records.
pub fn list(request: &HttpRequest, list: &List) -> Reply {
    page(request, &list.items, list.page, list.total)
}

/// The answer with a page of anything: `items` is a rendered JSON array.
pub fn page(request: &HttpRequest, items: &[u8], page: Page, total: u64) -> Reply {
    let pages = page.count(total);
    let link = |number: Option<u64>| number.map(|number| self_link(request, number));
    let next = link((page.number < pages).then_some(page.number + 1));
    // A page past the end leads back to the last one.
    let previous = link((page.number > 1).then(|| (page.number - 1).min(pages.max(1))));
    let pagination = json!({
        "page": page.number, "pageSize": page.size, "totalItems": total, "totalPages": pages,
        "hasNextPage": next.is_some(), "hasPreviousPage": previous.is_some(), "nextCursor": null,
    });
    let links = json!({ "self": self_link(request, page.number), "next": next, "prev": previous });
    let mut data = Vec::with_capacity(items.len() + 512);
    data.extend_from_slice(br#"{"items":"#);
    data.extend_from_slice(items);
    data.extend_from_slice(format!(r#","pagination":{pagination},"links":{links}}}"#).as_bytes());
    let reply = Reply::rendered(data).private();
    match link_header(&next, &previous) {
        header if header.is_empty() => reply,
        header => reply.header(LINK, header),
    }
}

/// A page of values that are small and few enough to be cut here.
pub fn page_of_values(request: &HttpRequest, values: &[Json], page: Page) -> Reply {
    let skip = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let size = usize::try_from(page.size).unwrap_or(usize::MAX);
    let items: Vec<&Json> = values.iter().skip(skip).take(size).collect();
    let items = serde_json::to_vec(&items).unwrap_or_default();
    self::page(
        request,
        &items,
        page,
        u64::try_from(values.len()).unwrap_or(u64::MAX),
    )
}

/// The version that the client expects, by `If-Match` or, where `body` has one, by the body.
///
/// Only the version in the tag counts; `W/"3-..."` and a bare `"3"` are taken, too.
///
/// # Errors
/// `INVALID_INPUT` if the header is no such tag.
pub fn expected(request: &HttpRequest, body: Option<i64>) -> Result<Expected> {
    let Some(header) = request.headers().get(IF_MATCH) else {
        return Ok(body.map_or(Expected::Any, Expected::Version));
    };
    let text = header.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(body.map_or(Expected::Any, Expected::Version));
    }
    let tag = text.trim_start_matches("W/").trim_matches('"');
    let version = tag
        .split('-')
        .next()
        .and_then(|version| version.parse().ok());
    let message = "Must be the ETag of the record";
    version
        .map(Expected::Precondition)
        .ok_or_else(|| Error::invalid_input("If-Match", message))
}

/// The address of this list at another page.
fn self_link(request: &HttpRequest, number: u64) -> String {
    let kept = request
        .query_string()
        .split('&')
        .filter(|pair| !pair.is_empty() && *pair != "page" && !pair.starts_with("page="));
    let mut query: Vec<&str> = kept.collect();
    let page = format!("page={number}");
    query.insert(0, &page);
    format!("{}?{}", request.path(), query.join("&"))
}

fn link_header(next: &Option<String>, previous: &Option<String>) -> String {
    let link =
        |url: &Option<String>, rel: &str| url.as_ref().map(|url| format!("<{url}>; rel=\"{rel}\""));
    let links = [link(next, "next"), link(previous, "prev")];
    links.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
