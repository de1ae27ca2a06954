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
mod idempotency;
mod increments;
mod limits;
mod lists;
mod nested;
mod properties;
mod protocol;
mod races;
mod records;
mod refresh;
mod replace;
mod routes;
mod setup;
mod stale;
mod users;
mod values;
mod versions;
