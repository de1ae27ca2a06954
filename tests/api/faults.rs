//! Bodies that cannot be read: too long, too slow, broken.

use std::{
    io::{ErrorKind, Read},
    net::TcpStream,
    time::Duration,
};

use serde_json::json;
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::Client,
    http::{Connection, Response},
};

const NOTES: &str = "/api/v1/notes";

fn notes() -> (TestApp, Client) {
    let app = TestApp::start_with(|config| {
        config.server.body_limit = 64 << 10;
        config.server.body_timeout = Duration::from_secs(1);
        config.server.head_timeout = Duration::from_secs(1);
    });
    app.collection("notes", json!([{ "name": "title", "type": "text" }]));
    let admin = app.admin();
    (app, admin)
}

fn head(client: &Client, more: &str) -> String {
    format!(
        "POST {NOTES} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\n{more}\r\n",
        client.access.as_deref().unwrap()
    )
}

fn raw(app: &TestApp, request: &[u8]) -> (Connection, Response) {
    let mut connection = Connection::open(app.address()).unwrap();
    connection.write(request).unwrap();
    let response = connection.read_response(false).unwrap();
    (connection, response)
}

#[test]
fn broken_json_is_no_input() {
    let (_app, admin) = notes();
    for body in [
        "",
        " ",
        "{",
        "{}}",
        "[]",
        "7",
        "null",
        "\"a\"",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{\"title\":\"a\tb\"}",
        "{\"title\":\"a\0b\"}",
        "\u{feff}{}",
        "{\"a\":1,}",
        "{\"a\":1 \"b\":2}",
    ] {
        admin
            .send_text("POST", NOTES, body)
            .faults(Code::InvalidInput, &["_"]);
    }
}

#[test]
fn a_key_twice_is_no_input() {
    let (_app, admin) = notes();
    for body in [
        r#"{"title":"a","title":"b"}"#,
        r#"{"title":"a","\u0074itle":"b"}"#,
    ] {
        let error = admin
            .send_text("POST", NOTES, body)
            .faults(Code::InvalidInput, &["_"]);
        assert!(
            error["details"]["_"][0]
                .as_str()
                .unwrap()
                .contains("`title` stands twice"),
            "{error}"
        );
    }
}

#[test]
fn bytes_that_are_no_text_are_no_input() {
    let (_app, admin) = notes();
    for body in [
        &b"{\"title\":\"\xff\"}"[..],
        b"\xff\xfe{\0}\0",
        b"{\"title\":\"\xed\xa0\x80\"}",
        b"\x00",
    ] {
        let reply = admin.send_bytes("POST", NOTES, Some("application/json"), body);
        reply.faults(Code::InvalidInput, &["_"]);
    }
}

#[test]
fn ten_thousand_levels_are_no_input() {
    let (_app, admin) = notes();
    admin
        .send_text("POST", NOTES, &"[".repeat(10_000))
        .faults(Code::InvalidInput, &["_"]);
    admin
        .send_text("POST", NOTES, &"{\"a\":".repeat(10_000))
        .faults(Code::InvalidInput, &["_"]);
}

#[test]
fn only_json_is_read() {
    let (_app, admin) = notes();
    for media in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("application/jsonp"),
        Some("application/json; charset=utf-16"),
        Some("multipart/form-data; boundary=x"),
        Some(""),
    ] {
        admin
            .send_bytes("POST", NOTES, media, b"{}")
            .error(Code::UnsupportedMediaType);
    }
    for media in [
        "application/json; charset=UTF-8",
        "Application/JSON",
        "application/merge-patch+json",
    ] {
        admin
            .send_bytes("POST", NOTES, Some(media), b"{}")
            .created();
    }
}

#[test]
fn a_body_at_the_limit_is_read_and_one_beyond_is_not() {
    let (_app, admin) = notes();
    let padded = |length: usize| format!("{{}}{}", " ".repeat(length - 2));
    admin.send_text("POST", NOTES, &padded(64 << 10)).created();
    admin
        .send_text("POST", NOTES, &padded((64 << 10) + 1))
        .error(Code::PayloadTooLarge);
}

#[test]
fn a_gigabyte_is_refused_before_it_is_sent() {
    let (app, admin) = notes();
    let (_, response) = raw(
        &app,
        head(&admin, "Content-Length: 1073741824\r\n").as_bytes(),
    );
    assert_eq!(response.status, 413);
    assert_eq!(response.json()["error"]["code"], "PAYLOAD_TOO_LARGE");
}

