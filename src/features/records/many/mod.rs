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

use super::nested::ACCOUNTS;
use crate::base::{Code, Error, Result};

fn refuse_accounts(path: &str) -> Result<()> {
    if path == ACCOUNTS {
        let message = "Accounts are changed one by one";
        return Err(Error::new(Code::MethodNotAllowed, message));
    }
    Ok(())
}
