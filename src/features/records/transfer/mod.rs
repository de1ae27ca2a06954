//! Many records in and out as a file: import and export.

mod errors;
mod export;
mod import;
mod routes;
mod run;
mod running;
mod take_back;

pub use export::Exporting;
pub use import::Importing;
pub use routes::routes;
pub use running::Running;
