//! One column of an aggregate: what a group is made by, or what is computed over it.

use std::{cmp::Ordering, io::Write};

use super::amount::{self, FURTHER_DIGITS};
use crate::{
    base::{Code, Error, Result},
    db::{Sql, Value},
    schema::{Comparable, Field, show_scaled},
};

/// What a column makes of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Its value, by which records are grouped.
    Group,
    /// The first characters of its instant or day, by which records are grouped.
    Part(i64),
    /// How many values it has; without a field, how many records.
    Count,
    /// Their sum.
    Sum,
    /// Their average.
    Average,
    /// The least of them.
    Least,
    /// The greatest of them.
    Greatest,
}

/// What can be selected, by name.
pub const FUNCTIONS: &[(&str, Function)] = &[
    ("count", Function::Count),
    ("sum", Function::Sum),
    ("avg", Function::Average),
    ("min", Function::Least),
    ("max", Function::Greatest),
];

/// Parts of instants and days, with how many of their characters they are.
pub const PARTS: &[(&str, Function)] = &[
    ("year", Function::Part(4)),
    ("month", Function::Part(7)),
    ("day", Function::Part(10)),
];

/// A column of an aggregate. It owns its field, because it is read on another thread.
#[derive(Clone, Debug)]
pub struct Term {
    /// As it is asked for and shown: `sum(total)`.
    pub name: String,
    /// What it makes of the field.
    pub function: Function,
    /// The field; none for `count()`.
    pub field: Option<Field>,
}

/// A value of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// As a row has it.
    Stored(Value),
    /// A multiple of `10^-scale`, of the column's scale.
    Exact(i128),
}

