//! The address under which browsers reach this instance.

use std::{net::Ipv6Addr, str::FromStr};

/// Scheme, host and port, kept as an origin (RFC 6454): lower case, without the usual port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// As browsers send it in `Origin`: `https://example.org`, without a slash at the end.
    pub fn origin(&self) -> &str {
        &self.0
    }

    /// True for https.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https:")
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.to_ascii_lowercase();
        let (scheme, rest) = text.split_once("://").ok_or("has no scheme")?;
        let usual = match scheme {
            "http" => 80,
            "https" => 443,
            _ => return Err("is neither http nor https"),
        };
        // A slash alone is what browsers show, and no path.
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        if authority.contains(['/', '\\']) {
            return Err("has a path: an instance has its host for itself in this version");
        }
        if authority.contains(['?', '#', '@']) {
            return Err("has a query, a fragment or a user name");
        }
        let (host, port) = split(authority).ok_or("has a port that is none")?;
        let host = canonical(host).ok_or("has a host that is none")?;
        Ok(Self(match port.filter(|port| *port != usual) {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        }))
    }
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
    use super::PublicUrl;

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
    fn what_is_more_than_an_origin_is_refused() {
        for text in [
            "example.org",
            "ftp://example.org",
            "https://",
            "https:///",
            "https://example.org/stead",
            "https://example.org//",
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
