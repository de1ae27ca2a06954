//! Who is at the other end: address and scheme, looked up behind trusted proxies alone.
//!
//! actix's `ConnectionInfo` is not used: it believes what any client says of itself.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::{
    dev::ServiceRequest,
    http::header::{HeaderMap, HeaderValue},
};

use crate::config::{self, ProxyHeaders};

/// The other end of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The client's address.
    pub address: IpAddr,
    /// True if the client speaks HTTPS, with us or with a proxy that we trust.
    pub is_https: bool,
    /// True if the request came over plain HTTP, straight from a loopback or private address.
    pub is_local_plain: bool,
}

/// Whose word about a client counts.
#[derive(Clone, Debug)]
pub struct PeerRules {
    trusted: Vec<config::Network>,
    headers: ProxyHeaders,
}

/// One hop, as a proxy tells of it.
struct Hop {
    address: Option<IpAddr>,
    proto: Option<String>,
}

impl PeerRules {
    /// As configured.
    pub fn new(config: &config::Server) -> Self {
        Self {
            trusted: config.trusted_proxies.clone(),
            headers: config.proxy_headers,
        }
    }

    /// The other end of `request`.
    pub fn peer(&self, request: &ServiceRequest) -> Peer {
        // Who comes over the socket of the data directory has no address, and is on this machine.
        let direct = request
            .peer_addr()
            .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |a| a.ip());
        let is_tls = request.app_config().secure();
        self.resolve(direct.to_canonical(), is_tls, request.headers())
    }

    /// The client behind `direct`, which spoke TLS with us or not.
    fn resolve(&self, direct: IpAddr, is_tls: bool, headers: &HeaderMap) -> Peer {
        let is_local_plain = !is_tls && is_private(direct) && !has_forwarding(headers);
        let mut peer = Peer {
            address: direct,
            is_https: is_tls,
            is_local_plain,
        };
        if !self.trusts(direct) {
            return peer;
        }
        // From the right: each entry was added by the hop that we have just decided to believe.
        for hop in self.hops(headers).into_iter().rev() {
            peer.is_https = hop.proto.as_deref().map_or(peer.is_https, |p| p == "https");
            let Some(address) = hop.address else { break };
            peer.address = address;
            if !self.trusts(address) {
                break;
            }
        }
        peer
    }

    /// True if a client has this address only because a trusted proxy did not say whose request it
    /// forwards.
    pub fn is_proxy(&self, client: IpAddr) -> bool {
        self.trusts(client)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(address))
    }

    fn hops(&self, headers: &HeaderMap) -> Vec<Hop> {
        match self.headers {
            ProxyHeaders::Forwarded => elements(headers, "forwarded").map(forwarded_hop).collect(),
            ProxyHeaders::XForwarded => {
                let protos: Vec<&str> = elements(headers, "x-forwarded-proto").collect();
                let hops: Vec<Hop> = elements(headers, "x-forwarded-for")
                    .map(|address| Hop {
                        address: parse_address(address),
                        proto: None,
                    })
                    .collect();
                x_forwarded(hops, &protos)
            }
        }
    }
}

/// Joins both lists from the right. A proxy that says the scheme once says it for all hops.
fn x_forwarded(mut hops: Vec<Hop>, protos: &[&str]) -> Vec<Hop> {
    if hops.is_empty() && !protos.is_empty() {
        hops.push(Hop {
            address: None,
            proto: None,
        });
    }
    let one = (protos.len() == 1).then(|| protos.first()).flatten();
    let mut protos = protos.iter().rev();
    for hop in hops.iter_mut().rev() {
        let proto = one.or_else(|| protos.next());
        hop.proto = proto.map(|proto| proto.to_ascii_lowercase());
    }
    hops
}

/// One element of RFC 7239: `for="[2001:db8::1]:4711";proto=https`.
fn forwarded_hop(element: &str) -> Hop {
    let mut hop = Hop {
        address: None,
        proto: None,
    };
    for pair in element.split(';') {
        let Some((name, value)) = pair.split_once('=') else {
            continue;
        };
        let value = value.trim().trim_matches('"');
        match name.trim().to_ascii_lowercase().as_str() {
            "for" => hop.address = parse_address(value),
            "proto" => hop.proto = Some(value.to_ascii_lowercase()),
            _ => {}
        }
    }
    hop
}

/// An address with or without brackets and port.
fn parse_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None if text.matches(':').count() == 1 => text.split_once(':')?.0,
        None => text,
    };
    bare.parse::<IpAddr>()
        .ok()
        .map(|address| address.to_canonical())
}

