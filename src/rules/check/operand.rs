//! What stands on one side of a comparison.

use std::sync::Arc;

use super::{Checker, Checking, literal, names::Place};
use crate::{
    rules::{
        condition::{INSTANT_PARTS, JsonType, Operand, Records},
        syntax::{Expr, Node},
    },
    schema::{Collection, Comparable, Field},
};

/// A value with its type.
#[derive(Clone, Debug)]
pub(super) struct Typed<'a> {
    pub operand: Operand,
    pub of: Comparable,
    /// The field that it is, where it is one and nothing was made of it.
    pub field: Option<&'a Field>,
}

/// What a part of an expression stands for.
pub(super) enum Side<'a> {
    /// `null`
    Null,
    /// `auth`
    User,
    /// `auth.roles`
    Roles,
    /// A constant.
    Constant,
    /// A value that depends on the record, on who asks, or on the time.
    Operand(Typed<'a>),
    /// A record, by the value of its id.
    Record(Operand),
    /// Records of a collection that point at one, and how many relations lead there.
    Records(Records, &'a Arc<Collection>, usize),
}

impl Typed<'_> {
    /// The operand as a value of this type. JSON is what it is compared with, others stay.
    pub fn taken_as(self, of: Comparable) -> Operand {
        match (self.operand, json_type(of)) {
            (Operand::Json(path, keys, JsonType::Any), Some(of)) => Operand::Json(path, keys, of),
            (operand, _) => operand,
        }
    }
}

/// What a value of JSON must be to be compared with this type.
pub(super) fn json_type(of: Comparable) -> Option<JsonType> {
    match of {
        Comparable::Text | Comparable::Instant | Comparable::Day => Some(JsonType::Text),
        Comparable::Scaled(0) | Comparable::Real => Some(JsonType::Number),
        Comparable::Boolean => Some(JsonType::Boolean),
        Comparable::Scaled(_) | Comparable::Json | Comparable::Choices => None,
    }
}

/// A type as a message names what it expects.
pub(super) fn shown(of: Comparable) -> &'static str {
    match of {
        Comparable::Text => "a text, such as \"red\"",
        Comparable::Scaled(_) | Comparable::Real => "a number",
        Comparable::Boolean => "true or false",
        Comparable::Instant => "an instant, such as \"2026-01-15T10:30:00Z\"",
        Comparable::Day => "a day, such as \"2026-01-15\"",
        Comparable::Json => "a text, a number, true or false",
        Comparable::Choices => "a list; write \"red\" in it, or .size()",
    }
}

fn made<'a>(operand: Operand, of: Comparable) -> Side<'a> {
    Side::Operand(Typed {
        operand,
        of,
        field: None,
    })
}

impl<'a> Checker<'a> {
    /// Says what a part of an expression stands for.
    pub(super) fn side(&mut self, expr: &Expr) -> Checking<Side<'a>> {
        match &expr.node {
            Node::Null => Ok(Side::Null),
            Node::Boolean(_) | Node::Number(_) | Node::Text(_) => Ok(Side::Constant),
            Node::List(_) => self.fault(expr, "A list can only stand behind `in`"),
            Node::Name(_) | Node::Field(..) => {
                let place = self.place(expr)?;
                self.value_at(expr, place)
            }
            Node::Call(of, name, arguments) => self.function(expr, of.as_deref(), name, arguments),
            Node::Not(_) | Node::And(_) | Node::Or(_) | Node::Compare(..) | Node::In(..) => self
                .fault(
                    expr,
                    "A condition has no value to compare; join conditions by && and ||",
                ),
        }
    }

    fn value_at(&mut self, expr: &Expr, place: Place<'a>) -> Checking<Side<'a>> {
        Ok(match place {
            Place::Auth => Side::User,
            Place::Roles => Side::Roles,
            Place::UserId => made(Operand::UserId, Comparable::Text),
            Place::Field(path, field) => {
                let of = field.compared_as();
                let operand = match of {
                    Comparable::Json => Operand::Json(path, Vec::new(), JsonType::Any),
                    _ => Operand::Path(path),
                };
                let field = Some(field);
                Side::Operand(Typed { operand, of, field })
            }
            Place::Json(path, keys) => {
                made(Operand::Json(path, keys, JsonType::Any), Comparable::Json)
            }
            Place::Record(reached) => match self.id_of(&reached) {
                Some(id) => Side::Record(Operand::Path(id)),
                None => return self.fault(expr, "Expected a field of this record"),
            },
            Place::Records(records, collection, hops) => Side::Records(records, collection, hops),
        })
    }

    fn function(
        &mut self,
        expr: &Expr,
        of: Option<&Expr>,
        name: &str,
        arguments: &[Expr],
    ) -> Checking<Side<'a>> {
        match (of, name, arguments) {
            (None, "now", []) if self.is_rule() => {
                self.needs.now = true;
                Ok(made(Operand::Now, Comparable::Instant))
            }
            (None, "now", _) if !self.is_rule() => {
                self.fault(expr, "`now()` is known in rules alone; write an instant")
            }
            (
                None,
                "timestamp",
                [
                    Expr {
                        node: Node::Text(text),
                        ..
                    },
                ],
            ) => match literal::instant(text) {
                Some(at) => Ok(made(Operand::Value(at.into()), Comparable::Instant)),
                None => self.fault(expr, "This is no instant"),
            },
            (Some(of), "lower", []) => {
                let text = self.text(of)?;
                Ok(made(Operand::Lower(Box::new(text)), Comparable::Text))
            }
            (Some(of), "size", []) => self.size(of),
            (Some(of), name, []) if INSTANT_PARTS.iter().any(|part| part.name == name) => {
                self.part_of(of, name)
            }
            (Some(_), "contains" | "startsWith" | "endsWith" | "exists" | "all" | "can", _) => {
                let message = "This is a condition already, and is not compared";
                self.fault(expr, message)
            }
            _ => self.fault(
                expr,
                format!("There is no function `{name}` that fits here"),
            ),
        }
    }

    fn size(&mut self, of: &Expr) -> Checking<Side<'a>> {
        let operand = match self.side(of)? {
            Side::Records(records, ..) => Operand::Count(Box::new(records)),
            Side::Operand(Typed {
                operand: Operand::Json(path, keys, _),
                ..
            }) => Operand::JsonSize(path, keys),
            Side::Operand(Typed {
                operand: Operand::Path(path),
                of: Comparable::Choices,
                ..
            }) => Operand::JsonSize(path, Vec::new()),
            Side::Operand(typed) if typed.of == Comparable::Text => {
                Operand::Length(Box::new(typed.operand))
            }
            _ => {
                return self.fault(
                    of,
                    "Only texts, lists, JSON and records that point here have a size",
                );
            }
        };
        Ok(made(operand, Comparable::Scaled(0)))
    }

    fn part_of(&mut self, of: &Expr, name: &str) -> Checking<Side<'a>> {
        let part = INSTANT_PARTS.iter().find(|part| part.name == name);
        match (self.side(of)?, part) {
            (Side::Operand(typed), Some(part)) if typed.of == Comparable::Instant => {
                let operand = Operand::Part(part, Box::new(typed.operand));
                Ok(made(operand, Comparable::Scaled(0)))
            }
            _ => self.fault(of, "Expected an instant, such as now()"),
        }
    }
}
