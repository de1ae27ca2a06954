//! Comparison of entity tags (RFC 9110, 8.8.3.2 and 13.1.2).

use actix_web::http::header::{ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH};

/// True if a request names this tag in `If-None-Match`, weak or strong, or `*`, which means any.
pub fn is_known(request: &HeaderMap, tag: &str) -> bool {
    let bare = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    let tag = bare(tag);
    named(request).any(|named| named == "*" || bare(named) == tag)
}

/// Makes the tag of an answer weak: what is packed on the way has the same meaning as what is not,
/// but other bytes.
pub fn weaken(response: &mut HeaderMap) {
    let tag = response.get(ETAG).and_then(|tag| tag.to_str().ok());
    let weak = tag
        .filter(|tag| !tag.starts_with("W/"))
        .and_then(|tag| HeaderValue::from_str(&format!("W/{tag}")).ok());
    if let Some(weak) = weak {
        response.insert(ETAG, weak);
    }
}

/// Gives a 304 the tag as the client has it, weak where it was packed for it, so that a cache knows
/// which of its answers is meant (RFC 9111, 4.3.4).
pub fn match_weakness(request: &HeaderMap, response: &mut HeaderMap) {
    let tag = response.get(ETAG).and_then(|tag| tag.to_str().ok());
    let weak = tag.map(|tag| format!("W/{tag}"));
    if weak.is_some_and(|weak| named(request).any(|named| *named == weak)) {
        weaken(response);
    }
}

/// The tags in `If-None-Match`, all its lines together.
fn named(request: &HeaderMap) -> impl Iterator<Item = &str> {
    let lines = request.get_all(IF_NONE_MATCH);
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim)
}
