//! Conditions for a statement that walks an index of its order, and stops when it has enough.
//!
//! SQLite knows nothing of how many records fit. Left to itself it finds all of them by whatever
//! index a condition names, and sorts them to take twenty. So such conditions are written with a
//! `+`, which leaves an index alone and means the same.

use super::{Compiler, Operand, Path, Root, Sql};
use crate::{
    db::Value,
    rules::{
        compile::atom,
        condition::{Column, Condition, List, Test},
    },
};

/// Which indexes a statement may use that walks an order.
#[derive(Clone, Debug)]
pub struct Walk {
    /// The column that it is ordered by.
    pub by: String,
    /// Columns of which an index has what is equal in this order, too.
    pub equal: Vec<String>,
}

/// What an atom asks of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Search {
    /// One value.
    Equal,
    /// One of several.
    Range,
}

impl Compiler<'_> {
    /// A value as an expression, of which an index may be used only if it keeps the order.
    pub(super) fn searched(&mut self, operand: &Operand, search: Search) -> Sql {
        if !self.leaves_order(operand, search) {
            return self.operand(operand);
        }
        let mut sql = Sql::default();
        sql.push("+").append(self.operand(operand));
        sql
    }

    fn leaves_order(&self, operand: &Operand, search: Search) -> bool {
        let (Some(walk), Operand::Path(path)) = (&self.names.walk, operand) else {
            return false;
        };
        let Path {
            root: Root::Record,
            hops,
            column: Column::Stored(column),
            ..
        } = path
        else {
            return false;
        };
        // Branches of an OR are each searched by themselves, and what they find has no order.
        let keeps = match search {
            _ if self.alternatives > 0 => false,
            Search::Equal => walk.equal.contains(column) || *column == walk.by,
            Search::Range => *column == walk.by,
        };
        hops.is_empty() && !keeps
    }

    /// True if more than one of these is asked of the database.
    pub(super) fn are_alternatives(&self, parts: &[Condition], wanted: bool) -> bool {
        let open = parts
            .iter()
            .filter(|part| self.constant(part, wanted).is_none());
        self.names.walk.is_some() && open.count() > 1
    }

    /// Whether a condition is what is `wanted`, where that hangs on who asks alone.
    fn constant(&self, condition: &Condition, wanted: bool) -> Option<bool> {
        let is_guest = self.asker.user.is_none();
        match &condition.test {
            Test::Constant(holds) => Some(*holds == wanted),
            Test::SignedIn => Some(is_guest != wanted),
            Test::Can(permission) => Some(!is_guest && (self.asker.can)(permission) == wanted),
            Test::Not(of) => self.constant(of, !wanted),
            Test::And(parts) => self.constant_of_all(parts, wanted, wanted),
            Test::Or(parts) => self.constant_of_all(parts, wanted, !wanted),
            Test::In(Operand::Value(Value::Text(role)), List::Roles) if !is_guest => {
                Some(self.asker.roles.contains(role) == wanted)
            }
            Test::Exists(each) | Test::All(each) => {
                (!self.is_known(&each.records.of)).then_some(false)
            }
            atom => (is_guest && atom::asks_user(atom)).then_some(false),
        }
    }

    fn constant_of_all(&self, parts: &[Condition], wanted: bool, all: bool) -> Option<bool> {
        let mut is_open = false;
        for part in parts {
            match self.constant(part, wanted) {
                Some(holds) if holds != all => return Some(holds),
                Some(_) => {}
                None => is_open = true,
            }
        }
        (!is_open).then_some(all)
    }
}
