//! Stories of connections that would never end, over bounds of milliseconds.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::mpsc,
    thread::JoinHandle,
    time::Duration,
};

use actix_web::dev::ServerHandle;

use super::{Bounds, Server};
use crate::{app::App, config::Config};

/// Longer than any story takes that ends well.
const PATIENCE: Duration = Duration::from_secs(20);

const REQUEST: &[u8] = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";

struct Running {
    address: SocketAddr,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
    _dir: tempfile::TempDir,
}

impl Running {
    /// A server on whose connections nothing may stand still for longer than `still`.
    fn start(still: Duration) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::default_in(dir.path().join("data"));
        config.server.workers = 1;
        let bounds = Bounds {
            still,
            sweep: Duration::from_millis(20),
        };
        let (started, starting) = mpsc::channel();
        let run = move || {
            actix_web::rt::System::new().block_on(async move {
                let app = App::open(config).await.unwrap();
                let listener = TcpListener::bind("127.0.0.1:0").unwrap();
                let server = Server::start_within(app, listener, bounds).unwrap();
                started.send((server.address(), server.handle())).unwrap();
                server.run().await.unwrap();
            });
        };
        let thread = Some(std::thread::spawn(run));
        let (address, handle) = starting.recv().unwrap();
        Self {
            address,
            handle,
            thread,
            _dir: dir,
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        actix_web::rt::System::new().block_on(self.handle.stop(false));
        self.thread.take().unwrap().join().unwrap();
    }
}

/// Sends a request and reads its answer.
fn ask(stream: &mut TcpStream) {
    stream.write_all(REQUEST).unwrap();
    let (mut answer, mut bytes) = (Vec::new(), [0; 4096]);
    while !answer.ends_with(b"}") {
        let length = stream.read(&mut bytes).unwrap();
        assert_ne!(length, 0, "{}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&bytes[..length]);
    }
}

fn is_cut_off(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)
}

#[test]
fn a_later_head_that_never_ends_is_cut_off() {
    let server = Running::start(Duration::from_millis(200));
    let mut stream = server.connect();
    ask(&mut stream);
    ask(&mut stream);
    stream.write_all(b"GET /health/live HT").unwrap();
    match stream.read(&mut [0; 1]) {
        Ok(length) => assert_eq!(length, 0, "no answer to half a head"),
        Err(error) => assert!(is_cut_off(error.kind()), "{error}"),
    }
}

#[test]
fn who_never_reads_its_answers_is_cut_off() {
    let server = Running::start(Duration::from_millis(200));
    let mut stream = server.connect();
    let many = REQUEST.repeat(100);
    let refused = loop {
        if let Err(error) = stream.write_all(&many) {
            break error;
        }
    };
    assert!(is_cut_off(refused.kind()), "{refused}");
}
