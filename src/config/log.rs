//! `[log]`: what is logged, and how it looks.

use tracing::Level;

use super::{
    key::{Entry, Section},
    shape::{OneOf, YesNo},
};

/// What is logged on stdout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// The least important level that is written.
    pub level: Level,
    /// How a line looks.
    pub format: Format,
    /// Whether there is a line for each request.
    pub requests: bool,
}

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Pretty on a terminal, else JSON.
    Auto,
    /// One JSON object a line.
    Json,
    /// For people.
    Pretty,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            level: Level::INFO,
            format: Format::Auto,
            requests: false,
        }
    }
}

pub(super) const SECTION: Section = Section {
    name: "log",
    about: "What is logged on stdout, and how it looks.",
    keys: &[
        &Entry {
            name: "level",
            reason: "The least important level that is written. Libraries are heard from \"warn\" \
                     on only.",
            shape: OneOf(&[
                ("trace", Level::TRACE),
                ("debug", Level::DEBUG),
                ("info", Level::INFO),
                ("warn", Level::WARN),
                ("error", Level::ERROR),
            ]),
            place: |config| &mut config.log.level,
        },
        &Entry {
            name: "format",
            reason: "\"json\" is one object a line, for machines; \"pretty\" is for people; \
                     \"auto\" is pretty on a terminal and JSON elsewhere.",
            shape: OneOf(&[
                ("auto", Format::Auto),
                ("json", Format::Json),
                ("pretty", Format::Pretty),
            ]),
            place: |config| &mut config.log.format,
        },
        &Entry {
            name: "requests",
            reason: "One info line for each request. Off, because on an SD card the log would \
                     write more than the changes do; business events are logged all the same.",
            shape: YesNo,
            place: |config| &mut config.log.requests,
        },
    ],
};
