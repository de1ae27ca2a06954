//! Stories through the real HTTP server over a real file, a file for each feature.

mod records;
