//! Query strings, taken parameter by parameter; nothing is ever ignored.

use std::collections::HashSet;

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use crate::base::{
    Error, Issue, IssueCode, Result,
    page::{self, Page},
};

/// The parameters of a request, decoded, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Decodes `text`.
    ///
    /// # Errors
    /// `INVALID_INPUT` for broken escapes, text that is not UTF-8 or holds U+0000, and a
    /// parameter that stands twice.
    pub fn parse(text: &str) -> Result<Self> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let (mut issues, mut seen) = (Vec::new(), HashSet::new());
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match (decode(name), decode(value)) {
                (Some(name), Some(value)) => {
                    if !seen.insert(name.clone()) {
                        issues.push(Issue::new(&name, IssueCode::Duplicate, "Stands twice"));
                    }
                    pairs.push((name, value));
                }
                (name, _) => {
                    let name = name.unwrap_or_else(|| "_".to_owned());
                    let message = "Is not UTF-8 in percent encoding";
                    issues.push(Issue::new(name, IssueCode::InvalidFormat, message));
                }
            }
        }
        if issues.is_empty() {
            Ok(Self(pairs))
        } else {
            Err(Error::unreadable(issues))
        }
    }

    /// Takes a parameter out.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(at).1)
    }

    /// Takes `page` and `pageSize` out, which is also called `limit` or `per_page`.
    ///
    /// # Errors
    /// `INVALID_INPUT` if one is out of range or the size stands there by two names.
    pub fn take_page(&mut self) -> Result<Page> {
        let mut page = Page::default();
        let mut issues = Vec::new();
        if let Some(text) = self.take("page") {
            page.number = page::number("page", &text, u64::from(u32::MAX), &mut issues);
        }
        let mut first = None;
        for name in ["pageSize", "limit", "per_page"] {
            let Some(text) = self.take(name) else {
                continue;
            };
            page.size = page::number(name, &text, Page::MAX_SIZE, &mut issues);
            if let Some(first) = first.replace(name) {
                let message = format!("Means the same as {first}");
                issues.push(Issue::new(name, IssueCode::Duplicate, message));
            }
        }
        if issues.is_empty() {
            Ok(page)
        } else {
            Err(Error::unreadable(issues))
        }
    }

    /// The parameters that nobody has taken.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Ends the reading where every parameter must have been taken.
    ///
    /// # Errors
    /// `INVALID_INPUT` with every parameter that is left.
    pub fn finish(self) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let left = self.0.iter();
        let issues =
            left.map(|(name, _)| Issue::new(name, IssueCode::UnknownField, "Is not known"));
        Err(Error::unreadable(issues.collect()))
    }
}

impl FromRequest for Query {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Self::parse(request.query_string()))
    }
}

/// Undoes `application/x-www-form-urlencoded`; none for what is no text.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn parameters_are_decoded() {
        let mut query = Query::parse("a=1+2&b%5Bgt%5D=%C3%A9&c").unwrap();
        assert_eq!(query.take("a").as_deref(), Some("1 2"));
        assert_eq!(query.take("b[gt]").as_deref(), Some("é"));
        assert_eq!(query.take("c").as_deref(), Some(""));
        query.finish().unwrap();
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for bad in ["a=%", "a=%4", "a=%zz", "a=%ff", "a=%00", "a=1&a=2", "%ff=1"] {
            assert!(Query::parse(bad).is_err(), "{bad}");
        }
        Query::parse("a=1").unwrap().finish().unwrap_err();
    }
}
