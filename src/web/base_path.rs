//! The path below which this instance lies on its host: `/stead` of `https://example.org/stead`.
//!
//! A proxy may hand requests on with this path or without it. Inside there is none: it is taken
//! off before a request is routed, and put before every path that leaves.

use std::sync::Arc;

use actix_web::{
    HttpRequest,
    dev::ServiceRequest,
    http::{Uri, uri::PathAndQuery},
};

use crate::config;

/// Empty where the instance has its host for itself. Cheap to clone.
#[derive(Clone, Debug)]
pub struct BasePath(Arc<str>);

impl BasePath {
    /// As configured.
    pub fn new(config: &config::Server) -> Self {
        let url = config.public_url.as_ref();
        Self(url.map_or("", config::PublicUrl::path).into())
    }

    /// The address that clients know a path of ours by. `path` begins with a slash.
    pub fn outside(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The same, from inside a handler.
    pub fn outside_of(request: &HttpRequest, path: &str) -> String {
        let base = request.app_data::<Self>();
        base.map_or_else(|| path.to_owned(), |base| base.outside(path))
    }

    /// Takes the path off a request that has it still.
    pub fn strip(&self, request: &mut ServiceRequest) {
        let Some(uri) = self.inside(request.uri()) else {
            return;
        };
        request.match_info_mut().get_mut().update(&uri);
        request.head_mut().uri = uri;
    }

    /// The address without this path; none where it does not begin with it.
    fn inside(&self, uri: &Uri) -> Option<Uri> {
        if self.0.is_empty() {
            return None;
        }
        let rest = uri.path().strip_prefix(&*self.0)?;
        let path = match rest {
            "" => "/",
            rest if rest.starts_with('/') => rest,
            _ => return None,
        };
        let query = uri.query().map(|query| format!("?{query}"));
        let whole = format!("{path}{}", query.unwrap_or_default());
        let mut parts = uri.clone().into_parts();
        parts.path_and_query = Some(PathAndQuery::try_from(whole).ok()?);
        Uri::from_parts(parts).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::BasePath;

    fn inside(base: &str, uri: &str) -> Option<String> {
        let inside = BasePath(base.into()).inside(&uri.parse().unwrap());
        inside.map(|uri| uri.to_string())
    }

    #[test]
    fn it_is_taken_off_whole_names_alone() {
        let inside = |uri| inside("/stead", uri);
        let at = |path: &str| Some(path.to_owned());
        assert_eq!(inside("/stead"), at("/"));
        assert_eq!(inside("/stead?a=b"), at("/?a=b"));
        assert_eq!(
            inside("/stead/api/v1/posts?a=%2F"),
            at("/api/v1/posts?a=%2F")
        );
        assert_eq!(inside("/stead/stead/x"), at("/stead/x"));
        assert_eq!(inside("/steadfast/x"), None);
        assert_eq!(inside("/api/v1/posts"), None);
        assert_eq!(inside("http://host/stead/x"), at("http://host/x"));
    }

    #[test]
    fn without_one_nothing_changes() {
        assert_eq!(inside("", "/api"), None);
        assert_eq!(BasePath("".into()).outside("/api"), "/api");
        assert_eq!(BasePath("/stead".into()).outside("/api"), "/stead/api");
    }
}
