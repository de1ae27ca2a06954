//! A running server, reached by its socket: one request, one answer.

use std::{
    io::{self, ErrorKind, Read, Write},
    os::unix::{fs::MetadataExt, net::UnixStream},
    path::Path,
    time::Duration,
};

use serde::Deserialize;
use serde_json::Value as Json;

use super::Failure;
use crate::{app::operator::Task, db::DATABASE, server::socket};

/// How long an answer may take; a batch of passwords that are being hashed may stand before it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Most bytes of an answer; what `openapi` says of a collection with many fields is a megabyte.
const LONGEST: u64 = 256 << 20;

/// A connection to a running server.
pub(super) struct Socket(UnixStream);

/// What the envelope says of an error.
#[derive(Deserialize)]
struct Refusal {
    message: String,
    #[serde(default)]
    issues: Vec<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    field: String,
    message: String,
}

impl Socket {
    /// Connects to the server on `dir`.
    ///
    /// # Errors
    /// If none answers, or whoever does is not the owner of the database: in a directory that is
    /// not closed, somebody else could wait there for passwords.
    pub fn connect(dir: &Path) -> io::Result<Self> {
        let stream = socket::connect(dir)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let owner = std::fs::metadata(dir.join(DATABASE))?.uid();
        let other = peer(&stream)?;
        if other == owner || other == 0 {
            return Ok(Self(stream));
        }
        let words = format!("user {other} answers there, but the database is of user {owner}");
        Err(io::Error::new(ErrorKind::PermissionDenied, words))
    }

    /// Has the server do `task`.
    ///
    /// # Errors
    /// What the server says, and if it does not answer.
    pub fn run<T: Task>(mut self, task: &T) -> Result<T::Answer, Failure> {
        let patience = if T::IS_LONG { None } else { Some(PATIENCE) };
        let answer = self.0.set_read_timeout(patience);
        let answer = answer.and_then(|()| self.ask(T::PATH, task));
        let answer = answer.map_err(|error| {
            Failure::Other(format!(
                "the running server did not answer, so it may or may not have done it: {error}"
            ))
        })?;
        read::<T>(&answer)
    }

    /// Waits for an answer for as long as the server is there.
    ///
    /// # Errors
    /// If the socket refuses.
    pub fn be_patient(&self) -> io::Result<()> {
        self.0.set_read_timeout(None)
    }

    /// HTTP/1.0, so that the answer is not in chunks and ends with the connection.
    fn ask(&mut self, path: &str, task: &impl serde::Serialize) -> io::Result<Vec<u8>> {
        let body = serde_json::to_vec(task)?;
        let head = format!(
            "POST {path} HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        );
        self.0.write_all(&[head.as_bytes(), &body].concat())?;
        let mut answer = Vec::new();
        Read::by_ref(&mut self.0)
            .take(LONGEST)
            .read_to_end(&mut answer)?;
        Ok(answer)
    }
}

impl Read for Socket {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.0.read(bytes)
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn read<T: Task>(answer: &[u8]) -> Result<T::Answer, Failure> {
    let mut parts = answer.splitn(2, |byte| *byte == b'\n');
    let status = parts.next().unwrap_or_default();
    let body = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let body = body.and_then(|at| answer.get(at + 4..)).unwrap_or_default();
    let envelope: Json = serde_json::from_slice(body).unwrap_or_default();
    if envelope.get("success") == Some(&Json::Bool(true)) {
        let data = envelope.get("data").cloned().unwrap_or_default();
        return serde_json::from_value(data).map_err(|_| other_version());
    }
    let is_unknown = status.starts_with(b"HTTP/1.0 404") || status.starts_with(b"HTTP/1.1 404");
    Err(match refusal(&envelope) {
        // The words of the router, which has no such path.
        Some(refusal) if is_unknown && refusal.message == "Not found" => other_version(),
        Some(refusal) => Failure::Other(words(&refusal)),
        None => unreadable(&String::from_utf8_lossy(status)),
    })
}

/// What is told of an answer that says no.
pub(super) fn refused(head: &str, body: &[u8]) -> Failure {
    let envelope: Json = serde_json::from_slice(body).unwrap_or_default();
    match refusal(&envelope) {
        Some(refusal) => Failure::Other(words(&refusal)),
        None => unreadable(head.lines().next().unwrap_or_default()),
    }
}

fn refusal(envelope: &Json) -> Option<Refusal> {
    let refusal = envelope.get("error").cloned().unwrap_or_default();
    serde_json::from_value(refusal).ok()
}

fn unreadable(status: &str) -> Failure {
    Failure::Other(format!(
        "the running server gave no answer that could be read: {}",
        status.trim()
    ))
}

fn words(refusal: &Refusal) -> String {
    let faults = refusal
        .issues
        .iter()
        .map(|fault| format!("\n  {}: {}", fault.field, fault.message));
    format!("{}{}", refusal.message, faults.collect::<String>())
}

fn other_version() -> Failure {
    let words = "the running server is of another version than this command; restart it, or run \
                 the command of its version";
    Failure::Other(words.to_owned())
}

/// The user at the other end.
fn peer(stream: &UnixStream) -> io::Result<u32> {
    let other = stream.try_clone()?;
    other.set_nonblocking(true)?;
    let asked = tokio::net::UnixStream::from_std(other)?.peer_cred();
    // Both share the flag.
    stream.set_nonblocking(false)?;
    Ok(asked?.uid())
}
