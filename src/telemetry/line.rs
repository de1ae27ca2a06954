//! One line of the log: its fields, and how they are written.

use std::{
    error::Error,
    fmt::{Debug, Write as _},
};

use serde::Serialize;
use serde_json::Value as Json;
use tracing::{
    Level,
    field::{Field, Visit},
};

use super::redact::{HIDDEN, hides, redact};
use crate::base::Instant;

const MESSAGE: &str = "message";
const SERVICE: &str = "stead";
/// Written by ourselves; a field of the same name would make the key appear twice.
const RESERVED: &[&str] = &["timestamp", "level", "service"];

/// Fields in the order in which they came, without secrets. A later value takes the place of an
/// earlier one.
#[derive(Default)]
pub(super) struct Fields(Vec<(&'static str, Json)>);

impl Fields {
    /// Adds a text, without secrets.
    pub fn put_text(&mut self, name: &'static str, value: &str) {
        self.put(name, text(value));
    }

    fn put(&mut self, name: &'static str, value: Json) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, place)) => *place = value,
            None => self.0.push((name, value)),
        }
    }

    /// Keeps a value, unless its name says that it is a secret.
    fn keep(&mut self, field: &Field, value: impl FnOnce() -> Json) {
        let name = field.name();
        let hidden = name != MESSAGE && hides(name);
        self.put(name, if hidden { Json::from(HIDDEN) } else { value() });
    }

    fn message(&self) -> &str {
        let found = self.0.iter().find(|(name, _)| *name == MESSAGE);
        found.and_then(|(_, value)| value.as_str()).unwrap_or("")
    }

    /// All but the message.
    fn others(&self) -> impl Iterator<Item = (&'static str, &Json)> {
        let others = self.0.iter().filter(|(name, _)| *name != MESSAGE);
        others.map(|(name, value)| (*name, value))
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.keep(field, || text(&format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.keep(field, || text(value));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.keep(field, || {
            let mut chain = value.to_string();
            let mut source = value.source();
            while let Some(error) = source {
                // Writing to a string cannot fail.
                let _ = write!(chain, ": {error}");
                source = error.source();
            }
            text(&chain)
        });
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.keep(field, || Json::from(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.keep(field, || Json::from(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.keep(field, || Json::from(value));
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        match i64::try_from(value) {
            Ok(value) => self.record_i64(field, value),
            Err(_) => self.record_debug(field, &value),
        }
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        match u64::try_from(value) {
            Ok(value) => self.record_u64(field, value),
            Err(_) => self.record_debug(field, &value),
        }
    }

    /// JSON has no infinities and no NaN: they become null.
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.keep(field, || Json::from(value));
    }
}

fn text(value: &str) -> Json {
    Json::from(redact(value))
}

/// One JSON object, with its line break.
pub(super) fn json(at: Instant, level: Level, fields: &Fields) -> Vec<u8> {
    let mut line = Vec::with_capacity(256);
    line.extend_from_slice(b"{\"timestamp\":\"");
    line.extend_from_slice(at.to_string().as_bytes());
    line.extend_from_slice(b"\",\"level\":\"");
    line.extend_from_slice(name(level).as_bytes());
    line.extend_from_slice(b"\",\"message\":");
    push_json(&mut line, fields.message());
    line.extend_from_slice(b",\"service\":\"");
    line.extend_from_slice(SERVICE.as_bytes());
    line.push(b'"');
    for (name, value) in fields.others() {
        line.push(b',');
        if RESERVED.contains(&name) {
            push_json(&mut line, &format!("field_{name}"));
        } else {
            push_json(&mut line, name);
        }
        line.push(b':');
        push_json(&mut line, value);
    }
    line.extend_from_slice(b"}\n");
    line
}

fn push_json<T: Serialize + ?Sized>(line: &mut Vec<u8>, value: &T) {
    // Neither writing to memory nor these plain values can fail.
    let _ = serde_json::to_writer(line, value);
}

/// Time of day in UTC, level, message, `key=value`; with the level in colour where asked for.
pub(super) fn pretty(at: Instant, level: Level, fields: &Fields, colour: bool) -> Vec<u8> {
    let at = at.to_string();
    let mut line = at.get("2026-01-15T".len()..).unwrap_or(&at).to_owned();
    let name = name(level);
    if colour {
        line += &format!(" \u{1b}[{}m{name:<5}\u{1b}[0m ", paint(level));
    } else {
        line += &format!(" {name:<5} ");
    }
    push_escaped(&mut line, fields.message());
    for (name, value) in fields.others() {
        line += " ";
        push_escaped(&mut line, name);
        line += "=";
        match value {
            Json::String(text) if is_plain(text) => push_escaped(&mut line, text),
            other => push_escaped(&mut line, &other.to_string()),
        }
    }
    line += "\n";
    line.into_bytes()
}

/// True if a text cannot be mistaken for several fields, nor for none.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && !text.contains([' ', '"', '=', '\\'])
}

/// Terminals obey control characters, and show lines and directions that are not there.
fn push_escaped(line: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                line.extend(letter.escape_default());
            }
            _ if letter.is_control() => line.extend(letter.escape_default()),
            _ => line.push(letter),
        }
    }
}

fn name(level: Level) -> &'static str {
    match level {
        Level::TRACE => "trace",
        Level::DEBUG => "debug",
        Level::INFO => "info",
        Level::WARN => "warn",
        Level::ERROR => "error",
    }
}

/// The colour of a level, as a code of ECMA-48 (SGR).
fn paint(level: Level) -> u8 {
    match level {
        Level::TRACE => 35,
        Level::DEBUG => 34,
        Level::INFO => 32,
        Level::WARN => 33,
        Level::ERROR => 31,
    }
}
