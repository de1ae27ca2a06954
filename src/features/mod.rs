//! What Stead offers over HTTP: a folder for each feature, none of which imports another.

pub mod admin_ui;
pub mod auth;
pub mod collections;
pub mod contract;
pub mod health;
pub mod public_dir;
pub mod records;
pub mod roles;
pub mod rules;
pub mod settings;
pub mod status;
pub mod users;
