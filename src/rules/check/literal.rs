//! Constants, as the type that they are compared with takes them.

use super::{Checker, Checking, operand::Typed};
use crate::{
    base::Instant,
    db::Value,
    rules::{
        condition::{Condition, List, Operand, Test},
        syntax::{Comparator, Expr, Node},
    },
    schema::{Comparable, Floor},
};

impl<'a> Checker<'a> {
    /// `operand <=> constant`.
    pub(super) fn with_constant(
        &self,
        by: Comparator,
        typed: Typed<'a>,
        constant: &Expr,
    ) -> Checking<Test> {
        match (typed.of, &constant.node) {
            (Comparable::Boolean, Node::Boolean(value)) => {
                let holds = Test::IsTrue(typed.operand);
                let is_same = (by == Comparator::Equal) == *value;
                match by {
                    _ if !by.is_equality() => self.fault(constant, "true and false have no order"),
                    Comparator::Equal if *value => Ok(holds),
                    // What is null is neither true nor false.
                    Comparator::Unequal if *value => Ok(not(holds)),
                    _ => {
                        let Test::IsTrue(operand) = holds else {
                            return Ok(holds);
                        };
                        let no = Operand::Value(Value::Integer(0));
                        let is_false = Test::Compare(Comparator::Equal, operand, no);
                        Ok(if is_same { not(is_false) } else { is_false })
                    }
                }
            }
            (Comparable::Scaled(scale), Node::Number(text) | Node::Text(text)) => {
                match Floor::of(text, scale) {
                    Some(floor) => Ok(scaled(by, typed.operand, floor)),
                    None => self.fault(constant, "Expected a number"),
                }
            }
            (Comparable::Json, Node::Boolean(_)) if !by.is_equality() => {
                self.fault(constant, "true and false have no order")
            }
            _ => {
                let value = self.constant(&typed, constant, by.is_equality())?;
                let of = literal_type(typed.of, &constant.node);
                Ok(match value {
                    Some(value) => Test::Compare(by, typed.taken_as(of), Operand::Value(value)),
                    None => never_equal(by, typed.operand),
                })
            }
        }
    }

    /// `operand in [constants]`. A value of JSON is asked for by the type of each, because SQLite
    /// takes `true` for 1, and an object for its text.
    pub(super) fn among(&self, typed: Typed<'a>, items: &[Expr]) -> Checking<Test> {
        let values = self.constants(&typed, items)?;
        if typed.of != Comparable::Json || values.is_empty() {
            return Ok(Test::In(typed.operand, List::Values(values)));
        }
        let mut by_type: Vec<(Comparable, Vec<Value>)> = Vec::new();
        for (item, value) in items.iter().zip(values) {
            let of = literal_type(Comparable::Json, &item.node);
            match by_type.iter_mut().find(|(other, _)| *other == of) {
                Some((_, values)) => values.push(value),
                None => by_type.push((of, vec![value])),
            }
        }
        let parts = by_type.into_iter().map(|(of, values)| {
            let operand = typed.clone().taken_as(of);
            Condition::made(Test::In(operand, List::Values(values)))
        });
        Ok(Test::Or(parts.collect()))
    }

    /// The constants of a list that can be equal to an operand. Others never are, and are left out.
    fn constants(&self, typed: &Typed<'a>, items: &[Expr]) -> Checking<Vec<Value>> {
        let values = items.iter().map(|item| self.constant(typed, item, true));
        let values: Checking<Vec<Option<Value>>> = values.collect();
        Ok(values?.into_iter().flatten().collect())
    }

