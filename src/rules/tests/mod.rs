//! What the language says, by tables and by properties.

mod random;
