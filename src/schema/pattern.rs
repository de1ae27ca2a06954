//! The option `pattern`: a regular expression that a whole text must match.

use regex::{Error, Regex, RegexBuilder};

/// The longest pattern, in characters.
const MAX_LENGTH: usize = 500;

/// How much memory a compiled pattern may take, in bytes; each Unicode class of letters, such as
/// `\w`, takes some 25 kB of it.
const MAX_SIZE: usize = 1024 * 1024;

/// How much memory matching may take beside it, in bytes.
const MAX_CACHE: usize = 256 * 1024;

const TOO_BIG: &str = r"Takes too much memory: bound the length by min and max, and write [a-z] for \w where that is enough";

/// A pattern, compiled once. Matching takes time linear in the text.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    whole: Regex,
}

impl Pattern {
    /// Compiles a pattern in the syntax of the `regex` crate (no look-around, no references back).
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.chars().count() > MAX_LENGTH {
            return Err(format!("Must have at most {MAX_LENGTH} characters"));
        }
        // Alone first: `a)|(b` is broken, but would pass inside the group around it.
        compile(text)?;
        Ok(Self {
            whole: compile(&format!(r"\A(?:{text})\z"))?,
            text: text.to_owned(),
        })
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The same for the whole text in the syntax of JSON schema (ECMA-262); none where it may mean
    /// something else there.
    pub fn as_ecma(&self) -> Option<String> {
        const OTHERWISE: &[&str] = &[
            "(?i", "(?s", "(?m", "(?x", "(?u", "(?U", "(?R", "(?-", "(?P", "(?<", r"\A", r"\z",
            r"\x{", r"\u", r"\U", r"\p", r"\P", r"\a", r"\<", r"\>", r"\b", r"\B", "[[", "&&",
            "--", "~~", "{,", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S",
        ];
        let is_common = !OTHERWISE.iter().any(|form| self.text.contains(form));
        is_common.then(|| format!("^(?:{})$", self.text))
    }

    /// True if the whole of `text` matches.
    pub fn matches(&self, text: &str) -> bool {
        self.whole.is_match(text)
    }
}

fn compile(text: &str) -> Result<Regex, String> {
    RegexBuilder::new(text)
        .size_limit(MAX_SIZE)
        .dfa_size_limit(MAX_CACHE)
        .build()
        .map_err(|error| match error {
            Error::CompiledTooBig(_) => TOO_BIG.to_owned(),
            error => format!("Is not a valid pattern: {error}"),
        })
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_pattern_matches_the_whole_text() {
        let pattern = Pattern::parse("[A-Z]{2}|x").unwrap();
        assert!(pattern.matches("AB") && pattern.matches("x"));
        for text in ["ABC", "xy", "aAB", "AB\n", ""] {
            assert!(!pattern.matches(text), "{text:?}");
        }
        assert!(Pattern::parse(r"\w{1,20}").unwrap().matches("Zoë"));
        assert!(
            Pattern::parse("[a-z0-9_ -]{1,200}")
                .unwrap()
                .matches("zoe 2")
        );
        assert!(Pattern::parse("(?i)é+").unwrap().matches("ÉÉ"));
    }

    #[test]
    fn broken_and_costly_patterns_are_refused() {
        let long = "a".repeat(501);
        for text in ["(", "a)|(b", r"\w{1000}{1000}", "(?=a)", &long] {
            Pattern::parse(text).unwrap_err();
        }
    }
}
