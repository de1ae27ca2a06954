//! Stories of connections that would never end, over bounds of milliseconds.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use actix_web::dev::ServerHandle;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto::ring,
    pki_types::CertificateDer,
};

use super::{Bounds, Server, Tls};
use crate::{app::App, config::Config};

/// Longer than any story takes that ends well.
const PATIENCE: Duration = Duration::from_secs(20);

const REQUEST: &[u8] = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";

struct Running {
    address: SocketAddr,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
    certificate: CertificateDer<'static>,
    _dir: tempfile::TempDir,
}

impl Running {
    /// A server on whose connections nothing may stand still for longer than `still`.
    fn start(still: Duration) -> Self {
        Self::start_with(still, false)
    }

    /// The same, over HTTPS.
    fn start_secured(still: Duration) -> Self {
        Self::start_with(still, true)
    }

    fn start_with(still: Duration, is_https: bool) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::default_in(dir.path().join("data"));
        config.server.workers = 1;
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let [certificate, key] = ["certificate", "key"].map(|name| dir.path().join(name));
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        if is_https {
            config.server.tls_certificate = Some(certificate);
            config.server.tls_key = Some(key);
        }
        let bounds = Bounds {
            still,
            sweep: Duration::from_millis(20),
        };
        let (started, starting) = mpsc::channel();
        let run = move || {
            actix_web::rt::System::new().block_on(async move {
                let tls = Tls::open(&config.server).unwrap();
                let app = App::open(config).await.unwrap();
                let listener = TcpListener::bind("127.0.0.1:0").unwrap();
                let server = Server::start_within(app, listener, tls, bounds).unwrap();
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
            certificate: made.cert.der().clone(),
            _dir: dir,
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    fn connect_secured(&self) -> StreamOwned<ClientConnection, TcpStream> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = "localhost".try_into().unwrap();
        let tls = ClientConnection::new(Arc::new(config), name).unwrap();
        StreamOwned::new(tls, self.connect())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        actix_web::rt::System::new().block_on(self.handle.stop(false));
        self.thread.take().unwrap().join().unwrap();
    }
}

/// Sends a request and reads its answer.
fn ask(stream: &mut (impl Read + Write)) {
    stream.write_all(REQUEST).unwrap();
    let (mut answer, mut bytes) = (Vec::new(), [0; 4096]);
    while !answer.ends_with(b"}") {
        let length = stream.read(&mut bytes).unwrap();
        assert_ne!(length, 0, "{}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&bytes[..length]);
    }
}

fn is_cut_off(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof
    )
}

/// Sends half a second head, which must be cut off.
fn never_end_a_later_head(stream: &mut (impl Read + Write)) {
    ask(stream);
    ask(stream);
    stream.write_all(b"GET /health/live HT").unwrap();
    match stream.read(&mut [0; 1]) {
        Ok(length) => assert_eq!(length, 0, "no answer to half a head"),
        Err(error) => assert!(is_cut_off(error.kind()), "{error}"),
    }
}

/// Asks and asks and reads nothing, which must be cut off.
fn never_read_an_answer(stream: &mut impl Write) {
    let many = REQUEST.repeat(100);
    let refused = loop {
        if let Err(error) = stream.write_all(&many) {
            break error;
        }
    };
    assert!(is_cut_off(refused.kind()), "{refused}");
}

#[test]
fn a_later_head_that_never_ends_is_cut_off() {
    let server = Running::start(Duration::from_millis(200));
    never_end_a_later_head(&mut server.connect());
}

#[test]
fn who_never_reads_its_answers_is_cut_off() {
    let server = Running::start(Duration::from_millis(200));
    never_read_an_answer(&mut server.connect());
}

#[test]
fn over_https_both_are_cut_off_as_well() {
    let server = Running::start_secured(Duration::from_millis(200));
    never_end_a_later_head(&mut server.connect_secured());
    never_read_an_answer(&mut server.connect_secured());
}
