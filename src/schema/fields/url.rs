//! `url`: absolute addresses of the web.

use std::net::Ipv6Addr;

use rusqlite::types::ValueRef;
use serde_json::{json, value::RawValue};

use super::{
    Check, Comparable, Field, FieldType, around, email::is_host, form_check, output, sent_form,
};
use crate::{
    base::Issue,
    db::Value,
    schema::json_schema::{Side, text},
};

/// The longest URL, in characters.
const MAX: usize = 2048;

const MESSAGE: &str = "Must be an absolute URL that begins with http:// or https://";

/// A URL with the scheme `http` or `https` in lower case, a host, and no user or password in it.
/// Kept as it was sent.
#[derive(Debug)]
pub struct Url;

impl FieldType for Url {
    fn name(&self) -> &'static str {
        "url"
    }

    fn options(&self) -> &'static [&'static str] {
        &[
            "unique",
            "default",
            "collation",
            "searchable",
            "containsIndex",
        ]
    }

    fn column_type(&self) -> &'static str {
        "TEXT"
    }

    fn checks(&self, field: &Field) -> Vec<Check> {
        let pieces = [
            "length(",
            ") <= 2048 AND (",
            " GLOB 'http://?*' OR ",
            " GLOB 'https://?*') AND instr(",
            ", ' ') = 0 AND instr(",
            ", char(0)) = 0",
        ];
        vec![form_check(field, around(field, &pieces), MESSAGE)]
    }

    fn read(&self, field: &Field, sent: &RawValue) -> Result<Value, Issue> {
        sent_form(field, sent, MAX, is_url, MESSAGE)
    }

    fn parse_query(&self, _: &Field, text: &str) -> Result<Value, Issue> {
        Ok(text.into())
    }

    fn json_schema(&self, _: &Field, side: Side) -> serde_json::Value {
        if side == Side::Asked {
            return text([]);
        }
        text([
            ("format", "uri".into()),
            ("pattern", "^https?://".into()),
            ("maxLength", MAX.into()),
            ("examples", json!(["https://example.com/"])),
        ])
    }

    fn write(&self, _: &Field, value: ValueRef<'_>, out: &mut Vec<u8>) {
        output::plain(value, out);
    }

    fn compared_as(&self, _: &Field) -> Comparable {
        Comparable::Text
    }
}

fn is_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let Some(rest) = rest else {
        return false;
    };
    // What RFC 3986 allows nowhere unescaped; letters beyond ASCII are taken as browsers do.
    let is_foreign = |letter: char| {
        letter.is_whitespace() || letter.is_control() || "\"<>\\^`{|}".contains(letter)
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    !rest.contains(is_foreign) && is_authority(authority)
}

/// A host and perhaps a port.
fn is_authority(text: &str) -> bool {
    if let Some(bracketed) = text.strip_prefix('[') {
        let Some((address, port)) = bracketed.split_once(']') else {
            return false;
        };
        let port_is_well = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
        return address.parse::<Ipv6Addr>().is_ok() && port_is_well;
    }
    match text.split_once(':') {
        Some((host, port)) => is_host(host) && is_port(port),
        None => is_host(text),
    }
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_url;

    #[test]
    fn urls_are_told_from_other_texts() {
        for good in [
            "http://a",
            "https://example.com/x?y=z#w",
            "http://localhost:8080",
            "http://[::1]:80/",
            "https://münchen.de/straße",
            "http://10.0.0.1?x",
        ] {
            assert!(is_url(good), "{good}");
        }
        for bad in [
            "",
            "example.com",
            "/a",
            "ftp://a",
            "http://",
            "http:///a",
            "javascript:alert(1)",
            "http://a b",
            "http://a/\"",
            "http://u:p@a/",
            "http://a:",
            "http://a:+1",
            "http://a:99999",
            "http://[::1",
            "http://[x]",
            "HTTP://a",
            "http://a\n",
            "http://a/<b>",
        ] {
            assert!(!is_url(bad), "{bad:?}");
        }
    }
}
