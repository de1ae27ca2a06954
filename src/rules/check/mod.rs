//! From a tree to a condition: what its names mean in a collection, and whether its types fit.

mod compare;
mod field;
mod literal;
mod names;
mod operand;

use std::sync::Arc;

use super::{
    book::Book,
    condition::{Checked, Condition, Each, List, Match, Needs, Operand, Test},
    fault::Fault,
    parse::parse,
    syntax::{Expr, Node},
};
use crate::{
    db::Value,
    schema::{Collection, Comparable, Schema},
};

pub use field::{FieldTest, on_field};
use operand::{Side, Typed};

/// How much a filter may weigh together with the rules that are joined to it, so that SQLite takes
/// the statement.
const MAX_WEIGHT: usize = 2_000;

/// What an expression is written for: which names it knows.
#[derive(Clone, Copy)]
pub enum Purpose<'a> {
    /// A list: the fields that who asks may read, by the rules of this book.
    Filter(&'a Book),
    /// A rule: every field, `auth` and `now()`.
    Rule,
    /// A rule on changes: `previous` too.
    Change,
}

/// Reads an expression about records of `collection`.
///
/// # Errors
/// The first fault, by its line and column.
pub fn check(
    source: &str,
    schema: &Schema,
    collection: &Arc<Collection>,
    purpose: Purpose<'_>,
) -> Result<Checked, Fault> {
    let expr = parse(source)?;
    let mut checker = Checker {
        source,
        schema,
        collection,
        purpose,
        items: Vec::new(),
        needs: Needs::default(),
        joined: 0,
    };
    let condition = checker.condition(&expr)?;
    if checker.joined > 0 && checker.joined + condition.weight() > MAX_WEIGHT {
        let message = "Asks for too much: fewer fields that have rules of their own, \
                       or fewer relations";
        return checker.fault(&expr, message);
    }
    Ok(Checked {
        condition: Arc::new(condition),
        needs: checker.needs,
    })
}

/// A name that `exists` or `all` gives to a record.
struct Item<'a> {
    name: String,
    collection: &'a Arc<Collection>,
    /// How many relations lead to it.
    hops: usize,
}

struct Checker<'a> {
    source: &'a str,
    schema: &'a Schema,
    collection: &'a Arc<Collection>,
    purpose: Purpose<'a>,
    items: Vec<Item<'a>>,
    needs: Needs,
    /// The weight of the rules that are joined to a filter.
    joined: usize,
}

type Checking<T> = Result<T, Fault>;

impl<'a> Checker<'a> {
    fn fault<T>(&self, at: &Expr, message: impl Into<String>) -> Checking<T> {
        Err(Fault::new(self.source, &at.span, message))
    }

    fn is_rule(&self) -> bool {
        !matches!(self.purpose, Purpose::Filter(_))
    }

    fn condition(&mut self, expr: &Expr) -> Checking<Condition> {
        let test = self.test(expr)?;
        let span = expr.span.clone();
        Ok(Condition { test, span })
    }

    fn conditions(&mut self, parts: &[Expr]) -> Checking<Vec<Condition>> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    fn test(&mut self, expr: &Expr) -> Checking<Test> {
        match &expr.node {
            Node::Boolean(value) => Ok(Test::Constant(*value)),
            Node::And(parts) => Ok(Test::And(self.conditions(parts)?)),
            Node::Or(parts) => Ok(Test::Or(self.conditions(parts)?)),
            Node::Not(of) => Ok(Test::Not(Box::new(self.condition(of)?))),
            Node::Compare(by, a, b) => self.comparison(expr, *by, a, b),
            Node::In(item, list) => self.is_in(item, list),
            Node::Call(of, name, arguments) => self.called(expr, of.as_deref(), name, arguments),
            Node::Name(_) | Node::Field(..) => self.value_on_its_own(expr),
            Node::Null | Node::Number(_) | Node::Text(_) | Node::List(_) => self.fault(
                expr,
                "Expected a condition; a value says neither yes nor no",
            ),
        }
    }

    fn value_on_its_own(&mut self, expr: &Expr) -> Checking<Test> {
        match self.side(expr)? {
            Side::Operand(typed) => match typed.of {
                Comparable::Boolean | Comparable::Json => {
                    Ok(Test::IsTrue(typed.taken_as(Comparable::Boolean)))
                }
                _ => self.fault(expr, "Expected a condition; compare this with a value"),
            },
            Side::User => self.fault(expr, "Write auth != null to ask for somebody signed in"),
            side @ (Side::Roles | Side::Records(..)) => self.no_value(expr, &side),
            _ => self.fault(
                expr,
                "Expected a condition; compare a field of this with a value",
            ),
        }
    }

    fn called(
        &mut self,
        expr: &Expr,
        of: Option<&Expr>,
        name: &str,
        arguments: &[Expr],
    ) -> Checking<Test> {
        let Some(of) = of else {
            return self.value_on_its_own(expr);
        };
        match name {
            "contains" => self.matching(expr, Match::Contains, of, arguments),
            "startsWith" => self.matching(expr, Match::StartsWith, of, arguments),
            "endsWith" => self.matching(expr, Match::EndsWith, of, arguments),
            "exists" => Ok(Test::Exists(Box::new(self.each(expr, of, arguments)?))),
            "all" => Ok(Test::All(Box::new(self.each(expr, of, arguments)?))),
            "can" => self.can(expr, of, arguments),
            _ => self.value_on_its_own(expr),
        }
    }

