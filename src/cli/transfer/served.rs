//! A request to the running server whose body or answer is as long as it likes.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};

use crate::cli::{Failure, socket::Socket};

/// Bytes that are handed on at once.
const PIECE: usize = 64 << 10;

/// Most bytes of a line of the head of an answer, and of a chunk's.
const LINE: u64 = 16 << 10;

/// An answer, of which the head was read.
pub(super) struct Answer {
    pub is_ok: bool,
    pub head: String,
    input: BufReader<Socket>,
    /// Bytes that are left of the chunk; none at the end.
    left: Option<u64>,
    is_first: bool,
}

/// Sends a request. `body` is its media type and its bytes, and is told of each piece.
///
/// # Errors
/// If the connection fails; a server that answers before it has read all is heard.
pub(super) fn send(
    mut socket: Socket,
    (method, path): (&str, &str),
    body: Option<(&str, Box<dyn Read>)>,
    mut sent: impl FnMut(usize),
) -> io::Result<Answer> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    if let Some((media, _)) = &body {
        head += &format!("Content-Type: {media}\r\nTransfer-Encoding: chunked\r\n");
    }
    socket.write_all(format!("{head}\r\n").as_bytes())?;
    if let Some((_, mut input)) = body {
        match send_body(&mut socket, &mut *input, &mut sent) {
            // It has answered, and reads no more.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            outcome => outcome?,
        }
    }
    Answer::read(socket)
}

fn send_body(
    socket: &mut Socket,
    input: &mut dyn Read,
    sent: &mut impl FnMut(usize),
) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        let count = input.read(&mut piece)?;
        let some = piece.get(..count).unwrap_or_default();
        if some.is_empty() {
            return socket.write_all(b"0\r\n\r\n");
        }
        socket.write_all(format!("{count:x}\r\n").as_bytes())?;
        socket.write_all(some)?;
        socket.write_all(b"\r\n")?;
        sent(count);
    }
}

impl Answer {
    fn read(socket: Socket) -> io::Result<Self> {
        let mut answer = Self {
            is_ok: false,
            head: String::new(),
            input: BufReader::with_capacity(PIECE, socket),
            left: Some(0),
            is_first: true,
        };
        loop {
            let line = answer.line()?;
            if line.is_empty() {
                break;
            }
            answer.head += &format!("{line}\n");
        }
        let lower = answer.head.to_ascii_lowercase();
        answer.is_ok = lower.starts_with("http/1.1 200");
        let length = lower
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"));
        if let Some(length) = length {
            let length = length.trim().parse().map_err(io::Error::other)?;
            // One chunk, behind which nothing follows.
            answer.left = Some(length);
            answer.is_first = false;
        }
        Ok(answer)
    }

    /// Reads what comes next of the body; nothing at its end.
    ///
    /// # Errors
    /// `UnexpectedEof` for one that was broken off.
    pub fn piece(&mut self) -> io::Result<Vec<u8>> {
        let is_chunked = self
            .head
            .to_ascii_lowercase()
            .contains("transfer-encoding: chunked");
        let left = match self.left {
            Some(0) if is_chunked => self.chunk()?,
            Some(left) => left,
            None => 0,
        };
        if left == 0 {
            self.left = None;
            return Ok(Vec::new());
        }
        let count = left.min(PIECE as u64);
        let mut piece = vec![0; usize::try_from(count).unwrap_or(PIECE)];
        self.input.read_exact(&mut piece)?;
        self.left = Some(left - count);
        Ok(piece)
    }

    /// The whole body, of an answer that is short.
    ///
    /// # Errors
    /// As [`Self::piece`].
    pub fn whole(&mut self) -> io::Result<Vec<u8>> {
        let mut whole = Vec::new();
        loop {
            let piece = self.piece()?;
            if piece.is_empty() {
                return Ok(whole);
            }
            whole.extend(piece);
        }
    }

    fn chunk(&mut self) -> io::Result<u64> {
        if !std::mem::replace(&mut self.is_first, false) {
            self.line()?;
        }
        let line = self.line()?;
        u64::from_str_radix(line.trim(), 16).map_err(io::Error::other)
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        let read = Read::by_ref(&mut self.input)
            .take(LINE)
            .read_line(&mut line)?;
        match read {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end().to_owned()),
        }
    }
}

/// What is told of a connection that has failed.
pub(super) fn broken(error: &io::Error) -> Failure {
    Failure::Other(format!("the running server broke off: {error}"))
}
