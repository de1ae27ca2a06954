//! Many records at once: arrays, batches, changes by filter, upsert.

mod array;
mod batch;
mod bulk;
mod refs;
mod routes;
mod target;
mod upsert;

pub use array::is_array;
pub use routes::routes;