impl Term {
    /// Why the function cannot be asked of this field; none if it can.
    pub fn misfit(&self) -> Option<&'static str> {
        let field = self.field.as_ref()?;
        let of = field.compared_as();
        let fits = match self.function {
            Function::Count => true,
            Function::Group => field.is_comparable(),
            Function::Part(_) => matches!(of, Comparable::Instant | Comparable::Day),
            Function::Sum | Function::Average => {
                matches!(of, Comparable::Scaled(_) | Comparable::Real)
            }
            Function::Least | Function::Greatest => {
                field.is_comparable() && of != Comparable::Boolean
            }
        };
        (!fits).then_some(match self.function {
            Function::Part(_) => "is neither an instant nor a day",
            Function::Sum | Function::Average => "is no number",
            _ => "has no order",
        })
    }

    /// What its values are, in `having`.
    pub fn compared_as(&self) -> Comparable {
        let of = self.field.as_ref().map(Field::compared_as);
        match (self.function, of) {
            (Function::Count, _) | (_, None) => Comparable::Scaled(0),
            (Function::Part(_), _) => Comparable::Text,
            (Function::Average, Some(Comparable::Scaled(scale))) => {
                Comparable::Scaled(scale + FURTHER_DIGITS)
            }
            (_, Some(of)) => of,
        }
    }

    /// True if its values are [`Cell::Exact`], where there is one.
    pub fn is_exact(&self) -> bool {
        let computes = [Function::Count, Function::Sum, Function::Average];
        computes.contains(&self.function) && matches!(self.compared_as(), Comparable::Scaled(_))
    }

    /// Adds the columns of the query that it is read from.
    pub fn push(&self, sql: &mut Sql) {
        let column = || self.field.as_ref().map(Field::sql).unwrap_or_default();
        match self.function {
            Function::Group => {
                sql.append(column());
            }
            Function::Part(length) => {
                sql.push("substr(").append(column()).push(", 1, ");
                sql.bind(length).push(")");
            }
            Function::Count if self.field.is_none() => {
                sql.push("count(*)");
            }
            Function::Count => push_call(sql, "count(", column()),
            Function::Sum | Function::Average if self.is_exact() => {
                sql.push("sum(").append(column()).push(" >> 32), sum(");
                sql.append(column()).push(" & 4294967295), ");
                push_call(sql, "count(", column());
            }
            Function::Sum | Function::Average => {
                push_call(sql, "sum(", column());
                push_call(sql, ", count(", column());
            }
            Function::Least => push_call(sql, "min(", column()),
            Function::Greatest => push_call(sql, "max(", column()),
        }
    }

    /// How many columns [`Self::push`] adds.
    pub fn width(&self) -> usize {
        match self.function {
            Function::Sum | Function::Average if self.is_exact() => 3,
            Function::Sum | Function::Average => 2,
            _ => 1,
        }
    }

    /// Reads its value from a row, of which `at` is the place of its first column.
    ///
    /// # Errors
    /// `UNPROCESSABLE` where a sum of doubles is beyond them; those of the database.
    pub fn read(&self, row: &rusqlite::Row<'_>, at: usize) -> Result<Cell> {
        match self.function {
            Function::Count => Ok(Cell::Exact(i128::from(row.get::<_, i64>(at)?))),
            Function::Sum | Function::Average if self.is_exact() => {
                let count: i64 = row.get(at + 2)?;
                if count == 0 {
                    return Ok(Cell::Stored(Value::Null));
                }
                let sum = amount::sum(row.get(at)?, row.get(at + 1)?);
                Ok(Cell::Exact(match self.function {
                    Function::Average => amount::average(sum, count),
                    _ => sum,
                }))
            }
            Function::Sum | Function::Average => self.read_double(row, at),
            _ => Ok(Cell::Stored(Value::from_row(row.get_ref(at)?)?)),
        }
    }

    /// SQLite has infinities, and makes null of what is no number.
    fn read_double(&self, row: &rusqlite::Row<'_>, at: usize) -> Result<Cell> {
        let (sum, count): (Option<f64>, i64) = (row.get(at)?, row.get(at + 1)?);
        let Some(count) = u32::try_from(count).ok().filter(|count| *count > 0) else {
            return Ok(Cell::Stored(Value::Null));
        };
        let divisor = match self.function {
            Function::Average => f64::from(count),
            _ => 1.0,
        };
        match sum.filter(|sum| sum.is_finite()) {
            Some(sum) => Ok(Cell::Stored(Value::Real(sum / divisor))),
            None => {
                let message = format!("{} is beyond the range of a double", self.name);
                Err(Error::new(Code::Unprocessable, message))
            }
        }
    }

    /// Writes a value of it as JSON at the end of `out`.
    pub fn write(&self, cell: &Cell, out: &mut Vec<u8>) {
        match (cell, &self.field) {
            (Cell::Stored(Value::Text(part)), _) if matches!(self.function, Function::Part(_)) => {
                // Digits and hyphens, so it needs no escape.
                drop(write!(out, "\"{part}\""));
            }
            (Cell::Stored(value), Some(field)) => field.write_value(value, out),
            (Cell::Stored(_), None) => out.extend_from_slice(b"null"),
            (Cell::Exact(number), field) => self.write_exact(*number, field.as_ref(), out),
        }
    }

    /// As the field shows its values, where it could hold this one. Writing to memory cannot fail.
    fn write_exact(&self, number: i128, field: Option<&Field>, out: &mut Vec<u8>) {
        let scale = match self.compared_as() {
            Comparable::Scaled(scale) => scale,
            _ => 0,
        };
        match (self.function, field, i64::try_from(number)) {
            (Function::Count, ..) => drop(write!(out, "{number}")),
            (Function::Sum, Some(field), Ok(number)) => {
                field.write_value(&Value::Integer(number), out);
            }
            _ => drop(write!(out, "\"{}\"", show_scaled(number, scale))),
        }
    }
}

fn push_call(sql: &mut Sql, function: &'static str, column: Sql) {
    sql.push(function).append(column).push(")");
}

impl Cell {
    /// The order of two values of one type, null before all others, as lists have it.
    pub fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Stored(Value::Real(a)), Self::Stored(Value::Real(b))) => {
                // Both are finite.
                a.partial_cmp(b).unwrap_or(Ordering::Equal)
            }
            (Self::Stored(Value::Text(a)), Self::Stored(Value::Text(b))) => a.cmp(b),
            (a, b) if a.is_null() || b.is_null() => b.is_null().cmp(&a.is_null()),
            (a, b) => a.whole().cmp(&b.whole()),
        }
    }

    /// A whole number; none for what is none.
    fn whole(&self) -> Option<i128> {
        match self {
            Self::Exact(number) => Some(*number),
            Self::Stored(value) => value.as_integer().map(i128::from),
        }
    }

    /// True for null.
    pub fn is_null(&self) -> bool {
        *self == Self::Stored(Value::Null)
    }
}
