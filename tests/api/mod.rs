//! Stories through the real HTTP server over a real file, a file for each feature.

mod access;
mod account;
mod admin_page;
mod auth;
mod collections;
mod cookies;
mod csrf;
mod events;
mod faults;
mod keys;
mod limits;
mod lists;
mod lockout;
mod properties;
mod protocol;
mod races;
mod records;
mod refresh;
mod refresh_model;
mod routes;
mod sessions;
mod setup;
mod users;
mod values;
mod versions;