/// The elements of a list header, its lines joined in order.
fn elements<'a>(headers: &'a HeaderMap, name: &'static str) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).map(HeaderValue::as_bytes);
    // A client's own nonsense is an element, too; it must not hide what a proxy has added to it.
    lines
        .flat_map(|line| line.split(|byte| *byte == b','))
        .map(|element| std::str::from_utf8(element).unwrap_or("?").trim())
        .filter(|element| !element.is_empty())
}

fn has_forwarding(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        let name = name.as_str();
        name == "forwarded"
            || name.starts_with("x-forwarded-")
            || name == "via"
            || name == "x-real-ip"
    })
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

    use super::{Peer, PeerRules};
    use crate::config::{Config, ProxyHeaders};

    fn rules(headers: ProxyHeaders) -> PeerRules {
        let config = Config::default_in("unused".into());
        PeerRules {
            headers,
            ..PeerRules::new(&config.server)
        }
    }

    fn resolve(rules: &PeerRules, direct: &str, lines: &[(&'static str, &str)]) -> Peer {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(
                HeaderName::from_static(name),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        rules.resolve(direct.parse().unwrap(), false, &headers)
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let rules = rules(ProxyHeaders::XForwarded);
        let said = [
            ("x-forwarded-for", "203.0.113.9"),
            ("x-forwarded-proto", "https"),
        ];
        let stranger = resolve(&rules, "198.51.100.7", &said);
        assert_eq!(
            (stranger.address.to_string().as_str(), stranger.is_https),
            ("198.51.100.7", false)
        );
        let proxy = resolve(&rules, "127.0.0.1", &said);
        assert_eq!(
            (proxy.address.to_string().as_str(), proxy.is_https),
            ("203.0.113.9", true)
        );
    }

    #[test]
    fn a_client_cannot_add_hops_of_its_own() {
        let rules = rules(ProxyHeaders::XForwarded);
        let lines = [
            ("x-forwarded-for", "10.9.9.9, 1.2.3.4"),
            ("x-forwarded-for", "203.0.113.9"),
        ];
        let peer = resolve(&rules, "127.0.0.1", &lines);
        assert_eq!(peer.address.to_string(), "203.0.113.9");
        let lines = [
            ("x-forwarded-for", "203.0.113.9"),
            ("forwarded", "for=6.6.6.6;proto=https"),
        ];
        let peer = resolve(&rules, "127.0.0.1", &lines);
        assert_eq!(
            (peer.address.to_string().as_str(), peer.is_https),
            ("203.0.113.9", false)
        );
    }

    #[test]
    fn forwarded_is_read_where_it_is_asked_for() {
        let rules = rules(ProxyHeaders::Forwarded);
        let lines = [
            (
                "forwarded",
                r#"for=6.6.6.6, for="[2001:db8::7]:4711";proto=HTTPS"#,
            ),
            ("x-forwarded-for", "9.9.9.9"),
        ];
        let peer = resolve(&rules, "127.0.0.1", &lines);
        assert_eq!(
            (peer.address.to_string().as_str(), peer.is_https),
            ("2001:db8::7", true)
        );
    }

    #[test]
    fn plain_http_is_local_only_straight_from_a_private_address() {
        let rules = rules(ProxyHeaders::XForwarded);
        let local = |direct, lines: &[_]| resolve(&rules, direct, lines).is_local_plain;
        assert!(local("127.0.0.1", &[]));
        assert!(local("192.168.1.5", &[]));
        assert!(!local("203.0.113.9", &[]));
        assert!(!local("127.0.0.1", &[("x-forwarded-for", "192.168.1.5")]));
        assert!(!local("127.0.0.1", &[("forwarded", "for=192.168.1.5")]));
    }

    #[test]
    fn over_tls_the_scheme_is_https_unless_a_trusted_proxy_tells_otherwise() {
        let rules = rules(ProxyHeaders::XForwarded);
        let mut headers = HeaderMap::new();
        let over_tls = |direct: &str, headers: &HeaderMap| {
            let peer = rules.resolve(direct.parse().unwrap(), true, headers);
            (peer.is_https, peer.is_local_plain)
        };
        assert_eq!(over_tls("127.0.0.1", &headers), (true, false));
        assert_eq!(over_tls("198.51.100.7", &headers), (true, false));
        headers.insert(
            HeaderName::from_static("x-forwarded-proto"),
            HeaderValue::from_static("http"),
        );
        assert_eq!(over_tls("127.0.0.1", &headers), (false, false));
        assert_eq!(over_tls("198.51.100.7", &headers), (true, false));
    }
}
