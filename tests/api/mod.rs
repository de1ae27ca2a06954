//! Stories through the real HTTP server over a real file, a file for each feature.

mod account;
mod admin_page;
mod auth;
mod collections;
mod cookies;
mod csrf;
mod deletion;
mod events;
mod faults;
mod limits;
mod lists;
mod properties;
mod protocol;
mod races;
mod records;
mod refresh;
mod routes;
mod setup;
mod stale;
mod users;
mod values;
mod versions;
