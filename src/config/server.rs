//! `[server]`: listening, the proxies before it, the bodies it takes.

use std::{
    net::SocketAddr,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    check::{Fault, Place},
    key::{Entry, Section},
    network::Network,
    path::OptionalPath,
    public_dir::{HeaderText, OptionalFolder, Subfolders},
    public_url::PublicUrl,
    shape::{Address, Networks, OneOf, OptionalUrl, YesNo, bytes, count, seconds},
};

/// How HTTP is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Where connections are taken.
    pub listen: SocketAddr,
    /// The certificate for HTTPS, with its chain, as PEM; given together with the key, or not at
    /// all.
    pub tls_certificate: Option<PathBuf>,
    /// The private key of that certificate, as PEM.
    pub tls_key: Option<PathBuf>,
    /// How browsers reach this instance, where that is settled.
    pub public_url: Option<PublicUrl>,
    /// Peers whose forwarding headers are believed.
    pub trusted_proxies: Vec<Network>,
    /// The one kind of forwarding headers that is read.
    pub proxy_headers: ProxyHeaders,
    /// Threads that serve requests; 0 for as many as cores, see [`Server::worker_count`].
    pub workers: usize,
    /// How long the head of a request may take to arrive.
    pub head_timeout: Duration,
    /// The longest JSON body, in bytes.
    pub body_limit: usize,
    /// The longest file that is imported, in bytes.
    pub import_limit: u64,
    /// How long a body may take to arrive.
    pub body_timeout: Duration,
    /// How long running requests may take once the server stops.
    pub shutdown_timeout: Duration,
    /// Whether `Strict-Transport-Security` says `preload`.
    pub hsts_preload: bool,
    /// A folder with the operator's own front end.
    pub public_dir: Option<PathBuf>,
    /// Paths below it whose files never change, each with a slash before and behind.
    pub public_immutable: Vec<String>,
    /// The `Content-Security-Policy` of what lies in it.
    pub public_policy: String,
}

/// What pages of this instance may load and do: their own files and the API, nothing inline.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; object-src 'none'; base-uri 'none'; \
                                           frame-ancestors 'none'; form-action 'self'";

/// Which headers tell the address and scheme of a client behind a trusted proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyHeaders {
    /// `X-Forwarded-For` and `X-Forwarded-Proto`.
    XForwarded,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl Server {
    /// Threads that serve requests, at least one.
    pub fn worker_count(&self) -> usize {
        match self.workers {
            0 => cores(),
            workers => workers,
        }
    }

    /// The files of certificate and key, if HTTPS is to be spoken.
    pub fn tls_files(&self) -> Option<(&Path, &Path)> {
        self.tls_certificate.as_deref().zip(self.tls_key.as_deref())
    }

    /// What is right by itself, and wrong together.
    pub(super) fn contradiction(&self) -> Option<Fault> {
        let (missing, message) = match (&self.tls_certificate, &self.tls_key) {
            (Some(_), None) => (TLS_KEY, "is missing: a certificate needs its key"),
            (None, Some(_)) => (TLS_CERTIFICATE, "is missing: a key needs its certificate"),
            _ => return None,
        };
        Some(Fault::new(Place::Setting(missing), message))
    }
}

/// The setting that names the file of the certificate.
pub const TLS_CERTIFICATE: &str = "server.tls_certificate";

/// The setting that names the file of the key.
pub const TLS_KEY: &str = "server.tls_key";

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            tls_certificate: None,
            tls_key: None,
            public_url: None,
            trusted_proxies: Network::loopback(),
            proxy_headers: ProxyHeaders::XForwarded,
            workers: 0,
            head_timeout: Duration::from_secs(10),
            body_limit: 1 << 20,
            import_limit: 1 << 30,
            body_timeout: Duration::from_secs(30),
            shutdown_timeout: Duration::from_secs(10),
            hsts_preload: false,
            public_dir: None,
            public_immutable: Vec::new(),
            public_policy: CONTENT_SECURITY_POLICY.to_owned(),
        }
    }
}

/// Cores that this process may use; one if the system does not tell.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

