//! `having`: which groups are shown, in the language of filters over the columns of the answer.
//!
//! It is decided here and not by the database, because sums stand in no column that could hold
//! them, and would be compared as doubles there.

use std::cmp::Ordering;

use super::{
    amount,
    term::{Cell, Term},
};
use crate::{
    db::Value,
    rules::{Comparator, Expr, Fault, Node, parse},
    schema::Comparable,
};

/// A condition on a group.
#[derive(Clone, Debug)]
pub enum Having {
    /// All of them hold.
    And(Vec<Self>),
    /// One of them holds.
    Or(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// The column at this place is null.
    IsNull(usize),
    /// It compares so with a constant.
    Constant(usize, Comparator, Bound),
    /// Two columns compare so.
    Columns(usize, Comparator, usize),
}

/// A constant, as values of its column are compared with it.
#[derive(Clone, Debug)]
pub enum Bound {
    /// A value that the column could have.
    Value(Value),
    /// Twice the multiple of `10^-scale`, odd for what lies between two.
    Halves(i128),
}

impl Having {
    /// Reads a condition on these columns.
    ///
    /// # Errors
    /// The first fault, with its place.
    pub fn parse(text: &str, terms: &[Term]) -> Result<Self, Fault> {
        let checker = Checker {
            source: text,
            terms,
        };
        checker.condition(&parse(text)?)
    }

    /// True if a group with these values is shown. A comparison with null is false, and its
    /// negation true; `==` and `!=` take null for a value.
    pub fn holds(&self, cells: &[Cell]) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.holds(cells)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(cells)),
            Self::Not(of) => !of.holds(cells),
            Self::IsNull(place) => cells.get(*place).is_none_or(Cell::is_null),
            Self::Constant(place, by, bound) => {
                let order = cells.get(*place).and_then(|cell| bound.order_of(cell));
                fits(*by, order)
            }
            Self::Columns(a, by, b) => match (cells.get(*a), cells.get(*b)) {
                (Some(a), Some(b)) if by.is_equality() || !(a.is_null() || b.is_null()) => {
                    fits(*by, Some(a.order(b)))
                }
                _ => false,
            },
        }
    }
}

impl Bound {
    /// How a value stands to it; none for null.
    fn order_of(&self, cell: &Cell) -> Option<Ordering> {
        match (cell, self) {
            (cell, _) if cell.is_null() => None,
            (Cell::Exact(number), Self::Halves(halves)) => Some((number * 2).cmp(halves)),
            (Cell::Stored(Value::Integer(number)), Self::Halves(halves)) => {
                Some((i128::from(*number) * 2).cmp(halves))
            }
            (cell, Self::Value(value)) => Some(cell.order(&Cell::Stored(value.clone()))),
            _ => None,
        }
    }
}

/// Whether values that stand so to each other compare so; none where one of them is null.
fn fits(by: Comparator, order: Option<Ordering>) -> bool {
    let Some(order) = order else {
        return by == Comparator::Unequal;
    };
    match by {
        Comparator::Equal => order.is_eq(),
        Comparator::Unequal => order.is_ne(),
        Comparator::Less => order.is_lt(),
        Comparator::AtMost => order.is_le(),
        Comparator::More => order.is_gt(),
        Comparator::AtLeast => order.is_ge(),
    }
}

struct Checker<'a> {
    source: &'a str,
    terms: &'a [Term],
}

