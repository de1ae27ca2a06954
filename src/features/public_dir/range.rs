//! One range of bytes (RFC 9110, 14): what players of sound and film ask for.

/// What a `Range` header comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The whole file: there is no such header, or one that we need not understand.
    Whole,
    /// From the first byte to the last, both included.
    Bytes(u64, u64),
    /// Nothing of the file lies in it.
    Outside,
}

/// Reads a `Range` header for a file of `length` bytes. Several ranges at once are answered with
/// the whole, which is allowed and asks for no multipart answers.
pub fn part(header: Option<&str>, length: u64) -> Part {
    let ranges = header.and_then(|header| header.trim().strip_prefix("bytes="));
    let Some((first, last)) = ranges.and_then(|range| range.split_once('-')) else {
        return Part::Whole;
    };
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let end = length.saturating_sub(1);
    match (number(first.trim()), number(last.trim())) {
        (Some(first), Some(last)) if first > last => Part::Whole,
        (Some(first), _) if first >= length => Part::Outside,
        (Some(first), Some(last)) => Part::Bytes(first, last.min(end)),
        (Some(first), None) if last.trim().is_empty() => Part::Bytes(first, end),
        (None, Some(0)) => Part::Outside,
        (None, Some(_)) if first.trim().is_empty() && length == 0 => Part::Outside,
        (None, Some(count)) if first.trim().is_empty() => {
            Part::Bytes(length.saturating_sub(count), end)
        }
        _ => Part::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, part};

    #[test]
    fn a_range_is_cut_to_the_file() {
        for (header, expected) in [
            ("bytes=0-3", Part::Bytes(0, 3)),
            ("bytes=4-", Part::Bytes(4, 9)),
            ("bytes=-4", Part::Bytes(6, 9)),
            ("bytes=-99", Part::Bytes(0, 9)),
            ("bytes=8-99", Part::Bytes(8, 9)),
            ("bytes=8-99999999999999999999999", Part::Bytes(8, 9)),
            ("bytes=10-", Part::Outside),
            ("bytes=-0", Part::Outside),
            ("bytes=3-2", Part::Whole),
            ("bytes=0-1,4-5", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("bytes=-", Part::Whole),
            ("lines=0-3", Part::Whole),
        ] {
            assert_eq!(part(Some(header), 10), expected, "{header}");
        }
        assert_eq!(part(None, 10), Part::Whole);
        assert_eq!(part(Some("bytes=0-"), 0), Part::Outside);
        assert_eq!(part(Some("bytes=-1"), 0), Part::Outside);
    }
}
