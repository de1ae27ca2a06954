//! Answers that every collection gives alike: a page of a list, a record, and what `If-Match`
//! says.

use std::borrow::Borrow;

use actix_web::{
    HttpRequest,
    http::header::{IF_MATCH, LINK},
};
use serde::Serialize;
use serde_json::Value as Json;

use super::{
    envelope::{Etag, Reply},
    pagination::Pagination,
    query::Query,
};
use crate::{
    base::{
        Error, Result,
        page::{Page, Paging},
    },
    engine::{Expected, Kind, List, Made, Record, Shape},
};

/// The answer with a record and its tag.
pub fn record(record: impl Borrow<Record>) -> Reply {
    let record = record.borrow();
    let etag = Etag::of(record.version, &record.json);
    Reply::rendered(record.json.clone()).tagged(etag)
}

/// The answer with a record that was made in the collection of this path, now or before.
pub fn made(made: Made<Record>, path: &str) -> Reply {
    let location = format!("/api/v1/{path}/{}", made.value.id);
    let reply = record(made.value).created(location);
    reply.replaying(made.replayed)
}

/// The answer with records that were made at once, now or before.
pub fn made_all(made: &[Record], replayed: Option<u16>) -> Reply {
    let length: usize = made.iter().map(|record| record.json.len() + 1).sum();
    let mut data = Vec::with_capacity(length + 16);
    data.extend_from_slice(br#"{"items":["#);
    for (i, record) in made.iter().enumerate() {
        if i > 0 {
            data.push(b',');
        }
        data.extend_from_slice(&record.json);
    }
    data.extend_from_slice(b"]}");
    Reply::rendered(data)
        .created_many()
        .private()
        .replaying(replayed)
}

/// The answer with a record that an action has changed, now or before.
pub fn changed(changed: Made<Record>) -> Reply {
    record(changed.value).replaying(changed.replayed)
}

/// The answer with what has a version and is kept by nobody: a definition, a role. No tag without
/// `version`.
///
/// # Errors
/// That of rendering it.
pub fn versioned(value: &impl Serialize, version: Option<i64>) -> Result<Reply> {
    let json = serde_json::to_vec(value).map_err(Error::internal)?;
    let etag = version.map(|version| Etag::of(version, &json));
    let reply = Reply::rendered(json);
    Ok(match etag {
        Some(etag) => reply.tagged(etag).kept_by_nobody(),
        None => reply,
    })
}

/// The answer with a page of records.
pub fn list(request: &HttpRequest, list: &List) -> Reply {
    paged(request, &list.items, list.snippets.as_deref(), &list.paging).private()
}

/// The answer with groups of records: `items` is a rendered JSON array.
pub fn aggregate(items: &[u8]) -> Reply {
    let data = [br#"{"items":"#, items, b"}"].concat();
    Reply::rendered(data).private()
}

/// The answer with a page of anything that was counted: `items` is a rendered JSON array.
pub fn page(request: &HttpRequest, items: &[u8], page: Page, total: u64) -> Reply {
    paged(request, items, None, &Paging::counted(page, total))
}

fn paged(request: &HttpRequest, items: &[u8], snippets: Option<&[u8]>, paging: &Paging) -> Reply {
    let Pagination {
        numbers,
        links,
        header,
    } = Pagination::of(request, paging);
    let mut data = Vec::with_capacity(items.len() + 512);
    data.extend_from_slice(br#"{"items":"#);
    data.extend_from_slice(items);
    if let Some(snippets) = snippets {
        data.extend_from_slice(br#","snippets":"#);
        data.extend_from_slice(snippets);
    }
    data.extend_from_slice(format!(r#","pagination":{numbers},"links":{links}}}"#).as_bytes());
    let reply = Reply::rendered(data);
    match header.is_empty() {
        true => reply,
        false => reply.header(LINK, header),
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

/// How a single record is to be told.
pub fn shape(query: &mut Query) -> Shape {
    Shape {
        fields: query.take("fields"),
        expand: query.take("expand"),
    }
}

/// What `hard` asks of a deletion.
///
/// # Errors
/// `INVALID_INPUT` if it is neither `true` nor `false`.
pub fn kind_of_deletion(query: &mut Query) -> Result<Kind> {
    match query.take("hard").as_deref() {
        None | Some("false") => Ok(Kind::AsDefined),
        Some("true") => Ok(Kind::Purge),
        Some(_) => Err(Error::invalid_input("hard", "Must be true or false")),
    }
}

/// The version that the client expects, by `If-Match`, by the body where `body` has one, or by
/// both.
///
/// Only the version in the tag counts; `W/"3-..."` and a bare `3` are taken, too.
///
/// # Errors
/// `INVALID_INPUT` if the header is no such tag, or if the body names another version.
pub fn expected(request: &HttpRequest, body: Option<i64>) -> Result<Expected> {
    let in_body = body.map_or(Expected::Any, Expected::Version);
    let mut headers = request.headers().get_all(IF_MATCH);
    let Some(header) = headers.next() else {
        return Ok(in_body);
    };
    let text = header.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(in_body);
    }
    let Some(version) = version_of(text).filter(|_| headers.next().is_none()) else {
        let message = "Must be the ETag of what is to be changed";
        return Err(Error::invalid_input("If-Match", message));
    };
    if body.is_some_and(|body| body != version) {
        return Err(Error::invalid_input(
            "version",
            "Is another than in If-Match",
        ));
    }
    Ok(Expected::Precondition(version))
}

/// The version in one tag: `"3-..."`, `"3"` or `3`, with `W/` or without.
fn version_of(tag: &str) -> Option<i64> {
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    let quoted = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
    let plain = quoted.unwrap_or(tag);
    let (version, rest) = plain.split_once('-').unwrap_or((plain, ""));
    let is_one_tag = !rest.contains('"') && version.bytes().all(|byte| byte.is_ascii_digit());
    is_one_tag.then(|| version.parse().ok()).flatten()
}
