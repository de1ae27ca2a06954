//! Expressions as the tests know them, and how they are written.

use std::fmt::{self, Display, Formatter};

/// Where a path begins.
#[derive(Clone, Copy, Debug)]
pub enum Start {
    Record,
    Previous,
    Auth,
    /// The name of an `exists` or `all` around, from the outermost.
    Item(usize),
}

/// A record: where it begins, and the relations from there on.
#[derive(Clone, Debug)]
pub struct Place {
    pub start: Start,
    pub steps: Vec<String>,
}

/// Records that point at one, or that are on a list of it.
#[derive(Clone, Debug)]
pub struct Back {
    pub of: Place,
    pub name: String,
    /// Where they are, and by which field they point.
    pub table: usize,
    pub field: String,
    /// Whether the field is a list, of the one.
    pub is_list: bool,
}

#[derive(Clone, Debug)]
pub enum Expr {
    /// A field, and keys within it where it is JSON.
    Field(Place, String, Vec<String>),
    UserId,
    Now,
    Timestamp(String),
    Lower(Box<Self>),
    Size(Box<Self>),
    Count(Back),
    Part(&'static str, Box<Self>),
    Text(String),
    /// An instant or a day, where an instant is expected.
    Instant(String),
    Number(String),
    Boolean(bool),
}

#[derive(Clone, Debug)]
pub enum List {
    Constants(Vec<Expr>),
    Roles,
    Json(Expr),
}

#[derive(Clone, Debug)]
pub enum Cond {
    Constant(bool),
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Parentheses(Box<Self>),
    /// `auth != null`, or `auth == null`.
    SignedIn(bool),
    Can(String),
    /// `a == null`, or `a != null`.
    IsNull(Expr, bool),
    /// The same of a record.
    IsAbsent(Place, bool),
    IsTrue(Expr),
    Compare(&'static str, Expr, Expr),
    In(Expr, List),
    Match(&'static str, Expr, Expr),
    /// `exists`, or `all`.
    Each(bool, Back, usize, Box<Self>),
}

pub fn item(i: usize) -> &'static str {
    ["x", "item", "c", "_d", "e5"][i]
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let start = match self.start {
            Start::Record => None,
            Start::Previous => Some("previous"),
            Start::Auth => Some("auth"),
            Start::Item(i) => Some(item(i)),
        };
        let names: Vec<_> = start
            .into_iter()
            .chain(self.steps.iter().map(String::as_str))
            .collect();
        f.write_str(&names.join("."))
    }
}

/// `place.name`
fn dotted(f: &mut Formatter<'_>, place: &Place, name: &str) -> fmt::Result {
    let place = place.to_string();
    let dot = if place.is_empty() { "" } else { "." };
    write!(f, "{place}{dot}{name}")
}

impl Display for Back {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        dotted(f, &self.of, &self.name)
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(place, name, keys) => {
                let path: Vec<_> = std::iter::once(name)
                    .chain(keys)
                    .map(String::as_str)
                    .collect();
                dotted(f, place, &path.join("."))
            }
            Self::UserId => f.write_str("auth.id"),
            Self::Now => f.write_str("now()"),
            Self::Timestamp(text) => write!(f, "timestamp({})", quoted(text)),
            Self::Lower(of) => write!(f, "{of}.lower()"),
            Self::Size(of) => write!(f, "{of}.size()"),
            Self::Count(back) => write!(f, "{back}.size()"),
            Self::Part(name, of) => write!(f, "{of}.{name}()"),
            Self::Text(text) | Self::Instant(text) => f.write_str(&quoted(text)),
            Self::Number(number) => f.write_str(number),
            Self::Boolean(value) => write!(f, "{value}"),
        }
    }
}

/// A text in one of the ways of writing it.
fn quoted(text: &str) -> String {
    let is_plain = !text.contains(['\\', '"', '\'', '\n']);
    match text.len() % 3 {
        0 if is_plain => format!("'{text}'"),
        1 if is_plain => format!("r\"{text}\""),
        2 if !text.contains(['\\', '"']) => format!("\"\"\"{text}\"\"\""),
        _ => {
            let escaped = text
                .replace('\\', "\\\\")
                .replace('"', "\\\"")
                .replace('\n', "\\n");
            format!("\"{escaped}\"")
        }
    }
}

fn joined<T: Display>(parts: &[T], sign: &str) -> String {
    let parts: Vec<_> = parts.iter().map(ToString::to_string).collect();
    parts.join(sign)
}

fn equality(is_equal: bool) -> &'static str {
    if is_equal { "== null" } else { "!= null" }
}

impl Display for Cond {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(value) => write!(f, "{value}"),
            Self::And(parts) => {
                let within = |part: &Self| match part {
                    Self::Or(_) | Self::And(_) => format!("({part})"),
                    _ => part.to_string(),
                };
                f.write_str(&parts.iter().map(within).collect::<Vec<_>>().join(" && "))
            }
            Self::Or(parts) => {
                let within = |part: &Self| match part {
                    Self::Or(_) => format!("({part})"),
                    _ => part.to_string(),
                };
                f.write_str(&parts.iter().map(within).collect::<Vec<_>>().join("||"))
            }
            Self::Not(of) => match **of {
                Self::IsTrue(_)
                | Self::Can(_)
                | Self::Match(..)
                | Self::Each(..)
                | Self::Not(_) => write!(f, "!{of}"),
                _ => write!(f, "!({of})"),
            },
            Self::Parentheses(of) => write!(f, "( {of} )"),
            Self::SignedIn(is_user) => write!(f, "auth {}", equality(!is_user)),
            Self::Can(permission) => write!(f, "auth.can('{permission}')"),
            Self::IsNull(of, is_equal) => write!(f, "{of} {}", equality(*is_equal)),
            Self::IsAbsent(of, is_equal) => write!(f, "{of} {}", equality(*is_equal)),
            Self::IsTrue(of) => write!(f, "{of}"),
            Self::Compare(sign, a, b) => write!(f, "{a} {sign} {b}"),
            Self::In(of, List::Roles) => write!(f, "{of} in auth.roles"),
            Self::In(of, List::Json(list)) => write!(f, "{of} in {list}"),
            Self::In(of, List::Constants(items)) => write!(f, "{of} in [{}]", joined(items, ", ")),
            Self::Match(name, of, part) => write!(f, "{of}.{name}({part})"),
            Self::Each(true, back, i, body) => write!(f, "{back}.all({}, {body})", item(*i)),
            Self::Each(false, back, i, body) => write!(f, "{back}.exists({},{body})", item(*i)),
        }
    }
}
