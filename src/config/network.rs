//! A range of IP addresses.

use std::{fmt, net::IpAddr, str::FromStr};

/// An IP address, or a network as address and prefix (CIDR, RFC 4632): `10.0.0.0/8`.
///
/// IPv4 addresses in their IPv6 form (`::ffff:10.0.0.1`, which a socket listening on both gives)
/// are IPv4 addresses here, in the network as in what is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

const MAPPED_PREFIX: u32 = 96;

impl Network {
    /// The whole `127.0.0.0/8`, and `::1`.
    pub(super) fn loopback() -> Vec<Self> {
        let v4 = Self {
            address: IpAddr::from([127, 0, 0, 0]),
            prefix: 8,
        };
        let v6 = Self {
            address: IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]),
            prefix: 128,
        };
        vec![v4, v6]
    }

    /// True if `address` is in this network.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.address.is_ipv4() && first(address, self.prefix) == self.address
    }

    fn new(address: IpAddr, prefix: u32) -> Result<Self, String> {
        let longest = length(address);
        if prefix > longest {
            return Err(format!("has a prefix longer than {longest} bits"));
        }
        let lowest = first(address, prefix);
        if lowest != address {
            let right = format!("{lowest}/{prefix}");
            return Err(format!(
                "names a host and a prefix: write \"{right}\" for the network"
            ));
        }
        // A mapped network shorter than 96 bits holds more than IPv4 and stays what it is.
        match address.to_canonical() {
            v4 @ IpAddr::V4(_) if address.is_ipv6() && prefix >= MAPPED_PREFIX => Ok(Self {
                address: v4,
                prefix: prefix - MAPPED_PREFIX,
            }),
            _ => Ok(Self { address, prefix }),
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "is no IP address and no network such as \"10.0.0.0/8\"".to_owned();
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        match prefix {
            None => Self::new(address, length(address)),
            Some(prefix) => Self::new(address, prefix.parse().map_err(|_| wrong())?),
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.prefix == length(self.address) {
            write!(f, "{}", self.address)
        } else {
            write!(f, "{}/{}", self.address, self.prefix)
        }
    }
}

/// Bits of an address.
fn length(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => u32::BITS,
        IpAddr::V6(_) => u128::BITS,
    }
}

/// The first address of the network that `address` is in.
fn first(address: IpAddr, prefix: u32) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let rest = u32::MAX.checked_shr(prefix).unwrap_or(0);
            IpAddr::from((v4.to_bits() & !rest).to_be_bytes())
        }
        IpAddr::V6(v6) => {
            let rest = u128::MAX.checked_shr(prefix).unwrap_or(0);
            IpAddr::from((v6.to_bits() & !rest).to_be_bytes())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    fn holds(network: &str, address: &str) -> bool {
        let network: Network = network.parse().unwrap();
        network.contains(address.parse().unwrap())
    }

    #[test]
    fn a_network_holds_what_shares_its_prefix() {
        assert!(holds("10.0.0.0/8", "10.255.0.1"));
        assert!(!holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("192.168.1.7", "192.168.1.7"));
        assert!(!holds("192.168.1.7", "192.168.1.6"));
        assert!(holds("2001:db8::/33", "2001:db8:7fff::1"));
        assert!(!holds("2001:db8::/33", "2001:db8:8000::1"));
        assert!(holds("0.0.0.0/0", "8.8.8.8"));
        assert!(holds("::/0", "2001:db8::1"));
    }

    #[test]
    fn an_ipv4_address_in_ipv6_form_is_an_ipv4_address() {
        assert!(holds("127.0.0.0/8", "::ffff:127.0.0.1"));
        assert!(holds("::ffff:10.0.0.0/104", "10.1.2.3"));
        assert!(holds("::ffff:10.0.0.1", "10.0.0.1"));
        assert!(!holds("::/0", "::ffff:10.0.0.1"));
        assert!(!holds("0.0.0.0/0", "::1"));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in [
            "",
            "localhost",
            "10.0.0.0/",
            "10.0.0.0/33",
            "10.0.0.0/x",
            "::/129",
            "1.2.3",
        ] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
        let fault = "10.1.2.3/8".parse::<Network>().unwrap_err();
        assert!(fault.contains("\"10.0.0.0/8\""), "{fault}");
    }

    #[test]
    fn it_is_written_as_it_is_read() {
        for text in ["10.0.0.0/8", "::1", "2001:db8::/32", "0.0.0.0/0"] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), text);
        }
    }
}
