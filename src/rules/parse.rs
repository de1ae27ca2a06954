//! From words to a tree: CEL's grammar, without arithmetic, conditionals, maps and indexes.

use super::{
    fault::{Fault, Span},
    syntax::{Comparator, Expr, Node},
    token::{Token, tokens},
};

/// The longest expression, in bytes.
pub const MAX_LENGTH: usize = 4_096;

/// How deep parentheses, `!`, lists and calls may nest, and how many dots a path may have.
pub const MAX_DEPTH: usize = 32;

/// How many names, values and operators an expression may have.
pub const MAX_NODES: usize = 512;

/// Reads an expression.
///
/// # Errors
/// The first fault: what stands there, and what was expected.
pub fn parse(source: &str) -> Result<Expr, Fault> {
    if source.len() > MAX_LENGTH {
        let message = format!("Must have at most {MAX_LENGTH} bytes");
        return Err(Fault::new(source, &(0..0), message));
    }
    let mut parser = Parser {
        source,
        tokens: tokens(source)?,
        at: 0,
        depth: 0,
        nodes: 0,
    };
    let expr = parser.any()?;
    match parser.peek() {
        Token::End => Ok(expr),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

struct Parser<'a> {
    source: &'a str,
    tokens: Vec<(Token, Span)>,
    at: usize,
    depth: usize,
    nodes: usize,
}

impl Parser<'_> {
    fn peek(&self) -> &Token {
        self.tokens
            .get(self.at)
            .map_or(&Token::End, |(token, _)| token)
    }

    fn span(&self) -> Span {
        let last = self.source.len();
        self.tokens
            .get(self.at)
            .map_or(last..last, |(_, span)| span.clone())
    }

    /// Where the last word that was taken ends.
    fn end(&self) -> usize {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or(0, |(_, span)| span.end)
    }

    fn accept(&mut self, sign: &str) -> bool {
        let fits = matches!(self.peek(), Token::Sign(found) if *found == sign);
        self.at += usize::from(fits);
        fits
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), Fault> {
        if self.accept(sign) {
            return Ok(());
        }
        Err(self.unexpected(&format!("`{sign}`")))
    }

    fn name(&mut self) -> Option<String> {
        let Token::Name(name) = self.peek() else {
            return None;
        };
        let name = name.clone();
        self.at += 1;
        Some(name)
    }

    fn unexpected(&self, expected: &str) -> Fault {
        let found = self.peek();
        let message = match hint(found) {
            Some(hint) => hint.to_owned(),
            None => format!("Expected {expected}, found {}", found.shown()),
        };
        Fault::new(self.source, &self.span(), message)
    }

    fn made(&mut self, node: Node, start: usize) -> Result<Expr, Fault> {
        let span = start..self.end();
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let message = format!("Must have at most {MAX_NODES} names, values and operators");
            return Err(Fault::new(self.source, &span, message));
        }
        Ok(Expr { node, span })
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.depth == MAX_DEPTH {
            let message = format!("Must nest at most {MAX_DEPTH} deep");
            return Err(Fault::new(self.source, &self.span(), message));
        }
        self.depth += 1;
        let outcome = read(self);
        self.depth -= 1;
        outcome
    }

    fn any(&mut self) -> Result<Expr, Fault> {
        self.nested(Self::or)
    }

    fn or(&mut self) -> Result<Expr, Fault> {
        self.chain("||", Self::and, Node::Or)
    }

    fn and(&mut self) -> Result<Expr, Fault> {
        self.chain("&&", Self::relation, Node::And)
    }

    /// One part, or many with `sign` between them.
    fn chain(
        &mut self,
        sign: &str,
        part: fn(&mut Self) -> Result<Expr, Fault>,
        join: fn(Vec<Expr>) -> Node,
    ) -> Result<Expr, Fault> {
        let start = self.span().start;
        let first = part(self)?;
        if !self.accept(sign) {
            return Ok(first);
        }
        let mut parts = vec![first, part(self)?];
        while self.accept(sign) {
            parts.push(part(self)?);
        }
        self.made(join(parts), start)
    }

    fn relation(&mut self) -> Result<Expr, Fault> {
        let start = self.span().start;
        let mut left = self.unary()?;
        loop {
            let comparator = match self.peek() {
                Token::Sign(sign) => Comparator::ALL.into_iter().find(|c| c.sign() == *sign),
                _ => None,
            };
            let is_in = matches!(self.peek(), Token::Name(name) if name == "in");
            if comparator.is_none() && !is_in {
                return Ok(left);
            }
            self.at += 1;
            let (a, b) = (Box::new(left), Box::new(self.unary()?));
            let node = match comparator {
                Some(comparator) => Node::Compare(comparator, a, b),
                None => Node::In(a, b),
            };
            left = self.made(node, start)?;
        }
    }

    fn unary(&mut self) -> Result<Expr, Fault> {
        let start = self.span().start;
        if self.accept("!") {
            let negated = self.nested(Self::unary)?;
            return self.made(Node::Not(Box::new(negated)), start);
        }
        if self.accept("-") {
            let Token::Number(number) = self.peek() else {
                let message = "There is no arithmetic; a minus can only stand before a number";
                return Err(Fault::new(self.source, &self.span(), message));
            };
            let number = format!("-{number}");
            self.at += 1;
            return self.made(Node::Number(number), start);
        }
        self.member()
    }

    fn member(&mut self) -> Result<Expr, Fault> {
        let start = self.span().start;
        let mut expr = self.primary()?;
        let mut dots = 0;
        while self.accept(".") {
            // Each stands around the one before it, in the tree that others walk down.
            dots += 1;
            if dots > MAX_DEPTH {
                let message = format!("Must have at most {MAX_DEPTH} dots in a row");
                return Err(Fault::new(self.source, &self.span(), message));
            }
            let Some(name) = self.name() else {
                return Err(self.unexpected("the name of a field"));
            };
            let node = if self.accept("(") {
                let arguments = self.items(")")?;
                Node::Call(Some(Box::new(expr)), name, arguments)
            } else {
                Node::Field(Box::new(expr), name)
            };
            expr = self.made(node, start)?;
        }
        Ok(expr)
    }

    fn primary(&mut self) -> Result<Expr, Fault> {
        let start = self.span().start;
        if self.accept("(") {
            let inner = self.any()?;
            self.expect(")")?;
            let span = start..self.end();
            return Ok(Expr { span, ..inner });
        }
        if self.accept("[") {
            let items = self.items("]")?;
            return self.made(Node::List(items), start);
        }
        let node = match self.peek().clone() {
            Token::Number(number) => Node::Number(number),
            Token::Text(text) => Node::Text(text),
            Token::Name(name) => match name.as_str() {
                "null" => Node::Null,
                "true" => Node::Boolean(true),
                "false" => Node::Boolean(false),
                "in" => return Err(self.unexpected("a name or a value")),
                _ => return self.named(name),
            },
            _ => return Err(self.unexpected("a name or a value")),
        };
        self.at += 1;
        self.made(node, start)
    }

    fn named(&mut self, name: String) -> Result<Expr, Fault> {
        let start = self.span().start;
        self.at += 1;
        let node = if self.accept("(") {
            Node::Call(None, name, self.items(")")?)
        } else {
            Node::Name(name)
        };
        self.made(node, start)
    }

    fn items(&mut self, closing: &'static str) -> Result<Vec<Expr>, Fault> {
        let mut items = Vec::new();
        if self.accept(closing) {
            return Ok(items);
        }
        loop {
            items.push(self.any()?);
            if !self.accept(",") {
                self.expect(closing)?;
                return Ok(items);
            }
            // CEL allows a comma behind the last item of a list.
            if closing == "]" && self.accept(closing) {
                return Ok(items);
            }
        }
    }
}

