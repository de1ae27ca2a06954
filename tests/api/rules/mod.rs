//! Rules: who sees and changes which record.

mod matrix;
mod ways;
