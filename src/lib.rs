//! Stead: a backend in one file.
//!
//! A module imports only from those above it in this list; `tests/architecture.rs` checks it.

pub mod base;

pub mod config;

pub mod telemetry;

pub mod cache;
pub mod db;

pub mod schema;

pub mod rules;

pub mod access;
pub mod events;

pub mod engine;

pub mod web;

pub mod features;

pub mod app;

pub mod server;

pub mod cli;
