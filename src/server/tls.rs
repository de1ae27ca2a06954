//! HTTPS with the operator's certificate, which is read anew when its files change.
//!
//! Connections that are open keep the certificate of their handshake; the next handshake gets the
//! new one. Files that do not fit together change nothing: the old pair stays.

use std::{
    fmt, fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use rustls::{
    Error as Refused, InconsistentKeys, ServerConfig,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tracing::{info, warn};

use crate::config::{self, ConfigError, TLS_CERTIFICATE, TLS_KEY};

/// A certificate with its key, and the files that they come from.
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    current: RwLock<Arc<CertifiedKey>>,
    last: Mutex<Look>,
}

/// How the files were when they were last read, and what was wrong with them.
struct Look {
    stamps: [Option<Stamp>; 2],
    fault: Option<ConfigError>,
}

/// What differs between a file and the one that takes its place.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp {
    inode: u64,
    length: u64,
    changed: (i64, i64),
}

impl Tls {
    /// Reads the files that the configuration names, if it names any.
    ///
    /// # Errors
    /// The setting whose file cannot be read or used, and why.
    pub fn open(config: &config::Server) -> Result<Option<Arc<Self>>, ConfigError> {
        let Some((certificate, key)) = config.tls_files() else {
            return Ok(None);
        };
        let stamps = [stamp(certificate), stamp(key)];
        let pair = read(certificate, key)?;
        Ok(Some(Arc::new(Self {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            current: RwLock::new(Arc::new(pair)),
            last: Mutex::new(Look {
                stamps,
                fault: None,
            }),
        })))
    }

    /// How connections are secured: TLS 1.2 or 1.3, with the pair that is current at the handshake.
    ///
    /// # Errors
    /// If the cryptography has neither version.
    pub fn server_config(self: &Arc<Self>) -> io::Result<ServerConfig> {
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth();
        Ok(config.with_cert_resolver(Arc::clone(self) as Arc<dyn ResolvesServerCert>))
    }

    /// Reads the files again if they are not as they were, or were no good. Blocks on the disk.
    pub fn renew_if_changed(&self) {
        let stamps = [stamp(&self.certificate), stamp(&self.key)];
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // Of two files one is written first, so a pair that does not fit may do so in a moment.
        if last.stamps == stamps && last.fault.is_none() {
            return;
        }
        last.stamps = stamps;
        match read(&self.certificate, &self.key) {
            Ok(pair) => {
                self.renew(pair);
                last.fault = None;
            }
            Err(fault) if last.fault.as_ref() == Some(&fault) => {}
            Err(fault) => {
                warn!(cause = %fault, "The new certificate cannot be used, so the old one stays");
                last.fault = Some(fault);
            }
        }
    }

    fn renew(&self, pair: CertifiedKey) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        *current = Arc::new(pair);
        info!("The certificate was read anew");
    }
}

impl ResolvesServerCert for Tls {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&current))
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("certificate", &self.certificate)
            .finish_non_exhaustive()
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// None for a file that is not there: that is a difference, too.
fn stamp(path: &Path) -> Option<Stamp> {
    let file = fs::metadata(path).ok()?;
    Some(Stamp {
        inode: file.ino(),
        length: file.len(),
        // Not the time of modification, which copying may keep from an older file.
        changed: (file.ctime(), file.ctime_nsec()),
    })
}

fn read(certificate: &Path, key: &Path) -> Result<CertifiedKey, ConfigError> {
    let chain = read_chain(certificate).map_err(|words| ConfigError::of(TLS_CERTIFICATE, words))?;
    let private = read_key(key).map_err(|words| ConfigError::of(TLS_KEY, words))?;
    CertifiedKey::from_der(chain, private, &provider()).map_err(|error| match error {
        Refused::InvalidCertificate(_) => ConfigError::of(
            TLS_CERTIFICATE,
            format!("{} cannot be used: {error}", certificate.display()),
        ),
        Refused::InconsistentKeys(InconsistentKeys::KeyMismatch) => ConfigError::of(
            TLS_KEY,
            format!(
                "{} is not the key of {}",
                key.display(),
                certificate.display()
            ),
        ),
        _ => ConfigError::of(
            TLS_KEY,
            format!("{} cannot be used: {error}", key.display()),
        ),
    })
}

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let text = read_file(path)?;
    let chain = CertificateDer::pem_slice_iter(&text).collect::<Result<Vec<_>, _>>();
    match chain {
        Ok(chain) if chain.is_empty() => {
            Err(format!("{} holds no certificate in PEM", path.display()))
        }
        Ok(chain) => Ok(chain),
        Err(error) => Err(format!("{} is not PEM: {error}", path.display())),
    }
}

fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>, String> {
    let text = read_file(path)?;
    // What is wrong with a key must not bring a part of it into the log.
    PrivateKeyDer::from_pem_slice(&text).map_err(|_| {
        format!(
            "{} holds no private key in PEM, or one with a password",
            path.display()
        )
    })
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}