#[test]
fn chunks_are_counted() {
    let (app, admin) = notes();
    let chunk = |text: &str| format!("{:x}\r\n{text}\r\n", text.len());
    let head = head(&admin, "Transfer-Encoding: chunked\r\n");
    let small = [&*head, &chunk("{\"title\":"), &chunk("\"a\"}"), "0\r\n\r\n"].concat();
    assert_eq!(raw(&app, small.as_bytes()).1.status, 201);
    let large = [
        head,
        chunk(&" ".repeat(40 << 10)),
        chunk(&" ".repeat(30 << 10)),
    ]
    .concat();
    assert_eq!(raw(&app, large.as_bytes()).1.status, 413);
}

#[test]
fn a_body_that_never_ends_is_cut_off() {
    let (app, admin) = notes();
    for framing in ["Content-Length: 100\r\n", "Transfer-Encoding: chunked\r\n"] {
        let (mut connection, response) = raw(&app, head(&admin, framing).as_bytes());
        assert_eq!((response.status, &*response.body), (408, &b""[..]));
        let end = connection.read_response(false).unwrap_err().kind();
        assert!(
            matches!(end, ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset),
            "{framing}{end:?}"
        );
    }
    admin.get(NOTES).ok();
}

/// What comes until the server hangs up.
fn to_the_end(mut stream: TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream
        .set_read_timeout(Some(Duration::from_secs(40)))
        .unwrap();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => bytes,
        Err(error) if error.kind() == ErrorKind::ConnectionReset => bytes,
        Err(error) => panic!("the server keeps the connection: {error}"),
    }
}

#[test]
fn a_head_that_never_ends_is_cut_off() {
    let (app, _admin) = notes();
    let mut first = TcpStream::connect(app.address()).unwrap();
    std::io::Write::write_all(&mut first, b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow:").unwrap();
    let answer = to_the_end(first);
    assert!(
        answer.is_empty() || answer.starts_with(b"HTTP/1.1 408"),
        "{answer:?}"
    );
}

#[test]
fn what_is_left_of_a_refused_body_is_not_waited_for() {
    let (app, admin) = notes();
    let chunked = "Transfer-Encoding: chunked\r\n";
    let large = format!("{}11000\r\n{}", head(&admin, chunked), " ".repeat(66 << 10));
    let nowhere = head(&admin, chunked).replace(NOTES, "/api/nothing");
    let deletion = head(&admin, chunked).replace("POST /api/v1/notes", "DELETE /api/v1/notes/1");
    for (request, status) in [(large, 413), (nowhere, 404), (deletion, 404)] {
        let (mut connection, response) = raw(&app, request.as_bytes());
        assert_eq!(response.status, status);
        let end = connection.read_response(false).unwrap_err().kind();
        assert!(
            matches!(end, ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset),
            "{end:?}"
        );
    }
}

#[test]
fn a_refused_body_is_read_to_its_end_so_that_its_sender_sees_the_answer() {
    let (app, admin) = notes();
    let body = vec![b' '; 512 << 10];
    let length = format!("Content-Length: {}\r\n", body.len());
    let mut connection = Connection::open(app.address()).unwrap();
    for (path, status) in [(NOTES, 413), ("/api/nothing", 404)] {
        let head = head(&admin, &length).replace(NOTES, path);
        connection
            .write(&[head.as_bytes(), &body].concat())
            .unwrap();
        assert_eq!(connection.read_response(false).unwrap().status, status);
    }
    let next = connection.send("GET", "/health/live", &[], b"").unwrap();
    assert_eq!(next.status, 200, "the connection goes on");
}

#[test]
fn a_request_of_another_protocol_is_refused() {
    let (app, admin) = notes();
    for request in [
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        "nonsense\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ] {
        let (_, response) = raw(&app, request.as_bytes());
        assert!(
            (400..500).contains(&response.status),
            "{request}: {response:?}"
        );
    }
    admin.get(NOTES).ok();
}

#[test]
fn faults_are_told_up_to_a_bound() {
    let (_app, admin) = notes();
    let body: serde_json::Map<_, _> = (0..5_000).map(|i| (format!("k{i}"), json!(1))).collect();
    let reply = admin.post(NOTES, &body.into());
    let error = reply.error(Code::ValidationError);
    let told = error["issues"].as_array().unwrap().len();
    assert!((450..=1_000).contains(&told), "{told}");
}
