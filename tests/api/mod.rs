//! Stories through the real HTTP server over a real file, a file for each feature.

mod account;
mod auth;
mod cookies;
mod csrf;
mod limits;
mod records;
mod refresh;
mod routes;
mod setup;
mod users;
