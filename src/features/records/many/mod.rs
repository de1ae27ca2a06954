//! Many records at once: arrays, batches, changes by filter, upsert.

mod array;

pub use array::is_array;
