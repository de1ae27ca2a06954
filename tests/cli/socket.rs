//! The socket in the data directory: who has it is the operator, and nobody else ever is.

use std::{
    fs,
    io::{Read, Write},
    os::unix::{fs::PermissionsExt, net::UnixStream},
    path::Path,
};

use serde_json::{Value, json};

use super::stead;
use crate::support::process::{EMAIL, PASSWORD, Stead, create_admin};

/// Asks over the socket, with more lines of head; gives head and body of the answer.
fn ask(data: &Path, method: &str, path: &str, head: &str, body: &Value) -> (String, Value) {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let mut socket = UnixStream::connect(data.join("stead.sock")).unwrap();
    let request = format!(
        "{method} {path} HTTP/1.0\r\nHost: x\r\nContent-Type: application/json\r\n{head}\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (
        head.to_owned(),
        serde_json::from_str(body).unwrap_or_default(),
    )
}

#[test]
fn requests_over_it_are_the_operators_without_session_or_csrf() {
    let dir = tempfile::tempdir().unwrap();
    create_admin(dir.path());
    let stead = Stead::start(dir.path());
    let notes = json!({ "name": "notes", "fields": [{ "name": "title", "type": "text" }] });
    let (head, _) = ask(dir.path(), "POST", "/api/system/collections", "", &notes);
    assert!(head.starts_with("HTTP/1.0 201"), "{head}");
    // What says who somebody is says nothing here.
    let lines = "Authorization: Bearer nonsense\r\nCookie: access_token=nonsense\r\n";
    let note = json!({ "title": "Milk" });
    let (head, made) = ask(dir.path(), "POST", "/api/v1/notes", lines, &note);
    assert!(head.starts_with("HTTP/1.0 201"), "{head}");
    let path = format!("/api/v1/notes/{}", made["data"]["id"].as_str().unwrap());
    let read = stead.request(&stead.sign_in(), "GET", &path, &Value::Null);
    assert_eq!(read.json()["data"]["title"], "Milk");
    let conn = rusqlite::Connection::open(dir.path().join("stead.db")).unwrap();
    let actor = conn.query_row(
        "SELECT actor FROM _events WHERE collection = 'notes'",
        [],
        |row| row.get::<_, String>(0),
    );
    assert_eq!(actor.unwrap(), "operator");
}

#[test]
fn over_the_network_nobody_is_the_operator_whatever_they_send() {
    let dir = tempfile::tempdir().unwrap();
    create_admin(dir.path());
    let stead = Stead::start(dir.path());
    let token = stead.sign_in();
    let bearer = format!("Bearer {token}");
    let tries: [&[(&str, &str)]; 4] = [
        &[],
        &[("Authorization", &bearer)],
        &[("X-Forwarded-For", "127.0.0.1"), ("X-Real-IP", "127.0.0.1")],
        &[("Forwarded", "for=unix;proto=http"), ("Host", "localhost")],
    ];
    for route in stead::server::operator_routes().list() {
        let path = route.split(' ').nth(1).unwrap();
        for headers in tries {
            let headers = [headers, &[("Content-Type", "application/json")]].concat();
            let answer = stead.connect().send("POST", path, &headers, b"{}").unwrap();
            assert_eq!(answer.status, 404, "{path} {headers:?}");
        }
    }
    // Nor does any other route take them for it.
    for headers in [tries[0], tries[2], tries[3]] {
        let answer = stead.connect().send("GET", "/api/v1/users", headers, b"");
        assert_eq!(answer.unwrap().status, 401);
    }
}

#[test]
fn no_rate_limit_counts_there() {
    let dir = tempfile::tempdir().unwrap();
    let env = ("STEAD_RATE_LIMIT__ENABLED", "true");
    let _stead = Stead::launch(dir.path(), &[], &[env]).listening();
    // No login, because who guesses passwords waits on any door.
    let body = json!({ "email": EMAIL, "displayName": "Ann", "password": "x", "token": "guessed" });
    for _ in 0..20 {
        let (head, _) = ask(dir.path(), "POST", "/api/auth/setup", "", &body);
        assert!(head.starts_with("HTTP/1.0 401"), "{head}");
        assert!(!head.to_ascii_lowercase().contains("x-ratelimit"), "{head}");
    }
}

