//! The rules of a definition, as they are written. What they mean is for `rules` to say.

/// What is done with records, as far as rules tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Seeing those of a list.
    List,
    /// Seeing one.
    View,
    /// Making one.
    Create,
    /// Changing one.
    Update,
    /// Deleting one, and bringing it back.
    Delete,
}

impl Operation {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 5] = [
        Self::List,
        Self::View,
        Self::Create,
        Self::Update,
        Self::Delete,
    ];

    /// The name in a definition.
    pub const fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::View => "view",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// An expression for each operation that has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleTexts([Option<String>; 5]);

impl RuleTexts {
    /// That of an operation; none where its permission decides.
    pub fn of(&self, operation: Operation) -> Option<&str> {
        self.0.get(operation as usize)?.as_deref()
    }

    /// Sets that of an operation.
    pub fn set(&mut self, operation: Operation, text: Option<String>) {
        if let Some(place) = self.0.get_mut(operation as usize) {
            *place = text;
        }
    }

    /// Those that are given.
    pub fn iter(&self) -> impl Iterator<Item = (Operation, &str)> {
        Operation::ALL
            .into_iter()
            .filter_map(|operation| Some((operation, self.of(operation)?)))
    }
}
