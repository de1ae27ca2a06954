//! All collections of an instance, as they are at one moment.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::{collection::Collection, field::Field};

/// The collections by name and by path. Immutable: a change makes another schema, which shares
/// what did not change.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    by_name: Vec<Arc<Collection>>,
    by_path: HashMap<String, Arc<Collection>>,
}

impl Schema {
    /// A schema of these collections; of two with one name the later counts.
    pub fn new(mut collections: Vec<Collection>) -> Self {
        let soft: HashSet<String> = collections
            .iter()
            .filter(|collection| collection.is_soft())
            .map(|collection| collection.name.clone())
            .collect();
        for collection in &mut collections {
            collection.leave_out_deleted(|target| soft.contains(target));
        }
        Self::of(collections.into_iter().map(Arc::new))
    }

    fn of(collections: impl Iterator<Item = Arc<Collection>>) -> Self {
        let by_path: HashMap<_, _> = collections
            .map(|collection| (collection.path.clone(), collection))
            .collect();
        let mut by_name: Vec<_> = by_path.values().cloned().collect();
        by_name.sort_by(|a, b| a.name.cmp(&b.name));
        Self { by_name, by_path }
    }

    /// This schema and `collection`, in place of one with its name.
    #[must_use]
    pub fn with(&self, mut collection: Collection) -> Self {
        let (name, is_soft) = (collection.name.clone(), collection.is_soft());
        collection.leave_out_deleted(|target| match self.by_name(target) {
            _ if target == name => is_soft,
            other => other.is_some_and(|other| other.is_soft()),
        });
        Self::of(self.iter().cloned().chain([Arc::new(collection)]))
    }

    /// This schema without the collection of the table `table`.
    #[must_use]
    pub fn without(&self, table: &str) -> Self {
        Self::of(self.iter().filter(|other| other.name != table).cloned())
    }

    /// The collection of a table, such as `order_items`.
    pub fn by_name(&self, table: &str) -> Option<&Arc<Collection>> {
        let found = self
            .by_name
            .binary_search_by(|other| other.name.as_str().cmp(table));
        self.by_name.get(found.ok()?)
    }

    /// The collection of a path, such as `order-items`.
    pub fn by_path(&self, path: &str) -> Option<&Arc<Collection>> {
        self.by_path.get(path)
    }

    /// All collections, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Collection>> {
        self.by_name.iter()
    }

    /// True if a rule of any collection may ask for the roles of who is signed in. It is told by
    /// the word alone, so it may be true for a rule that means something else by it.
    pub fn rules_name_roles(&self) -> bool {
        let names = |text: &str| text.contains("roles");
        let of_field = |field: &Field| {
            let rules = [&field.read_rule, &field.write_rule];
            rules.into_iter().flatten().any(|text| names(text))
        };
        self.iter().any(|collection| {
            collection.rules.iter().any(|(_, text)| names(text))
                || collection.fields.iter().any(of_field)
        })
    }

    /// The relation fields that point at the table `table`, each with its collection.
    pub fn references_to(&self, table: &str) -> impl Iterator<Item = (&Arc<Collection>, &Field)> {
        self.iter().flat_map(move |collection| {
            let fields = collection.fields.iter();
            fields
                .filter(move |field| field.collection() == Some(table))
                .map(move |field| (collection, field))
        })
    }
}
