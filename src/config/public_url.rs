//! The address under which browsers reach this instance, and origins (RFC 6454) in general.

use std::{fmt, net::Ipv6Addr, str::FromStr};

/// Scheme, host and port as browsers send them in `Origin`: lower case, without the usual port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// `https://example.org`, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // A slash alone is what browsers show, and no path.
        let (origin, path) = origin_and_path(text)?;
        if path.is_empty() || path == "/" {
            Ok(origin)
        } else {
            Err("has a path: an origin is scheme, host and port")
        }
    }
}

/// An origin, and the path below which the instance lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: Origin,
    path: String,
}

impl PublicUrl {
    /// As browsers send it in `Origin`: `https://example.org`.
    pub fn origin(&self) -> &str {
        self.origin.as_str()
    }

    /// `/stead`, without a slash at the end; empty where the instance has its host for itself.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// True for https.
    pub fn is_https(&self) -> bool {
        self.origin.0.starts_with("https:")
    }
}

impl fmt::Display for PublicUrl {
    /// The whole address, without a slash at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin.0, self.path)
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (origin, path) = origin_and_path(text)?;
        let path = path.strip_suffix('/').unwrap_or(path);
        check_path(path)?;
        Ok(Self {
            origin,
            path: path.to_owned(),
        })
    }
}

/// Takes an address apart; the path begins with a slash, or is empty.
fn origin_and_path(text: &str) -> Result<(Origin, &str), &'static str> {
    let (scheme, rest) = text.split_once("://").ok_or("has no scheme")?;
    let scheme = scheme.to_ascii_lowercase();
    let usual = match scheme.as_str() {
        "http" => 80,
        "https" => 443,
        _ => return Err("is neither http nor https"),
    };
    if rest.contains(['?', '#', '@', '\\']) {
        return Err("has a query, a fragment, a user name or a backslash");
    }
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let authority = authority.to_ascii_lowercase();
    let (host, port) = split(&authority).ok_or("has a port that is none")?;
    let host = canonical(host).ok_or("has a host that is none")?;
    let origin = match port.filter(|port| *port != usual) {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    };
    Ok((Origin(origin), path))
}

/// A path goes as it is into headers, cookies and comparisons with what clients send, so it has
/// letters alone that are never written in two ways.
fn check_path(path: &str) -> Result<(), &'static str> {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let is_name = |name: &str| !matches!(name, "" | "." | "..") && name.bytes().all(plain);
    let mut names = path.split('/').skip(1);
    // What a proxy hands on without the path must not be taken for a path with it.
    if path.split('/').nth(1).is_some_and(is_ours) {
        return Err(
            "has a path that begins like one of Stead's own: /api, /admin, /health, /metrics",
        );
    }
    if names.all(is_name) {
        Ok(())
    } else {
        Err("has a path with more than letters, digits and - . _ ~ in its names")
    }
}

/// True for the first names of paths that are always Stead's own.
pub fn is_ours(name: &str) -> bool {
    matches!(name, "api" | "admin" | "health" | "metrics")
}

/// Host and port; none if the port is not a number from 1 to 65535.
fn split(authority: &str) -> Option<(&str, Option<u16>)> {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => {
            let digits = port.bytes().all(|byte| byte.is_ascii_digit());
            let port = port.parse().ok().filter(|port| digits && *port != 0)?;
            Some((host, Some(port)))
        }
        _ => Some((authority, None)),
    }
}

/// A name, an IPv4 address, or an IPv6 address in brackets. Other alphabets are written in
/// punycode, as browsers send them.
fn canonical(host: &str) -> Option<String> {
    if let Some(inner) = host.strip_prefix('[') {
        let address: Ipv6Addr = inner.strip_suffix(']')?.parse().ok()?;
        return Some(format!("[{address}]"));
    }
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let valid = !host.is_empty() && !host.starts_with('.') && host.bytes().all(known);
    valid.then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Origin, PublicUrl};

    #[test]
    fn it_becomes_the_origin_that_browsers_send() {
        for (given, origin) in [
            ("https://example.org", "https://example.org"),
            ("HTTPS://Example.ORG:443/", "https://example.org"),
            ("http://example.org:443", "http://example.org:443"),
            ("http://192.168.1.7:80", "http://192.168.1.7"),
            ("http://[2001:DB8:0::1]:8080", "http://[2001:db8::1]:8080"),
            ("http://[::1]", "http://[::1]"),
        ] {
            assert_eq!(given.parse::<PublicUrl>().unwrap().origin(), origin);
        }
        assert!("https://a".parse::<PublicUrl>().unwrap().is_https());
        assert!(!"http://a".parse::<PublicUrl>().unwrap().is_https());
    }

    #[test]
    fn its_path_stays_as_it_is_written() {
        for (given, whole, path) in [
            (
                "https://Example.org/Stead",
                "https://example.org/Stead",
                "/Stead",
            ),
            (
                "https://example.org/a/b~c/",
                "https://example.org/a/b~c",
                "/a/b~c",
            ),
            ("https://example.org/", "https://example.org", ""),
        ] {
            let url: PublicUrl = given.parse().unwrap();
            assert_eq!((url.to_string().as_str(), url.path()), (whole, path));
        }
    }

    #[test]
    fn an_origin_has_no_path() {
        assert_eq!(
            "https://a.example/".parse::<Origin>().unwrap().as_str(),
            "https://a.example"
        );
        for text in [
            "https://a.example/b",
            "https://a.example//",
            "null",
            "*",
            "https://*",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_plain_address_is_refused() {
        for text in [
            "example.org",
            "ftp://example.org",
            "https://",
            "https:///",
            "https://example.org//",
            "https://example.org//stead",
            "https://example.org/stead//",
            "https://example.org/../stead",
            "https://example.org/st%65ad",
            "https://example.org/a;b",
            "https://example.org/api",
            "https://example.org/admin/stead",
            "https://example.org\\stead",
            "https://example.org?a=b",
            "https://example.org#top",
            "https://ann:pw@example.org",
            "https://example.org:0",
            "https://example.org:65536",
            "https://example.org:+80",
            "https://example.org:",
            "https://[::1",
            "https://exa mple.org",
            "https://bücher.example",
        ] {
            assert!(text.parse::<PublicUrl>().is_err(), "{text}");
        }
    }
}
