//! JSON for values of rows, byte by byte into the answer.

use std::io::Write;

use rusqlite::types::ValueRef;

use crate::db::Value;

/// A text as a JSON string. What is not UTF-8 can only stem from a shell, and is replaced.
pub fn text(bytes: &[u8], out: &mut Vec<u8>) {
    let text = String::from_utf8_lossy(bytes);
    // Writing to memory cannot fail.
    let _ = serde_json::to_writer(out, &*text);
}

/// A double in its shortest form, whole ones without `.0`.
pub fn real(number: f64, out: &mut Vec<u8>) {
    let _ = serde_json::to_writer(&mut *out, &number);
    if out.ends_with(b".0") {
        out.truncate(out.len() - 2);
    }
}

/// A text that is JSON already, as a CHECK of its column sees to.
pub fn json(value: ValueRef<'_>, out: &mut Vec<u8>) {
    match value {
        ValueRef::Text(bytes) => out.extend_from_slice(String::from_utf8_lossy(bytes).as_bytes()),
        value => plain(value, out),
    }
}

/// A value as what it is. STRICT tables leave a type no other values than its own, so that this
/// is only met where somebody changed the schema by hand.
pub fn plain(value: ValueRef<'_>, out: &mut Vec<u8>) {
    match value {
        ValueRef::Null | ValueRef::Blob(_) => out.extend_from_slice(b"null"),
        ValueRef::Integer(number) => {
            let _ = write!(out, "{number}");
        }
        ValueRef::Real(number) => real(number, out),
        ValueRef::Text(bytes) => text(bytes, out),
    }
}

/// A value as a row would hold it; the time of the commit is not known here and is null.
pub fn value_ref(value: &Value) -> ValueRef<'_> {
    match value {
        Value::Null | Value::CommitTime => ValueRef::Null,
        Value::Integer(number) => ValueRef::Integer(*number),
        Value::Real(number) => ValueRef::Real(*number),
        Value::Text(text) => ValueRef::Text(text.as_bytes()),
    }
}