pub(super) const SECTION: Section = Section {
    name: "server",
    about: "Listening, the proxies before it, the bodies it takes.",
    keys: &[
        &Entry {
            name: "listen",
            reason: "Where connections are taken. Only this machine reaches a loopback address; \
                     for others, put a proxy with TLS on it, or give a certificate below. Port 0 \
                     takes any free one. A socket from the service manager goes before this.",
            shape: Address,
            place: |config| &mut config.server.listen,
        },
        &Entry {
            name: "tls_certificate",
            reason: "The certificate for HTTPS, its chain behind it; with it, nothing but HTTPS is \
                     spoken. Read anew when it changes. Without it, TLS is the task of a proxy.",
            shape: OptionalPath,
            place: |config| &mut config.server.tls_certificate,
        },
        &Entry {
            name: "tls_key",
            reason: "The private key of that certificate, without a password, since nobody is \
                     there to type it.",
            shape: OptionalPath,
            place: |config| &mut config.server.tls_key,
        },
        &Entry {
            name: "public_url",
            reason: "How browsers reach this instance. Sign-in compares their Origin with it, and \
                     https here makes cookies Secure; without it the Host header is compared. A \
                     path says below which one a proxy has put the instance.",
            shape: OptionalUrl,
            place: |config| &mut config.server.public_url,
        },
        &Entry {
            name: "trusted_proxies",
            reason: "Peers whose forwarding headers are believed. Anybody else could write any \
                     address into them, so by default only a proxy on this machine is.",
            shape: Networks,
            place: |config| &mut config.server.trusted_proxies,
        },
        &Entry {
            name: "proxy_headers",
            reason: "Headers that tell a client's address and scheme: X-Forwarded-For and \
                     X-Forwarded-Proto, or Forwarded. Never both: a proxy that sets the one \
                     passes a client's own other on.",
            shape: OneOf(&[
                ("x-forwarded", ProxyHeaders::XForwarded),
                ("forwarded", ProxyHeaders::Forwarded),
            ]),
            place: |config| &mut config.server.proxy_headers,
        },
        &Entry {
            name: "workers",
            reason: "Threads that serve requests. 0 means as many as cores, which suits threads \
                     that never wait for the disk.",
            shape: count(0, 256),
            place: |config| &mut config.server.workers,
        },
        &Entry {
            name: "head_timeout_seconds",
            reason: "How long the head of a request may take to arrive. Whoever sends one letter now \
                     and then would hold a connection for ever.",
            shape: seconds(1, 120),
            place: |config| &mut config.server.head_timeout,
        },
        &Entry {
            name: "body_limit_bytes",
            reason: "The longest JSON body; a longer one is answered 413. Each is held in memory \
                     as a whole, so a high limit lets clients fill it.",
            shape: bytes(1 << 10, 100 << 20),
            place: |config| &mut config.server.body_limit,
        },
        &Entry {
            name: "import_limit_bytes",
            reason: "The longest file that is imported; a longer one is answered 413. It is kept on \
                     the disk, in the data directory, until it is read, and never in memory.",
            shape: bytes(1 << 10, 1 << 40),
            place: |config| &mut config.server.import_limit,
        },
        &Entry {
            name: "body_timeout_seconds",
            reason: "How long a body may take to arrive, so that requests that never end do not \
                     hold connections for ever.",
            shape: seconds(1, 3600),
            place: |config| &mut config.server.body_timeout,
        },
        &Entry {
            name: "shutdown_timeout_seconds",
            reason: "How long running requests may take to end once the server is told to stop. \
                     Stay below what the service manager waits (systemd: 90).",
            shape: seconds(1, 600),
            place: |config| &mut config.server.shutdown_timeout,
        },
        &Entry {
            name: "hsts_preload",
            reason: "Adds preload to Strict-Transport-Security over HTTPS. Browsers then take the \
                     domain and all its subdomains into their lists, which is hard to undo.",
            shape: YesNo,
            place: |config| &mut config.server.hsts_preload,
        },
        &Entry {
            name: "public_dir",
            reason: "A folder with a front end of your own, served at / beside the API. Where no \
                     file fits, pages get its index.html, so that an application can have \
                     addresses of its own. No dotfiles, and nothing that a link leads to outside.",
            shape: OptionalFolder,
            place: |config| &mut config.server.public_dir,
        },
        &Entry {
            name: "public_immutable",
            reason: "Paths in that folder whose files have a hash in their names and so never \
                     change: browsers keep them for a year. All others are asked for each time, \
                     and sent only where they have changed.",
            shape: Subfolders,
            place: |config| &mut config.server.public_immutable,
        },
        &Entry {
            name: "public_policy",
            reason: "Content-Security-Policy of what lies in that folder. The default allows \
                     nothing inline and nothing from elsewhere. Whatever runs in these pages acts \
                     as whoever is signed in, in the admin page too, because they share its origin.",
            shape: HeaderText,
            place: |config| &mut config.server.public_policy,
        },
    ],
};
