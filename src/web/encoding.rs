//! Which encodings a client takes (RFC 9110, 12.5.3).

use actix_web::http::header::{ACCEPT_ENCODING, HeaderMap};

/// How answers can be packed, the best one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Brotli (RFC 7932).
    Brotli,
    /// gzip (RFC 1952).
    Gzip,
    /// As it is.
    Identity,
}

impl Encoding {
    /// As `Content-Encoding` says it; none for what is sent as it is.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

/// What a client takes of each, from 0 (not at all) to 1000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    brotli: u16,
    gzip: u16,
    identity: u16,
}

impl Accepted {
    /// Reads the headers of a request. One that says nothing takes an answer as it is.
    pub fn read(headers: &HeaderMap) -> Self {
        let (mut brotli, mut gzip, mut identity, mut rest) = (None, None, None, None);
        let lines = headers
            .get_all(ACCEPT_ENCODING)
            .filter_map(|line| line.to_str().ok());
        for element in lines.flat_map(|line| line.split(',')) {
            let (name, parameters) = element.split_once(';').unwrap_or((element, ""));
            let place = match name.trim().to_ascii_lowercase().as_str() {
                "br" => &mut brotli,
                "gzip" | "x-gzip" => &mut gzip,
                "identity" => &mut identity,
                "*" => &mut rest,
                _ => continue,
            };
            *place = Some(weight(parameters));
        }
        Self {
            brotli: brotli.or(rest).unwrap_or(0),
            gzip: gzip.or(rest).unwrap_or(0),
            // What is not mentioned is taken, too, though anything that is mentioned is liked more.
            identity: identity.or(rest.filter(|rest| *rest == 0)).unwrap_or(1),
        }
    }

    /// The one that the client likes most among `offered`, which are in our order. Where it takes
    /// none, it gets the answer as it is, because a packed one it could not read at all.
    pub fn best(self, offered: &[Encoding]) -> Encoding {
        let mut best = (Encoding::Identity, self.weight(Encoding::Identity).max(1));
        for encoding in offered.iter().rev() {
            let weight = self.weight(*encoding);
            if weight >= best.1 {
                best = (*encoding, weight);
            }
        }
        best.0
    }

    fn weight(self, encoding: Encoding) -> u16 {
        match encoding {
            Encoding::Brotli => self.brotli,
            Encoding::Gzip => self.gzip,
            Encoding::Identity => self.identity,
        }
    }
}

/// `q=0.5` in thousandths; 1000 where there is none, 0 where it is none that can be read.
fn weight(parameters: &str) -> u16 {
    let pairs = parameters
        .split(';')
        .filter_map(|pair| pair.split_once('='));
    let mut weights = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
    let Some((_, text)) = weights.next() else {
        return 1000;
    };
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = format!("{fraction:0<3}");
    match (whole, digits.parse::<u16>()) {
        ("1", _) => 1000,
        ("0", Ok(thousandths)) => thousandths.min(1000),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};

    use super::{Accepted, Encoding};

    fn best(lines: &[&str]) -> Encoding {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(ACCEPT_ENCODING, HeaderValue::from_str(line).unwrap());
        }
        Accepted::read(&headers).best(&[Encoding::Brotli, Encoding::Gzip])
    }

    #[test]
    fn the_client_chooses_and_among_equals_we_do() {
        use Encoding::{Brotli, Gzip, Identity};
        for (line, expected) in [
            ("gzip, deflate, br, zstd", Brotli),
            ("gzip", Gzip),
            ("GZIP", Gzip),
            ("br;q=0.5, gzip;q=0.8", Gzip),
            ("br;q=0, gzip", Gzip),
            ("br; Q=1.0 , gzip;q=1", Brotli),
            ("*", Brotli),
            ("*;q=0.5, br;q=0", Gzip),
            ("gzip;q=0", Identity),
            ("gzip;q=0.001", Gzip),
            ("gzip;q=0.5, identity", Identity),
            ("gzip;q=2", Identity),
            ("gzip;q=x", Identity),
            ("identity;q=0", Identity),
            ("*;q=0", Identity),
            ("deflate", Identity),
            ("", Identity),
        ] {
            assert_eq!(best(&[line]), expected, "{line}");
        }
        assert_eq!(best(&["br;q=0", "gzip"]), Gzip);
        assert_eq!(best(&[]), Identity);
    }
}
