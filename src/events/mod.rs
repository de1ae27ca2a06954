//! The outbox: each change appends its event in its own batch, so that a committed change has
//! one and a rolled back one has none. Nothing is delivered from here yet.

mod alteration;
mod history;
mod outbox;
mod set;
mod versions;

pub use alteration::{Alteration, called_as_today, moved};
pub use history::Histories;
pub use outbox::{Change, Origin};
pub use set::{Changes, emptied};
pub use versions::Versions;
