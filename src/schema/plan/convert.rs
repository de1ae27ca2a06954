//! Values of one type as those of another, in SQL. What has no exact counterpart becomes NULL.

use super::lists;
use crate::{
    db::{Sql, Value},
    schema::{field::Field, fields::Comparable},
};

/// Beyond this a double skips whole numbers.
const EXACT_IN_A_DOUBLE: i64 = 1 << 53;

/// What the value of `old` is as one of `new`, as an expression over the column of `old`. None if
/// the types have no value in common.
///
/// Texts of every kind share one form, so the checks of the new type say whether it is a value.
/// `target` is the table of the records that a relation points at, by the name that it has when
/// the statement runs.
pub fn converted(old: &Field, new: &Field, target: Option<&str>) -> Option<Sql> {
    let value = old.sql();
    let from = old.compared_as();
    match (from, new.compared_as()) {
        (Comparable::Day, Comparable::Instant) => {
            Some(cat(&[P::Is(&value), P::Of(" || 'T00:00:00.000Z'")]))
        }
        // Only midnight is a day and nothing else.
        (Comparable::Instant, Comparable::Day) => Some(cat(&[
            P::Of("CASE WHEN "),
            P::Is(&value),
            P::Of(" GLOB '*T00:00:00.000Z' THEN substr("),
            P::Is(&value),
            P::Of(", 1, 10) END"),
        ])),
        (Comparable::Scaled(from), Comparable::Scaled(to)) => Some(rescaled(&value, from, to)),
        (Comparable::Scaled(scale), Comparable::Real) => Some(real_of_scaled(&value, scale)),
        (Comparable::Real, Comparable::Scaled(scale)) => Some(scaled_of_real(&value, scale)),
        (Comparable::Boolean, Comparable::Scaled(scale)) => Some(rescaled(&value, 0, scale)),
        (Comparable::Scaled(scale), Comparable::Boolean) => Some(rescaled(&value, scale, 0)),
        (Comparable::Boolean, Comparable::Real) => Some(real_of_scaled(&value, 0)),
        (Comparable::Real, Comparable::Boolean) => Some(scaled_of_real(&value, 0)),
        (Comparable::Choices, Comparable::Choices) => {
            Some(lists::converted(&value, old, new, target))
        }
        (Comparable::Choices, Comparable::Json) => Some(value),
        (from, Comparable::Choices) => {
            let list = lists::of_text(&text(from, &value));
            Some(lists::converted(&list, old, new, target))
        }
        (Comparable::Json, Comparable::Json) => Some(value),
        (_, Comparable::Json) => Some(json(from, &value)),
        (_, Comparable::Text) => Some(linked(text(from, &value), target)),
        (Comparable::Text | Comparable::Json | Comparable::Choices, to) => {
            of_text(&text(from, &value), to)
        }
        (Comparable::Boolean, Comparable::Boolean)
        | (Comparable::Real, Comparable::Real)
        | (Comparable::Day, Comparable::Day)
        | (Comparable::Instant, Comparable::Instant) => Some(value),
        _ => None,
    }
}