    fn can(&mut self, expr: &Expr, of: &Expr, arguments: &[Expr]) -> Checking<Test> {
        let is_auth = matches!(&of.node, Node::Name(name) if name == "auth");
        if !is_auth || !self.is_rule() {
            return self.fault(
                expr,
                "Only auth.can(\"...\") in a rule asks for a permission",
            );
        }
        self.needs.user = true;
        match arguments {
            [
                Expr {
                    node: Node::Text(permission),
                    ..
                },
            ] if permission.contains(':') => Ok(Test::Can(permission.clone())),
            _ => self.fault(
                expr,
                "Expected a permission, such as auth.can(\"posts:write\")",
            ),
        }
    }

    fn matching(
        &mut self,
        expr: &Expr,
        how: Match,
        of: &Expr,
        arguments: &[Expr],
    ) -> Checking<Test> {
        let [part] = arguments else {
            return self.fault(expr, "Expected one text in the parentheses");
        };
        let of_text = self.text(of)?;
        let part = match &part.node {
            Node::Text(text) => Operand::Value(text.as_str().into()),
            _ => self.text(part)?,
        };
        Ok(Test::Match(how, of_text, part))
    }

    /// A value that is a text, and no constant.
    fn text(&mut self, expr: &Expr) -> Checking<Operand> {
        match self.side(expr)? {
            Side::Operand(typed) if matches!(typed.of, Comparable::Text | Comparable::Json) => {
                Ok(typed.taken_as(Comparable::Text))
            }
            Side::Records(..) => self.fault(expr, "Expected a text; records have .exists(x, ...)"),
            _ => self.fault(expr, "Expected a field that is a text"),
        }
    }

    /// `comments.exists(c, ...)`: the name counts in its second argument alone.
    fn each(&mut self, expr: &Expr, of: &Expr, arguments: &[Expr]) -> Checking<Each> {
        let [name, body] = arguments else {
            return self.fault(expr, "Expected a name and a condition: .exists(x, x.done)");
        };
        let Side::Records(records, collection, hops) = self.side(of)? else {
            return self.fault(
                of,
                "Expected records that point here, by their collection's name",
            );
        };
        let Node::Name(name_text) = &name.node else {
            return self.fault(name, "Expected a name for each record, such as x");
        };
        let is_taken = matches!(name_text.as_str(), "auth" | "previous" | "now")
            || self.items.iter().any(|item| item.name == *name_text);
        if is_taken {
            return self.fault(name, format!("`{name_text}` means something else here"));
        }
        self.items.push(Item {
            name: name_text.clone(),
            collection,
            hops,
        });
        let body = self.condition(body);
        self.items.pop();
        Ok(Each {
            records,
            body: body?,
        })
    }

    fn is_in(&mut self, item: &Expr, list: &Expr) -> Checking<Test> {
        let left = self.side(item)?;
        if let Node::List(items) = &list.node {
            let Side::Operand(typed) = left else {
                return self.fault(item, "Expected a field before `in [...]`");
            };
            return self.among(typed, items);
        }
        match self.side(list)? {
            Side::Roles => {
                let item = self.item_of(item, left, Comparable::Text)?;
                Ok(Test::In(item.operand, List::Roles))
            }
            Side::Operand(Typed {
                operand: Operand::Json(path, keys, _),
                ..
            }) => {
                let item = self.item_of(item, left, Comparable::Json)?;
                let of = operand::json_type(item.of);
                match of {
                    Some(of) => Ok(Test::In(item.operand, List::Json(path, keys, of))),
                    None if item.of == Comparable::Json => {
                        self.fault(list, "Two JSON values cannot be compared")
                    }
                    None if item.of == Comparable::Choices => {
                        self.fault(list, "A list cannot be compared with JSON")
                    }
                    None => self.fault(list, "A decimal cannot be compared with JSON"),
                }
            }
            Side::Operand(Typed {
                operand: Operand::Path(path),
                of: Comparable::Choices,
                field: Some(field),
            }) => {
                let chosen = self.item_of(item, left, Comparable::Text)?;
                if let Operand::Value(Value::Text(text)) = &chosen.operand
                    && let Err(issue) = field.parse_item(text)
                {
                    return self.fault(item, format!("`{}`: {}", field.name, issue.message));
                }
                let list = field::list(path, field);
                Ok(Test::In(chosen.operand, list))
            }
            Side::Records(..) => {
                self.fault(list, "Records are no list; write .exists(x, x.id == ...)")
            }
            _ => self.fault(
                list,
                "Expected a list: [\"a\", \"b\"], auth.roles, a multiselect, or a JSON array",
            ),
        }
    }

    /// What is looked for in a list whose items are of a type; of any, where that is JSON.
    fn item_of(&self, at: &Expr, side: Side<'a>, of: Comparable) -> Checking<Typed<'a>> {
        match side {
            Side::Operand(typed) if of == Comparable::Json => Ok(typed),
            Side::Operand(typed) if typed.of == of || typed.of == Comparable::Json => Ok(Typed {
                operand: typed.taken_as(of),
                of,
                field: None,
            }),
            Side::Constant => match literal::by_itself(&at.node) {
                Some(typed) if of == Comparable::Json || typed.of == of => Ok(typed),
                _ => self.fault(at, "The list has no values of this type"),
            },
            _ => self.fault(at, "The list has no values of this type"),
        }
    }
}
