//! What is cut out of a text around its marked words, as HTML.

use std::ops::Range;

/// A text without its marks, and where they stood.
struct Text {
    plain: String,
    marks: Vec<Range<usize>>,
}

/// About so many words around most of what `[open, close]` mark in a text, as HTML of which nothing
/// but the marks has a meaning.
pub fn excerpt(marked: &str, between: [char; 2], most: usize) -> String {
    let text = Text::read(marked, between);
    let words = words(&text.plain);
    let shown = shown(&text.are_marked(&words), most);
    let is_cut = (shown.start > 0, shown.end < words.len());
    let shown = words.get(shown).unwrap_or_default();
    let start = shown.first().filter(|_| is_cut.0);
    let start = start.map_or(0, |word| word.start);
    let end = shown.last().filter(|_| is_cut.1);
    let end = end.map_or(text.plain.len(), |word| word.end);
    let mut html = String::with_capacity(end.saturating_sub(start) + 64);
    html.push_str(if is_cut.0 { "…" } else { "" });
    text.push_html(start..end, &mut html);
    html.push_str(if is_cut.1 { "…" } else { "" });
    html
}

impl Text {
    fn read(marked: &str, [open, close]: [char; 2]) -> Self {
        let mut plain = String::with_capacity(marked.len());
        let (mut marks, mut start) = (Vec::new(), 0);
        for letter in marked.chars() {
            if letter == open {
                start = plain.len();
            } else if letter == close {
                marks.push(start..plain.len());
            } else {
                plain.push(letter);
            }
        }
        Self { plain, marks }
    }

    /// Which of the words are marked, if only in part.
    fn are_marked(&self, words: &[Range<usize>]) -> Vec<bool> {
        let mut marks = self.marks.iter().peekable();
        let is_marked = |word: &Range<usize>| {
            while marks.next_if(|mark| mark.end <= word.start).is_some() {}
            marks.peek().is_some_and(|mark| mark.start < word.end)
        };
        words.iter().map(is_marked).collect()
    }

    fn push_html(&self, shown: Range<usize>, html: &mut String) {
        let mut at = shown.start;
        for mark in &self.marks {
            let (from, to) = (mark.start.max(at), mark.end.min(shown.end));
            if from >= to {
                continue;
            }
            self.push_escaped(at..from, html);
            html.push_str("<mark>");
            self.push_escaped(from..to, html);
            html.push_str("</mark>");
            at = to;
        }
        self.push_escaped(at..shown.end, html);
    }

    fn push_escaped(&self, part: Range<usize>, html: &mut String) {
        for letter in self.plain.get(part).unwrap_or_default().chars() {
            match letter {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                '"' => html.push_str("&quot;"),
                '\'' => html.push_str("&#39;"),
                _ => html.push(letter),
            }
        }
    }
}

/// Where the words of a text stand: letters and digits in a row, with the accents upon them.
fn words(text: &str) -> Vec<Range<usize>> {
    let is_of_word =
        |letter: char| letter.is_alphanumeric() || matches!(letter, '\u{300}'..='\u{36f}');
    let mut words: Vec<Range<usize>> = Vec::new();
    for (at, letter) in text
        .char_indices()
        .filter(|(_, letter)| is_of_word(*letter))
    {
        let end = at + letter.len_utf8();
        match words.last_mut() {
            Some(word) if word.end == at => word.end = end,
            _ => words.push(at..end),
        }
    }
    words
}

/// The first `most` words in a row of which no others have more marked, with as many others before
/// those as behind them.
fn shown(marked: &[bool], most: usize) -> Range<usize> {
    let total = marked.len();
    if total <= most {
        return 0..total;
    }
    let count = |part: &[bool]| part.iter().filter(|is_marked| **is_marked).count();
    let mut here = count(marked.get(..most).unwrap_or_default());
    let (mut best, mut start) = (here, 0);
    for (at, (gone, new)) in marked.iter().zip(marked.iter().skip(most)).enumerate() {
        here = here + usize::from(*new) - usize::from(*gone);
        if here > best {
            (best, start) = (here, at + 1);
        }
    }
    let part = marked.get(start..start + most).unwrap_or_default();
    let first = part.iter().position(|is_marked| *is_marked).unwrap_or(0);
    let last = part.iter().rposition(|is_marked| *is_marked).unwrap_or(0);
    let before = (most - (last + 1 - first)) / 2;
    let start = (start + first).saturating_sub(before).min(total - most);
    start..start + most
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::excerpt;

    fn cut(marked: &str, most: usize) -> String {
        excerpt(marked, ['[', ']'], most)
    }

    #[test]
    fn what_stands_around_the_marks_is_cut_out() {
        let rows = [
            ("one [two] three", 5, "one <mark>two</mark> three"),
            (
                "\"a\" [b], & c.",
                9,
                "&quot;a&quot; <mark>b</mark>, &amp; c.",
            ),
            ("a b c d [e] f g h i", 3, "…d <mark>e</mark> f…"),
            ("[a] b c d e", 3, "<mark>a</mark> b c…"),
            ("a b c d [e].", 3, "…c d <mark>e</mark>."),
            (
                "[a] b c d [e] [f] g h",
                3,
                "…<mark>e</mark> <mark>f</mark> g…",
            ),
            ("a b [c d e f] g", 2, "…<mark>c d</mark>…"),
            ("no mark at all", 2, "no mark…"),
            ("e\u{301}a [b] c", 1, "…<mark>b</mark>…"),
            ("", 3, ""),
        ];
        for (marked, most, expected) in rows {
            assert_eq!(cut(marked, most), expected, "{marked}");
        }
    }

    proptest! {
        #[test]
        fn every_mark_that_is_shown_has_an_end(
            words in proptest::collection::vec("[a-zé]{1,3}[ .<]{0,2}|\\[[a-z]{1,2} [a-z]\\]", 0..40),
            most in 1_usize..10,
        ) {
            let html = cut(&words.concat(), most);
            prop_assert_eq!(html.matches("<mark>").count(), html.matches("</mark>").count());
            prop_assert!(words.iter().all(|word| !word.starts_with('[')) || html.contains("<mark>"));
        }
    }
}
