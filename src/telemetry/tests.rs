//! What is written, to the byte.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use serde_json::{Value as Json, json};
use tracing::{Level, debug, error, info, subscriber::with_default, warn};

use super::{
    Context, Trace,
    logs::{Style, subscriber},
};
use crate::base::{Clock, Error, Id, Instant};

const PRETTY: Style = Style::Pretty { colour: false };

/// A log in memory.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn clock() -> Arc<Clock> {
    let start = Instant::parse("2026-01-15T10:30:00.123Z").unwrap();
    Arc::new(Clock::manual(start))
}

/// The text that `act` logs.
fn logged(level: Level, style: Style, act: impl FnOnce()) -> String {
    let memory = Memory::default();
    with_default(subscriber(level, style, clock(), memory.clone()), act);
    let bytes = memory.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

/// The one object that `act` logs.
fn object(act: impl FnOnce()) -> Json {
    let text = logged(Level::INFO, Style::Json, act);
    assert_eq!(text.matches('\n').count(), 1, "{text}");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn an_event_is_one_line_with_its_keys_in_order() {
    let text = logged(Level::INFO, Style::Json, || {
        info!(
            user_id = "01J",
            duration_ms = 12,
            cached = true,
            ratio = 0.5,
            "Signed in"
        );
        warn!("Again");
    });
    let first = "{\"timestamp\":\"2026-01-15T10:30:00.123Z\",\"level\":\"info\",\
                 \"message\":\"Signed in\",\"service\":\"stead\",\"user_id\":\"01J\",\
                 \"duration_ms\":12,\"cached\":true,\"ratio\":0.5}\n";
    let second = "{\"timestamp\":\"2026-01-15T10:30:00.123Z\",\"level\":\"warn\",\
                  \"message\":\"Again\",\"service\":\"stead\"}\n";
    assert_eq!(text, [first, second].concat());
}

#[test]
fn the_fields_of_the_request_come_first_and_later_values_win() {
    let trace = Trace {
        trace_id: "t1".to_owned(),
        span_id: "s1".to_owned(),
    };
    let request = Context::new("r1".into(), Some(trace));
    let user = Id::generate();
    request.set_user(user);
    let text = logged(Level::INFO, Style::Json, || {
        request.scope(|| info!(step = 3, span_id = "s2", "Done"));
    });
    let fields = format!(
        "\"request_id\":\"r1\",\"trace_id\":\"t1\",\"span_id\":\"s2\",\"user_id\":\"{user}\",\"step\":3"
    );
    assert!(text.contains(&fields), "{text}");
}

#[test]
fn numbers_that_json_cannot_hold_are_written_as_text_or_null() {
    let line = object(|| {
        info!(
            big = u64::MAX,
            bigger = u128::MAX,
            small = -1_i128,
            nan = f64::NAN
        );
    });
    assert_eq!(line["big"], json!(u64::MAX));
    assert_eq!(line["bigger"], json!(u128::MAX.to_string()));
    assert_eq!((&line["small"], &line["nan"]), (&json!(-1), &Json::Null));
    assert_eq!(line["message"], "");
}

#[test]
fn secrets_never_reach_the_log() {
    let token = "v4.local.c2VjcmV0.eyJraWQiOiJrMSJ9";
    let text = logged(Level::INFO, Style::Json, || {
        info!(csrf_token = "swordfish", key_id = "k1", "Checked");
        Context::new(token.into(), None).scope(|| info!("Asked"));
        info!(password = "swordfish", api_key = 4711, cookie = ?["swordfish"], "Got {token}");
        let refused = Error::internal(format!("no such token: {token}"));
        warn!(error = &refused as &dyn std::error::Error, header = %token, "Refused");
    });
    for secret in ["swordfish", "4711", "c2VjcmV0", "eyJraWQ"] {
        assert!(!text.contains(secret), "{text}");
    }
    assert!(text.contains("\"message\":\"Got ***\""), "{text}");
    assert!(
        text.contains("\"csrf_token\":\"***\",\"key_id\":\"k1\""),
        "{text}"
    );
    assert!(text.contains("no such token: ***"), "{text}");
}

#[test]
fn nothing_logged_can_forge_a_line_or_a_key() {
    let evil = "x\n{\"level\":\"error\"}\u{1b}[2J";
    let line = object(|| info!(evil, level = "error", service = 1, "{evil}"));
    assert_eq!(
        (&line["message"], &line["evil"]),
        (&json!(evil), &json!(evil))
    );
    assert_eq!(
        (&line["level"], &line["field_level"]),
        (&json!("info"), &json!("error"))
    );
    assert_eq!(
        (&line["service"], &line["field_service"]),
        (&json!("stead"), &json!(1))
    );
}

#[test]
fn people_get_time_level_message_and_fields() {
    let text = logged(Level::INFO, PRETTY, || {
        info!(
            port = 8080,
            path = "/tmp",
            note = "two words",
            none = "",
            "Listening"
        );
    });
    let line = "10:30:00.123Z info  Listening port=8080 path=/tmp note=\"two words\" none=\"\"\n";
    assert_eq!(text, line);
    let text = logged(Level::INFO, Style::Pretty { colour: true }, || {
        error!("Gone");
    });
    assert_eq!(text, "10:30:00.123Z \u{1b}[31merror\u{1b}[0m Gone\n");
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let text = logged(Level::INFO, PRETTY, || {
        info!(
            a = "\u{1b}[2J",
            b = "x\ny z",
            c = "\u{202e}",
            "Hi\r\nthere\u{9b}31m\u{7f}"
        );
    });
    let controls = text
        .trim_end_matches('\n')
        .chars()
        .filter(|letter| letter.is_control());
    assert_eq!(controls.count(), 0, "{text:?}");
    assert!(text.contains("Hi\\r\\nthere\\u{9b}31m\\u{7f}"), "{text:?}");
    assert!(text.contains("a=\\u{1b}[2J"), "{text:?}");
    assert!(text.contains("c=\\u{202e}"), "{text:?}");
}

#[test]
fn what_is_below_the_level_is_not_even_computed() {
    let text = logged(Level::WARN, Style::Json, || {
        Context::new("r1".into(), None).scope(|| {
            info!(cost = %costly(), "Quiet");
            warn!("Loud");
        });
    });
    assert_eq!(text.lines().count(), 1);
    assert!(text.contains("\"message\":\"Loud\",\"service\":\"stead\",\"request_id\":\"r1\""));
}

fn costly() -> String {
    panic!("computed for an event that nobody reads")
}

#[test]
fn libraries_are_heard_from_warn_on() {
    let act = || {
        debug!("ours");
        debug!(target: "steadfast", "theirs");
        info!(target: "actix_server", "theirs");
        warn!(target: "actix_server", "warning");
        error!(target: "library::inner", "failure");
    };
    let text = logged(Level::TRACE, PRETTY, act);
    let words: Vec<&str> = text.lines().map(|line| &line[20..]).collect();
    assert_eq!(words, ["ours", "warning", "failure"]);
    let text = logged(Level::ERROR, PRETTY, act);
    assert_eq!(text, "10:30:00.123Z error failure\n");
}

#[test]
fn a_closed_pipe_stops_nothing() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }
    with_default(
        subscriber(Level::INFO, Style::Json, clock(), Closed),
        || {
            error!("Nobody listens");
        },
    );
}
