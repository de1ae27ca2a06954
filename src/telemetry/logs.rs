//! Where log events go: one line each, with the fields of its request.

use std::{
    io::{self, IsTerminal, Write},
    sync::{Arc, Mutex, PoisonError},
};

use tracing::{
    Event, Level, Metadata, Subscriber,
    level_filters::LevelFilter,
    span::{Attributes, Id, Record},
    subscriber::Interest,
};

use super::{
    context::Context,
    line::{self, Fields},
};
use crate::{
    base::Clock,
    config::{Format, Log},
};

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// One JSON object.
    Json,
    /// For people; control characters are escaped.
    Pretty {
        /// Whether the level is coloured, which only terminals understand.
        colour: bool,
    },
}

/// Sends the events of this process to stdout, from now on. A second call changes nothing.
pub fn install(config: &Log, clock: Arc<Clock>) {
    let terminal = io::stdout().is_terminal();
    let style = match config.format {
        Format::Json => Style::Json,
        Format::Auto if !terminal => Style::Json,
        Format::Auto | Format::Pretty => Style::Pretty { colour: terminal },
    };
    let subscriber = subscriber(config.level, style, clock, io::stdout());
    // It fails only where one is installed already, and then that one goes on.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// What `install` installs, over any writer: each event is one `write_all` of one line.
///
/// A write that fails loses its line and nothing else: a closed pipe must not stop the server.
pub fn subscriber<W>(
    level: Level,
    style: Style,
    clock: Arc<Clock>,
    writer: W,
) -> impl Subscriber + Send + Sync
where
    W: Write + Send + 'static,
{
    Logs {
        level,
        style,
        clock,
        writer: Mutex::new(writer),
    }
}

struct Logs<W> {
    level: Level,
    style: Style,
    clock: Arc<Clock>,
    writer: Mutex<W>,
}

impl<W> Logs<W> {
    /// Decided once for each place in the code, so that what is not wanted costs nothing.
    fn wants(&self, metadata: &Metadata<'_>) -> bool {
        let (level, target) = (*metadata.level(), metadata.target());
        match is_ours(target) {
            _ if metadata.is_span() => false,
            true => level <= self.level,
            false if is_of_connections(target) && self.level < Level::DEBUG => false,
            false => level <= self.level.min(Level::WARN),
        }
    }
}

impl<W: Write + Send + 'static> Subscriber for Logs<W> {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.wants(metadata) {
            Interest::always()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.wants(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::from_level(self.level))
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        if let Some(context) = Context::current() {
            context.record(&mut fields);
        }
        event.record(&mut fields);
        let (at, level) = (self.clock.now(), *event.metadata().level());
        let line = match self.style {
            Style::Json => line::json(at, level, &fields),
            Style::Pretty { colour } => line::pretty(at, level, &fields, colour),
        };
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = writer.write_all(&line);
    }

    // Spans are not wanted: what a request's lines have in common is its `Context`.

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// True for events of this crate, which name its modules.
fn is_ours(target: &str) -> bool {
    let rest = target.strip_prefix(env!("CARGO_CRATE_NAME"));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// True for what the HTTP library says of single connections. To it a request that cannot be read
/// is an error; to us it is a client's fault, and any stranger could fill the log with it.
fn is_of_connections(target: &str) -> bool {
    target.starts_with("actix_http::")
}