impl Checker<'_> {
    fn condition(&self, expr: &Expr) -> Result<Having, Fault> {
        let all = |parts: &[Expr]| -> Result<Vec<_>, Fault> {
            parts.iter().map(|part| self.condition(part)).collect()
        };
        match &expr.node {
            Node::And(parts) => Ok(Having::And(all(parts)?)),
            Node::Or(parts) => Ok(Having::Or(all(parts)?)),
            Node::Not(of) => Ok(Having::Not(Box::new(self.condition(of)?))),
            Node::Compare(by, a, b) => self.comparison(expr, *by, a, b),
            Node::In(of, list) => self.among(of, list),
            _ => {
                let place = self.column(expr)?;
                match self.of(place) {
                    Comparable::Boolean => {
                        let yes = Bound::Value(Value::Integer(1));
                        Ok(Having::Constant(place, Comparator::Equal, yes))
                    }
                    _ => self.fault(expr, "Expected a comparison"),
                }
            }
        }
    }

    fn comparison(&self, expr: &Expr, by: Comparator, a: &Expr, b: &Expr) -> Result<Having, Fault> {
        match (is_column(a), is_column(b)) {
            (true, true) => self.of_two(expr, by, a, b),
            (true, false) => self.with_constant(by, a, b),
            (false, true) => self.with_constant(by.flipped(), b, a),
            (false, false) => self.fault(expr, "One side must be a group, or what is selected"),
        }
    }

    fn of_two(&self, expr: &Expr, by: Comparator, a: &Expr, b: &Expr) -> Result<Having, Fault> {
        let (a, b) = (self.column(a)?, self.column(b)?);
        if self.of(a) != self.of(b) {
            return self.fault(expr, "Values of different types cannot be compared");
        }
        self.check_order(expr, by, a)?;
        Ok(Having::Columns(a, by, b))
    }

    fn with_constant(&self, by: Comparator, of: &Expr, constant: &Expr) -> Result<Having, Fault> {
        let place = self.column(of)?;
        if constant.node == Node::Null {
            let is_null = Having::IsNull(place);
            return match by {
                Comparator::Equal => Ok(is_null),
                Comparator::Unequal => Ok(Having::Not(Box::new(is_null))),
                _ => self.fault(of, "null has no order; compare it by == or !="),
            };
        }
        self.check_order(of, by, place)?;
        let bound = self.constant(place, constant)?;
        Ok(Having::Constant(place, by, bound))
    }

    fn among(&self, of: &Expr, list: &Expr) -> Result<Having, Fault> {
        let place = self.column(of)?;
        let Node::List(items) = &list.node else {
            return self.fault(list, "Expected a list, such as [1, 2]");
        };
        let equal = |item: &Expr| {
            let bound = self.constant(place, item)?;
            Ok(Having::Constant(place, Comparator::Equal, bound))
        };
        let parts: Result<Vec<_>, Fault> = items.iter().map(equal).collect();
        Ok(Having::Or(parts?))
    }

    fn check_order(&self, at: &Expr, by: Comparator, place: usize) -> Result<(), Fault> {
        if !by.is_equality() && self.of(place) == Comparable::Boolean {
            return self.fault(at, "true and false have no order");
        }
        Ok(())
    }

    /// A constant as a value of a column.
    fn constant(&self, place: usize, constant: &Expr) -> Result<Bound, Fault> {
        let field = self.terms.get(place).and_then(|term| term.field.as_ref());
        match (self.of(place), &constant.node) {
            (Comparable::Scaled(scale), Node::Number(text) | Node::Text(text)) => {
                match amount::halves(text, scale) {
                    Some(halves) => Ok(Bound::Halves(halves)),
                    None => self.fault(constant, "Expected a number"),
                }
            }
            (Comparable::Real, Node::Number(text)) => {
                let number = text.parse().unwrap_or(f64::INFINITY);
                Ok(Bound::Value(Value::Real(number + 0.0)))
            }
            (Comparable::Boolean, Node::Boolean(value)) => {
                Ok(Bound::Value(Value::Integer(i64::from(*value))))
            }
            (Comparable::Instant | Comparable::Day, Node::Text(text)) => {
                match field.map(|field| field.parse_query(text)) {
                    Some(Ok(value)) => Ok(Bound::Value(value)),
                    Some(Err(issue)) => self.fault(constant, issue.message),
                    None => self.fault(constant, "Expected a number"),
                }
            }
            (Comparable::Text, Node::Text(text)) => Ok(Bound::Value(text.as_str().into())),
            (Comparable::Scaled(_) | Comparable::Real, _) => {
                self.fault(constant, "Expected a number")
            }
            (Comparable::Boolean, _) => self.fault(constant, "Expected true or false"),
            _ => self.fault(constant, "Expected a text"),
        }
    }

    /// The place of the column that is named here.
    fn column(&self, expr: &Expr) -> Result<usize, Fault> {
        let name = match &expr.node {
            Node::Name(name) => Some(name.clone()),
            Node::Call(None, function, items) => match items.as_slice() {
                [] => Some(format!("{function}()")),
                [one] => match &one.node {
                    Node::Name(name) => Some(format!("{function}({name})")),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        };
        let Some(name) = name else {
            return self.fault(
                expr,
                "Expected a group, or what is selected, such as count()",
            );
        };
        match self.terms.iter().position(|term| term.name == name) {
            Some(place) => Ok(place),
            None => self.fault(
                expr,
                format!("{name} stands neither in group nor in select"),
            ),
        }
    }

    fn of(&self, place: usize) -> Comparable {
        let term = self.terms.get(place);
        term.map_or(Comparable::Text, Term::compared_as)
    }

    fn fault<T>(&self, at: &Expr, message: impl Into<String>) -> Result<T, Fault> {
        Err(Fault::new(self.source, &at.span, message))
    }
}

/// True for what names a column; all else must be a constant.
fn is_column(expr: &Expr) -> bool {
    matches!(expr.node, Node::Name(_) | Node::Call(..) | Node::Field(..))
}