/// A piece of an expression.
pub(super) enum P<'a> {
    Of(&'static str),
    Is(&'a Sql),
    N(i64),
}

pub(super) fn cat(pieces: &[P<'_>]) -> Sql {
    let mut sql = Sql::new("(");
    for piece in pieces {
        match piece {
            P::Of(text) => sql.push(text),
            P::Is(value) => sql.append_kept(value),
            P::N(number) => sql.literal(&Value::Integer(*number)),
        };
    }
    sql.push(")");
    sql
}

fn power(scale: u32) -> i64 {
    10_i64.saturating_pow(scale)
}

/// Multiples of `10^-from` as multiples of `10^-to`, where they fit and lose nothing.
fn rescaled(value: &Sql, from: u32, to: u32) -> Sql {
    if from <= to {
        let factor = power(to - from);
        let most = i64::MAX / factor;
        return cat(&[
            P::Of("CASE WHEN "),
            P::Is(value),
            P::Of(" BETWEEN "),
            P::N(-most),
            P::Of(" AND "),
            P::N(most),
            P::Of(" THEN "),
            P::Is(value),
            P::Of(" * "),
            P::N(factor),
            P::Of(" END"),
        ]);
    }
    let factor = power(from - to);
    cat(&[
        P::Of("CASE WHEN "),
        P::Is(value),
        P::Of(" % "),
        P::N(factor),
        P::Of(" = 0 THEN "),
        P::Is(value),
        P::Of(" / "),
        P::N(factor),
        P::Of(" END"),
    ])
}

/// The double that is read from the digits of a decimal: both parts of the division are exact, so
/// that its result is the nearest one.
fn real_of_scaled(value: &Sql, scale: u32) -> Sql {
    cat(&[
        P::Of("CASE WHEN "),
        P::Is(value),
        P::Of(" BETWEEN "),
        P::N(-EXACT_IN_A_DOUBLE),
        P::Of(" AND "),
        P::N(EXACT_IN_A_DOUBLE),
        P::Of(" THEN CAST("),
        P::Is(value),
        P::Of(" AS REAL) / "),
        P::N(power(scale)),
        P::Of(" END"),
    ])
}

/// The decimal from whose digits a double is read.
fn scaled_of_real(value: &Sql, scale: u32) -> Sql {
    let whole = cat(&[
        P::Of("CAST(round("),
        P::Is(value),
        P::Of(" * "),
        P::N(power(scale)),
        P::Of(") AS INTEGER)"),
    ]);
    cat(&[
        P::Of("CASE WHEN "),
        P::Is(&whole),
        P::Of(" BETWEEN "),
        P::N(-EXACT_IN_A_DOUBLE),
        P::Of(" AND "),
        P::N(EXACT_IN_A_DOUBLE),
        P::Of(" AND CAST("),
        P::Is(&whole),
        P::Of(" AS REAL) / "),
        P::N(power(scale)),
        P::Of(" = "),
        P::Is(value),
        P::Of(" THEN "),
        P::Is(&whole),
        P::Of(" END"),
    ])
}

/// What a value is as a text: as the API writes it.
fn text(from: Comparable, value: &Sql) -> Sql {
    match from {
        Comparable::Text | Comparable::Instant | Comparable::Day => value.clone(),
        Comparable::Choices => lists::text(value),
        Comparable::Scaled(0) => cat(&[P::Of("CAST("), P::Is(value), P::Of(" AS TEXT)")]),
        Comparable::Scaled(scale) => digits(value, scale),
        Comparable::Real => text_of_real(value),
        Comparable::Boolean => cat(&[
            P::Of("CASE "),
            P::Is(value),
            P::Of(" WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"),
        ]),
        Comparable::Json => cat(&[
            P::Of("CASE json_type("),
            P::Is(value),
            P::Of(") WHEN 'text' THEN json_extract("),
            P::Is(value),
            P::Of(", '$') ELSE "),
            P::Is(value),
            P::Of(" END"),
        ]),
    }
}

/// `-0.05` of -5 at scale 2. The least integer has no absolute value, and is left out.
fn digits(value: &Sql, scale: u32) -> Sql {
    cat(&[
        P::Of("CASE WHEN "),
        P::Is(value),
        P::Of(" > "),
        P::N(i64::MIN),
        P::Of(" THEN iif("),
        P::Is(value),
        P::Of(" < 0, '-', '') || (abs("),
        P::Is(value),
        P::Of(") / "),
        P::N(power(scale)),
        P::Of(") || '.' || substr('000000000' || (abs("),
        P::Is(value),
        P::Of(") % "),
        P::N(power(scale)),
        P::Of("), "),
        P::N(-i64::from(scale)),
        P::Of(") END"),
    ])
}

/// The shortest of the forms that are read as the same double.
fn text_of_real(value: &Sql) -> Sql {
    cat(&[
        P::Of("CASE WHEN "),
        P::Is(value),
        P::Of(" = CAST("),
        P::Is(value),
        P::Of(" AS INTEGER) AND abs("),
        P::Is(value),
        P::Of(") < 1e15 THEN CAST(CAST("),
        P::Is(value),
        P::Of(" AS INTEGER) AS TEXT) WHEN CAST(printf('%!.15g', "),
        P::Is(value),
        P::Of(") AS REAL) = "),
        P::Is(value),
        P::Of(" THEN printf('%!.15g', "),
        P::Is(value),
        P::Of(") WHEN CAST(printf('%!.16g', "),
        P::Is(value),
        P::Of(") AS REAL) = "),
        P::Is(value),
        P::Of(" THEN printf('%!.16g', "),
        P::Is(value),
        P::Of(") WHEN CAST(printf('%!.17g', "),
        P::Is(value),
        P::Of(") AS REAL) = "),
        P::Is(value),
        P::Of(" THEN printf('%!.17g', "),
        P::Is(value),
        P::Of(") END"),
    ])
}

/// What a value is as JSON: numbers and truth as such, all else as a string.
fn json(from: Comparable, value: &Sql) -> Sql {
    let text = text(from, value);
    match from {
        Comparable::Scaled(0) | Comparable::Real | Comparable::Boolean => text,
        _ => cat(&[
            P::Of("CASE WHEN "),
            P::Is(&text),
            P::Of(" IS NOT NULL THEN json_quote("),
            P::Is(&text),
            P::Of(") END"),
        ]),
    }
}

/// Reads a text as another value.
fn of_text(text: &Sql, to: Comparable) -> Option<Sql> {
    Some(match to {
        Comparable::Scaled(scale) => scaled_of_text(text, scale),
        Comparable::Real => cat(&[
            P::Of("CASE WHEN json_valid("),
            P::Is(text),
            P::Of(") AND "),
            P::Is(text),
            P::Of(" NOT GLOB '*[^-+0-9.eE]*' THEN CAST("),
            P::Is(text),
            P::Of(" AS REAL) END"),
        ]),
        Comparable::Boolean => cat(&[
            P::Of("CASE "),
            P::Is(text),
            P::Of(" WHEN 'true' THEN 1 WHEN 'false' THEN 0 END"),
        ]),
        Comparable::Instant | Comparable::Day => text.clone(),
        _ => return None,
    })
}

/// A number is written as in JSON, without an exponent, with at most `scale` digits behind the
/// point that are not zero, and so few before it that it fits.
fn scaled_of_text(text: &Sql, scale: u32) -> Sql {
    let point = cat(&[P::Of("instr("), P::Is(text), P::Of(" || '.', '.')")]);
    let fraction = cat(&[
        P::Of("rtrim(substr("),
        P::Is(text),
        P::Of(", "),
        P::Is(&point),
        P::Of(" + 1), '0')"),
    ]);
    let scale = i64::from(scale);
    cat(&[
        P::Of("CASE WHEN json_valid("),
        P::Is(text),
        P::Of(") AND "),
        P::Is(text),
        P::Of(" NOT GLOB '*[^-0-9.]*' AND length("),
        P::Is(&fraction),
        P::Of(") <= "),
        P::N(scale),
        P::Of(" AND "),
        P::Is(&point),
        P::Of(" <= "),
        P::N(19 - scale),
        P::Of(" THEN CAST(substr("),
        P::Is(text),
        P::Of(", 1, "),
        P::Is(&point),
        P::Of(" - 1) || substr("),
        P::Is(&fraction),
        P::Of(" || '000000000', 1, "),
        P::N(scale),
        P::Of(") AS INTEGER) END"),
    ])
}

/// What is to be a relation has to point at a record.
fn linked(text: Sql, target: Option<&str>) -> Sql {
    let Some(target) = target else {
        return text;
    };
    let mut sql = Sql::new("(CASE WHEN ");
    sql.append_kept(&text)
        .push(" IN (SELECT \"id\" FROM ")
        .ident(target)
        .push(") THEN ")
        .append(text)
        .push(" END)");
    sql
}
