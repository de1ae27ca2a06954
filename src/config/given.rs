//! A value as it comes in, before its key has judged it.

use std::fmt;

use toml::de::DeValue;

/// A value as somebody gave it.
pub(super) enum Given<'a> {
    /// From the file.
    Toml(&'a DeValue<'a>),
    /// From a variable or a flag; lists are separated by commas.
    Text(&'a str),
    /// The same, from a file that may hold a secret: a fault does not repeat it.
    Hidden(&'a str),
}

impl Given<'_> {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Toml(value) => value.as_str(),
            Self::Text(text) | Self::Hidden(text) => Some(text),
        }
    }

    /// The number, if it is a whole one that is not negative.
    pub fn whole(&self) -> Option<u64> {
        match self {
            Self::Toml(value) => {
                let number = value.as_integer()?;
                u64::from_str_radix(number.as_str(), number.radix()).ok()
            }
            Self::Text(text) | Self::Hidden(text) => text.parse().ok(),
        }
    }

    /// True or false, if it is one of them.
    pub fn boolean(&self) -> Option<bool> {
        match self {
            Self::Toml(value) => value.as_bool(),
            Self::Text(text) | Self::Hidden(text) => text.parse().ok(),
        }
    }

    /// The texts of a list, if it is one of nothing but texts.
    pub fn list(&self) -> Option<Vec<&str>> {
        match self {
            Self::Toml(value) => {
                let items = value.as_array()?.iter();
                items.map(|item| item.get_ref().as_str()).collect()
            }
            Self::Text(text) | Self::Hidden(text) if text.trim().is_empty() => Some(Vec::new()),
            Self::Text(text) | Self::Hidden(text) => Some(text.split(',').map(str::trim).collect()),
        }
    }

    /// The fault of a value that is not what it must be.
    pub fn refused(&self, limits: &str) -> String {
        format!("must be {limits}, not {self}")
    }
}

impl fmt::Display for Given<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hidden(_) => f.write_str("what its file holds"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Toml(DeValue::String(text)) => write!(f, "{text:?}"),
            Self::Toml(DeValue::Integer(number)) => write!(f, "{number}"),
            Self::Toml(DeValue::Float(number)) => write!(f, "{number}"),
            Self::Toml(DeValue::Boolean(yes)) => write!(f, "{yes}"),
            Self::Toml(DeValue::Datetime(at)) => write!(f, "{at}"),
            Self::Toml(DeValue::Array(_)) => f.write_str("this list"),
            Self::Toml(DeValue::Table(_)) => f.write_str("a section"),
        }
    }
}
