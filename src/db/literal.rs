//! Values as SQL literals, for DDL, where SQLite takes no parameters.

use std::fmt::Write;

use super::value::Value;

/// Appends `value` as a literal that SQLite reads as the same value.
///
/// Texts hold no U+0000 (checked where they enter), which would end the statement.
pub fn push(sql: &mut String, value: &Value) {
    match value {
        Value::Null | Value::CommitTime => sql.push_str("NULL"),
        // The least integer has no literal of its own: SQLite reads its digits as a REAL first.
        Value::Integer(i64::MIN) => sql.push_str("(-9223372036854775807 - 1)"),
        Value::Integer(number) => {
            let _ = write!(sql, "{number}");
        }
        Value::Real(number) => {
            let _ = write!(sql, "{number:e}");
        }
        Value::Text(text) => {
            sql.push('\'');
            sql.push_str(&text.replace('\'', "''").replace('\0', ""));
            sql.push('\'');
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rusqlite::Connection;

    use super::{Value, push};

    fn any_value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::Integer),
            prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(0)].prop_map(Value::Integer),
            any::<f64>()
                .prop_filter("finite", |n| n.is_finite())
                .prop_map(Value::Real),
            "[^\0]*".prop_map(Value::Text),
            "['\"\\\\;-]*".prop_map(Value::Text),
        ]
    }

    proptest! {
        #[test]
        fn sqlite_reads_a_literal_as_the_same_value(value in any_value()) {
            let mut sql = "SELECT ".to_owned();
            push(&mut sql, &value);
            let conn = Connection::open_in_memory().unwrap();
            let read = conn.query_row(&sql, [], |row| Ok(Value::from_row(row.get_ref(0)?).unwrap()));
            prop_assert_eq!(read.unwrap(), value);
        }
    }
}
