//! Numbers exactly as they are written: integers and decimals never pass through a double.

use std::{borrow::Cow, fmt};

use serde_json::value::RawValue;

use crate::base::{Issue, IssueCode, json};

use super::Field;

/// Why a text is no number of a scale.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not written like a number in JSON.
    Form,
    /// More digits behind the point than the scale has.
    TooFine,
    /// Beyond 64 bits, below zero or above it.
    Overflow { negative: bool },
}

/// Reads a JSON number, or a string of the same form, as a multiple of `10^-scale`.
///
/// # Errors
/// The fault of `field`.
pub fn read(field: &Field, sent: &RawValue, scale: u32) -> Result<i64, Issue> {
    let raw = sent.get();
    let text = match raw.bytes().next() {
        Some(b'-' | b'0'..=b'9') => Cow::Borrowed(raw),
        Some(b'"') => json::text(sent).unwrap_or_default(),
        _ => return Err(field.issue(IssueCode::InvalidType, "Must be a number")),
    };
    read_text(field, &text, scale)
}

/// The same from a text.
///
/// # Errors
/// The fault of `field`.
pub fn read_text(field: &Field, text: &str, scale: u32) -> Result<i64, Issue> {
    let fault = match parse(text, scale) {
        Ok(number) => return Ok(number),
        Err(fault) => fault,
    };
    Err(match fault {
        Fault::Form => field.issue(IssueCode::InvalidFormat, "Must be written like a number"),
        Fault::TooFine if scale == 0 => {
            field.issue(IssueCode::InvalidFormat, "Must be a whole number")
        }
        Fault::TooFine => {
            let message = format!("Must have at most {scale} digits behind the point");
            field
                .issue(IssueCode::InvalidFormat, message)
                .with("scale", scale)
        }
        Fault::Overflow { negative: true } => {
            let min = show(i64::MIN, scale).to_string();
            let message = format!("Must be at least {min}");
            field.issue(IssueCode::TooSmall, message).with("min", min)
        }
        Fault::Overflow { negative: false } => {
            let max = show(i64::MAX, scale).to_string();
            let message = format!("Must be at most {max}");
            field.issue(IssueCode::TooLarge, message).with("max", max)
        }
    })
}

/// Reads the form of a JSON number, exponent included, without rounding.
///
/// # Errors
/// Why it is no 64-bit multiple of `10^-scale`.
pub fn parse(text: &str, scale: u32) -> Result<i64, Fault> {
    let negative = text.starts_with('-');
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((_, "")) => return Err(Fault::Form),
        Some(parts) => parts,
        None => (mantissa, ""),
    };
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    if whole.is_empty() || leading_zero || !is_digits(whole) || !is_digits(fraction) {
        return Err(Fault::Form);
    }
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return Ok(0);
    }
    let behind = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
    let shift = i64::from(scale)
        .saturating_add(exponent)
        .saturating_sub(behind);
    let magnitude = shifted(significant, shift, negative)?;
    let signed = if negative { -magnitude } else { magnitude };
    i64::try_from(signed).map_err(|_| Fault::Overflow { negative })
}

/// Where a number stands among the multiples of `10^-scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Floor {
    /// It is one of them.
    Exact(i64),
    /// It lies between this one and the next.
    Above(i64),
    /// It is less than all that fit 64 bits.
    Least,
    /// It is more than all that fit 64 bits.
    Greatest,
}

impl Floor {
    /// Reads the form of a JSON number, exponent included; none if it has another.
    pub fn of(text: &str, scale: u32) -> Option<Self> {
        match parse(text, scale) {
            Ok(number) => Some(Self::Exact(number)),
            Err(Fault::Form) => None,
            Err(Fault::Overflow { negative: true }) => Some(Self::Least),
            Err(Fault::Overflow { negative: false }) => Some(Self::Greatest),
            Err(Fault::TooFine) => Some(between(text, scale)),
        }
    }
}

/// The floor of a number that is finer than the scale: its digits without the last ones.
fn between(text: &str, scale: u32) -> Floor {
    let negative = text.starts_with('-');
    let unsigned = text.trim_start_matches('-');
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let shift = read_exponent(exponent).unwrap_or_default();
    let point = i64::try_from(whole.len()).unwrap_or(i64::MAX);
    let kept = point.saturating_add(shift).saturating_add(i64::from(scale));
    // At least one digit is behind the scale, so that all that are kept are there.
    let kept = usize::try_from(kept).unwrap_or_default();
    let kept = digits
        .get(..kept)
        .unwrap_or_default()
        .trim_start_matches('0');
    let size: i128 = match kept.len() {
        0 => 0,
        1..=20 => kept.parse().unwrap_or_default(),
        _ => i128::MAX,
    };
    let floor = if negative { -size - 1 } else { size };
    match i64::try_from(floor) {
        Ok(floor) => Floor::Above(floor),
        Err(_) if negative => Floor::Least,
        Err(_) => Floor::Greatest,
    }
}

/// `digits` times `10^shift`; a negative shift may take off zeros alone.
fn shifted(digits: &str, shift: i64, negative: bool) -> Result<i128, Fault> {
    const LONGEST: usize = 19;
    let overflow = || Fault::Overflow { negative };
    let steps = usize::try_from(shift.unsigned_abs()).unwrap_or(usize::MAX);
    if shift < 0 {
        let kept = digits.len().checked_sub(steps).ok_or(Fault::TooFine)?;
        let (kept, gone) = digits.split_at(kept);
        if kept.is_empty() || gone.bytes().any(|digit| digit != b'0') {
            return Err(Fault::TooFine);
        }
        if kept.len() > LONGEST {
            return Err(overflow());
        }
        return kept.parse().map_err(|_| overflow());
    }
    if digits.len().saturating_add(steps) > LONGEST {
        return Err(overflow());
    }
    let zeros = "0".repeat(steps);
    format!("{digits}{zeros}").parse().map_err(|_| overflow())
}

