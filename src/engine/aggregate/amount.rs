//! Exact amounts: sums and averages of integers and decimals, wider than any column.
//!
//! A sum of 64-bit numbers needs more than 64 bits, and SQLite refuses one that does not fit, also
//! where it would fit in the end. So the database adds up upper and lower halves apart, and they
//! are put together here.

use std::cmp::Ordering;

use crate::schema::Floor;

/// Digits that an average has behind the point beyond those of its field.
pub const FURTHER_DIGITS: u32 = 4;

/// Beyond all sums: fewer than 2^32 numbers of 64 bits are added up.
const BEYOND: i128 = 10_i128.pow(30);

/// The sum of numbers whose upper halves (`x >> 32`) and lower halves (`x & 4294967295`) were
/// added up apart.
pub fn sum(upper: i64, lower: i64) -> i128 {
    (i128::from(upper) << 32) + i128::from(lower)
}

/// The average of `count` numbers with this sum, with [`FURTHER_DIGITS`] more behind the point;
/// what lies between two is rounded to the nearer, and from the middle to the even one.
pub fn average(sum: i128, count: i64) -> i128 {
    let count = i128::from(count.max(1));
    let wide = sum * 10_i128.pow(FURTHER_DIGITS);
    let (below, rest) = (wide.div_euclid(count), wide.rem_euclid(count));
    let is_up = match (rest * 2).cmp(&count) {
        Ordering::Less => false,
        Ordering::Equal => below % 2 != 0,
        Ordering::Greater => true,
    };
    below + i128::from(is_up)
}

/// A constant among the multiples of `10^-scale`, counted in halves of them, so that it has a place
/// of its own also between two: twice the number, or the odd number between.
///
/// None if it is not written like a number in JSON.
pub fn halves(text: &str, scale: u32) -> Option<i128> {
    // For its form alone, which the rest here may rely on.
    Floor::of(text, 0)?;
    let is_negative = text.starts_with('-');
    let (mantissa, exponent) = text
        .trim_start_matches('-')
        .split_once(['e', 'E'])
        .unwrap_or((text.trim_start_matches('-'), "0"));
    let (whole, behind) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{behind}");
    let size = size_in_halves(&digits, whole.len(), exponent, scale);
    Some(if is_negative { -size } else { size })
}

/// The halves of a number whose point stands behind the first `whole` of its digits, moved by an
/// exponent and the scale.
fn size_in_halves(digits: &str, whole: usize, exponent: &str, scale: u32) -> i128 {
    let is_shrinking = exponent.starts_with('-');
    // One that fits no 64 bits leads far beyond, or to next to nothing, whatever it is.
    let far = if is_shrinking { -BEYOND } else { BEYOND };
    let exponent = exponent.trim_start_matches('+').parse::<i64>();
    let exponent = exponent.map_or(far, i128::from);
    let point = i128::try_from(whole).unwrap_or(BEYOND) + exponent + i128::from(scale);
    let kept = usize::try_from(point.clamp(0, BEYOND)).unwrap_or(usize::MAX);
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return 0;
    }
    let zeros = digits.len() - significant.len();
    if kept.saturating_sub(zeros) > 30 {
        return BEYOND * 2;
    }
    let (front, rest) = digits.split_at(kept.min(digits.len()));
    let missing = u32::try_from(kept - front.len()).unwrap_or_default();
    let front: i128 = front.trim_start_matches('0').parse().unwrap_or(0);
    let is_between = rest.bytes().any(|digit| digit != b'0');
    front * 10_i128.saturating_pow(missing) * 2 + i128::from(is_between)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{average, halves, sum};
    use crate::schema::show_scaled;

    proptest! {
        #[test]
        fn halves_of_numbers_add_up(numbers in proptest::collection::vec(any::<i64>(), 0..50)) {
            let upper = numbers.iter().map(|number| number >> 32).sum();
            let lower = numbers.iter().map(|number| number & 4_294_967_295).sum();
            let exact: i128 = numbers.iter().map(|number| i128::from(*number)).sum();
            prop_assert_eq!(sum(upper, lower), exact);
        }

        #[test]
        fn an_average_is_the_nearest(sum in any::<i64>(), count in 1_i64..1_000) {
            let found = average(i128::from(sum), count);
            let off = found * i128::from(count) - i128::from(sum) * 10_000;
            prop_assert!(off.abs() * 2 <= i128::from(count));
        }

        #[test]
        fn a_constant_stands_where_it_belongs(thousandths in any::<i64>()) {
            let text = show_scaled(thousandths, 3).to_string();
            let exact = i128::from(thousandths);
            prop_assert_eq!(halves(&text, 3), Some(exact * 2));
            let below = exact.div_euclid(10);
            let is_between = exact.rem_euclid(10) != 0;
            prop_assert_eq!(halves(&text, 2), Some(below * 2 + i128::from(is_between)));
        }
    }

    #[test]
    fn the_middle_goes_to_the_even_one() {
        let rows = [
            (1, 20_000, 0),
            (3, 20_000, 2),
            (-1, 20_000, 0),
            (-3, 20_000, -2),
            (1, 3, 3_333),
            (2, 3, 6_667),
            (-2, 3, -6_667),
        ];
        for (sum, count, expected) in rows {
            assert_eq!(average(sum, count), expected, "{sum} / {count}");
        }
    }

    #[test]
    fn constants_of_any_form_have_a_place() {
        let rows = [
            ("1e3", 0, Some(2_000)),
            ("15e-1", 0, Some(3)),
            ("-15e-1", 0, Some(-3)),
            ("1e-400", 2, Some(1)),
            ("0e99999999999999999999", 2, Some(0)),
            ("0.00000000000000000000000000000000001e35", 0, Some(2)),
            ("9223372036854775808", 0, Some(18_446_744_073_709_551_616)),
            ("x", 0, None),
        ];
        for (text, scale, expected) in rows {
            assert_eq!(halves(text, scale), expected, "{text}");
        }
        for (greater, less) in [
            ("1e30", "9e28"),
            ("1e400", "9e28"),
            ("-9e28", "-1e99999999999999999999"),
        ] {
            assert!(halves(greater, 0) > halves(less, 0), "{greater} {less}");
        }
    }
}
