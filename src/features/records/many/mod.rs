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
pub(super) use upsert::unique;

use super::nested::ACCOUNTS;
use crate::base::{Code, Error, Result};

pub(super) fn refuse_accounts(path: &str) -> Result<()> {
    if path == ACCOUNTS {
        let message = "Accounts are changed one by one";
        return Err(Error::new(Code::MethodNotAllowed, message));
    }
    Ok(())
}
