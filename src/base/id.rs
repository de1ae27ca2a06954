//! Ids: ULIDs in their one written form.

use std::fmt;

use ulid::Ulid;

use super::error::{Error, Result};

/// A ULID: 26 characters of Crockford's base 32, upper case, sorted by time of making.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Ulid);

impl Id {
    /// Length of the written form, in bytes.
    pub const LEN: usize = 26;

    /// A new id from the wall clock and 80 random bits.
    pub fn generate() -> Self {
        Self(Ulid::generate())
    }

    /// The 128 bits of it.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_bytes()
    }

    /// Reads the written form alone: lower case, `I`, `L`, `O` and `U` are refused, so that one
    /// record has one name.
    pub fn parse(text: &str) -> Option<Self> {
        let id = Ulid::from_string(text).ok()?;
        let mut buffer = [0; Self::LEN];
        (id.array_to_str(&mut buffer) == text).then_some(Self(id))
    }
}

/// An id as it stands in a path.
///
/// # Errors
/// `NOT_FOUND` for what is no id, since no record has such a name.
pub fn in_path(text: &str) -> Result<&str> {
    Id::parse(text).map(|_| text).ok_or_else(Error::not_found)
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = [0; Self::LEN];
        f.write_str(self.0.array_to_str(&mut buffer))
    }
}

#[cfg(test)]
mod tests {
    use super::Id;

    #[test]
    fn only_the_one_written_form_is_read() {
        let id = Id::generate().to_string();
        assert_eq!(Id::parse(&id).map(|id| id.to_string()), Some(id.clone()));
        for text in [
            &id.to_lowercase(),
            "8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
            "",
            &id[1..],
            "O1J00000000000000000000000",
        ] {
            assert_eq!(Id::parse(text), None, "{text}");
        }
    }
}
