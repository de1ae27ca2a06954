//! Certificates, and connections that trust one of them.

use std::{
    fs, io,
    net::{SocketAddr, TcpStream},
    path::Path,
    sync::Arc,
    time::Duration,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
};

use super::http::Connection;

/// A connection over TLS.
pub type Secured = Connection<StreamOwned<ClientConnection, TcpStream>>;

/// The names of the files that [`Certificate::write`] writes.
pub const CERTIFICATE: &str = "certificate.pem";
pub const KEY: &str = "key.pem";

/// A certificate for `localhost` that has signed itself, with its key.
pub struct Certificate {
    pub der: CertificateDer<'static>,
    pub pem: String,
    pub key: String,
}

impl Certificate {
    pub fn generate() -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        Self {
            der: made.cert.der().clone(),
            pem: made.cert.pem(),
            key: made.signing_key.serialize_pem(),
        }
    }

    /// Puts both files into `dir`, each in the place of an older one at once.
    pub fn write(&self, dir: &Path) {
        for (name, text) in [(CERTIFICATE, &self.pem), (KEY, &self.key)] {
            let fresh = dir.join(format!("{name}.new"));
            fs::write(&fresh, text).unwrap();
            fs::rename(fresh, dir.join(name)).unwrap();
        }
    }

    /// Connects to `address`, trusting this certificate alone.
    pub fn connect(&self, address: SocketAddr) -> io::Result<Secured> {
        let mut roots = RootCertStore::empty();
        roots.add(self.der.clone()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        let mut tls = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        while tls.is_handshaking() {
            tls.complete_io(&mut stream)?;
        }
        Ok(Connection::over(StreamOwned::new(tls, stream), address))
    }
}

impl Secured {
    /// The certificate that the server has shown.
    pub fn shown(&self) -> CertificateDer<'static> {
        let chain = self.stream().conn.peer_certificates().unwrap();
        chain[0].clone().into_owned()
    }
}
