//! One kept-alive connection: raw bytes out, status and body back.

use std::{future::poll_fn, io, net::SocketAddr, pin::Pin};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// Its two buffers are used again and again, so that a request allocates nothing.
pub struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    answer: Vec<u8>,
    /// How much of `answer` is of the answer that is being read.
    filled: usize,
}

/// An answer as it lies in the buffer.
pub struct Received<'a> {
    pub status: u16,
    pub head: &'a [u8],
    pub body: &'a [u8],
}

/// The two things that matter of an answer's head.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    /// Bytes of the head and its body together.
    total: usize,
    body_at: usize,
}

impl Connection {
    /// Connects, with Nagle's delay off.
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            request: Vec::new(),
            answer: vec![0; 16 * 1024],
            filled: 0,
        })
    }

    /// Sends what `write` puts into the empty buffer, and reads the answer.
    ///
    /// Understands answers with a `Content-Length` and those that have no body by their status;
    /// a chunked one is an error.
    pub async fn exchange(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> io::Result<Received<'_>> {
        self.request.clear();
        write(&mut self.request);
        self.send().await?;
        self.filled = 0;
        let head = self.receive_head().await?;
        if self.answer.len() < head.total {
            self.answer.resize(head.total, 0);
        }
        while self.filled < head.total {
            self.receive().await?;
        }
        let part = |from, to| self.answer.get(from..to).unwrap_or_default();
        Ok(Received {
            status: head.status,
            head: part(0, head.body_at),
            body: part(head.body_at, head.total),
        })
    }

    async fn send(&mut self) -> io::Result<()> {
        let mut rest = self.request.as_slice();
        while !rest.is_empty() {
            let stream = &mut self.stream;
            let sent = poll_fn(|cx| Pin::new(&mut *stream).poll_write(cx, rest)).await?;
            rest = rest.get(sent..).unwrap_or_default();
        }
        Ok(())
    }

    async fn receive_head(&mut self) -> io::Result<Head> {
        loop {
            self.receive().await?;
            let so_far = self.answer.get(..self.filled).unwrap_or_default();
            if let Some(head) = Head::read(so_far)? {
                return Ok(head);
            }
            if self.filled == self.answer.len() {
                return Err(broken("a head that has no end"));
            }
        }
    }

    async fn receive(&mut self) -> io::Result<()> {
        let free = self.answer.get_mut(self.filled..).unwrap_or_default();
        let mut buffer = ReadBuf::new(free);
        poll_fn(|cx| Pin::new(&mut self.stream).poll_read(cx, &mut buffer)).await?;
        match buffer.filled().len() {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            count => {
                self.filled += count;
                Ok(())
            }
        }
    }
}

impl Head {
    /// None while the head has not come whole.
    fn read(bytes: &[u8]) -> io::Result<Option<Self>> {
        let mut body_at = 0;
        let mut length = None;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            body_at += line.len();
            if line == b"\r\n" {
                return Self::of(bytes, body_at, length).map(Some);
            }
            if let Some(value) = value_of(b"content-length:", line) {
                length = value.trim().parse().ok();
            }
        }
        Ok(None)
    }

    fn of(bytes: &[u8], body_at: usize, length: Option<usize>) -> io::Result<Self> {
        let status = bytes.get(9..12).and_then(|text| str::from_utf8(text).ok());
        let status = status.and_then(|text| text.parse().ok());
        let status: u16 = status.ok_or_else(|| broken("no status"))?;
        let length = match (status, length) {
            (204 | 304, _) => 0,
            (_, Some(length)) => length,
            (_, None) => return Err(broken("an answer without Content-Length")),
        };
        Ok(Self {
            status,
            total: body_at + length,
            body_at,
        })
    }
}

/// What stands behind `name` in a header line, if it is that header's.
fn value_of<'a>(name: &[u8], line: &'a [u8]) -> Option<&'a str> {
    let (start, value) = line.split_at_checked(name.len())?;
    if !start.eq_ignore_ascii_case(name) {
        return None;
    }
    str::from_utf8(value).ok()
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
