//! The three cookies: read, set, and taken away.

use actix_web::{
    cookie::{Cookie, SameSite, time::Duration},
    http::header::{COOKIE, HeaderMap, HeaderValue},
};

use super::peer::Peer;
use crate::{
    base::{Error, Result},
    config::{self, CookiePrefix, Secure},
};

const ACCESS: &str = "access_token";
const REFRESH: &str = "refresh_token";
const CSRF: &str = "csrf_token";

/// What the three cookies are called here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieNames {
    access: String,
    refresh: String,
    csrf: String,
}

impl CookieNames {
    /// As configured.
    pub fn new(config: &config::Cookies) -> Self {
        let (prefix, of_refresh) = match &config.prefix {
            CookiePrefix::None => ("", ""),
            CookiePrefix::Host => ("__Host-", "__Secure-"),
            CookiePrefix::Secure => ("__Secure-", "__Secure-"),
            CookiePrefix::Own(own) => (own.as_str(), own.as_str()),
        };
        Self {
            access: format!("{prefix}{ACCESS}"),
            refresh: format!("{of_refresh}{REFRESH}"),
            csrf: format!("{prefix}{CSRF}"),
        }
    }
}

impl CookieNames {
    /// That of the access token.
    pub fn access(&self) -> &str {
        &self.access
    }

    /// That of the refresh token.
    pub fn refresh(&self) -> &str {
        &self.refresh
    }
}

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
    twice: Option<String>,
}

impl SentCookies {
    /// Reads them from the headers of a request.
    pub fn read(names: &CookieNames, headers: &HeaderMap) -> Self {
        let mut sent = Self::default();
        // Byte by byte: another application of this host may have cookies in any letters, which
        // must hide neither ours nor a second one of the same name.
        let lines = headers.get_all(COOKIE).map(HeaderValue::as_bytes);
        for pair in lines.flat_map(|line| line.split(|byte| *byte == b';')) {
            let pair = std::str::from_utf8(pair).ok();
            let Some((name, value)) = pair.and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            let place = match name.trim() {
                name if name == names.access => &mut sent.access,
                name if name == names.refresh => &mut sent.refresh,
                name if name == names.csrf => &mut sent.csrf,
                _ => continue,
            };
            if place.replace(value.trim().to_owned()).is_some() {
                sent.twice = Some(name.trim().to_owned());
            }
        }
        sent
    }

    /// Refuses cookies of which one was sent twice: somebody may have planted the second.
    ///
    /// # Errors
    /// `INVALID_INPUT`, with the name of the cookie.
    pub fn check(&self) -> Result<()> {
        self.twice.as_deref().map_or(Ok(()), |name| {
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
    names: CookieNames,
    /// Where the access and the CSRF cookie are sent, and where the refresh cookie is.
    paths: (String, String),
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
        let prefix = &config.cookies.prefix;
        let base = config
            .server
            .public_url
            .as_ref()
            .map_or("", config::PublicUrl::path);
        // Browsers take `__Host-` for a cookie of the whole host alone.
        let path = match base {
            "" => "/",
            _ if *prefix == CookiePrefix::Host => "/",
            base => base,
        };
        Self {
            names: CookieNames::new(&config.cookies),
            paths: (path.to_owned(), format!("{base}/api/auth")),
            // Without the flag browsers would drop them at once.
            secure: match config.cookies.secure {
                _ if prefix.needs_secure() => Secure::Always,
                secure => secure,
            },
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

    /// What the cookies are called here.
    pub fn names(&self) -> &CookieNames {
        &self.names
    }

    /// The cookies that sign a browser in.
    pub fn set(&self, values: Values<'_>, secure: bool) -> [Cookie<'static>; 3] {
        let ages = [self.access, self.refresh, self.refresh];
        self.all([values.access, values.refresh, values.csrf], ages, secure)
    }

    /// The CSRF cookie alone, for a browser that has lost it.
    pub fn set_csrf(&self, value: &str, secure: bool) -> Cookie<'static> {
        let (name, path) = (&self.names.csrf, &self.paths.0);
        build(name, value, path, self.refresh, false, secure)
    }

    /// The cookies that sign a browser out.
    pub fn clear(&self, secure: bool) -> [Cookie<'static>; 3] {
        self.all([""; 3], [Duration::ZERO; 3], secure)
    }

    fn all(&self, values: [&str; 3], ages: [Duration; 3], secure: bool) -> [Cookie<'static>; 3] {
        let ([access, refresh, csrf], [access_age, refresh_age, csrf_age]) = (values, ages);
        let (names, (path, of_refresh)) = (&self.names, &self.paths);
        [
            build(&names.access, access, path, access_age, true, secure),
            build(
                &names.refresh,
                refresh,
                of_refresh,
                refresh_age,
                true,
                secure,
            ),
            build(&names.csrf, csrf, path, csrf_age, false, secure),
        ]
    }
}

fn build(
    name: &str,
    value: &str,
    path: &str,
    age: Duration,
    http_only: bool,
    secure: bool,
) -> Cookie<'static> {
    let mut cookie = Cookie::build(name.to_owned(), value.to_owned())
        .path(path.to_owned())
        .max_age(age)
        .same_site(SameSite::Strict)
        .http_only(http_only)
        .finish();
    if secure {
        cookie.set_secure(true);
    }
    cookie
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{COOKIE, HeaderMap, HeaderValue};

    use super::{CookieNames, CookieRules, SentCookies};
    use crate::{
        config::{Config, CookiePrefix, Secure},
        web::Peer,
    };

    fn sent(lines: &[&str]) -> SentCookies {
        sent_to(CookiePrefix::None, lines)
    }

    fn sent_to(prefix: CookiePrefix, lines: &[&str]) -> SentCookies {
        let mut config = Config::default_in("unused".into()).cookies;
        config.prefix = prefix;
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, HeaderValue::from_str(line).unwrap());
        }
        SentCookies::read(&CookieNames::new(&config), &headers)
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
    fn those_of_another_prefix_are_not_ours() {
        let line = "access_token=a; blog_access_token=b; __Host-access_token=c; \
                    __Secure-refresh_token=d; blog_refresh_token=e; __Host-refresh_token=f";
        let read = |prefix| {
            let sent = sent_to(prefix, &[line]);
            sent.check().unwrap();
            (sent.access.unwrap(), sent.refresh)
        };
        let pair =
            |access: &str, refresh: Option<&str>| (access.to_owned(), refresh.map(str::to_owned));
        assert_eq!(read(CookiePrefix::None), pair("a", None));
        assert_eq!(
            read(CookiePrefix::Own("blog_".to_owned())),
            pair("b", Some("e"))
        );
        assert_eq!(read(CookiePrefix::Host), pair("c", Some("d")));
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
        config.cookies.secure = Secure::Auto;
        config.server.public_url = None;
        config.cookies.prefix = CookiePrefix::Host;
        assert!(CookieRules::new(&config).is_secure(local, None));
    }
}
