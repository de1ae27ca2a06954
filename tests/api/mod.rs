//! Stories through the real HTTP server over a real file, a file for each feature.

mod account;
mod admin_page;
mod auth;
mod collections;
mod compression;
mod cookies;
mod cors;
mod csrf;
mod events;
mod faults;
mod limits;
mod lists;
mod prefixes;
mod properties;
mod protocol;
mod public_dir;
mod races;
mod records;
mod refresh;
mod routes;
mod setup;
mod stale;
mod sub_path;
mod users;
mod values;
mod versions;