fn read_exponent(text: &str) -> Result<i64, Fault> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !is_digits(digits) {
        return Err(Fault::Form);
    }
    // One beyond 64 bits is out of every range, whichever it is.
    let size = digits.parse::<i64>().unwrap_or(i64::MAX / 4);
    Ok(if text.starts_with('-') { -size } else { size })
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A multiple of `10^-scale`, written with exactly `scale` digits behind the point.
pub struct Shown {
    number: i128,
    scale: u32,
}

/// How a multiple of `10^-scale` is written; sums may be beyond 64 bits.
pub fn show(number: impl Into<i128>, scale: u32) -> Shown {
    let number = number.into();
    Shown { number, scale }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.number < 0 { "-" } else { "" };
        let size = self.number.unsigned_abs();
        if self.scale == 0 {
            return write!(f, "{sign}{size}");
        }
        let unit = 10_u128.saturating_pow(self.scale);
        let (whole, behind) = (size / unit, size % unit);
        let width = usize::try_from(self.scale).unwrap_or_default();
        write!(f, "{sign}{whole}.{behind:0width$}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Fault, Floor, parse, show};

    #[test]
    fn numbers_have_their_place_among_the_multiples() {
        let rows = [
            ("1.005", 2, Some(Floor::Above(100))),
            ("-1.005", 2, Some(Floor::Above(-101))),
            ("0.001", 2, Some(Floor::Above(0))),
            ("-0.001", 2, Some(Floor::Above(-1))),
            ("1e-400", 9, Some(Floor::Above(0))),
            ("15e-1", 0, Some(Floor::Above(1))),
            ("1.5", 1, Some(Floor::Exact(15))),
            ("1e30", 0, Some(Floor::Greatest)),
            ("-1e30", 0, Some(Floor::Least)),
            ("9223372036854775807.5", 0, Some(Floor::Above(i64::MAX))),
            ("-9223372036854775808.5", 0, Some(Floor::Least)),
            ("99999999999999999999999.5", 0, Some(Floor::Greatest)),
            (
                "0.00000000000000000000000000001e20",
                0,
                Some(Floor::Above(0)),
            ),
            ("x", 0, None),
        ];
        for (text, scale, expected) in rows {
            assert_eq!(Floor::of(text, scale), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_floor_is_the_next_below(thousandths in any::<i32>()) {
            let text = show(i64::from(thousandths), 3).to_string();
            let hundredths = i64::from(thousandths).div_euclid(10);
            let expected = if thousandths % 10 == 0 {
                Floor::Exact(hundredths)
            } else {
                Floor::Above(hundredths)
            };
            prop_assert_eq!(Floor::of(&text, 2), Some(expected));
        }


        #[test]
        fn what_is_shown_is_read_again(number in any::<i64>(), scale in 0_u32..=9) {
            prop_assert_eq!(parse(&show(number, scale).to_string(), scale), Ok(number));
        }

        #[test]
        fn an_exponent_only_moves_the_point(number in -99_999_i64..99_999, zeros in 0_u32..6) {
            let plain = parse(&number.to_string(), 9).unwrap();
            let more = number * 10_i64.pow(zeros);
            prop_assert_eq!(parse(&format!("{more}e-{zeros}"), 9), Ok(plain));
            prop_assert_eq!(parse(&format!("{number}.000E+0"), 9), Ok(plain));
        }

        #[test]
        fn nothing_is_rounded(whole in 0_i64..1_000_000, digit in 1_u8..=9) {
            prop_assert_eq!(parse(&format!("{whole}.99{digit}"), 2), Err(Fault::TooFine));
        }
    }

    #[test]
    fn numbers_are_read_exactly() {
        let rows = [
            ("99.9", 2, Ok(9990)),
            ("99.900", 2, Ok(9990)),
            ("-0", 2, Ok(0)),
            ("0e999999999999999999999", 2, Ok(0)),
            ("1e3", 0, Ok(1000)),
            ("1.0", 0, Ok(1)),
            ("1.5", 0, Err(Fault::TooFine)),
            ("1e-400", 9, Err(Fault::TooFine)),
            ("9223372036854775807", 0, Ok(i64::MAX)),
            ("-9223372036854775808", 0, Ok(i64::MIN)),
            (
                "9223372036854775808",
                0,
                Err(Fault::Overflow { negative: false }),
            ),
            ("-1e400", 0, Err(Fault::Overflow { negative: true })),
            (
                "1e99999999999999999999",
                0,
                Err(Fault::Overflow { negative: false }),
            ),
            ("1e-99999999999999999999", 9, Err(Fault::TooFine)),
        ];
        for (text, scale, expected) in rows {
            assert_eq!(parse(text, scale), expected, "{text}");
        }
    }

    #[test]
    fn only_the_form_of_json_is_read() {
        let wrong = [
            "", "-", "+1", "01", "1.", ".5", " 1", "1 ", "1e", "1e+", "0x1", "1_0", "NaN", "1.5.5",
            "--1", "1e1e1", "١",
        ];
        for text in wrong {
            assert_eq!(parse(text, 2), Err(Fault::Form), "{text}");
        }
    }
}
