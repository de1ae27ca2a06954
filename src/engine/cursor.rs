//! Cursors: the position of a record in the order of a list, sealed, so that clients can neither
//! read nor make one.

use serde_json::{Value as Json, json};

use super::query::{ListQuery, SortKey, Trashed};
use crate::{
    access::{InstanceKey, Seal},
    base::{Code, Error, Result},
    db::Value,
    schema::Collection,
};

/// The most bytes of a position. A cursor is a third longer, and has to fit into the line of a
/// request, which has at most 65,535.
const MAX_BYTES: usize = 32 * 1024;

/// Seals positions, and opens them again. Cheap to clone.
#[derive(Clone)]
pub struct Cursors(Seal);

impl Cursors {
    /// By the key of the instance: another instance's cursors mean nothing here.
    ///
    /// # Errors
    /// Those of [`Seal::new`].
    pub fn new(key: &InstanceKey) -> Result<Self> {
        Seal::new(key, "cursor").map(Self)
    }

    /// The cursor of what stands behind a position in a list.
    ///
    /// # Errors
    /// `UNPROCESSABLE` where the values that the list is sorted by are too long for a cursor.
    pub(super) fn seal(
        &self,
        position: &[Value],
        collection: &Collection,
        query: &ListQuery<'_>,
    ) -> Result<String> {
        let text = written(position);
        if text.len() > MAX_BYTES {
            let message = "The values that this list is sorted by are too long for a cursor";
            return Err(Error::new(Code::Unprocessable, message));
        }
        self.0.seal(&text, &context(collection, query))
    }

    /// The position that a cursor of this very list holds; none for the first page.
    ///
    /// # Errors
    /// `INVALID_INPUT` for what is no cursor, or was made for another list.
    pub(super) fn open(
        &self,
        cursor: &str,
        collection: &Collection,
        query: &ListQuery<'_>,
    ) -> Result<Option<Vec<Value>>> {
        if cursor.is_empty() {
            return Ok(None);
        }
        let opened = self.0.open(cursor, &context(collection, query));
        let position = opened.and_then(|text| read(&text));
        let is_whole = |position: &Vec<Value>| position.len() == query.sort.len();
        position.filter(is_whole).map(Some).ok_or_else(|| {
            Error::invalid_input(
                "cursor",
                "Was not made for this list, its sort and its filter",
            )
        })
    }
}

/// What a cursor is bound to: the collection, the columns that it is sorted by and what they hold,
/// and what its records fulfil. Other changes of the definition leave it good: of who may see what
/// it says nothing.
fn context(collection: &Collection, query: &ListQuery<'_>) -> Vec<u8> {
    let key = |(field, descending): &SortKey<'_>| {
        let (kind, scale) = (field.kind.name(), field.options.scale);
        json!([field.column, kind, scale, descending])
    };
    let sort: Vec<Json> = query.sort.iter().map(key).collect();
    let trashed = match query.trashed {
        Trashed::Without => "without",
        Trashed::With => "with",
        Trashed::Only => "only",
    };
    let mut asked: Vec<_> = query.asked.iter().collect();
    asked.sort();
    json!([collection.name, sort, trashed, asked])
        .to_string()
        .into_bytes()
}

/// As JSON. A double stands there by its bits in a list of its own, since JSON knows no infinity.
fn written(position: &[Value]) -> String {
    let one = |value: &Value| match value {
        Value::Null | Value::CommitTime => Json::Null,
        Value::Integer(number) => (*number).into(),
        Value::Real(number) => json!([number.to_bits()]),
        Value::Text(text) => text.as_str().into(),
    };
    Json::Array(position.iter().map(one).collect()).to_string()
}

fn read(text: &str) -> Option<Vec<Value>> {
    let one = |value: Json| match value {
        Json::Null => Some(Value::Null),
        Json::Number(number) => number.as_i64().map(Value::Integer),
        Json::String(text) => Some(Value::Text(text)),
        Json::Array(bits) => bits.first()?.as_u64().map(f64::from_bits).map(Value::Real),
        Json::Bool(_) | Json::Object(_) => None,
    };
    let values: Vec<Json> = serde_json::from_str(text).ok()?;
    values.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::{Value, read, written};

    fn value() -> impl Strategy<Value = Value> {
        let double = any::<u64>().prop_map(f64::from_bits);
        let double = double.prop_filter("SQLite keeps none", |number| !number.is_nan());
        prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::Integer),
            double.prop_map(Value::Real),
            any::<String>().prop_map(Value::Text),
        ]
    }

    proptest! {
        #[test]
        fn a_position_comes_back_as_it_was(position in vec(value(), 0..6)) {
            prop_assert_eq!(read(&written(&position)), Some(position));
        }

        #[test]
        fn no_text_is_a_fault(text in any::<String>()) {
            read(&text);
        }
    }
}
