//! Stories through the real HTTP server over a real file, a file for each feature.

mod collections;
mod events;
mod faults;
mod lists;
mod properties;
mod protocol;
mod races;
mod records;
mod values;
mod versions;
