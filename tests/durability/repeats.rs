//! A kill between a commit and its answer: the client sends its request again.

use serde_json::{Value, json};

use super::stage::Stage;
use crate::support::{http::Connection, process::eventually};

const REQUESTS: usize = 32;

fn body(i: usize) -> Value {
    json!({ "title": format!("request {i}"), "total": i })
}

fn headers(stage: &Stage, i: usize) -> Vec<(String, String)> {
    [
        ("Authorization", format!("Bearer {}", stage.token)),
        ("Content-Type", "application/json".to_owned()),
        ("Idempotency-Key", format!("key-{i}")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

/// Sends a request whose answer nobody reads.
fn send(stage: &Stage, i: usize) -> Connection {
    let body = body(i).to_string();
    let mut request = "POST /api/v1/notes HTTP/1.1\r\nHost: stead\r\n".to_owned();
    for (name, value) in headers(stage, i) {
        request += &format!("{name}: {value}\r\n");
    }
    request += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
    let mut connection = stage.stead.connect();
    connection.write(request.as_bytes()).unwrap();
    connection
}

/// How many notes of these requests there are, as a foreign shell sees it.
fn notes(stage: &Stage) -> i64 {
    let shell = rusqlite::Connection::open(stage.dir.join(stead::db::DATABASE)).unwrap();
    let count = "SELECT count(*) FROM notes WHERE title LIKE 'request %'";
    shell.query_row(count, [], |row| row.get(0)).unwrap()
}

#[test]
fn a_request_that_lost_its_answer_to_a_kill_is_done_once() {
    let mut stage = Stage::new();
    let unread: Vec<Connection> = (0..REQUESTS).map(|i| send(&stage, i)).collect();
    eventually("a note is committed", || notes(&stage) > 0);
    stage.stead.kill();
    drop(unread);
    let before = notes(&stage);
    stage.start_again();
    let mut again = 0;
    for i in 0..REQUESTS {
        let headers = headers(&stage, i);
        let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (&**n, &**v)).collect();
        let sent = body(i).to_string();
        let reply = stage
            .stead
            .connect()
            .send("POST", "/api/v1/notes", &headers, sent.as_bytes());
        let reply = reply.unwrap();
        assert_eq!(reply.status, 201, "{}", reply.text());
        assert_eq!(reply.json()["data"]["total"], i);
        again += i64::from(reply.header("idempotency-replayed").is_some());
    }
    assert_eq!(again, before, "what was committed is given again");
    assert_eq!(notes(&stage), REQUESTS as i64, "each is done once");
}
