//! Comparisons: which sides fit.

use super::{
    Checker, Checking,
    operand::{Side, Typed, shown},
};
use crate::{
    rules::{
        condition::{Condition, Operand, Test},
        syntax::{Comparator, Expr},
    },
    schema::Comparable,
};

impl Checker<'_> {
    pub(super) fn comparison(
        &mut self,
        expr: &Expr,
        by: Comparator,
        a: &Expr,
        b: &Expr,
    ) -> Checking<Test> {
        match (self.side(a)?, self.side(b)?) {
            (Side::Null | Side::Constant, Side::Null | Side::Constant) => {
                self.fault(expr, "Both sides are constants; one must be a field")
            }
            (side, Side::Null) => self.with_null(a, by, side),
            (Side::Null, side) => self.with_null(b, by, side),
            (Side::Operand(typed), Side::Constant) => self.with_constant(by, typed, b),
            (Side::Constant, Side::Operand(typed)) => self.with_constant(by.flipped(), typed, a),
            (Side::Operand(left), Side::Operand(right)) => self.of_two(expr, by, left, right),
            (Side::Operand(_) | Side::Constant, other) => self.no_value(b, &other),
            (other, _) => self.no_value(a, &other),
        }
    }

    pub(super) fn no_value<T>(&self, at: &Expr, side: &Side<'_>) -> Checking<T> {
        self.fault(
            at,
            match side {
                Side::Record(_) => "This is a record; compare its id, or another field of it",
                Side::Records(..) => "These are records; write .exists(x, ...), or .size()",
                Side::User => "Compare auth.id, or auth with null",
                Side::Roles => "Write \"...\" in auth.roles",
                Side::Null | Side::Constant | Side::Operand(_) => "Expected a value",
            },
        )
    }

    fn with_null(&self, at: &Expr, by: Comparator, side: Side<'_>) -> Checking<Test> {
        if !by.is_equality() {
            return self.fault(at, "null has no order; compare it by == or !=");
        }
        let is_null = match side {
            Side::User => not(Test::SignedIn),
            Side::Operand(typed) => Test::IsNull(typed.operand),
            Side::Record(id) => Test::IsNull(id),
            side => return self.no_value(at, &side),
        };
        Ok(match by {
            Comparator::Equal => is_null,
            _ => not(is_null),
        })
    }

    fn of_two(
        &self,
        expr: &Expr,
        by: Comparator,
        left: Typed<'_>,
        right: Typed<'_>,
    ) -> Checking<Test> {
        let (a, b) = (left.of, right.of);
        let (left, right) = match (a, b) {
            (Comparable::Json, Comparable::Json) => {
                return self.fault(expr, "Two JSON values cannot be compared");
            }
            (Comparable::Scaled(n), Comparable::Json)
            | (Comparable::Json, Comparable::Scaled(n))
                if n > 0 =>
            {
                return self.fault(expr, "A decimal cannot be compared with JSON");
            }
            (Comparable::Choices, Comparable::Json) | (Comparable::Json, Comparable::Choices) => {
                return self.fault(expr, "A list cannot be compared with JSON");
            }
            (Comparable::Json, other) => (left.taken_as(other), right.operand),
            (other, Comparable::Json) => (left.operand, right.taken_as(other)),
            (Comparable::Day, Comparable::Instant) => (midnight(left), right.operand),
            (Comparable::Instant, Comparable::Day) => (left.operand, midnight(right)),
            (Comparable::Scaled(0), Comparable::Real)
            | (Comparable::Real, Comparable::Scaled(0)) => (left.operand, right.operand),
            (Comparable::Scaled(_), Comparable::Real)
            | (Comparable::Real, Comparable::Scaled(_)) => {
                let message = "A decimal is exact, and cannot be compared with a field that is not";
                return self.fault(expr, message);
            }
            (Comparable::Scaled(n), Comparable::Scaled(m)) if n != m => {
                let message = "These numbers have another number of digits behind the point";
                return self.fault(expr, message);
            }
            (Comparable::Choices, Comparable::Choices) if options(&left) != options(&right) => {
                return self.fault(expr, "These lists have other options");
            }
            (a, b) if a == b => (left.operand, right.operand),
            (a, b) => {
                let message = format!("{} cannot be compared with {}", shown(a), shown(b));
                return self.fault(expr, capital(&message));
            }
        };
        if a == Comparable::Choices && !by.is_equality() {
            return self.fault(expr, "Lists have no order");
        }
        let is_boolean = a == Comparable::Boolean || b == Comparable::Boolean;
        if is_boolean && !by.is_equality() {
            return self.fault(expr, "true and false have no order");
        }
        Ok(Test::Compare(by, left, right))
    }
}

/// What a list is chosen from.
fn options<'a>(list: &Typed<'a>) -> Option<&'a [String]> {
    list.field.map(|field| field.options.options.as_slice())
}

fn midnight(day: Typed<'_>) -> Operand {
    Operand::Midnight(Box::new(day.operand))
}

fn not(test: Test) -> Test {
    Test::Not(Box::new(Condition::made(test)))
}

fn capital(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
