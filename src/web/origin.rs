//! The check of the origin, where there is no session to bind a CSRF token to.

use actix_web::http::header::{HOST, HeaderMap, ORIGIN};

use super::{cors::CorsRules, peer::Peer};
use crate::{
    base::{Code, Error, Result},
    config,
};

/// Which pages may sign in.
#[derive(Clone, Debug)]
pub struct OriginRules {
    public_url: Option<String>,
    listed: CorsRules,
}

impl OriginRules {
    /// As configured.
    pub fn new(config: &config::Config) -> Self {
        let url = config.server.public_url.as_ref();
        Self {
            public_url: url.map(|url| url.origin().to_owned()),
            listed: CorsRules::new(&config.cors),
        }
    }

    /// Lets a page of this origin pass, and what is no browser.
    ///
    /// # Errors
    /// `FORBIDDEN` for a page of any other origin.
    pub fn check(&self, headers: &HeaderMap, peer: Peer) -> Result<()> {
        let header = |name: &str| {
            headers
                .get(name)
                .map(|value| value.to_str().unwrap_or_default())
        };
        let site = header("sec-fetch-site");
        let origin = header(ORIGIN.as_str());
        let passes = match (site, origin) {
            (Some("same-origin"), _) | (None, None) => true,
            (_, Some(origin)) => {
                self.listed.lists(origin) || self.is_ours(origin, header(HOST.as_str()), peer)
            }
            (Some(_), None) => false,
        };
        if passes {
            Ok(())
        } else {
            Err(Error::new(Code::Forbidden, "Origin check failed"))
        }
    }

    fn is_ours(&self, origin: &str, host: Option<&str>, peer: Peer) -> bool {
        let scheme = if peer.is_https { "https" } else { "http" };
        let own = match (&self.public_url, host) {
            (Some(url), _) => url.clone(),
            (None, Some(host)) => format!("{scheme}://{}", host.to_ascii_lowercase()),
            (None, None) => return false,
        };
        origin.eq_ignore_ascii_case(&own)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

    use super::OriginRules;
    use crate::{config::Config, web::Peer};

    fn passes(public_url: Option<&str>, headers: &[(&'static str, &str)]) -> bool {
        let mut config = Config::default_in("unused".into());
        config.server.public_url = public_url.map(|url| url.parse().unwrap());
        config.cors.origins = vec!["https://app.example".parse().unwrap()];
        let rules = OriginRules::new(&config);
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(
                HeaderName::from_static(name),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        let address = "127.0.0.1".parse().unwrap();
        rules
            .check(
                &map,
                Peer {
                    address,
                    is_https: false,
                    is_local_plain: true,
                },
            )
            .is_ok()
    }

    #[test]
    fn only_our_own_pages_and_programs_pass() {
        let host = ("host", "stead.local:8080");
        assert!(passes(None, &[host]));
        assert!(passes(None, &[host, ("sec-fetch-site", "same-origin")]));
        assert!(passes(None, &[host, ("origin", "http://stead.local:8080")]));
        assert!(passes(None, &[host, ("origin", "http://Stead.local:8080")]));
        assert!(!passes(
            None,
            &[host, ("origin", "https://stead.local:8080")]
        ));
        assert!(!passes(None, &[host, ("origin", "http://evil.example")]));
        assert!(!passes(None, &[host, ("origin", "null")]));
        assert!(!passes(None, &[host, ("sec-fetch-site", "cross-site")]));
        assert!(!passes(None, &[host, ("sec-fetch-site", "none")]));
        assert!(!passes(
            None,
            &[
                host,
                ("sec-fetch-site", "cross-site"),
                ("origin", "http://evil.example")
            ]
        ));
    }

    #[test]
    fn pages_of_listed_origins_pass() {
        let (host, site) = (("host", "stead.local"), ("sec-fetch-site", "same-site"));
        assert!(passes(
            None,
            &[host, site, ("origin", "https://app.example")]
        ));
        assert!(passes(
            Some("https://a.example"),
            &[host, ("origin", "https://app.example")]
        ));
        for other in [
            "http://app.example",
            "https://app.example:8443",
            "https://x.app.example",
        ] {
            assert!(!passes(None, &[host, site, ("origin", other)]), "{other}");
        }
    }

    #[test]
    fn a_path_of_the_public_url_is_no_part_of_its_origin() {
        let url = Some("https://example.com/stead");
        assert!(passes(url, &[("origin", "https://example.com")]));
        assert!(!passes(url, &[("origin", "https://example.com/stead")]));
    }

    #[test]
    fn a_public_url_stands_in_place_of_the_host() {
        let url = Some("https://example.com");
        let host = ("host", "127.0.0.1:8080");
        assert!(passes(url, &[host, ("origin", "https://example.com")]));
        assert!(!passes(url, &[host, ("origin", "http://127.0.0.1:8080")]));
    }
}
