//! How far a command has come, on stderr, where that is a terminal.

use std::{
    io::{IsTerminal, Write},
    time::{Duration, Instant},
};

/// How often the line is written anew.
const EVERY: Duration = Duration::from_millis(200);

/// The width of the bar, in letters.
const WIDTH: u64 = 30;

/// A line that tells of bytes. It is wiped away when this is dropped.
pub(super) struct Progress {
    what: &'static str,
    done: u64,
    /// None where nobody knows how many there will be.
    total: Option<u64>,
    shown: Option<Instant>,
    is_shown: bool,
}

impl Progress {
    /// Of something that is done to so many bytes.
    pub fn new(what: &'static str, total: Option<u64>) -> Self {
        Self {
            what,
            done: 0,
            total: total.filter(|total| *total > 0),
            shown: None,
            is_shown: std::io::stderr().is_terminal(),
        }
    }

    /// So many bytes more.
    pub fn add(&mut self, bytes: usize) {
        self.done += bytes as u64;
        let is_due = self.shown.is_none_or(|shown| shown.elapsed() >= EVERY);
        if self.is_shown && is_due {
            self.shown = Some(Instant::now());
            self.write(&self.line());
        }
    }

    /// Says what goes on now, of which nobody knows how long it takes.
    pub fn say(&self, words: &str) {
        if self.is_shown {
            self.write(words);
        }
    }

    fn line(&self) -> String {
        let (what, mib) = (self.what, |bytes: u64| bytes / (1 << 20));
        match self.total {
            None => format!("{what} {} MiB", mib(self.done)),
            Some(total) => {
                let full = (self.done.min(total) * WIDTH / total) as usize;
                let bar = format!("{:<1$}", "#".repeat(full), WIDTH as usize);
                let percent = self.done.min(total) * 100 / total;
                format!("{what} [{bar}] {percent:3} % of {} MiB", mib(total))
            }
        }
    }

    /// Nobody is left to tell if stderr is closed.
    fn write(&self, line: &str) {
        let mut stderr = std::io::stderr();
        let _ = write!(stderr, "\r\x1b[K{line}").and_then(|()| stderr.flush());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_shown && self.shown.is_some() {
            self.write("");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Progress;

    #[test]
    fn a_bar_is_as_full_as_the_work_is_done() {
        let mut progress = Progress::new("Sent", Some(8 << 20));
        progress.done = 2 << 20;
        let line = progress.line();
        assert_eq!(
            line,
            format!("Sent [#######{}]  25 % of 8 MiB", " ".repeat(23))
        );
        progress.total = None;
        assert_eq!(progress.line(), "Sent 2 MiB");
    }
}
