//! What should be mended, as far as it can be known from here.

use serde_json::{Value as Json, json};

use super::service::Door;
use crate::{
    config::{Config, Secure},
    db::{Disk, Size},
};

/// Below this much room, writes may soon fail.
const LITTLE_ROOM: u64 = 256 << 20;

/// The part of the disk below which there is little room as well: a twentieth.
const LITTLE_PART: u64 = 20;

/// Eight times what the log is cut back to. It grows beyond that only while something keeps it from
/// being copied into the database, most often a reader that does not end.
const LARGE_WAL: u64 = 64 << 20;

/// What warnings hang on.
pub(super) struct State<'a> {
    pub config: &'a Config,
    pub door: Option<Door>,
    pub is_demo: bool,
    pub size: Size,
    pub is_writing: bool,
    pub is_suspect: bool,
}

/// All warnings, what is worst first, each with what to do.
pub(super) fn of(state: &State<'_>) -> Vec<Json> {
    [
        disk_suspect(state),
        writer_down(state),
        disk_nearly_full(state),
        wal_large(state),
        plain_http(state),
        cookies_never_secure(state),
        rate_limit_off(state),
        demo(state),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `params` are what the message names.
fn warning(code: &str, message: &str, params: &Json) -> Json {
    json!({ "code": code, "message": message, "params": params })
}

fn disk_suspect(state: &State<'_>) -> Option<Json> {
    let message = "A sync to the disk has failed, and the file is being checked, or is damaged; \
                   look into the log, and at the disk";
    state
        .is_suspect
        .then(|| warning("DISK_SUSPECT", message, &json!({})))
}

fn writer_down(state: &State<'_>) -> Option<Json> {
    let message = "Nothing can be written; look into the log, and start the server again";
    (!state.is_writing).then(|| warning("WRITER_DOWN", message, &json!({})))
}

fn disk_nearly_full(state: &State<'_>) -> Option<Json> {
    let Disk { bytes, free } = state.size.disk?;
    let message = "The disk of the data directory is nearly full; make room, since writes fail \
                   once it is";
    let is_little = free < LITTLE_ROOM || free < bytes / LITTLE_PART;
    let params = json!({ "freeBytes": free, "totalBytes": bytes });
    is_little.then(|| warning("DISK_NEARLY_FULL", message, &params))
}

fn wal_large(state: &State<'_>) -> Option<Json> {
    let message = "The write-ahead log is large, since something keeps it from being copied into \
                   the database; end what reads the file for long, such as a shell";
    let params = json!({ "walBytes": state.size.wal });
    (state.size.wal > LARGE_WAL).then(|| warning("WAL_LARGE", message, &params))
}

fn plain_http(state: &State<'_>) -> Option<Json> {
    let door = state.door?;
    let url = state.config.server.public_url.as_ref();
    let is_secured = door.is_https || url.is_some_and(|url| url.is_https());
    let message = "Passwords and tokens may cross the network in the clear; set \
                   server.tls_certificate and server.tls_key, or put a proxy that speaks HTTPS in \
                   front and set server.public_url";
    let params = json!({ "address": door.address.to_string() });
    let is_open = !door.address.ip().is_loopback() && !is_secured;
    is_open.then(|| warning("PLAIN_HTTP", message, &params))
}

fn cookies_never_secure(state: &State<'_>) -> Option<Json> {
    let message = "Cookies are sent over plain HTTP too; set cookies.secure to \"auto\"";
    let is_never = state.config.cookies.secure == Secure::Never;
    is_never.then(|| warning("COOKIES_NEVER_SECURE", message, &json!({})))
}

fn rate_limit_off(state: &State<'_>) -> Option<Json> {
    let message = "Nothing limits how often anybody asks, or tries a password; set \
                   rate_limit.enabled to true";
    (!state.config.rate_limit.enabled).then(|| warning("RATE_LIMIT_OFF", message, &json!({})))
}

fn demo(state: &State<'_>) -> Option<Json> {
    let message = "This is a demo: its users and records were made up; keep nothing in it";
    state.is_demo.then(|| warning("DEMO", message, &json!({})))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Door, State, of};
    use crate::{
        config::{Config, Secure},
        db::{Disk, Size},
    };

    /// A server on the network with a sound file on an empty disk.
    fn state(config: &Config) -> State<'_> {
        let free = 900 << 20;
        let size = Size {
            bytes: 1 << 20,
            wal: 1 << 20,
            free: 0,
            disk: Some(Disk {
                bytes: 1 << 30,
                free,
            }),
        };
        let address = "192.168.1.7:8080".parse().unwrap();
        State {
            config,
            door: Some(Door {
                address,
                is_https: true,
            }),
            is_demo: false,
            size,
            is_writing: true,
            is_suspect: false,
        }
    }

    fn codes(state: &State<'_>) -> Vec<String> {
        let codes = of(state).into_iter();
        codes
            .map(|one| one["code"].as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn nothing_is_said_where_all_is_well() {
        let config = Config::default_in(PathBuf::new());
        assert!(of(&state(&config)).is_empty());
    }

    #[test]
    fn plain_http_is_for_this_machine_or_behind_a_proxy() {
        let mut config = Config::default_in(PathBuf::new());
        let plain = |config: &Config, address: &str| {
            let address = address.parse().unwrap();
            let door = Some(Door {
                address,
                is_https: false,
            });
            codes(&State {
                door,
                ..state(config)
            })
        };
        assert_eq!(plain(&config, "192.168.1.7:80"), ["PLAIN_HTTP"]);
        assert_eq!(plain(&config, "0.0.0.0:80"), ["PLAIN_HTTP"]);
        assert!(plain(&config, "127.0.0.1:80").is_empty());
        config.server.public_url = Some("https://example.org".parse().unwrap());
        assert!(plain(&config, "192.168.1.7:80").is_empty());
    }

    #[test]
    fn a_disk_is_nearly_full_by_its_size_and_by_what_is_left() {
        let config = Config::default_in(PathBuf::new());
        let with = |bytes: u64, free: u64| {
            let mut state = state(&config);
            state.size.disk = Some(Disk { bytes, free });
            codes(&state)
        };
        assert_eq!(with(1 << 30, 255 << 20), ["DISK_NEARLY_FULL"]);
        assert_eq!(with(1 << 40, 50 << 30), ["DISK_NEARLY_FULL"]);
        assert!(with(1 << 30, 257 << 20).is_empty());
    }

    #[test]
    fn what_is_worst_comes_first() {
        let mut config = Config::default_in(PathBuf::new());
        config.rate_limit.enabled = false;
        config.cookies.secure = Secure::Never;
        let mut state = state(&config);
        (state.is_demo, state.is_writing, state.is_suspect) = (true, false, true);
        state.size.wal = 65 << 20;
        let expected = [
            "DISK_SUSPECT",
            "WRITER_DOWN",
            "WAL_LARGE",
            "COOKIES_NEVER_SECURE",
            "RATE_LIMIT_OFF",
            "DEMO",
        ];
        assert_eq!(codes(&state), expected);
    }
}
