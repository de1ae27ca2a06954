//! The log of a real process.

use serde_json::{Value, json};

use crate::support::process::{EMAIL, PASSWORD, Stead, create_admin};

const DEBUG: &[(&str, &str)] = &[
    ("STEAD_LOG__LEVEL", "debug"),
    ("STEAD_LOG__REQUESTS", "true"),
];

/// Everything that a day brings: good and bad sign-ins, a refresh, a sign-out, a broken request.
/// Gives the secrets that were on their way.
fn live(stead: &Stead) -> Vec<String> {
    let mut connection = stead.connect();
    let mut send = |id: &str, path: &str, token: &str, body: Value| {
        let bearer = format!("Bearer {token}");
        let headers = [
            ("Content-Type", "application/json"),
            ("X-Request-Id", id),
            ("Authorization", &bearer),
        ];
        let shown = if token.is_empty() {
            &headers[..2]
        } else {
            &headers[..]
        };
        let bytes = body.to_string();
        connection
            .send("POST", path, shown, bytes.as_bytes())
            .unwrap()
    };
    let login =
        |password: &str| json!({ "email": EMAIL, "password": password, "delivery": "body" });
    let data = send("signing-in", "/api/auth/login", "", login(PASSWORD)).json()["data"].clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (access, refresh) = (text(&data["accessToken"]), text(&data["refreshToken"]));
    send("guessing", "/api/auth/login", "", login("a wrong password"));
    send(
        "mistaken",
        "/api/auth/login",
        "",
        json!({ "email": PASSWORD, "password": EMAIL }),
    );
    let body = json!({ "refreshToken": refresh });
    let next = send("refreshing", "/api/auth/refresh", "", body).json()["data"].clone();
    let (access_2, refresh_2) = (text(&next["accessToken"]), text(&next["refreshToken"]));
    let notes = json!({ "name": "notes", "fields": [{ "name": "title", "type": "text" }] });
    let path = format!("/api/system/collections?token={refresh}");
    send("querying", &path, &access_2, notes.clone());
    send("defining", "/api/system/collections", &access_2, notes);
    let body = json!({ "currentPassword": PASSWORD, "newPassword": "the next password" });
    send("changing", "/api/auth/password", &access_2, body);
    let secrets = [access, refresh, access_2, refresh_2].into_iter();
    let words = [PASSWORD, "a wrong password", "the next password"].map(str::to_owned);
    secrets.chain(words).collect()
}

#[test]
fn the_log_is_one_object_a_line_from_the_first_to_the_last() {
    let dir = tempfile::tempdir().unwrap();
    let stead = Stead::launch(dir.path(), &[], DEBUG);
    let first = stead.line(|_| true).expect("a first line");
    assert!(first["message"].is_string(), "{first}");
    let stead = stead.listening();
    stead.request("", "GET", "/api/v1/\n", &Value::Null);
    stead.signal("TERM");
    let log = stead.rest_of_log();
    assert!(log.len() >= 2, "{log:?}");
    for line in &log {
        for field in ["timestamp", "level", "message", "service"] {
            assert!(line[field].is_string(), "{field} in {line}");
        }
    }
    assert!(
        log.iter()
            .any(|line| line["message"].as_str().unwrap().contains("Stopping"))
    );
}

#[test]
fn what_a_request_caused_carries_its_id() {
    let dir = tempfile::tempdir().unwrap();
    create_admin(dir.path());
    let stead = Stead::start(dir.path());
    live(&stead);
    stead.signal("TERM");
    let log = stead.rest_of_log();
    for id in ["signing-in", "guessing", "defining", "changing"] {
        let caused = log.iter().find(|line| line["request_id"] == id);
        assert!(caused.is_some(), "{id} in {log:#?}");
    }
    let defined = log.iter().find(|line| line["request_id"] == "defining");
    assert_eq!(defined.unwrap()["level"], "info");
}

#[test]
fn what_a_request_caused_carries_its_trace() {
    let dir = tempfile::tempdir().unwrap();
    let stead = Stead::start(dir.path());
    let (trace, span) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
    let parent = format!("00-{trace}-{span}-01");
    let headers = [
        ("Content-Type", "application/json"),
        ("traceparent", &parent),
    ];
    let body = json!({ "email": EMAIL, "password": "a wrong password" }).to_string();
    let mut connection = stead.connect();
    let refused = connection.send("POST", "/api/auth/login", &headers, body.as_bytes());
    assert_eq!(refused.unwrap().status, 401);
    stead.signal("TERM");
    let log = stead.rest_of_log();
    let caused = log.iter().find(|line| line["trace_id"] == trace);
    assert_eq!(caused.expect("a line of the trace")["span_id"], span);
}

#[test]
fn a_request_that_cannot_be_read_is_no_error_of_ours() {
    let dir = tempfile::tempdir().unwrap();
    let stead = Stead::start(dir.path());
    for nonsense in [
        "nonsense\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    ] {
        let mut connection = stead.connect();
        connection.write(nonsense.as_bytes()).unwrap();
        assert_eq!(connection.read_response(false).unwrap().status, 400);
    }
    stead.signal("TERM");
    let log = stead.rest_of_log();
    assert!(!log.is_empty());
    assert!(log.iter().all(|line| line["level"] != "error"), "{log:#?}");
}

#[test]
fn requests_have_a_line_where_it_is_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    create_admin(dir.path());
    let stead = Stead::launch(dir.path(), &[], DEBUG).listening();
    live(&stead);
    stead.signal("TERM");
    let log = stead.rest_of_log();
    let line = log
        .iter()
        .find(|line| line["request_id"] == "signing-in" && line["path"].is_string());
    let line = line.expect("a line for the request");
    assert_eq!(
        (&line["method"], &line["status"]),
        (&json!("POST"), &json!(200))
    );
    assert_eq!(line["path"], "/api/auth/login");
    assert!(line["duration_ms"].is_u64());
}

#[test]
fn no_secret_is_in_the_log_or_on_stderr() {
    let dir = tempfile::tempdir().unwrap();
    create_admin(dir.path());
    let mut stead = Stead::launch(dir.path(), &[], DEBUG).listening();
    let mut secrets = live(&stead);
    let keys = std::fs::read_to_string(dir.path().join("keys.json")).unwrap();
    let key = keys.split('"').find(|word| word.starts_with("k4.local."));
    secrets.push(key.expect("a key").to_owned());
    stead.signal("TERM");
    let log = stead.rest_of_log();
    let all: String = log.iter().map(|line| format!("{line}\n")).collect();
    let (_, words) = stead.exit();
    assert!(log.len() > 10, "{all}");
    for secret in secrets {
        assert!(!all.contains(&secret), "{secret} in {all}");
        assert!(!words.contains(&secret), "{secret} in {words}");
    }
}
