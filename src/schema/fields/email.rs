//! `email`: addresses of mail.

use rusqlite::types::ValueRef;
use serde_json::{json, value::RawValue};

use super::{Check, Comparable, Field, FieldType, around, form_check, output, sent_form};
use crate::{
    base::Issue,
    db::Value,
    schema::json_schema::{Side, text},
};

/// The longest address, in characters.
const MAX: usize = 255;

const MESSAGE: &str = "Invalid email format";

/// Characters that stand before the @ only in quotes, which nobody uses.
const NOT_BEFORE_THE_AT: &str = "()<>[]:;,\"\\";

/// An address, kept as it was sent. The check is pragmatic: only a mail can tell whether an
/// address exists.
#[derive(Debug)]
pub struct Email;

impl FieldType for Email {
    fn name(&self) -> &'static str {
        "email"
    }

    fn options(&self) -> &'static [&'static str] {
        &[
            "unique",
            "default",
            "collation",
            "searchable",
            "containsIndex",
        ]
    }

    fn column_type(&self) -> &'static str {
        "TEXT"
    }

    fn checks(&self, field: &Field) -> Vec<Check> {
        let pieces = [
            "length(",
            ") <= 255 AND ",
            " GLOB '?*@?*' AND ",
            " NOT GLOB '*@*@*' AND instr(",
            ", ' ') = 0 AND instr(",
            ", char(0)) = 0",
        ];
        vec![form_check(field, around(field, &pieces), MESSAGE)]
    }

    fn read(&self, field: &Field, sent: &RawValue) -> Result<Value, Issue> {
        sent_form(field, sent, MAX, is_address, MESSAGE)
    }

    fn parse_query(&self, _: &Field, text: &str) -> Result<Value, Issue> {
        Ok(text.into())
    }

    fn json_schema(&self, _: &Field, side: Side) -> serde_json::Value {
        if side == Side::Asked {
            return text([]);
        }
        text([
            ("format", "email".into()),
            ("maxLength", MAX.into()),
            ("examples", json!(["ann@example.com"])),
        ])
    }

    fn write(&self, _: &Field, value: ValueRef<'_>, out: &mut Vec<u8>) {
        output::plain(value, out);
    }

    fn compared_as(&self, _: &Field) -> Comparable {
        Comparable::Text
    }
}

/// One @ between a local part and a host; no blanks, control characters, or empty labels.
fn is_address(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else {
        return false;
    };
    let local_is_well = local.split('.').all(|atom| !atom.is_empty())
        && !local.contains(|letter: char| {
            letter.is_whitespace() || letter.is_control() || NOT_BEFORE_THE_AT.contains(letter)
        });
    local_is_well && is_host(host)
}

/// Labels of letters, digits and inner hyphens, with dots between them.
pub(super) fn is_host(host: &str) -> bool {
    host.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|letter| letter.is_alphanumeric() || letter == '-')
    })
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn addresses_are_told_from_other_texts() {
        for good in [
            "a@b",
            "ann@example.com",
            "a.b+c@ex-ample.co.uk",
            "jürgen@münchen.de",
            "o'x@y.z",
        ] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "@",
            "a@",
            "@b",
            "a@b@c",
            "a b@c",
            "a@b c",
            "a@b..c",
            "a@.b",
            "a@b.",
            "a@-b",
            ".a@b",
            "a..b@c",
            "a\n@b",
            "a@b\u{7f}",
            "<a>@b",
            "a@b_c",
            "a@[::1]",
        ] {
            assert!(!is_address(bad), "{bad:?}");
        }
    }
}
