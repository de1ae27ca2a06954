//! The three cookies: read, set, and taken away.

use actix_web::{
    cookie::{Cookie, SameSite, time::Duration},
    http::header::{COOKIE, HeaderMap, HeaderValue},
};

use super::peer::Peer;
use crate::{
    base::{Error, Result},
    config::{self, Secure},
};

const ACCESS: &str = "access_token";
const REFRESH: &str = "refresh_token";
const CSRF: &str = "csrf_token";

/// Our cookies as they came with a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentCookies {
    /// The access token.
    pub access: Option<String>,
    /// The refresh token; browsers send it below `/api/auth` alone.
    pub refresh: Option<String>,
    /// The CSRF token.
    pub csrf: Option<String>,
    /// The one that was sent twice.
    twice: Option<&'static str>,
}

impl SentCookies {
    /// Reads them from the headers of a request.
    pub fn read(headers: &HeaderMap) -> Self {
        let mut sent = Self::default();
        // Byte by byte: another application of this host may have cookies in any letters, which
        // must hide neither ours nor a second one of the same name.
        let lines = headers.get_all(COOKIE).map(HeaderValue::as_bytes);
        for pair in lines.flat_map(|line| line.split(|byte| *byte == b';')) {
            let pair = std::str::from_utf8(pair).ok();
            let Some((name, value)) = pair.and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            let (name, place) = match name.trim() {
                ACCESS => (ACCESS, &mut sent.access),
                REFRESH => (REFRESH, &mut sent.refresh),
                CSRF => (CSRF, &mut sent.csrf),
                _ => continue,
            };
            if place.replace(value.trim().to_owned()).is_some() {
                sent.twice = Some(name);
            }
        }
        sent
    }

    /// Refuses cookies of which one was sent twice: somebody may have planted the second.
    ///
    /// # Errors
    /// `INVALID_INPUT`, with the name of the cookie.
    pub fn check(&self) -> Result<()> {
        self.twice.map_or(Ok(()), |name| {
            Err(Error::invalid_input(name, "The cookie was sent twice"))
        })
    }
}

/// What a session's cookies hold.
#[derive(Clone, Copy)]
pub struct Values<'a> {
    /// The access token.
    pub access: &'a str,
    /// The refresh token.
    pub refresh: &'a str,
    /// The CSRF token.
    pub csrf: &'a str,
}

/// How cookies are set, from the configuration.
#[derive(Clone, Debug)]
pub struct CookieRules {
    secure: Secure,
    public_is_https: bool,
    is_tls: bool,
    access: Duration,
    refresh: Duration,
}

impl CookieRules {
    /// As configured.
    pub fn new(config: &config::Config) -> Self {
        let seconds = |span: std::time::Duration| {
            Duration::seconds(i64::try_from(span.as_secs()).unwrap_or(i64::MAX))
        };
        let public_is_https = config
            .server
            .public_url
            .as_ref()
            .is_some_and(config::PublicUrl::is_https);
        Self {
            secure: config.cookies.secure,
            public_is_https,
            is_tls: config.server.tls_files().is_some(),
            access: seconds(config.auth.access),
            refresh: seconds(config.auth.refresh),
        }
    }

    /// True if cookies carry `Secure`. Browsers drop such cookies over plain HTTP, so by default
    /// the flag is left out there, but only where no proxy can stand in between.
    pub fn is_secure(&self, peer: Peer, origin: Option<&str>) -> bool {
        match self.secure {
            Secure::Always => true,
            Secure::Never => false,
            Secure::Auto => {
                let https_page = origin.is_some_and(|origin| origin.starts_with("https:"));
                !peer.is_local_plain || self.public_is_https || https_page
            }
        }
    }

    /// True if some requests get cookies without `Secure`, which the operator should know.
    pub fn may_be_plain(&self) -> bool {
        match self.secure {
            Secure::Always => false,
            Secure::Never => true,
            Secure::Auto => !self.public_is_https && !self.is_tls,
        }
    }

    /// The cookies that sign a browser in.
    pub fn set(&self, values: Values<'_>, secure: bool) -> [Cookie<'static>; 3] {
        [
            cookie(ACCESS, values.access, self.access, secure),
            cookie(REFRESH, values.refresh, self.refresh, secure),
            cookie(CSRF, values.csrf, self.refresh, secure),
        ]
    }

    /// The CSRF cookie alone, for a browser that has lost it.
    pub fn set_csrf(&self, value: &str, secure: bool) -> Cookie<'static> {
        cookie(CSRF, value, self.refresh, secure)
    }

    /// The cookies that sign a browser out.
    pub fn clear(secure: bool) -> [Cookie<'static>; 3] {
        [ACCESS, REFRESH, CSRF].map(|name| cookie(name, "", Duration::ZERO, secure))
    }
}

fn cookie(name: &'static str, value: &str, age: Duration, secure: bool) -> Cookie<'static> {
    let mut cookie = Cookie::build(name, value.to_owned())
        .path(if name == REFRESH { "/api/auth" } else { "/" })
        .max_age(age)
        .same_site(SameSite::Strict)
        .http_only(name != CSRF)
        .finish();
    if secure {
        cookie.set_secure(true);
    }
    cookie
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{COOKIE, HeaderMap, HeaderValue};

    use super::{CookieRules, SentCookies};
    use crate::{
        config::{Config, Secure},
        web::Peer,
    };

    fn sent(lines: &[&str]) -> SentCookies {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, HeaderValue::from_str(line).unwrap());
        }
        SentCookies::read(&headers)
    }

    #[test]
    fn ours_are_found_among_others() {
        let cookies = sent(&["theme=dark; access_token=a", "csrf_token=c;x=y;theme=light"]);
        cookies.check().unwrap();
        assert_eq!(
            (cookies.access.as_deref(), cookies.csrf.as_deref()),
            (Some("a"), Some("c"))
        );
        assert_eq!(cookies.refresh, None);
    }

    #[test]
    fn one_of_ours_sent_twice_is_refused() {
        sent(&["access_token=a; access_token=b"])
            .check()
            .unwrap_err();
        sent(&["csrf_token=a", "csrf_token=a"]).check().unwrap_err();
    }

    #[test]
    fn secure_is_left_out_only_where_no_proxy_can_stand_between() {
        let mut config = Config::default_in("unused".into());
        let local = Peer {
            address: "127.0.0.1".parse().unwrap(),
            is_https: false,
            is_local_plain: true,
        };
        let remote = Peer {
            is_local_plain: false,
            ..local
        };
        let rules = CookieRules::new(&config);
        assert!(!rules.is_secure(local, None));
        assert!(!rules.is_secure(local, Some("http://localhost:8080")));
        assert!(rules.is_secure(local, Some("https://example.com")));
        assert!(rules.is_secure(remote, None));
        config.server.public_url = Some("https://example.com".parse().unwrap());
        assert!(CookieRules::new(&config).is_secure(local, None));
        config.cookies.secure = Secure::Never;
        assert!(!CookieRules::new(&config).is_secure(remote, None));
    }
}
