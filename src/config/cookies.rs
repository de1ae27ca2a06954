//! `[cookies]`: the attributes of the cookies that sign in.

use super::{
    key::{Entry, Section},
    shape::OneOf,
};

/// The cookies' attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookies {
    /// When cookies are `Secure`.
    pub secure: Secure,
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

impl Default for Cookies {
    fn default() -> Self {
        Self {
            secure: Secure::Auto,
        }
    }
}

pub(super) const SECTION: Section = Section {
    name: "cookies",
    about: "The cookies that sign in.",
    keys: &[&Entry {
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
    }],
};
