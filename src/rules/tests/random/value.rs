//! Values as the documents know them, without SQL.

use std::cmp::Ordering;

use serde_json::Value as Json;

use crate::{base::Instant, db};

/// What a field holds.
#[derive(Clone, Debug)]
pub enum Value {
    Null,
    /// An integer and the number of its digits behind the point.
    Exact(i128, u32),
    Real(f64),
    Boolean(bool),
    Text(String),
    /// A text whose field takes A to Z for a to z.
    NoCase(String),
    Instant(Instant),
    Day(String),
    Json(Json),
    /// Those options that were chosen.
    Choices(Vec<String>),
}

/// What the values of a field can be compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Text,
    Exact(u32),
    Real,
    Boolean,
    Instant,
    Day,
    Json,
    Choices,
}

impl Value {
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null | Self::Json(Json::Null))
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::NoCase(text) | Self::Json(Json::String(text)) => Some(text),
            _ => None,
        }
    }

    pub fn is_true(&self) -> bool {
        matches!(self, Self::Boolean(true) | Self::Json(Json::Bool(true)))
    }

    /// As it is kept in its column.
    pub fn stored(&self) -> db::Value {
        match self {
            Self::Null => db::Value::Null,
            Self::Exact(number, _) => db::Value::Integer(i64::try_from(*number).unwrap()),
            Self::Real(number) => db::Value::Real(*number),
            Self::Boolean(value) => db::Value::Integer(i64::from(*value)),
            Self::Text(text) | Self::NoCase(text) | Self::Day(text) => {
                db::Value::Text(text.clone())
            }
            Self::Instant(at) => (*at).into(),
            Self::Json(json) => db::Value::Text(json.to_string()),
            Self::Choices(chosen) => db::Value::Text(Json::from(chosen.clone()).to_string()),
        }
    }

    /// A number as it is written.
    pub fn number(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let shift = exponent.parse::<i32>().unwrap() - i32::try_from(fraction.len()).unwrap();
        let digits: i128 = format!("{whole}{fraction}").parse().unwrap();
        if shift > 30 {
            return Self::Real(text.parse().unwrap());
        }
        match u32::try_from(-shift) {
            Ok(scale) => Self::Exact(digits, scale),
            Err(_) => Self::Exact(digits * 10_i128.pow(shift.unsigned_abs()), 0),
        }
    }
}

/// `==`, by which null is a value, and what is of another type another value.
pub fn is_equal(a: &Value, b: &Value) -> bool {
    match (a.is_null(), b.is_null()) {
        (true, true) => true,
        (false, false) => compare(a, b) == Some(Ordering::Equal),
        _ => false,
    }
}

/// How two values stand to each other; none for null, and for those of other types.
pub fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::NoCase(_), _) | (_, Value::NoCase(_)) => {
            let [a, b] = [a, b].map(|value| value.text().map(str::to_ascii_lowercase));
            Some(a?.cmp(&b?))
        }
        (Value::Json(Json::String(a)), _) => compare(&Value::Text(a.clone()), b),
        (Value::Json(Json::Bool(a)), _) => compare(&Value::Boolean(*a), b),
        (Value::Json(Json::Number(a)), _) => compare(&Value::Real(a.as_f64()?), b),
        (_, Value::Json(_)) if !matches!(a, Value::Json(_)) => compare(b, a).map(Ordering::reverse),
        (Value::Exact(a, n), Value::Exact(b, m)) => {
            Some((a * 10_i128.pow(*m)).cmp(&(b * 10_i128.pow(*n))))
        }
        (Value::Exact(a, n), Value::Real(b)) => real(*a, *n).partial_cmp(b),
        (Value::Real(a), Value::Exact(b, n)) => a.partial_cmp(&real(*b, *n)),
        (Value::Real(a), Value::Real(b)) => a.partial_cmp(b),
        (Value::Boolean(a), Value::Boolean(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) | (Value::Day(a), Value::Day(b)) => Some(a.cmp(b)),
        (Value::Choices(a), Value::Choices(b)) => Some(a.cmp(b)),
        (Value::Instant(a), Value::Instant(b)) => Some(a.cmp(b)),
        (Value::Day(a), Value::Instant(b)) => Some(midnight(a).cmp(b)),
        (Value::Instant(a), Value::Day(b)) => Some(a.cmp(&midnight(b))),
        // Beside JSON they are texts.
        (Value::Text(a), Value::Instant(b)) => Some(a.cmp(&b.to_string())),
        (Value::Text(a), Value::Day(b)) => Some(a.cmp(b)),
        (Value::Instant(_) | Value::Day(_), Value::Text(_)) => compare(b, a).map(Ordering::reverse),
        _ => None,
    }
}

/// The double that is nearest to a number as it is written.
fn real(digits: i128, scale: u32) -> f64 {
    format!("{digits}e-{scale}").parse().unwrap()
}

pub fn midnight(day: &str) -> Instant {
    Instant::parse(&format!("{day}T00:00:00Z")).unwrap()
}
