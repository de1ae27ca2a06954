//! What a value may look like: each shape reads it, says what it expects, and writes it as TOML.

use std::{
    net::SocketAddr,
    num::{NonZeroU32, NonZeroUsize},
    time::Duration,
};

use super::{given::Given, network::Network, public_url::PublicUrl};

/// How values of type `T` are given.
pub(super) trait Shape<T> {
    /// The value, or the fault in words that follow the key's name.
    fn read(&self, given: &Given<'_>) -> Result<T, String>;
    /// As TOML.
    fn write(&self, value: &T) -> String;
    /// What is accepted, in words that follow "must be".
    fn limits(&self) -> String;
    /// True if the value is the path of a file.
    fn names_file(&self) -> bool {
        false
    }
}

/// Text as a basic string of TOML.
pub(super) fn quoted(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
        c => c.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

/// `true` or `false`.
pub(super) struct YesNo;

impl Shape<bool> for YesNo {
    fn read(&self, given: &Given<'_>) -> Result<bool, String> {
        given.boolean().ok_or_else(|| given.refused(&self.limits()))
    }

    fn write(&self, value: &bool) -> String {
        value.to_string()
    }

    fn limits(&self) -> String {
        "true or false".to_owned()
    }
}

/// A whole number within bounds, both included.
pub(super) struct Whole {
    unit: &'static str,
    min: u64,
    max: u64,
}

/// So many of something.
pub(super) const fn count(min: u64, max: u64) -> Whole {
    let unit = "";
    Whole { unit, min, max }
}

/// A span in whole seconds.
pub(super) const fn seconds(min: u64, max: u64) -> Whole {
    let unit = " of seconds";
    Whole { unit, min, max }
}

/// A size in bytes.
pub(super) const fn bytes(min: u64, max: u64) -> Whole {
    let unit = " of bytes";
    Whole { unit, min, max }
}

impl<T: Number> Shape<T> for Whole {
    fn read(&self, given: &Given<'_>) -> Result<T, String> {
        let number = given.whole();
        number
            .filter(|number| (self.min..=self.max).contains(number))
            .and_then(T::of)
            .ok_or_else(|| given.refused(&Shape::<T>::limits(self)))
    }

    fn write(&self, value: &T) -> String {
        value.plain().to_string()
    }

    fn limits(&self) -> String {
        let Self { unit, min, max } = self;
        format!("a whole number{unit} from {min} to {max}")
    }
}

/// What a whole number becomes.
pub(super) trait Number: Copy {
    fn of(number: u64) -> Option<Self>;
    fn plain(self) -> u64;
}

impl Number for u64 {
    fn of(number: u64) -> Option<Self> {
        Some(number)
    }

    fn plain(self) -> u64 {
        self
    }
}

impl Number for usize {
    fn of(number: u64) -> Option<Self> {
        Self::try_from(number).ok()
    }

    fn plain(self) -> u64 {
        u64::try_from(self).unwrap_or(u64::MAX)
    }
}

impl Number for NonZeroUsize {
    fn of(number: u64) -> Option<Self> {
        Self::try_from(usize::of(number)?).ok()
    }

    fn plain(self) -> u64 {
        self.get().plain()
    }
}

impl Number for NonZeroU32 {
    fn of(number: u64) -> Option<Self> {
        Self::try_from(u32::try_from(number).ok()?).ok()
    }

    fn plain(self) -> u64 {
        u64::from(self.get())
    }
}

impl Number for Duration {
    fn of(number: u64) -> Option<Self> {
        Some(Self::from_secs(number))
    }

    fn plain(self) -> u64 {
        self.as_secs()
    }
}

/// One of a few words, each with what it stands for.
pub(super) struct OneOf<T: 'static>(pub &'static [(&'static str, T)]);

impl<T: Copy + PartialEq> Shape<T> for OneOf<T> {
    fn read(&self, given: &Given<'_>) -> Result<T, String> {
        let found = self.0.iter().find(|(word, _)| given.text() == Some(word));
        found
            .map(|(_, value)| *value)
            .ok_or_else(|| given.refused(&self.limits()))
    }

    fn write(&self, value: &T) -> String {
        let found = self.0.iter().find(|(_, known)| known == value);
        format!("{:?}", found.map_or("", |(word, _)| *word))
    }

    fn limits(&self) -> String {
        let words: Vec<String> = self.0.iter().map(|(word, _)| format!("{word:?}")).collect();
        format!("one of {}", words.join(", "))
    }
}

/// An IP address with a port.
pub(super) struct Address;

impl Shape<SocketAddr> for Address {
    fn read(&self, given: &Given<'_>) -> Result<SocketAddr, String> {
        let address = given.text().and_then(|text| text.parse().ok());
        address.ok_or_else(|| given.refused(&self.limits()))
    }

    fn write(&self, value: &SocketAddr) -> String {
        format!("\"{value}\"")
    }

    fn limits(&self) -> String {
        "an IP address with a port, such as \"127.0.0.1:8080\" or \"[::]:8080\"".to_owned()
    }
}

/// The address that browsers use, or nothing.
pub(super) struct OptionalUrl;

impl Shape<Option<PublicUrl>> for OptionalUrl {
    fn read(&self, given: &Given<'_>) -> Result<Option<PublicUrl>, String> {
        match given.text() {
            Some("") => Ok(None),
            Some(text) => match text.parse() {
                Ok(url) => Ok(Some(url)),
                Err(fault) => Err(format!("{fault}; {}", given.refused(&self.limits()))),
            },
            None => Err(given.refused(&self.limits())),
        }
    }

    fn write(&self, value: &Option<PublicUrl>) -> String {
        let url = value.as_ref().map(PublicUrl::to_string);
        format!("\"{}\"", url.unwrap_or_default())
    }

    fn limits(&self) -> String {
        "scheme and host such as \"https://example.org\", with a path where there is one, or \"\" for \
         none".to_owned()
    }
}

/// A list of addresses and networks.
pub(super) struct Networks;

impl Shape<Vec<Network>> for Networks {
    fn read(&self, given: &Given<'_>) -> Result<Vec<Network>, String> {
        let Some(items) = given.list() else {
            return Err(given.refused(&self.limits()));
        };
        items
            .into_iter()
            .map(|item| match (item.parse::<Network>(), given) {
                (Ok(network), _) => Ok(network),
                (Err(_), Given::Hidden(_)) => Err(given.refused(&self.limits())),
                (Err(fault), _) => Err(format!("{item:?} {fault}")),
            })
            .collect()
    }

    fn write(&self, value: &Vec<Network>) -> String {
        let items: Vec<String> = value.iter().map(|item| format!("\"{item}\"")).collect();
        format!("[{}]", items.join(", "))
    }

    fn limits(&self) -> String {
        "a list of IP addresses and networks, such as [\"10.0.0.0/8\", \"::1\"]".to_owned()
    }
}
