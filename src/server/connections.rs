//! Connections on which nothing happens any more, and their end.
//!
//! actix gives the first head of a connection a deadline and an idle connection another, but none
//! to the head of a later request, nor to an answer that nobody reads. Both hold a connection with
//! no request running on it, so that is what is looked for here. A body that is read belongs to a
//! running request, and has a deadline of its own.
//!
//! actix lets nobody at its sockets, so each has a duplicate here, which costs a file descriptor.
//! It goes together with the connection: actix drops both.

use std::{
    any::Any,
    error::Error,
    io,
    net::{Shutdown, TcpStream},
    os::fd::AsFd,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::{
    body::{BodySize, BoxBody, MessageBody},
    dev::{Extensions, ServiceResponse},
    web::Bytes,
};
use tracing::{debug, warn};

/// Most bytes of an answer that are handed to actix in one go: with each such piece the client
/// shows that it still reads. 30 seconds for one are 2 kB a second, slower than any line.
const PIECE: usize = 64 << 10;

/// How long a connection may stand still, and how often that is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How long nothing may happen on a connection without a running request.
    pub still: Duration,
    /// How often the connections are looked through.
    pub sweep: Duration,
}

/// All connections of a server. Cheap to clone.
#[derive(Clone)]
pub struct Connections(Arc<All>);

struct All {
    still: Duration,
    start: Instant,
    open: Mutex<Vec<Weak<Connection>>>,
}

/// What is known of one connection, as its requests find it in their `conn_data`.
pub struct Connection {
    all: Arc<All>,
    socket: TcpStream,
    running: AtomicU32,
    /// When something last happened, in milliseconds since the start of the server.
    last: AtomicU64,
}

/// The socket of a connection that actix has taken, below TLS where that is spoken.
fn tcp(stream: &dyn Any) -> Option<&actix_web::rt::net::TcpStream> {
    let plain = stream.downcast_ref();
    plain.or_else(|| {
        let tls = stream.downcast_ref::<TlsStream<actix_web::rt::net::TcpStream>>()?;
        Some(tls.get_ref().0)
    })
}

/// A running request. It ends when this is dropped.
pub struct Running(Arc<Connection>);

impl Connections {
    /// None yet. On each, nothing may happen for as long as `still`.
    pub fn new(still: Duration) -> Self {
        Self(Arc::new(All {
            still,
            start: Instant::now(),
            open: Mutex::default(),
        }))
    }

    /// Keeps a connection that actix has taken, for its requests to be marked on.
    pub fn keep(&self, stream: &dyn Any, data: &mut Extensions) {
        let Some(stream) = tcp(stream) else {
            return;
        };
        match self.watch(stream) {
            Ok(connection) => {
                data.insert(connection);
            }
            // `respond` closes it behind its first answer.
            Err(error) => warn!(%error, "A connection cannot be watched"),
        }
    }

    fn watch(&self, stream: &impl AsFd) -> io::Result<Arc<Connection>> {
        let socket = TcpStream::from(stream.as_fd().try_clone_to_owned()?);
        let connection = Arc::new(Connection {
            all: Arc::clone(&self.0),
            socket,
            running: AtomicU32::new(0),
            last: AtomicU64::new(self.0.at(Instant::now())),
        });
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.push(Arc::downgrade(&connection));
        Ok(connection)
    }

    /// Shuts down every connection that has stood still for too long, and forgets those that are
    /// closed. Returns how many it has shut down.
    pub fn sweep(&self, now: Instant) -> usize {
        let (now, still) = (self.0.at(now), millis(self.0.still));
        let mut ended = 0;
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|connection| {
            let Some(connection) = connection.upgrade() else {
                return false;
            };
            let stays = !connection.is_still(now, still);
            if !stays {
                // actix then reads an end or fails to write, and drops the connection. That it is
                // closed already is no fault.
                let _ = connection.socket.shutdown(Shutdown::Both);
                ended += 1;
            }
            stays
        });
        if ended > 0 {
            debug!(ended, "Connections that stood still were closed");
        }
        ended
    }
}

impl All {
    fn at(&self, time: Instant) -> u64 {
        millis(time.saturating_duration_since(self.start))
    }
}

impl Connection {
    /// Marks the start of a request.
    pub fn begin(self: &Arc<Self>) -> Running {
        self.running.fetch_add(1, Ordering::Relaxed);
        Running(Arc::clone(self))
    }