#[test]
fn who_signs_in_there_comes_from_this_machine() {
    let dir = tempfile::tempdir().unwrap();
    create_admin(dir.path());
    let _stead = Stead::start(dir.path());
    let login = |password: &str| {
        let body = json!({ "email": EMAIL, "password": password, "delivery": "body" });
        ask(dir.path(), "POST", "/api/auth/login", "", &body)
    };
    let (head, _) = login("not the password");
    assert!(head.starts_with("HTTP/1.0 401"), "{head}");
    let conn = rusqlite::Connection::open(dir.path().join("stead.db")).unwrap();
    let told = |sql: &str| {
        let text: String = conn.query_row(sql, [], |row| row.get(0)).unwrap();
        text
    };
    let failures = told("SELECT group_concat(subject) FROM _sign_in_failures");
    assert!(failures.contains("from 127.0.0.0/24"), "{failures}");
    assert!(!failures.contains("0.0.0.0/"), "{failures}");
    let (head, _) = login(PASSWORD);
    assert!(head.starts_with("HTTP/1.0 200"), "{head}");
    assert_eq!(told("SELECT address FROM _sessions"), "127.0.0.1");
}

#[test]
fn a_key_for_doing_it_once_is_refused_there_too_where_it_would_count_for_nothing() {
    let dir = tempfile::tempdir().unwrap();
    create_admin(dir.path());
    let _stead = Stead::start(dir.path());
    let key = "Idempotency-Key: k\r\n";
    let rotate = "/api/operator/keys/rotate";
    let (head, answer) = ask(dir.path(), "POST", rotate, key, &json!({}));
    assert!(head.starts_with("HTTP/1.0 400"), "{head}");
    assert_eq!(answer["error"]["issues"][0]["field"], "Idempotency-Key");
    let (head, _) = ask(dir.path(), "POST", rotate, "", &json!({}));
    assert!(head.starts_with("HTTP/1.0 20"), "{head}");
    let notes = json!({ "name": "notes", "fields": [{ "name": "title", "type": "text" }] });
    for _ in 0..2 {
        let (head, _) = ask(dir.path(), "POST", "/api/system/collections", key, &notes);
        assert!(head.starts_with("HTTP/1.0 201"), "{head}");
    }
    let key = "Idempotency-Key: l\r\n";
    let note = json!({ "title": "Milk" });
    for _ in 0..2 {
        let (head, _) = ask(dir.path(), "POST", "/api/v1/notes", key, &note);
        assert!(head.starts_with("HTTP/1.0 201"), "{head}");
    }
    let (_, list) = ask(dir.path(), "GET", "/api/v1/notes", "", &Value::Null);
    assert_eq!(list["data"]["items"].as_array().unwrap().len(), 1);
}

#[test]
fn that_of_a_killed_server_does_not_stand_in_the_way_of_anybody() {
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("stead.sock");
    Stead::start(dir.path()).kill();
    assert!(socket.exists());
    create_admin(dir.path());
    assert!(
        socket.exists(),
        "it is nobody's to remove but the next server's"
    );
    let mut again = Stead::start(dir.path());
    assert!(
        ask(dir.path(), "GET", "/api/v1/users", "", &Value::Null)
            .0
            .contains("200")
    );
    assert!(again.terminate().0.success());
    assert!(!socket.exists());
}

#[test]
fn its_mode_does_not_hang_on_the_umask() {
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("data");
    let wrapper = ["sh", "-c", "umask 0; exec \"$@\"", "sh"];
    let _stead = Stead::launch(&data, &wrapper, &[]).listening();
    let mode = fs::metadata(data.join("stead.sock")).unwrap().permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);
}

#[test]
fn a_data_directory_may_have_a_longer_path_than_sockets_may() {
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("a".repeat(200));
    let _stead = Stead::start(&data);
    create_admin(&data);
    let words = ["admin", "list", "--data-dir", data.to_str().unwrap()];
    let list = stead(here.path(), &words).expect(0, &[]).stdout;
    assert!(list.contains(EMAIL), "{list}");
}

#[test]
fn a_server_that_cannot_have_one_serves_all_the_same_and_commands_say_so() {
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("data");
    fs::create_dir_all(data.join("stead.sock").join("in the way")).unwrap();
    let stead_ = Stead::launch(&data, &[], &[]);
    assert!(
        stead_
            .line(|line| line["message"].to_string().contains("No socket"))
            .is_some()
    );
    let stead_ = stead_.listening();
    assert_eq!(
        stead_
            .request("", "GET", "/health/live", &Value::Null)
            .status,
        200
    );
    let words = ["admin", "list", "--data-dir", "data"];
    stead(here.path(), &words).expect(4, &["data is in use"]);
}
