//! What a definition says about a field beside its name and type.

use super::pattern::Pattern;
use crate::db::Value;

/// The options of a field; each type takes some of them.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The least value, or for texts the least number of characters.
    pub min: Option<Value>,
    /// The greatest value, or for texts the greatest number of characters.
    pub max: Option<Value>,
    /// What a text must match.
    pub pattern: Option<Pattern>,
    /// What a select chooses from.
    pub options: Vec<String>,
    /// Digits behind the point of a decimal.
    pub scale: u32,
    /// The table that a relation points at.
    pub collection: Option<String>,
    /// What becomes of a relation whose record is deleted.
    pub on_delete: OnDelete,
    /// True of a list of relations to a collection that deletes softly. The schema sets it.
    pub leaves_out_deleted: bool,
    /// How a text is compared.
    pub collation: Collation,
    /// Whether `search` looks into it.
    pub searchable: bool,
    /// Whether an index finds the texts that contain another.
    pub contains_index: bool,
    /// Whether white space around a text is cut off. No definition can say so; the fixed fields of
    /// `users` do.
    pub trim: bool,
}

/// How texts are compared, by SQLite's own collations, so that it is the same wherever the file is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Collation {
    /// By their code points.
    #[default]
    Binary,
    /// The same, with A to Z taken for a to z.
    NoCase,
}

impl Collation {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Binary, Self::NoCase];

    /// The name in a definition.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Binary => "binary",
            Self::NoCase => "nocase",
        }
    }
}

/// What the deletion of a record means for those that point at it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnDelete {
    /// It is refused while they do.
    #[default]
    Restrict,
    /// They go with it.
    Cascade,
    /// They stay, and point at nothing once it is gone for good.
    SetNull,
}

impl OnDelete {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Restrict, Self::Cascade, Self::SetNull];

    /// The name in a definition.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Restrict => "restrict",
            Self::Cascade => "cascade",
            Self::SetNull => "setNull",
        }
    }
}
