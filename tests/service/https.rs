//! HTTPS with the operator's certificate.

use std::{
    fs,
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    path::Path,
};

use serde_json::json;

use super::serve;
use crate::support::{
    process::{EMAIL, PASSWORD, PATIENCE, Stead, create_admin},
    tls::{CERTIFICATE, Certificate, KEY},
};

/// A server that speaks HTTPS with the files in `dir`, over a data directory in there.
pub fn secured(dir: &Path, env: &[(&str, &str)]) -> Stead {
    let mut command = serve(&dir.join("data"));
    command
        .env("STEAD_SERVER__TLS_CERTIFICATE", dir.join(CERTIFICATE))
        .env("STEAD_SERVER__TLS_KEY", dir.join(KEY))
        .envs(env.iter().copied());
    Stead::spawn(command).listening()
}

#[test]
fn whoever_comes_by_https_is_told_to_stay_there() {
    let dir = tempfile::tempdir().unwrap();
    let certificate = Certificate::generate();
    certificate.write(dir.path());
    create_admin(&dir.path().join("data"));
    let stead = secured(dir.path(), &[]);
    let mut connection = certificate.connect(stead.address()).unwrap();
    let body = json!({ "email": EMAIL, "password": PASSWORD }).to_string();
    let origin = format!("https://{}", stead.address());
    let headers = [
        ("Content-Type", "application/json"),
        ("Origin", origin.as_str()),
    ];
    let answer = connection.send("POST", "/api/auth/login", &headers, body.as_bytes());
    let answer = answer.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    let cookies: Vec<&str> = answer.headers("set-cookie").collect();
    assert_eq!(cookies.len(), 3);
    assert!(
        cookies.iter().all(|cookie| cookie.contains("; Secure")),
        "{cookies:?}"
    );
    assert_eq!(
        answer.header("strict-transport-security"),
        Some("max-age=31536000; includeSubDomains")
    );
}

#[test]
fn preload_is_asked_for_by_a_setting() {
    let dir = tempfile::tempdir().unwrap();
    let certificate = Certificate::generate();
    certificate.write(dir.path());
    let stead = secured(dir.path(), &[("STEAD_SERVER__HSTS_PRELOAD", "true")]);
    let mut connection = certificate.connect(stead.address()).unwrap();
    let answer = connection.send("GET", "/health/live", &[], b"").unwrap();
    assert_eq!(
        answer.header("strict-transport-security"),
        Some("max-age=31536000; includeSubDomains; preload")
    );
}

#[test]
fn the_link_for_the_first_admin_is_one_by_https() {
    let dir = tempfile::tempdir().unwrap();
    Certificate::generate().write(dir.path());
    let stead = secured(dir.path(), &[]);
    let link = fs::read_to_string(dir.path().join("data/setup-link")).unwrap();
    let start = format!("https://{}/admin/#setup=", stead.address());
    assert!(link.starts_with(&start), "{link}");
}

/// The first message of a client that knows no TLS above 1.`minor` (RFC 5246, 7.4.1.2), in all else
/// one that this server takes.
fn hello(minor: u8) -> Vec<u8> {
    let suite = [0xC0, 0x2B];
    let groups = [0, 10, 0, 4, 0, 2, 0, 23];
    let points = [0, 11, 0, 2, 1, 0];
    let signatures = [0, 13, 0, 4, 0, 2, 4, 3];
    let extensions = [&groups[..], &points, &signatures].concat();
    let random = [7; 32];
    let hello = [
        &[3, minor + 1][..],
        &random,
        &[0, 0, 2],
        &suite,
        &[1, 0, 0, u8::try_from(extensions.len()).unwrap()],
        &extensions,
    ]
    .concat();
    let length = u8::try_from(hello.len()).unwrap();
    [&[22, 3, 1, 0, length + 4, 1, 0, 0, length][..], &hello].concat()
}

/// The first bytes of the answer to it, behind those that frame it.
fn answer_to(stead: &Stead, hello: &[u8]) -> [u8; 2] {
    let mut stream = TcpStream::connect(stead.address()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(hello).unwrap();
    let mut answer = [0; 7];
    stream.read_exact(&mut answer).unwrap();
    [answer[0], answer[6]]
}

#[test]
fn the_newest_tls_is_spoken_and_nothing_below_1_2() {
    let dir = tempfile::tempdir().unwrap();
    let certificate = Certificate::generate();
    certificate.write(dir.path());
    let stead = secured(dir.path(), &[]);
    let connection = certificate.connect(stead.address()).unwrap();
    let spoken = connection.stream().conn.protocol_version();
    assert_eq!(spoken, Some(rustls::ProtocolVersion::TLSv1_3));
    let [is_handshake, _] = answer_to(&stead, &hello(2));
    assert_eq!(is_handshake, 22, "1.2 is taken");
    for minor in [0, 1] {
        // An alert, "protocol_version" (RFC 5246, 7.2).
        assert_eq!(answer_to(&stead, &hello(minor)), [21, 70], "1.{minor}");
    }
}

/// All that comes until the server closes the connection.
fn until_closed(stream: &mut TcpStream) -> Vec<u8> {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        // What has come too late for the server to read it makes a reset out of the end.
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        outcome => drop(outcome.unwrap()),
    }
    answer
}

#[test]
fn plain_http_on_the_port_for_https_gets_no_answer_and_does_no_harm() {
    let dir = tempfile::tempdir().unwrap();
    let certificate = Certificate::generate();
    certificate.write(dir.path());
    let mut stead = secured(dir.path(), &[("STEAD_SERVER__WORKERS", "1")]);
    let mut plain = TcpStream::connect(stead.address()).unwrap();
    plain
        .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    let answer = until_closed(&mut plain);
    // At most an alert of TLS (RFC 8446, 5.1: type 21).
    assert!(answer.is_empty() || answer[0] == 21, "{answer:?}");
    let mut connection = certificate.connect(stead.address()).unwrap();
    let live = connection.send("GET", "/health/live", &[], b"").unwrap();
    assert_eq!(live.status, 200);
    drop(connection);
    let (status, words) = stead.terminate();
    assert_eq!((status.code(), words.as_str()), (Some(0), ""));
}

#[test]
fn whoever_never_finishes_the_handshake_keeps_nobody_out() {
    let dir = tempfile::tempdir().unwrap();
    let certificate = Certificate::generate();
    certificate.write(dir.path());
    let env = [
        ("STEAD_SERVER__HEAD_TIMEOUT_SECONDS", "120"),
        ("STEAD_SERVER__WORKERS", "1"),
    ];
    let stead = secured(dir.path(), &env);
    // More than actix would leave room for by itself.
    let _silent: Vec<TcpStream> = (0..300)
        .map(|_| TcpStream::connect(stead.address()).unwrap())
        .collect();
    let mut connection = certificate.connect(stead.address()).unwrap();
    let live = connection.send("GET", "/health/live", &[], b"").unwrap();
    assert_eq!(live.status, 200);
}

#[test]
fn a_handshake_that_never_ends_is_cut_off() {
    let dir = tempfile::tempdir().unwrap();
    Certificate::generate().write(dir.path());
    let stead = secured(dir.path(), &[("STEAD_SERVER__HEAD_TIMEOUT_SECONDS", "1")]);
    let mut half = TcpStream::connect(stead.address()).unwrap();
    half.write_all(&hello(2)[..20]).unwrap();
    let answer = until_closed(&mut half);
    assert!(answer.is_empty(), "{answer:?}");
}
