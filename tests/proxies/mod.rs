//! Stead behind a real nginx and a real Caddy, by the very configurations of `docs/proxies.md`:
//! HTTPS at the proxy, a real cookie jar (curl's), a client whose address is not the proxy's.
//!
//! Where a machine lacks nginx, Caddy, curl or openssl, a story says so on stderr and is left out,
//! but fails where `CI` is set.

mod browser;
mod document;
mod stage;
mod stories;

use self::stage::Stage;

/// Tells all stories behind one configuration.
fn behind(title: &str) {
    let Some(stage) = Stage::start(title) else {
        return;
    };
    stories::signing_in_and_out_by_cookies(&stage);
    stories::pages_of_other_origins_cannot_sign_in(&stage);
    stories::the_address_is_that_of_the_client(&stage);
    stories::long_bodies_pass_and_too_long_ones_are_told_by_stead(&stage);
    stories::what_is_known_is_not_sent_again(&stage);
    stories::every_address_leads_back(&stage);
    stories::the_admin_page_finds_its_files(&stage);
}

#[test]
fn behind_caddy() {
    behind("Caddy, the host for itself");
}

#[test]
fn behind_caddy_below_a_path_that_it_hands_on() {
    behind("Caddy, below a path, handed on");
}

#[test]
fn behind_caddy_below_a_path_that_it_takes_off() {
    behind("Caddy, below a path, taken off");
}

#[test]
fn behind_nginx() {
    behind("nginx, the host for itself");
}

#[test]
fn behind_nginx_below_a_path_that_it_hands_on() {
    behind("nginx, below a path, handed on");
}

#[test]
fn behind_nginx_below_a_path_that_it_takes_off() {
    behind("nginx, below a path, taken off");
}

#[test]
fn behind_nginx_that_says_forwarded() {
    behind("nginx, with Forwarded");
}

#[test]
fn every_configuration_of_the_document_has_its_story() {
    let stories = include_str!("mod.rs");
    for title in document::titles() {
        assert!(stories.contains(&format!("behind(\"{title}\")")), "{title}");
    }
}
