//! The admin page in a real browser: Debian's Chromium, without a window, over a real server.
//!
//! A story is told by what its user sees: roles, names and texts. Where there is no Chromium, each
//! says so on stderr and is left out, but fails where `CI` is set.

mod account;
mod api_page;
mod axe;
mod colleague;
mod collections;
mod driver;
mod entering;
mod frame;
mod home;
mod keyboard;
mod record;
mod records;
mod roles;
mod screens;
mod settings;
mod slow_line;
mod stage;
mod story;
mod users;

#[test]
#[ignore = "takes pictures: cargo test --test main browser::screenshots -- --ignored --nocapture"]
fn screenshots() {
    screens::photograph();
}
