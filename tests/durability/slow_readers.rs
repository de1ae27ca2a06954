//! Clients that ask for an export and do not read it: they hold no connection to the database and
//! no memory, others go on, and in the end they are cut off.

use std::fs;

use serde_json::{Value as Json, json};

use crate::support::{
    http::Connection,
    process::{Stead, create_admin, eventually},
};

/// More than there are connections that read.
const READERS: usize = 12;

/// What all of them may take beside what the server has: their pieces, and what is written of them.
const BOUND_KIB: u64 = 32 << 10;

#[test]
fn clients_that_do_not_read_their_export_hold_nothing_and_are_cut_off() {
    let dir = tempfile::tempdir().unwrap();
    create_admin(dir.path());
    let stead = Stead::launch(dir.path(), &[], &[("STEAD_STORAGE__READERS", "2")]).listening();
    let token = stead.sign_in();
    let length = fill(&stead, &token);
    let (sockets, memory) = (sockets(&stead), memory(&stead));
    let mut slow: Vec<Connection> = (0..READERS).map(|_| begin(&stead, &token)).collect();
    for _ in 0..20 {
        let note = json!({ "extra": null });
        let made = stead.request(&token, "POST", "/api/v1/notes", &note);
        assert_eq!(made.status, 201, "{}", made.text());
        let list = stead.request(&token, "GET", "/api/v1/notes?fields=id", &Json::Null);
        assert_eq!(list.status, 200, "{}", list.text());
    }
    let whole = begin(&stead, &token).read_response(false).unwrap();
    assert!(whole.body.len() > length);
    let grown = self::memory(&stead).saturating_sub(memory);
    assert!(grown < BOUND_KIB, "they took {grown} KiB");
    eventually("they are cut off", || self::sockets(&stead) <= sockets);
    for connection in &mut slow {
        assert!(
            connection.read_response(false).is_err(),
            "half a file looks whole"
        );
    }
}

/// Makes more than all that lies between server and client takes; so many bytes.
fn fill(stead: &Stead, token: &str) -> usize {
    let definition = json!({ "name": "notes", "fields": [{ "name": "extra", "type": "json" }] });
    let made = stead.request(token, "POST", "/api/system/collections", &definition);
    assert_eq!(made.status, 201, "{}", made.text());
    let long = "x".repeat(100_000);
    let bodies: Json = (0..9).map(|_| json!({ "extra": long })).collect();
    for _ in 0..25 {
        let made = stead.request(token, "POST", "/api/v1/notes", &bodies);
        assert_eq!(made.status, 201, "{}", made.text());
    }
    25 * 9 * long.len()
}

/// Asks for an export, and reads nothing of it.
fn begin(stead: &Stead, token: &str) -> Connection {
    let mut connection = stead.connect();
    let head = format!(
        "GET /api/v1/notes/export HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n\r\n",
        stead.address()
    );
    connection.write(head.as_bytes()).unwrap();
    connection
}

/// So many connections the process has.
fn sockets(stead: &Stead) -> usize {
    let open = fs::read_dir(format!("/proc/{}/fd", stead.pid())).unwrap();
    let targets = open.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
    let is_socket = |target: &std::path::PathBuf| target.to_string_lossy().starts_with("socket:");
    targets.filter(is_socket).count()
}

/// So many KiB the process has in memory.
fn memory(stead: &Stead) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", stead.pid())).unwrap();
    let mut lines = status.lines();
    let line = lines.find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim_matches([' ', '\t', 'k', 'B']).parse().unwrap()
}
