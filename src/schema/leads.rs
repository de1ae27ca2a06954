//! Where a name leads to from the records of a collection, beside its fields: `author` behind
//! `authorId`, `tags` on `tagIds`, `comments` that point here.

use std::sync::Arc;

use super::{collection::Collection, field::Field, names, schema::Schema};

/// Where a name leads to.
#[derive(Clone, Debug)]
pub enum Leads<'a> {
    /// Along this relation to the record behind it, or along this list to the records on it.
    Along(&'a Field),
    /// To the records of a collection whose relation points here.
    From(&'a Arc<Collection>, &'a Field),
    /// Several relations of a collection point here: the names that tell them apart.
    Several(Vec<String>),
    /// To nothing.
    Nowhere,
}

impl Schema {
    /// Where `name` leads to from the records of `collection`. A relation of theirs counts before
    /// records that point here; what a field is called is for the caller to know.
    pub fn leads<'a>(&'a self, collection: &'a Collection, name: &str) -> Leads<'a> {
        let mut relations = collection.fields.iter();
        let along = relations.find(|field| field.collection().is_some() && is_behind(name, field));
        match along {
            Some(field) => Leads::Along(field),
            None => self.pointing_at(&collection.name, name),
        }
    }

    /// Every name that leads somewhere from the records of `collection`, each once. What a field is
    /// called leads nowhere.
    pub fn all_leads<'a>(&'a self, collection: &'a Collection) -> Vec<(String, Leads<'a>)> {
        let relations = collection.fields.iter();
        let relations = relations.filter(|field| field.collection().is_some());
        let mut names: Vec<String> = relations
            .filter_map(|field| Some(names::camel(&names::behind(&field.column)?)))
            .collect();
        for (child, field) in self.references_to(&collection.name) {
            let plain = names::camel(&child.name);
            match self.pointing_at(&collection.name, &plain) {
                Leads::Several(_) => names.push(via(&plain, field)),
                _ => names.push(plain),
            }
        }
        names.retain(|name| collection.field(name).is_none());
        names.sort();
        names.dedup();
        let leads = names.into_iter().map(|name| {
            let lead = self.leads(collection, &name);
            (name, lead)
        });
        leads
            .filter(|(_, lead)| !matches!(lead, Leads::Nowhere))
            .collect()
    }

    /// The records that point at those of `table`, by the name of their collection, and by the
    /// field where there are several: `comments`, `commentsViaAuthor`.
    fn pointing_at(&self, table: &str, name: &str) -> Leads<'_> {
        let mut found = Vec::new();
        let references = self.references_to(table);
        for (collection, field) in references.filter(|(_, field)| !field.is_many()) {
            let plain = names::camel(&collection.name);
            let via = via(&plain, field);
            if name == via {
                return Leads::From(collection, field);
            }
            if name == plain {
                found.push((collection, field, via));
            }
        }
        match &found[..] {
            [] => Leads::Nowhere,
            [(collection, field, _)] => Leads::From(collection, field),
            _ => Leads::Several(found.into_iter().map(|(.., via)| via).collect()),
        }
    }
}

/// `commentsViaAuthor`.
fn via(plain: &str, field: &Field) -> String {
    format!("{plain}Via{}", capital(short(&field.name)))
}

/// `author` for `authorId`.
fn short(name: &str) -> &str {
    name.strip_suffix("Id").unwrap_or(name)
}

fn is_behind(name: &str, field: &Field) -> bool {
    names::behind(&field.column).is_some_and(|behind| names::camel(&behind) == name)
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
