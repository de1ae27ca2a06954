//! All stories, in one binary.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken test should stop"
)]
#![allow(
    missing_docs,
    dead_code,
    reason = "the names of tests are sentences; support is there for all"
)]

mod api;
mod browser;
mod bundle;
mod cli;
mod docs;
mod durability;
mod proxies;
mod readme;
mod service;
mod storage;
mod support;
