//! The configuration: what can be set, where it is read from, and what is refused.
//!
//! Defaults are overruled by `config.toml`, that by credentials of systemd's, those by the
//! environment, that by flags. Every key is described once, in the file of its section; loading,
//! faults and `config.example.toml` follow from there. Nothing else in Stead reads the environment,
//! but for what systemd tells a process about itself (`cli/systemd.rs`).

mod auth;
mod check;
mod cookies;
mod cors;
mod credentials;
mod example;
mod file;
mod given;
mod key;
mod load;
mod log;
mod network;
mod path;
mod public_dir;
mod public_url;
mod rate_limit;
mod server;
mod shape;
mod show;
mod storage;
mod variables;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use auth::Auth;
pub use check::{ConfigError, Fault, Place};
pub use cookies::{CookiePrefix, Cookies, Secure};
pub use cors::Cors;
pub use example::example;
pub use load::{Flags, load};
pub use log::{Format, Log};
pub use network::Network;
pub use public_url::{Origin, PublicUrl, is_ours};
pub use rate_limit::RateLimit;
pub use server::{CONTENT_SECURITY_POLICY, ProxyHeaders, Server, TLS_CERTIFICATE, TLS_KEY};
pub use show::Setting;
pub use storage::Storage;

/// All that can be set, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where the database and the keys of this instance are kept.
    pub data_dir: PathBuf,
    /// The `config.toml` that was read, if there was one.
    pub file: Option<PathBuf>,
    /// Listening, proxies, bodies.
    pub server: Server,
    /// Readers, writer, queue.
    pub storage: Storage,
    /// Tokens, sessions, passwords.
    pub auth: Auth,
    /// The cookies' names and attributes.
    pub cookies: Cookies,
    /// Pages of other origins.
    pub cors: Cors,
    /// How often one may ask.
    pub rate_limit: RateLimit,
    /// What is logged, and how.
    pub log: Log,
    /// Where all that was given.
    sources: show::Sources,
}

impl Config {
    /// Defaults everywhere, with this data directory.
    pub fn default_in(data_dir: PathBuf) -> Self {
        Self {
            data_dir,
            file: None,
            server: Server::default(),
            storage: Storage::default(),
            auth: Auth::default(),
            cookies: Cookies::default(),
            cors: Cors::default(),
            rate_limit: RateLimit::default(),
            log: Log::default(),
            sources: show::Sources::default(),
        }
    }
}
