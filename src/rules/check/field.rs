//! Conditions on one field, as `field[gte]=10` in a query asks for them.

use std::sync::Arc;

use super::{Checked, Checker, Condition, Needs, Purpose, names::Reached};
use crate::{
    db::Value,
    rules::{
        Book,
        condition::{JsonType, List, Match, Operand, Path, Root, Test},
        syntax::Comparator,
    },
    schema::{Collection, Comparable, Field, Schema},
};

/// What a query asks of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldTest {
    /// How it compares with a value.
    Compare(Comparator, Value),
    /// Whether it is one of these.
    In(Vec<Value>),
    /// Whether it contains a text, case minded.
    Contains(String),
    /// Whether it begins with a text.
    StartsWith(String),
    /// Whether it is null.
    IsNull(bool),
    /// Whether it is an array with this text among its items.
    Has(String),
}

/// A condition on a field, which only holds where who asks may read it.
pub fn on_field(
    schema: &Schema,
    book: &Book,
    collection: &Arc<Collection>,
    field: &Field,
    test: FieldTest,
) -> Checked {
    let mut checker = Checker {
        source: "",
        schema,
        collection,
        purpose: Purpose::Filter(book),
        items: Vec::new(),
        needs: Needs::default(),
        joined: 0,
    };
    let record = Reached::at(Root::Record, collection, 0);
    let path = checker.path(&record, field);
    Checked {
        condition: Arc::new(Condition::made(made(field, path, test))),
        needs: checker.needs,
    }
}

fn made(field: &Field, path: Path, test: FieldTest) -> Test {
    let text = |text: String| Operand::Value(text.into());
    let operand = |path| match field.compared_as() {
        Comparable::Json => Operand::Json(path, Vec::new(), JsonType::Any),
        _ => Operand::Path(path),
    };
    match test {
        FieldTest::Compare(by, value) => Test::Compare(by, operand(path), Operand::Value(value)),
        FieldTest::In(values) => Test::In(operand(path), List::Values(values)),
        FieldTest::Contains(part) => Test::Match(Match::Contains, operand(path), text(part)),
        FieldTest::StartsWith(part) => Test::Match(Match::StartsWith, operand(path), text(part)),
        FieldTest::IsNull(true) => Test::IsNull(operand(path)),
        FieldTest::IsNull(false) => {
            let is_null = Condition::made(Test::IsNull(operand(path)));
            Test::Not(Box::new(is_null))
        }
        FieldTest::Has(item) => Test::In(text(item), list(path, field)),
    }
}

/// The items of a field that is an array of texts.
pub(super) fn list(path: Path, field: &Field) -> List {
    if field.is_many() {
        List::Ids(path)
    } else {
        List::Json(path, Vec::new(), JsonType::Text)
    }
}
