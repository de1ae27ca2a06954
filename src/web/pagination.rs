//! Where a page stands in its list, for clients: `pagination`, `links`, and the `Link` header.

use actix_web::HttpRequest;
use serde_json::{Value as Json, json};

use super::base_path::BasePath;
use crate::base::page::{Paging, Place};

/// The longest address that stands in the `Link` header: proxies give up on answers with longer
/// heads. It is among the links of the body all the same.
const MAX_LINK: usize = 2_000;

/// What an answer says of its page; what does not apply is null.
pub struct Pagination {
    /// The member `pagination`.
    pub numbers: Json,
    /// The member `links`.
    pub links: Json,
    /// The `Link` header (RFC 8288); empty for a page that stands alone.
    pub header: String,
}

impl Pagination {
    /// That of the page that `request` asked for.
    pub fn of(request: &HttpRequest, paging: &Paging) -> Self {
        match &paging.place {
            Place::Number { number, has_next } => by_number(request, paging, *number, *has_next),
            Place::Cursor(next) => by_cursor(request, paging, next.as_deref()),
        }
    }

    fn linked(numbers: Json, own: &str, next: Option<&str>, previous: Option<&str>) -> Self {
        let header = [header(next, "next"), header(previous, "prev")];
        Self {
            numbers,
            header: header.into_iter().flatten().collect::<Vec<_>>().join(", "),
            links: json!({ "self": own, "next": next, "prev": previous }),
        }
    }
}

fn by_number(request: &HttpRequest, paging: &Paging, number: u64, has_next: bool) -> Pagination {
    let pages = paging.total.map(|total| total.div_ceil(paging.size.max(1)));
    let link = |number: u64| link(request, "page", &number.to_string());
    let next = has_next.then(|| link(number + 1));
    // A page past the end leads back to the last one, where anybody knows which that is.
    let last = pages.map_or(u64::MAX, |pages| pages.max(1));
    let previous = (number > 1).then(|| link((number - 1).min(last)));
    let numbers = json!({
        "page": number, "pageSize": paging.size,
        "totalItems": paging.total, "totalPages": pages,
        "hasNextPage": has_next, "hasPreviousPage": number > 1, "nextCursor": null,
    });
    Pagination::linked(numbers, &link(number), next.as_deref(), previous.as_deref())
}

/// Nothing leads back from a cursor.
fn by_cursor(request: &HttpRequest, paging: &Paging, next: Option<&str>) -> Pagination {
    let numbers = json!({
        "page": null, "pageSize": paging.size,
        "totalItems": paging.total, "totalPages": null,
        "hasNextPage": next.is_some(), "hasPreviousPage": null, "nextCursor": next,
    });
    let path = BasePath::outside_of(request, request.path());
    let own = format!("{path}?{}", request.query_string());
    let next = next.map(|cursor| link(request, "cursor", cursor));
    Pagination::linked(numbers, &own, next.as_deref(), None)
}

/// The address of another page of this list; all else stays as it was sent. The value needs no
/// escape.
fn link(request: &HttpRequest, name: &str, value: &str) -> String {
    let is_place = |pair: &str| {
        let name = pair.split('=').next().unwrap_or_default();
        matches!(
            super::query::decode(name).as_deref(),
            Some("page" | "cursor")
        )
    };
    let path = BasePath::outside_of(request, request.path());
    let mut link = format!("{path}?{name}={value}");
    for pair in request.query_string().split('&') {
        if !pair.is_empty() && !is_place(pair) {
            link.push('&');
            link.push_str(pair);
        }
    }
    link
}

fn header(url: Option<&str>, rel: &str) -> Option<String> {
    let url = url.filter(|url| url.len() <= MAX_LINK)?;
    Some(format!("<{url}>; rel=\"{rel}\""))
}