    /// A constant as a value of the operand's column; none if it cannot be equal to any.
    fn constant(
        &self,
        typed: &Typed<'a>,
        constant: &Expr,
        is_equality: bool,
    ) -> Checking<Option<Value>> {
        let expected = |what: &str| self.fault(constant, format!("Expected {what}"));
        match (typed.of, &constant.node) {
            (_, Node::Null) => expected("a value; ask for null by == null"),
            (Comparable::Text, Node::Text(text)) => match typed.field {
                // A text of the wrong form can be told at once, where it must be equal.
                Some(field) if is_equality => match field.parse_query(text) {
                    Ok(value) => Ok(Some(value)),
                    Err(issue) => {
                        self.fault(constant, format!("`{}`: {}", field.name, issue.message))
                    }
                },
                _ => Ok(Some(text.as_str().into())),
            },
            (Comparable::Json, Node::Text(text)) => Ok(Some(text.as_str().into())),
            (Comparable::Json | Comparable::Real, Node::Number(text)) => Ok(Some(double(text))),
            (Comparable::Json | Comparable::Boolean, Node::Boolean(value)) => {
                Ok(Some(Value::Integer(i64::from(*value))))
            }
            (Comparable::Scaled(scale), Node::Number(text) | Node::Text(text)) => {
                match Floor::of(text, scale) {
                    Some(Floor::Exact(number)) => Ok(Some(Value::Integer(number))),
                    Some(_) => Ok(None),
                    None => expected("a number"),
                }
            }
            (Comparable::Instant, Node::Text(text)) => match instant(text) {
                Some(at) => Ok(Some(at.into())),
                None => expected("an instant, such as \"2026-01-15T10:30:00Z\" or \"2026-01-15\""),
            },
            (Comparable::Day, Node::Text(text)) => match midnight(text) {
                Some(_) => Ok(Some(text.as_str().into())),
                None => expected("a day, such as \"2026-01-15\""),
            },
            (of, _) => expected(super::operand::shown(of)),
        }
    }
}

/// A constant by itself, for lists whose items may be of any type.
pub(super) fn by_itself<'a>(node: &Node) -> Option<Typed<'a>> {
    let (value, of) = match node {
        Node::Text(text) => (text.as_str().into(), Comparable::Text),
        Node::Number(text) => (double(text), Comparable::Real),
        Node::Boolean(value) => (Value::Integer(i64::from(*value)), Comparable::Boolean),
        _ => return None,
    };
    Some(Typed {
        operand: Operand::Value(value),
        of,
        field: None,
    })
}

/// What a JSON value is taken as, to be compared with a constant.
fn literal_type(of: Comparable, constant: &Node) -> Comparable {
    match (of, constant) {
        (Comparable::Json, Node::Text(_)) => Comparable::Text,
        (Comparable::Json, Node::Number(_)) => Comparable::Real,
        (Comparable::Json, Node::Boolean(_)) => Comparable::Boolean,
        (of, _) => of,
    }
}

/// An instant as it is written in a query: a bare day means its beginning.
pub(super) fn instant(text: &str) -> Option<Instant> {
    midnight(text).or_else(|| Instant::parse(text))
}

fn midnight(text: &str) -> Option<Instant> {
    Instant::parse(&format!("{text}T00:00:00Z"))
}

/// The double that is nearest; a whole number stays one, because SQLite compares both exactly.
fn double(text: &str) -> Value {
    match Floor::of(text, 0) {
        Some(Floor::Exact(whole)) => Value::Integer(whole),
        _ => Value::Real(text.parse().unwrap_or(f64::INFINITY)),
    }
}

/// Nothing is rounded: what lies between two multiples is more than one and less than the other.
fn scaled(by: Comparator, operand: Operand, floor: Floor) -> Test {
    let (by, bound) = match (by, floor) {
        (by, Floor::Exact(number)) => (by, number),
        (Comparator::Equal | Comparator::Unequal, _) => return never_equal(by, operand),
        (Comparator::Less | Comparator::AtMost, Floor::Least) => (Comparator::Less, i64::MIN),
        (_, Floor::Least) => (Comparator::AtLeast, i64::MIN),
        (Comparator::Less | Comparator::AtMost, Floor::Above(below)) => (Comparator::AtMost, below),
        (_, Floor::Above(below)) => (Comparator::More, below),
        (Comparator::Less | Comparator::AtMost, Floor::Greatest) => (Comparator::AtMost, i64::MAX),
        (_, Floor::Greatest) => (Comparator::More, i64::MAX),
    };
    Test::Compare(by, operand, Operand::Value(Value::Integer(bound)))
}

/// Of what is equal to no value of its column. It stays a question about the operand, which is
/// unknown for a guest where it is a field of `auth`.
fn never_equal(by: Comparator, operand: Operand) -> Test {
    let equal = Test::In(operand, List::Values(Vec::new()));
    match by {
        Comparator::Unequal => not(equal),
        _ => equal,
    }
}

fn not(test: Test) -> Test {
    Test::Not(Box::new(Condition::made(test)))
}
