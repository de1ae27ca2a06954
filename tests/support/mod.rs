//! What the stories need.

pub mod app;
pub mod client;
pub mod contract;
pub mod forge;
pub mod http;
pub mod inspect;
pub mod process;
pub mod race;
pub mod tls;
pub mod twin;

/// A number from the environment.
pub fn setting(name: &str, default: u64) -> u64 {
    #[expect(
        clippy::disallowed_methods,
        reason = "the settings of tests are no configuration of the server"
    )]
    let text = std::env::var(name);
    text.map_or(default, |text| text.parse().expect("a number"))
}
