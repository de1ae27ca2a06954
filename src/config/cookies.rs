//! `[cookies]`: the names and attributes of the cookies that sign in.

use super::{
    check::{Fault, Place},
    given::Given,
    key::{Entry, Section},
    shape::{OneOf, Shape},
};

/// The cookies' names and attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookies {
    /// When cookies are `Secure`.
    pub secure: Secure,
    /// What stands before their names.
    pub prefix: CookiePrefix,
}

/// When cookies are `Secure`, which browsers send over HTTPS alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secure {
    /// Unless the request came over plain HTTP, straight from a loopback or private address.
    Auto,
    /// On every answer.
    Always,
    /// On none.
    Never,
}

/// What stands before the names of cookies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CookiePrefix {
    /// Nothing.
    None,
    /// `__Host-`, and `__Secure-` for the refresh cookie, whose path is not `/`: browsers then
    /// take these cookies only over HTTPS, and from no other host of the domain.
    Host,
    /// `__Secure-`: browsers take them only over HTTPS.
    Secure,
    /// A word of one's own: cookies know no ports, so that two instances on one host need it.
    Own(String),
}

impl CookiePrefix {
    /// True if browsers refuse cookies of this prefix without `Secure`.
    pub fn needs_secure(&self) -> bool {
        matches!(self, Self::Host | Self::Secure)
    }
}

impl Default for Cookies {
    fn default() -> Self {
        Self {
            secure: Secure::Auto,
            prefix: CookiePrefix::None,
        }
    }
}

impl Cookies {
    /// What is right by itself, and wrong together.
    pub(super) fn contradiction(&self) -> Option<Fault> {
        let contradicts = self.secure == Secure::Never && self.prefix.needs_secure();
        let message = "browsers refuse cookies of this prefix without Secure: take another, or \
                       another cookies.secure than \"never\"";
        contradicts.then(|| Fault::new(Place::Setting("cookies.prefix"), message))
    }
}

/// A prefix, or nothing.
struct Prefix;

impl Shape<CookiePrefix> for Prefix {
    fn read(&self, given: &Given<'_>) -> Result<CookiePrefix, String> {
        match given.text() {
            Some("") => Ok(CookiePrefix::None),
            Some("__Host-") => Ok(CookiePrefix::Host),
            Some("__Secure-") => Ok(CookiePrefix::Secure),
            Some(own) if is_own(own) => Ok(CookiePrefix::Own(own.to_owned())),
            _ => Err(given.refused(&self.limits())),
        }
    }

    fn write(&self, value: &CookiePrefix) -> String {
        let text = match value {
            CookiePrefix::None => "",
            CookiePrefix::Host => "__Host-",
            CookiePrefix::Secure => "__Secure-",
            CookiePrefix::Own(own) => own,
        };
        format!("\"{text}\"")
    }

    fn limits(&self) -> String {
        "\"\", \"__Host-\", \"__Secure-\", or 1 to 32 letters, digits, - and _ that do not begin \
         with __"
            .to_owned()
    }
}

/// Browsers keep names that begin with two underscores for meanings of their own.
fn is_own(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=32).contains(&text.len()) && !text.starts_with("__") && text.bytes().all(plain)
}

pub(super) const SECTION: Section = Section {
    name: "cookies",
    about: "The cookies that sign in.",
    keys: &[
        &Entry {
            name: "secure",
            reason: "When cookies are Secure, which browsers drop over plain HTTP. \"auto\" leaves \
                     the flag out only for plain HTTP straight from a loopback or private address, \
                     so that a first look at home works.",
            shape: OneOf(&[
                ("auto", Secure::Auto),
                ("always", Secure::Always),
                ("never", Secure::Never),
            ]),
            place: |config| &mut config.cookies.secure,
        },
        &Entry {
            name: "prefix",
            reason: "What stands before the names of the cookies. With \"__Host-\" (and \
                     \"__Secure-\" for the refresh cookie) browsers take them only over HTTPS and \
                     from no neighbouring host; none by default, because that shuts out plain \
                     HTTP. One of your own, such as \"blog_\", keeps two instances on one host \
                     apart, because cookies know no ports.",
            shape: Prefix,
            place: |config| &mut config.cookies.prefix,
        },
    ],
};
