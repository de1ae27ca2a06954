//! From the text of an expression to its words: the lexical part of CEL's grammar.

use super::fault::{Fault, Span};

/// A word of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A name, or one of `true false null in`.
    Name(String),
    /// A number without its sign, in decimal digits as it is written.
    Number(String),
    /// A text, its escapes resolved.
    Text(String),
    /// An operator or a bracket.
    Sign(&'static str),
    /// Nothing more.
    End,
}

impl Token {
    /// As a message names it.
    pub fn shown(&self) -> String {
        match self {
            Self::Name(name) | Self::Number(name) => format!("`{name}`"),
            Self::Text(_) => "a text".to_owned(),
            Self::Sign(sign) => format!("`{sign}`"),
            Self::End => "the end".to_owned(),
        }
    }
}

/// Signs of the language and, so that a message can say more, those of all of CEL. Longer ones
/// come first.
const SIGNS: &[&str] = &[
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "[", "]", ",", ".", "-", "=", "&",
    "|", "+", "*", "/", "%", "?", ":", "{", "}",
];

/// Takes an expression apart. The last word is [`Token::End`].
///
/// # Errors
/// A character or a text that is no part of any expression.
pub fn tokens(source: &str) -> Result<Vec<(Token, Span)>, Fault> {
    let mut lexer = Lexer { source, at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blanks();
        let start = lexer.at;
        let token = lexer.token()?;
        let is_end = token == Token::End;
        tokens.push((token, start..lexer.at));
        if is_end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'a> {
    source: &'a str,
    at: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(&fits) {
            self.take();
        }
        self.source
            .get(start..self.at)
            .unwrap_or_default()
            .to_owned()
    }

    fn accept(&mut self, text: &str) -> bool {
        let fits = self.rest().starts_with(text);
        if fits {
            self.at += text.len();
        }
        fits
    }

    fn fault(&self, start: usize, message: impl Into<String>) -> Fault {
        Fault::new(self.source, &(start..self.at), message)
    }

    fn skip_blanks(&mut self) {
        loop {
            self.take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c'));
            if !self.accept("//") {
                return;
            }
            self.take_while(|c| c != '\n');
        }
    }

    fn token(&mut self) -> Result<Token, Fault> {
        let Some(first) = self.peek() else {
            return Ok(Token::End);
        };
        let mut behind = self.rest().chars().skip(1);
        match first {
            '"' | '\'' => self.text(self.at, false),
            'r' | 'R' if matches!(behind.next(), Some('"' | '\'')) => {
                let start = self.at;
                self.take();
                self.text(start, true)
            }
            '0'..='9' => self.number(),
            '.' if matches!(behind.next(), Some('0'..='9')) => self.number(),
            '_' | 'a'..='z' | 'A'..='Z' => {
                let name = self.take_while(|c| c == '_' || c.is_ascii_alphanumeric());
                Ok(Token::Name(name))
            }
            _ => self.sign(),
        }
    }

    fn sign(&mut self) -> Result<Token, Fault> {
        let start = self.at;
        if let Some(sign) = SIGNS.iter().find(|sign| self.rest().starts_with(**sign)) {
            self.at += sign.len();
            return Ok(Token::Sign(sign));
        }
        let wrong = self.take().unwrap_or_default();
        Err(self.fault(start, format!("`{wrong}` is no part of an expression")))
    }

    fn number(&mut self) -> Result<Token, Fault> {
        let start = self.at;
        let number = if self.accept("0x") || self.accept("0X") {
            let digits = self.take_while(|c| c.is_ascii_hexdigit());
            i64::from_str_radix(&digits, 16).map(|number| number.to_string())
        } else {
            Ok(self.decimal())
        };
        let is_over = !self.peek().is_some_and(|c| c == '_' || c.is_alphanumeric());
        match number {
            Ok(number) if is_over && !number.ends_with(['.', 'e', 'E', '+', '-']) => {
                Ok(Token::Number(number))
            }
            _ => {
                self.take_while(|c| c == '_' || c.is_alphanumeric());
                Err(self.fault(start, "This is no number; one looks like 12, 0.5 or 1e3"))
            }
        }
    }

    /// Digits as JSON would have them, with a point and an exponent perhaps.
    fn decimal(&mut self) -> String {
        let digits = |c: char| c.is_ascii_digit();
        let mut number = self.take_while(digits);
        let significant = number.trim_start_matches('0');
        number = if significant.is_empty() {
            "0".to_owned()
        } else {
            significant.to_owned()
        };
        if self.accept(".") {
            number.push('.');
            number.push_str(&self.take_while(digits));
        }
        if self.accept("e") || self.accept("E") {
            number.push('e');
            if self.accept("-") {
                number.push('-');
            } else {
                self.accept("+");
            }
            number.push_str(&self.take_while(digits));
        }
        number
    }

    /// A text from its first quote on.
    fn text(&mut self, start: usize, is_raw: bool) -> Result<Token, Fault> {
        let quote = self.take().unwrap_or('"');
        let triple: String = [quote; 2].iter().collect();
        let is_long = self.accept(&triple);
        let closing: String = [quote; 3]
            .iter()
            .take(if is_long { 3 } else { 1 })
            .collect();
        let mut text = String::new();
        while !self.accept(&closing) {
            let place = self.at;
            match self.take() {
                None => return Err(self.fault(start, "This text has no end")),
                Some('\n' | '\r') if !is_long => {
                    return Err(self.fault(start, "This text has no end in its line"));
                }
                Some('\\') if !is_raw => text.push(self.escape(place)?),
                Some('\0') => return Err(self.fault(place, "A text has no U+0000")),
                Some(other) => text.push(other),
            }
        }
        Ok(Token::Text(text))
    }

    /// What stands behind a backslash.
    fn escape(&mut self, start: usize) -> Result<char, Fault> {
        let escaped = self.take();
        let found = match escaped {
            Some('a') => Some('\x07'),
            Some('b') => Some('\x08'),
            Some('f') => Some('\x0c'),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some('v') => Some('\x0b'),
            Some(same @ ('\\' | '?' | '"' | '\'' | '`')) => Some(same),
            Some('x' | 'X') => self.code(2, 16),
            Some('u') => self.code(4, 16),
            Some('U') => self.code(8, 16),
            Some('0'..='3') => {
                self.at -= 1;
                self.code(3, 8)
            }
            _ => None,
        };
        match found {
            Some('\0') => Err(self.fault(start, "A text has no U+0000")),
            Some(found) => Ok(found),
            None => Err(self.fault(
                start,
                "There is no such escape; \\n, \\\" and \\u00e4 are some",
            )),
        }
    }

    fn code(&mut self, digits: usize, radix: u32) -> Option<char> {
        let text: String = self.rest().chars().take(digits).collect();
        if text.len() != digits || !text.chars().all(|c| c.is_digit(radix)) {
            return None;
        }
        self.at += digits;
        char::from_u32(u32::from_str_radix(&text, radix).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::{Token, tokens};

    fn words(source: &str) -> Vec<Token> {
        let mut words: Vec<_> = tokens(source)
            .unwrap()
            .into_iter()
            .map(|(t, _)| t)
            .collect();
        assert_eq!(words.pop(), Some(Token::End));
        words
    }

    fn text(source: &str) -> String {
        match &words(source)[..] {
            [Token::Text(text)] => text.clone(),
            other => panic!("{source}: {other:?}"),
        }
    }

    #[test]
    fn words_are_told_apart_without_blanks() {
        let signs = |signs: &[&'static str]| -> Vec<Token> {
            signs.iter().map(|sign| Token::Sign(sign)).collect()
        };
        assert_eq!(
            words("!!=<=<>=>==&&||"),
            signs(&["!", "!=", "<=", "<", ">=", ">=", "=", "&&", "||"])
        );
        assert_eq!(words("a.b // rest\n<- 1").len(), 6);
    }

    #[test]
    fn texts_are_written_as_in_cel() {
        let pairs = [
            (r#""""#, ""),
            ("''", ""),
            (r#""it's""#, "it's"),
            (r#"'say \"hi\"'"#, "say \"hi\""),
            (
                r"'\n\t\\\?\x41\101\u00e4\U0001f600'",
                "\n\t\\?AA\u{e4}\u{1f600}",
            ),
            (r"r'\n'", "\\n"),
            ("'''a'b\n''c'''", "a'b\n''c"),
            ("\"\"\"\"\"\"", ""),
        ];
        for (source, expected) in pairs {
            assert_eq!(text(source), expected, "{source}");
        }
    }

    #[test]
    fn numbers_keep_their_digits() {
        let pairs = [
            ("0", "0"),
            ("007", "7"),
            ("1.50", "1.50"),
            (".5", "0.5"),
            ("1E+3", "1e3"),
            ("2e-1", "2e-1"),
            ("0xFf", "255"),
            (
                "123456789012345678901234567890",
                "123456789012345678901234567890",
            ),
        ];
        for (source, expected) in pairs {
            assert_eq!(
                words(source),
                [Token::Number(expected.to_owned())],
                "{source}"
            );
        }
    }

    #[test]
    fn faults_say_where() {
        let rows = [
            ("a == #", 1, 6),
            ("a ==\n  'b", 2, 3),
            ("ä", 1, 1),
            ("'ä' == 1.", 1, 8),
            ("1e", 1, 1),
            ("12ab", 1, 1),
            ("0xffffffffffffffffff", 1, 1),
            (r"'\q'", 1, 2),
            (r"'\x0'", 1, 2),
            (r"'\x00'", 1, 2),
            (r"'\ud800'", 1, 2),
            ("'a\n'", 1, 1),
            ("'''a", 1, 1),
        ];
        for (source, line, column) in rows {
            let fault = tokens(source).unwrap_err();
            assert_eq!(
                (fault.line, fault.column),
                (line, column),
                "{source}: {fault}"
            );
        }
    }
}
