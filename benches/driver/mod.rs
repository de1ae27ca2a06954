//! Drives a server over loopback with many kept-alive connections from a single thread.
//!
//! The cores are shared with the server, so the driver is as cheap as it can be: requests are
//! bytes, an answer is read for its status and length alone.

mod connection;

use std::{
    cell::Cell,
    collections::BTreeMap,
    io::Write as _,
    net::SocketAddr,
    time::{Duration, Instant},
};

use futures_util::future::try_join_all;
use tokio::runtime::{Builder, Runtime};

use self::connection::Connection;
use crate::Result;

/// When to send no further request; what is under way is waited for and counted.
#[derive(Clone, Copy)]
pub enum Until {
    /// So long after the start.
    Elapsed(Duration),
    /// After so many requests.
    Answers(u64),
}

/// Connections to one server, with the thread's own event loop.
pub struct Driver {
    runtime: Runtime,
    connections: Vec<Connection>,
}

/// What came back in one run.
#[derive(Default)]
pub struct Outcome {
    /// From the first request to the last answer.
    pub elapsed: Duration,
    /// One for each answer, in microseconds.
    pub latencies: Vec<u32>,
    /// Answers that were neither 2xx nor 304, by status.
    pub refused: BTreeMap<u16, u64>,
    /// The body of the first of those.
    pub refusal: Option<String>,
}

/// A whole answer.
pub struct Answer {
    pub status: u16,
    /// Its head as text.
    pub head: String,
    pub body: Vec<u8>,
}

impl Driver {
    /// Opens so many connections.
    pub fn connect(address: SocketAddr, connections: usize) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_io().build()?;
        let opened = (0..connections).map(|_| Connection::open(address));
        let connections = runtime.block_on(try_join_all(opened))?;
        Ok(Self {
            runtime,
            connections,
        })
    }

    /// Sends requests over all connections, each waiting for its answer before the next.
    ///
    /// `write` is given the number of the request, from 0, and an empty buffer for its bytes.
    pub fn run(&mut self, until: Until, write: impl Fn(u64, &mut Vec<u8>)) -> Result<Outcome> {
        let started = Instant::now();
        let tickets = Tickets::starting(started, until);
        let talks = self.connections.iter_mut();
        let talks = talks.map(|connection| converse(connection, &tickets, &write));
        let parts = self.runtime.block_on(try_join_all(talks))?;
        let mut outcome = Outcome {
            elapsed: started.elapsed(),
            ..Outcome::default()
        };
        for part in parts {
            outcome.absorb(part);
        }
        Ok(outcome)
    }

    /// Sends one request over the first connection.
    pub fn ask(&mut self, request: &[u8]) -> Result<Answer> {
        let connection = self.connections.first_mut().ok_or("no connection")?;
        let exchange = connection.exchange(|buffer| buffer.extend_from_slice(request));
        let received = self.runtime.block_on(exchange)?;
        Ok(Answer {
            status: received.status,
            head: String::from_utf8_lossy(received.head).into_owned(),
            body: received.body.to_vec(),
        })
    }
}

impl Outcome {
    /// Adds what another run, or another connection of the same run, has seen; times aside.
    pub fn absorb(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        for (status, count) in other.refused {
            *self.refused.entry(status).or_default() += count;
        }
        self.refusal = self.refusal.take().or(other.refusal);
    }

    fn count(&mut self, latency: Duration, status: u16, body: &[u8]) {
        self.latencies
            .push(u32::try_from(latency.as_micros()).unwrap_or(u32::MAX));
        if !(200..300).contains(&status) && status != 304 {
            *self.refused.entry(status).or_default() += 1;
            self.refusal
                .get_or_insert_with(|| String::from_utf8_lossy(body).into_owned());
        }
    }
}

/// Writes an HTTP/1.1 request into `buffer`.
pub fn write_request(
    buffer: &mut Vec<u8>,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: &[u8],
) {
    // Writing to a `Vec` cannot fail.
    let _ = write!(buffer, "{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
    if let Some(token) = token {
        let _ = write!(buffer, "Authorization: Bearer {token}\r\n");
    }
    if !body.is_empty() {
        let length = body.len();
        let _ = write!(
            buffer,
            "Content-Type: application/json\r\nContent-Length: {length}\r\n"
        );
    }
    buffer.extend_from_slice(b"\r\n");
    buffer.extend_from_slice(body);
}

/// Numbers the requests of all connections and says when there are enough.
struct Tickets {
    next: Cell<u64>,
    until: Until,
    started: Instant,
}

impl Tickets {
    fn starting(started: Instant, until: Until) -> Self {
        Self {
            next: Cell::new(0),
            until,
            started,
        }
    }

    fn take(&self, now: Instant) -> Option<u64> {
        let number = self.next.get();
        let goes_on = match self.until {
            Until::Elapsed(span) => now.duration_since(self.started) < span,
            Until::Answers(count) => number < count,
        };
        self.next.set(number + 1);
        goes_on.then_some(number)
    }
}

async fn converse(
    connection: &mut Connection,
    tickets: &Tickets,
    write: &impl Fn(u64, &mut Vec<u8>),
) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    let mut asked = Instant::now();
    while let Some(number) = tickets.take(asked) {
        let exchange = connection.exchange(|buffer| write(number, buffer));
        let received = exchange.await?;
        let answered = Instant::now();
        outcome.count(answered - asked, received.status, received.body);
        asked = answered;
    }
    Ok(outcome)
}