/// What to write in place of a word that other languages have.
fn hint(found: &Token) -> Option<&'static str> {
    Some(match found {
        Token::Sign("=") => "Write == to compare",
        Token::Sign("&") => "Write && for and",
        Token::Sign("|") => "Write || for or",
        Token::Sign("+" | "-" | "*" | "/" | "%") => "There is no arithmetic in this language",
        Token::Sign("?") => "There is no `? :`; write a && b || !a && c",
        Token::Sign("[") => "There is no indexing; fields are reached by dots",
        Token::Sign("{") => "There are no maps in this language",
        Token::Name(name) => match name.to_ascii_lowercase().as_str() {
            "and" => "Write && for and",
            "or" => "Write || for or",
            "not" => "Write ! for not",
            "is" => "Write == to compare",
            "like" => "Write .contains(\"...\"), .startsWith(\"...\") or .endsWith(\"...\")",
            _ => return None,
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MAX_DEPTH, MAX_LENGTH, MAX_NODES, parse};
    use crate::rules::syntax::{Expr, Node};

    /// An expression with parentheses around every part, to see how it was read.
    fn shape(expr: &Expr) -> String {
        let all = |parts: &[Expr], sign: &str| {
            let parts: Vec<_> = parts.iter().map(shape).collect();
            parts.join(sign)
        };
        match &expr.node {
            Node::Null => "null".to_owned(),
            Node::Boolean(value) => value.to_string(),
            Node::Number(number) => number.clone(),
            Node::Text(text) => format!("{text:?}"),
            Node::List(items) => format!("[{}]", all(items, ", ")),
            Node::Name(name) => name.clone(),
            Node::Field(of, name) => format!("{}.{name}", shape(of)),
            Node::Call(None, name, items) => format!("{name}({})", all(items, ", ")),
            Node::Call(Some(of), name, items) => {
                format!("{}.{name}({})", shape(of), all(items, ", "))
            }
            Node::Not(of) => format!("!{}", shape(of)),
            Node::And(parts) => format!("({})", all(parts, " && ")),
            Node::Or(parts) => format!("({})", all(parts, " || ")),
            Node::Compare(by, a, b) => format!("({} {} {})", shape(a), by.sign(), shape(b)),
            Node::In(a, b) => format!("({} in {})", shape(a), shape(b)),
        }
    }

    #[test]
    fn operators_bind_as_in_cel() {
        let pairs = [
            ("a || b && c", "(a || (b && c))"),
            ("a && b || c && d || e", "((a && b) || (c && d) || e)"),
            ("a && (b || c)", "(a && (b || c))"),
            ("!a.b == c", "(!a.b == c)"),
            ("!(a == b)", "!(a == b)"),
            ("!!a", "!!a"),
            ("a < b == c", "((a < b) == c)"),
            ("-1 < a.b.c", "(-1 < a.b.c)"),
            ("a in [1, -2.5, 'x',]", r#"(a in [1, -2.5, "x"])"#),
            ("now().getHours() >= 9", "(now().getHours() >= 9)"),
            (
                "tags.exists(t, t.name == null)",
                "tags.exists(t, (t.name == null))",
            ),
            ("a // why\n && true", "(a && true)"),
        ];
        for (source, expected) in pairs {
            assert_eq!(shape(&parse(source).unwrap()), expected, "{source}");
        }
    }

    #[test]
    fn faults_say_what_was_expected() {
        let rows = [
            ("", "1:1 Expected a name or a value, found the end"),
            ("a ==", "1:5 Expected a name or a value, found the end"),
            ("a = 1", "1:3 Write == to compare"),
            ("a == 1 and b", "1:8 Write && for and"),
            ("a & b", "1:3 Write && for and"),
            ("a b", "1:3 Expected an operator or the end, found `b`"),
            ("(a", "1:3 Expected `)`, found the end"),
            ("[1", "1:3 Expected `]`, found the end"),
            ("a + 1", "1:3 There is no arithmetic in this language"),
            (
                "-a",
                "1:2 There is no arithmetic; a minus can only stand before a number",
            ),
            (
                "a ? b : c",
                "1:3 There is no `? :`; write a && b || !a && c",
            ),
            (
                "a[0]",
                "1:2 There is no indexing; fields are reached by dots",
            ),
            (
                "a.\n\"b\"",
                "2:1 Expected the name of a field, found a text",
            ),
            ("f(1,)", "1:5 Expected a name or a value, found `)`"),
        ];
        for (source, expected) in rows {
            let fault = parse(source).unwrap_err();
            let told = format!("{}:{} {}", fault.line, fault.column, fault.message);
            assert_eq!(told, expected, "{source}");
        }
    }

    #[test]
    fn what_is_too_much_is_refused_and_never_overflows_the_stack() {
        let deep = |n: usize| format!("{}a{}", "(".repeat(n), ")".repeat(n));
        parse(&deep(MAX_DEPTH - 1)).unwrap();
        parse(&deep(MAX_DEPTH)).unwrap_err();
        parse(&"!".repeat(MAX_LENGTH)).unwrap_err();
        parse(&format!("{}a", "!".repeat(MAX_DEPTH))).unwrap_err();
        let wide = |n: usize| vec!["a"; n].join("||");
        parse(&wide(MAX_NODES - 1)).unwrap();
        parse(&wide(MAX_NODES)).unwrap_err();
        parse(&format!("a{}", " ".repeat(MAX_LENGTH))).unwrap_err();
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(source in any::<String>()) {
            let _ = parse(&source);
        }

        #[test]
        fn nor_any_heap_of_words(words in prop::collection::vec(
            prop::sample::select(vec![
                "a", ".", "(", ")", "[", "]", ",", "!", "&&", "||", "==", "<", "in", "-", "1",
                "'x'", "null", "exists", "//", "\n", "auth", "previous",
            ]),
            0..60,
        )) {
            let source = words.concat();
            if let Err(fault) = parse(&source) {
                prop_assert!(source.get(fault.span).is_some());
            }
        }
    }
}
