//! What names mean: fields, relations, records that point here, `auth`, `previous`.

use std::sync::Arc;

use super::{Checker, Checking, Purpose};
use crate::{
    rules::{
        condition::{Column, Condition, Hop, Path, Pointing, Records, Root},
        syntax::{Expr, Node},
    },
    schema::{Collection, Comparable, Field, names},
};

/// How many relations a path may follow.
const MAX_HOPS: usize = 4;

/// What a path leads to.
pub(super) enum Place<'a> {
    Auth,
    Roles,
    UserId,
    Field(Path, &'a Field),
    Json(Path, Vec<String>),
    Record(Reached<'a>),
    Records(Records, &'a Arc<Collection>, usize),
}

/// A record that a path has reached.
#[derive(Clone)]
pub(super) struct Reached<'a> {
    root: Root,
    hops: Vec<Hop>,
    guards: Vec<(usize, Arc<Condition>)>,
    collection: &'a Arc<Collection>,
    /// Relations that lead to its root, within `exists` and `all`.
    behind: usize,
}

impl<'a> Reached<'a> {
    pub(super) fn at(root: Root, collection: &'a Arc<Collection>, behind: usize) -> Self {
        Self {
            root,
            hops: Vec::new(),
            guards: Vec::new(),
            collection,
            behind,
        }
    }

    fn distance(&self) -> usize {
        self.behind + self.hops.len()
    }
}

impl<'a> Checker<'a> {
    /// Finds what a path of names leads to.
    pub(super) fn place(&mut self, expr: &Expr) -> Checking<Place<'a>> {
        match &expr.node {
            Node::Name(name) => self.first(expr, name),
            Node::Field(of, name) => {
                let of = self.place(of)?;
                self.further(expr, of, name)
            }
            _ => self.fault(expr, "Expected the name of a field"),
        }
    }

    fn first(&mut self, expr: &Expr, name: &str) -> Checking<Place<'a>> {
        if let Some((i, item)) = self
            .items
            .iter()
            .enumerate()
            .find(|(_, item)| item.name == name)
        {
            return Ok(Place::Record(Reached::at(
                Root::Item(i),
                item.collection,
                item.hops,
            )));
        }
        match (name, self.purpose) {
            ("auth", Purpose::Rule | Purpose::Change) => {
                self.needs.user = true;
                Ok(Place::Auth)
            }
            ("previous", Purpose::Change) => {
                self.needs.previous = true;
                Ok(Place::Record(Reached::at(
                    Root::Previous,
                    self.collection,
                    0,
                )))
            }
            ("auth", _) => self.fault(expr, "`auth` is known in rules alone"),
            ("previous", _) => self.fault(expr, "`previous` is known in update rules alone"),
            ("now", _) => self.fault(expr, "Write now()"),
            _ => {
                let record = Reached::at(Root::Record, self.collection, 0);
                self.member(expr, &record, name)
            }
        }
    }

    fn further(&mut self, expr: &Expr, of: Place<'a>, name: &str) -> Checking<Place<'a>> {
        match of {
            Place::Record(record) => self.member(expr, &record, name),
            Place::Auth => self.of_user(expr, name),
            Place::Json(path, mut keys) => {
                keys.push(name.to_owned());
                Ok(Place::Json(path, keys))
            }
            Place::Field(path, field) if field.compared_as() == Comparable::Json => {
                Ok(Place::Json(path, vec![name.to_owned()]))
            }
            Place::Records(..) => {
                self.fault(expr, "These are many; write .exists(x, x.field == ...)")
            }
            Place::Field(..) | Place::Roles | Place::UserId => {
                self.fault(expr, format!("Nothing called `{name}` is in there"))
            }
        }
    }

    fn of_user(&mut self, expr: &Expr, name: &str) -> Checking<Place<'a>> {
        match name {
            "id" => return Ok(Place::UserId),
            "roles" => return Ok(Place::Roles),
            _ => {}
        }
        let Some(users) = self.schema.by_name("users") else {
            return self.fault(expr, "There are no users");
        };
        self.needs.tables.insert(users.name.clone());
        self.member(expr, &Reached::at(Root::User, users, 0), name)
    }

    /// What `name` is of a record: a field, the record behind a relation, or those that point here.
    fn member(&mut self, expr: &Expr, of: &Reached<'a>, name: &str) -> Checking<Place<'a>> {
        let collection = of.collection;
        let shown = collection
            .field(name)
            .filter(|field| field.column != "deleted_at");
        if let Some(field) = shown {
            let path = self.path(of, field);
            return Ok(Place::Field(path, field));
        }
        let relation = collection
            .fields
            .iter()
            .find(|field| field.collection().is_some() && is_short_for(name, field));
        match relation {
            Some(list) if list.is_many() => return self.on_list(expr, of, list),
            Some(field) => return self.behind(expr, of, field).map(Place::Record),
            None => {}
        }
        let records = self.pointing_at(expr, of, name)?;
        match records {
            Some((collection, field)) => self.records(expr, of, collection, field),
            None => self.fault(expr, self.unknown(collection, name)),
        }
    }

    pub(super) fn path(&mut self, of: &Reached<'a>, field: &Field) -> Path {
        let mut guards = of.guards.clone();
        if let Some(guard) = self.reading(of.collection, field) {
            guards.push((of.hops.len(), guard));
        }
        self.look_at(of, &field.column);
        Path {
            root: of.root,
            hops: of.hops.clone(),
            column: Column::of(of.collection, field),
            guards,
            ignores_case: field.ignores_case(),
        }
    }

    /// Notes a column of the record that is asked about.
    fn look_at(&mut self, of: &Reached<'_>, column: &str) {
        if of.hops.is_empty() && matches!(of.root, Root::Record | Root::Previous) {
            self.needs.columns.insert(column.to_owned());
        }
    }

    /// What must hold of a record for this field of it to be read, in a filter.
    fn reading(&mut self, collection: &Collection, field: &Field) -> Option<Arc<Condition>> {
        let Purpose::Filter(book) = self.purpose else {
            return None;
        };
        let rule = book.of(&collection.name)?.reading(&field.column)?;
        self.needs.extend(&rule.needs);
        self.joined += rule.condition.weight();
        Some(Arc::clone(&rule.condition))
    }

    fn unknown(&self, collection: &Collection, name: &str) -> String {
        // Nobody learns from a fault of what it may not read.
        let is_told = |field: &&Field| self.is_rule() || !field.is_guarded();
        let fields: Vec<_> = collection
            .columns()
            .filter(is_told)
            .map(|field| field.name.as_str())
            .collect();
        format!(
            "`{}` has no field `{name}`; it has {}",
            collection.name,
            fields.join(", ")
        )
    }

    /// The record behind a relation.
    fn behind(&mut self, expr: &Expr, of: &Reached<'a>, field: &Field) -> Checking<Reached<'a>> {
        let target = field
            .collection()
            .and_then(|name| self.schema.by_name(name));
        let Some(target) = target else {
            return self.fault(expr, "The collection behind this is gone");
        };
        self.check_distance(expr, of)?;
        let mut reached = of.clone();
        if let Some(guard) = self.reading(of.collection, field) {
            reached.guards.push((of.hops.len(), guard));
        }
        reached.hops.push(Hop {
            column: field.column.clone(),
            target: Arc::clone(target),
            sight: self.sight(target),
        });
        self.look_at(of, &field.column);
        reached.collection = target;
        self.needs.tables.insert(target.name.clone());
        Ok(reached)
    }

    fn check_distance(&self, expr: &Expr, of: &Reached<'_>) -> Checking<()> {
        if of.distance() < MAX_HOPS {
            return Ok(());
        }
        self.fault(expr, format!("Must follow at most {MAX_HOPS} relations"))
    }

    /// What must hold of a record on the way, in a filter: the rest is as if it were not there.
    fn sight(&mut self, collection: &Collection) -> Option<Arc<Condition>> {
        let Purpose::Filter(book) = self.purpose else {
            return None;
        };
        let view = &book.of(&collection.name)?.view;
        self.needs.extend(&view.needs);
        self.joined += view.condition.weight();
        Some(Arc::clone(&view.condition))
    }

    /// The collection whose records point at one, by its name, and by the field where there are
    /// several: `comments`, `commentsViaAuthor`.
    fn pointing_at(
        &self,
        expr: &Expr,
        of: &Reached<'a>,
        name: &str,
    ) -> Checking<Option<(&'a Arc<Collection>, &'a Field)>> {
        let mut found = Vec::new();
        let references = self.schema.references_to(&of.collection.name);
        for (collection, field) in references.filter(|(_, field)| !field.is_many()) {
            let plain = names::camel(&collection.name);
            let via = format!("{plain}Via{}", capital(short(&field.name)));
            if name == via {
                return Ok(Some((collection, field)));
            }
            if name == plain {
                found.push((collection, field, via));
            }
        }
        match &found[..] {
            [] => Ok(None),
            [(collection, field, _)] => Ok(Some((collection, field))),
            several => {
                let ways: Vec<_> = several.iter().map(|(.., via)| format!("`{via}`")).collect();
                let message = format!("Several relations point here; write {}", ways.join(" or "));
                self.fault(expr, message)
            }
        }
    }

    fn records(
        &mut self,
        expr: &Expr,
        of: &Reached<'a>,
        collection: &'a Arc<Collection>,
        field: &Field,
    ) -> Checking<Place<'a>> {
        self.check_distance(expr, of)?;
        let Some(id) = self.id_of(of) else {
            return self.fault(expr, "Expected a record");
        };
        self.needs.tables.insert(collection.name.clone());
        // One whose relation cannot be read does not point here, for all that anybody may know.
        let guard = self.reading(collection, field);
        let records = Records {
            of: id,
            collection: Arc::clone(collection),
            by: Pointing::Here(field.column.clone()),
            sight: self.sight(collection).into_iter().chain(guard).collect(),
        };
        Ok(Place::Records(records, collection, of.distance() + 1))
    }

    /// The records on a list.
    fn on_list(&mut self, expr: &Expr, of: &Reached<'a>, list: &Field) -> Checking<Place<'a>> {
        let target = list.collection().and_then(|name| self.schema.by_name(name));
        let Some(target) = target else {
            return self.fault(expr, "The collection behind this is gone");
        };
        self.check_distance(expr, of)?;
        self.needs.tables.insert(target.name.clone());
        let records = Records {
            of: self.path(of, list),
            collection: Arc::clone(target),
            by: Pointing::There,
            sight: self.sight(target).into_iter().collect(),
        };
        Ok(Place::Records(records, target, of.distance() + 1))
    }

    /// The id of a record that was reached, as a path of its own.
    pub(super) fn id_of(&self, of: &Reached<'_>) -> Option<Path> {
        let id = of.collection.field("id")?;
        Some(Path {
            root: of.root,
            hops: of.hops.clone(),
            column: Column::of(of.collection, id),
            guards: of.guards.clone(),
            ignores_case: false,
        })
    }
}

/// `author` for `authorId`.
fn short(name: &str) -> &str {
    name.strip_suffix("Id").unwrap_or(name)
}

fn is_short_for(name: &str, field: &Field) -> bool {
    names::behind(&field.column).is_some_and(|behind| names::camel(&behind) == name)
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
