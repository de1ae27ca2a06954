//! Choices, read from a list of numbers: what is cut short or made smaller chooses simpler things,
//! so that a failing case shrinks.

pub struct Tape {
    choices: Vec<u16>,
    at: usize,
}

impl Tape {
    pub fn new(choices: Vec<u16>) -> Self {
        Self { choices, at: 0 }
    }

    /// A number below `bound`; 0 where the tape is at its end.
    pub fn below(&mut self, bound: usize) -> usize {
        let choice = self.choices.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        usize::from(choice) % bound.max(1)
    }

    /// True once in `times`, and never where the tape is at its end.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    pub fn word(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len())]
    }
}
