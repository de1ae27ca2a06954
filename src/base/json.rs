//! Reading JSON strictly: no key twice, no U+0000, no number beyond a double, bounded depth.
//!
//! An [`Object`] keeps each value as the text that was sent, so that a fault of one field is that
//! field's alone, and numbers reach their field type exactly as they were written.

use std::{borrow::Cow, collections::HashSet, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::error::{Error, Result};

/// How deep values may be nested in each other.
pub const MAX_DEPTH: usize = 64;

/// The members of a JSON object, in the order in which they were sent.
#[derive(Debug, Default)]
pub struct Object<'a> {
    members: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'a> Object<'a> {
    /// Reads a body. The values are only known to be JSON; [`check`] looks into one.
    ///
    /// # Errors
    /// `INVALID_INPUT` if the bytes are not UTF-8, not JSON, no object, or a key stands twice.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes)
            .map_err(|_| Error::invalid_input("_", "The body is not valid UTF-8"))?;
        serde_json::Deserializer::from_str(text)
            .deserialize_map_to_end()
            .map_err(|error| {
                Error::invalid_input("_", format!("The body is no JSON object: {error}"))
            })
    }

    /// Reads an object that is the value of a member.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn within(value: &'a RawValue) -> Result<Self> {
        Self::parse(value.get().as_bytes())
    }

    /// The members in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.members
            .iter()
            .map(|(key, value)| (key.as_ref(), *value))
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&'a RawValue> {
        self.iter()
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value)
    }

    /// Takes the value of `key` out.
    pub fn take(&mut self, key: &str) -> Option<&'a RawValue> {
        let at = self.members.iter().position(|(name, _)| name == key)?;
        Some(self.members.remove(at).1)
    }

    /// Gives `key` this value, in place of another.
    pub fn set(&mut self, key: &str, value: &'a RawValue) {
        match self.members.iter_mut().find(|(name, _)| name == key) {
            Some((_, known)) => *known = value,
            None => self.members.push((key.to_owned().into(), value)),
        }
    }

    /// True if there is no member.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

/// Checks a whole value: no key twice, no U+0000 in texts or keys, at most [`MAX_DEPTH`] deep,
/// every number within a double.
///
/// # Errors
/// What is wrong, in words.
pub fn check(value: &RawValue) -> Result<(), String> {
    let mut deserializer = serde_json::Deserializer::from_str(value.get());
    Strict { depth: 0 }
        .deserialize(&mut deserializer)
        .map_err(|error| error.to_string())
}

/// Reads a value that is a JSON string without U+0000; none if it is anything else.
pub fn text(value: &RawValue) -> Option<Cow<'_, str>> {
    let raw = value.get();
    let plain = raw.strip_prefix('"')?.strip_suffix('"')?;
    if !plain.contains('\\') {
        return Some(Cow::Borrowed(plain));
    }
    let text: String = serde_json::from_str(raw).ok()?;
    (!text.contains('\0')).then_some(Cow::Owned(text))
}

/// The value without the blanks between its parts; numbers and texts stay as they were written.
pub fn compact(value: &RawValue) -> String {
    let mut compact = String::with_capacity(value.get().len());
    let (mut in_text, mut is_escaped) = (false, false);
    for letter in value.get().chars() {
        if in_text || !matches!(letter, ' ' | '\t' | '\n' | '\r') {
            compact.push(letter);
        }
        in_text ^= letter == '"' && !is_escaped;
        is_escaped = in_text && letter == '\\' && !is_escaped;
    }
    compact
}

/// True if the value is `null`.
pub fn is_null(value: &RawValue) -> bool {
    value.get() == "null"
}

trait ToEnd<'a> {
    fn deserialize_map_to_end(self) -> serde_json::Result<Object<'a>>;
}

impl<'a> ToEnd<'a> for serde_json::Deserializer<serde_json::de::StrRead<'a>> {
    fn deserialize_map_to_end(mut self) -> serde_json::Result<Object<'a>> {
        let object = self.deserialize_map(Members)?;
        self.end()?;
        Ok(object)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(Key(key)) = map.next_key()? {
            members.push((key, map.next_value()?));
        }
        let mut keys: Vec<&str> = members.iter().map(|(key, _): &(_, _)| &**key).collect();
        keys.sort_unstable();
        match keys.array_windows().find(|[one, next]| one == next) {
            Some([key, _]) => Err(A::Error::custom(format!("the key `{key}` stands twice"))),
            None => Ok(Object { members }),
        }
    }
}

/// A key that is borrowed where it holds no escape.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

struct Strict {
    depth: usize,
}

impl Strict {
    fn below<E: serde::de::Error>(&self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(Self {
            depth: self.depth + 1,
        })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        if text.contains('\0') {
            return Err(E::custom("contains the character U+0000"));
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(self.below()?)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        while let Some(Key(key)) = map.next_key()? {
            if key.contains('\0') {
                return Err(A::Error::custom("contains the character U+0000"));
            }
            if !seen.insert(key.clone()) {
                return Err(A::Error::custom(format!("the key `{key}` stands twice")));
            }
            map.next_value_seed(self.below()?)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::{Object, check, text};

    fn raw(text: &str) -> Box<RawValue> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn an_object_keeps_each_value_as_it_was_sent() {
        let object = Object::parse(br#" {"a": 1.10, "b\n": [1,2] , "c": 1e400} "#).unwrap();
        let seen: Vec<_> = object
            .iter()
            .map(|(key, value)| (key, value.get()))
            .collect();
        assert_eq!(seen, [("a", "1.10"), ("b\n", "[1,2]"), ("c", "1e400")]);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        let deep = "[".repeat(10_000) + &"]".repeat(10_000);
        let bodies = [
            "",
            "[]",
            "1",
            "{",
            r#"{"a":1}}"#,
            r#"{"a":1,"a":2}"#,
            r#"{"a":1,"\u0061":2}"#,
            &deep,
        ];
        for body in bodies {
            assert!(Object::parse(body.as_bytes()).is_err(), "{body:.40}");
        }
        assert!(Object::parse(b"{\"a\": \"\xff\"}").is_err());
    }

    #[test]
    fn a_value_is_checked_to_its_depth() {
        let deep = |n: usize| raw(&("[".repeat(n) + &"]".repeat(n)));
        check(&deep(64)).unwrap();
        for bad in [&deep(65), &deep(10_000)] {
            check(bad).unwrap_err();
        }
        for bad in [
            r#"{"a":{"b":1,"b":1}}"#,
            r#"["\u0000"]"#,
            r#"{"\u0000":1}"#,
            "[1e400]",
            r#"["\ud800"]"#,
        ] {
            check(&raw(bad)).unwrap_err();
        }
    }

    #[test]
    fn texts_are_read_without_nul() {
        assert_eq!(text(&raw(r#""a b""#)).as_deref(), Some("a b"));
        assert_eq!(text(&raw(r#""a\tb""#)).as_deref(), Some("a\tb"));
        for bad in ["1", "null", r#""\u0000""#, r#""\ud800""#] {
            assert_eq!(text(&raw(bad)), None, "{bad}");
        }
    }
}