    fn is_still(&self, now: u64, still: u64) -> bool {
        // The end of a request tells its time before it counts itself out.
        self.running.load(Ordering::Acquire) == 0
            && now.saturating_sub(self.last.load(Ordering::Relaxed)) > still
    }

    fn moves(&self) {
        let now = self.all.at(Instant::now());
        self.last.store(now, Ordering::Relaxed);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.moves();
        self.0.running.fetch_sub(1, Ordering::Release);
    }
}

/// Hands a long answer over in pieces, so that a client that reads it slowly is not taken for one
/// that does not read. On a connection that is not watched the answer is the last.
pub fn in_pieces(mut response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let connection = response.request().conn_data::<Arc<Connection>>();
    let Some(connection) = connection.map(Arc::clone) else {
        let head = response.response_mut().head_mut();
        head.set_connection_type(actix_web::http::ConnectionType::Close);
        return response;
    };
    match response.response().body().size() {
        BodySize::Sized(length) if length <= PIECE as u64 => response,
        BodySize::None => response,
        _ => response.map_body(|_, body| {
            BoxBody::new(Pieces {
                body,
                rest: Bytes::new(),
                connection,
            })
        }),
    }
}

/// A body that comes in pieces, each of which is marked on its connection.
struct Pieces {
    body: BoxBody,
    rest: Bytes,
    connection: Arc<Connection>,
}

impl MessageBody for Pieces {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.get_mut();
        this.connection.moves();
        if this.rest.is_empty() {
            match ready!(this.body.as_pin_mut().poll_next(context)) {
                Some(Ok(bytes)) => this.rest = bytes,
                end => return Poll::Ready(end),
            }
        }
        let length = this.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(this.rest.split_to(length))))
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, io::Read, net::TcpListener};

    use super::{
        Arc, BoxBody, Bytes, Connection, Connections, Duration, Instant, MessageBody, Ordering,
        PIECE, Pieces, Pin, TcpStream,
    };

    const STILL: Duration = Duration::from_secs(30);

    /// A client, its connection, and all there are.
    fn connected() -> (TcpStream, TcpStream, Arc<Connection>, Connections) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (stream, _) = listener.accept().unwrap();
        let connections = Connections::new(STILL);
        let connection = connections.watch(&stream).unwrap();
        (client, stream, connection, connections)
    }

    #[test]
    fn a_connection_stands_still_once_its_last_request_has_ended() {
        let (mut client, _stream, connection, connections) = connected();
        let late = || Instant::now() + 2 * STILL;
        let (first, second) = (connection.begin(), connection.begin());
        drop(first);
        assert_eq!(connections.sweep(late()), 0, "one is still running");
        drop(second);
        assert_eq!(connections.sweep(Instant::now() + STILL / 2), 0);
        assert_eq!(connections.sweep(late()), 1);
        assert_eq!(client.read(&mut [0; 1]).unwrap(), 0);
    }

    #[test]
    fn a_closed_connection_is_forgotten_together_with_its_duplicate() {
        let (mut client, stream, connection, connections) = connected();
        drop((connection, stream));
        assert_eq!(client.read(&mut [0; 1]).unwrap(), 0);
        assert_eq!(connections.sweep(Instant::now()), 0);
        assert!(connections.0.open.lock().unwrap().is_empty());
    }

    #[actix_web::test]
    async fn each_piece_of_an_answer_that_is_taken_is_a_sign_of_life() {
        let (_client, _stream, connection, _connections) = connected();
        let sent: Vec<u8> = (0..=255).cycle().take(2 * PIECE + 1).collect();
        let mut body = Pieces {
            body: BoxBody::new(sent.clone()),
            rest: Bytes::new(),
            connection: Arc::clone(&connection),
        };
        let mut got = Vec::new();
        let never = u64::MAX;
        connection.last.store(never, Ordering::Relaxed);
        while let Some(piece) = poll_fn(|cx| Pin::new(&mut body).poll_next(cx)).await {
            got.push(piece.unwrap());
            let marked = connection.last.swap(never, Ordering::Relaxed);
            assert_ne!(marked, never);
        }
        let lengths: Vec<usize> = got.iter().map(Bytes::len).collect();
        assert_eq!(lengths, [PIECE, PIECE, 1]);
        assert_eq!(got.concat(), sent);
    }
}
