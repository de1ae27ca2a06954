//! Paging of lists, by number or by cursor.

use super::error::{Issue, IssueCode};

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: u64,
    /// Items on a page, 1 to [`Page::MAX_SIZE`].
    pub size: u64,
}

/// Where a page stands in its list, and what comes behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    /// Items on a page, if there are as many.
    pub size: u64,
    /// Items on all pages; none where nobody counted them.
    pub total: Option<u64>,
    /// How the page was found.
    pub place: Place,
}

/// The place of a page in its list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A page by its number.
    Number {
        /// From 1.
        number: u64,
        /// Whether another page follows.
        has_next: bool,
    },
    /// A page behind a cursor; that of the next one, where there is one.
    Cursor(Option<String>),
}

impl Paging {
    /// That of a page of a list of `total` items.
    pub fn counted(page: Page, total: u64) -> Self {
        Self {
            size: page.size,
            total: Some(total),
            place: Place::Number {
                number: page.number,
                has_next: page.number < page.count(total),
            },
        }
    }
}

impl Page {
    /// Items on a page where none is asked for.
    pub const DEFAULT_SIZE: u64 = 20;
    /// Most items on a page.
    pub const MAX_SIZE: u64 = 100;

    /// Items before this page.
    pub fn offset(self) -> u64 {
        self.number.saturating_sub(1).saturating_mul(self.size)
    }

    /// Pages of a list of `total` items.
    pub fn count(self, total: u64) -> u64 {
        total.div_ceil(self.size.max(1))
    }
}

/// Reads a number of a query string: digits alone, 1 to `max`. What is none is noted among `issues`
/// under the name of its parameter, and counts as 1.
pub fn number(name: &str, text: &str, max: u64, issues: &mut Vec<Issue>) -> u64 {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text
        .parse()
        .ok()
        .filter(|number| is_plain && (1..=max).contains(number));
    number.unwrap_or_else(|| {
        let issue = Issue::new(name, IssueCode::Invalid, format!("Must be 1 to {max}"));
        issues.push(issue.with("min", 1).with("max", max));
        1
    })
}

impl Default for Page {
    fn default() -> Self {
        Self {
            number: 1,
            size: Self::DEFAULT_SIZE,
        }
    }
}
