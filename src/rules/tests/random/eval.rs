//! What an expression says of a record, as the documents have it: true, false or unknown.
//!
//! An atom with null is false and its negation true; `==` and `!=` take null for a value. What a
//! guest's `auth.<field>` is, nobody knows, and neither what a field holds that must not be read;
//! an atom with such a value is unknown, and `&&`, `||`, `!`, `exists` and `all` go on with it as
//! is usual: what does not hang on it is known all the same.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::{
    expr::{Back, Cond, Expr, List, Place, Start},
    value::{Value, compare, is_equal, midnight},
    world::{Caller, Record, World},
};
use crate::base::Instant;

/// A value that nobody knows.
pub struct Unknown;

pub struct Eval<'a> {
    pub world: &'a World,
    pub caller: &'a Caller,
    /// True for filters: only what the caller may read counts.
    pub is_filter: bool,
    pub table: usize,
    pub record: &'a Record,
    pub previous: Option<&'a Record>,
    pub items: Vec<(usize, &'a Record)>,
}

impl<'a> Eval<'a> {
    pub fn holds(&self, cond: &Cond) -> Option<bool> {
        match cond {
            Cond::Constant(value) => Some(*value),
            Cond::And(parts) => all(parts.iter().map(|part| self.holds(part))),
            Cond::Or(parts) => any(parts.iter().map(|part| self.holds(part))),
            Cond::Not(of) => self.holds(of).map(|value| !value),
            Cond::Parentheses(of) => self.holds(of),
            Cond::SignedIn(is_user) => Some(self.caller.user.is_some() == *is_user),
            Cond::Can(permission) => {
                self.caller.user?;
                Some(self.caller.permissions.contains(permission))
            }
            Cond::Each(is_all, back, _, body) => {
                let records = self.pointing(back).ok()?;
                let answers = records
                    .into_iter()
                    .map(|record| self.of_item(back, record, body));
                if *is_all { all(answers) } else { any(answers) }
            }
            atom => self.atom(atom).ok(),
        }
    }

    fn of_item(&self, back: &Back, record: &'a Record, body: &Cond) -> Option<bool> {
        let mut items = self.items.clone();
        items.push((back.table, record));
        Eval { items, ..*self }.holds(body)
    }

    fn atom(&self, atom: &Cond) -> Result<bool, Unknown> {
        Ok(match atom {
            Cond::IsNull(of, is_equal) => self.value(of)?.is_null() == *is_equal,
            Cond::IsAbsent(of, is_equal) => self.reach(of)?.1.is_none() == *is_equal,
            Cond::IsTrue(of) => self.value(of)?.is_true(),
            Cond::Compare(sign, a, b) => holds(sign, &self.value(a)?, &self.value(b)?),
            Cond::In(of, list) => self.is_in(&self.value(of)?, list)?,
            Cond::Match(name, of, part) => {
                let (of, part) = (self.value(of)?, self.value(part)?);
                let folds = matches!(of, Value::NoCase(_)) || matches!(part, Value::NoCase(_));
                match (of.text(), part.text()) {
                    (Some(of), Some(part)) if folds => {
                        let [of, part] = [of, part].map(str::to_ascii_lowercase);
                        is_match(name, &of, &part)
                    }
                    (Some(of), Some(part)) => is_match(name, of, part),
                    _ => false,
                }
            }
            other => panic!("{other} is no atom"),
        })
    }

    fn is_in(&self, of: &Value, list: &List) -> Result<bool, Unknown> {
        let is = |item: &Value| !of.is_null() && is_equal(of, item);
        Ok(match list {
            List::Constants(items) => {
                let items: Result<Vec<_>, _> = items.iter().map(|item| self.value(item)).collect();
                items?.iter().any(is)
            }
            List::Roles => {
                self.caller.user.ok_or(Unknown)?;
                let mut roles = self.caller.roles.iter();
                roles.any(|role| is(&Value::Text(role.clone())))
            }
            List::Json(list) => match self.value(list)? {
                Value::Json(Json::Array(items)) => {
                    items.iter().any(|item| is(&Value::Json(item.clone())))
                }
                Value::Choices(items) => items.iter().any(|item| is(&Value::Text(item.clone()))),
                _ => false,
            },
        })
    }

    fn value(&self, expr: &Expr) -> Result<Value, Unknown> {
        Ok(match expr {
            Expr::Field(place, name, keys) => keyed(self.field(place, name)?, keys),
            Expr::UserId => Value::Text(self.user().ok_or(Unknown)?.id().to_owned()),
            Expr::Now => Value::Instant(self.caller.now),
            Expr::Timestamp(text) | Expr::Instant(text) => match Instant::parse(text) {
                Some(at) => Value::Instant(at),
                None => Value::Instant(midnight(text)),
            },
            Expr::Lower(of) => match self.value(of)?.text() {
                Some(text) => Value::Text(text.to_ascii_lowercase()),
                None => Value::Null,
            },
            Expr::Size(of) => match self.value(of)? {
                Value::Json(Json::Array(items)) => count(items.len()),
                Value::Choices(items) => count(items.len()),
                value => value
                    .text()
                    .map_or(Value::Null, |text| count(text.chars().count())),
            },
            Expr::Count(back) => count(self.pointing(back)?.len()),
            Expr::Part(name, of) => match self.value(of)? {
                Value::Instant(at) => part(name, at.as_millis()),
                _ => Value::Null,
            },
            Expr::Text(text) => Value::Text(text.clone()),
            Expr::Number(text) => Value::number(text),
            Expr::Boolean(value) => Value::Boolean(*value),
        })
    }

    fn user(&self) -> Option<&'a Record> {
        Some(&self.world.tables[0].records[self.caller.user?])
    }

    /// The record at a place, and its table; none where it is absent, deleted, or out of sight.
    fn reach(&self, place: &Place) -> Result<(usize, Option<&'a Record>), Unknown> {
        let (mut table, mut record) = match place.start {
            Start::Record => (self.table, Some(self.record)),
            Start::Previous => (self.table, self.previous),
            Start::Auth => (0, Some(self.user().ok_or(Unknown)?)),
            Start::Item(i) => (self.items[i].0, Some(self.items[i].1)),
        };
        for step in &place.steps {
            let columns = &self.world.tables[table].columns;
            let column = columns
                .iter()
                .find(|c| c.target.is_some() && c.short() == *step)
                .unwrap();
            let id = self.read(table, record, &column.name)?;
            table = column.target.unwrap();
            let records = &self.world.tables[table].records;
            record = records
                .iter()
                .find(|r| id.text() == Some(r.id()) && !r.deleted && self.is_seen(table, r));
        }
        Ok((table, record))
    }

    fn field(&self, place: &Place, name: &str) -> Result<Value, Unknown> {
        let (table, record) = self.reach(place)?;
        self.read(table, record, name)
    }

    /// A field that has a rule for reading is known of a record for which that holds, and thus not
    /// where there is no record.
    fn read(&self, table: usize, record: Option<&'a Record>, name: &str) -> Result<Value, Unknown> {
        let columns = &self.world.tables[table].columns;
        let column = columns.iter().find(|column| column.name == name).unwrap();
        match (&column.rule, record) {
            (Some(_), None) if self.is_filter => Err(Unknown),
            (Some(rule), Some(record)) if self.is_filter && !self.rule(table, rule, record) => {
                Err(Unknown)
            }
            (_, record) => Ok(record.map_or(Value::Null, |record| record.values[name].clone())),
        }
    }

    fn is_seen(&self, table: usize, record: &'a Record) -> bool {
        if !self.is_filter {
            return true;
        }
        match &self.world.tables[table].view {
            Some(rule) => self.rule(table, rule, record),
            None => self.has("read", table),
        }
    }

    fn has(&self, action: &str, table: usize) -> bool {
        let permission = format!("{}:{action}", self.world.tables[table].name);
        self.caller.user.is_some() && self.caller.permissions.contains(&permission)
    }

    /// Whether a rule lets the caller, by itself.
    fn rule(&self, table: usize, rule: &Cond, record: &'a Record) -> bool {
        let alone = Eval {
            is_filter: false,
            table,
            record,
            previous: None,
            items: Vec::new(),
            ..*self
        };
        self.has("bypass", table) || alone.holds(rule) == Some(true)
    }

    fn pointing(&self, back: &Back) -> Result<Vec<&'a Record>, Unknown> {
        if back.is_list {
            return self.on_list(back);
        }
        let Some(target) = self.reach(&back.of)?.1 else {
            return Ok(Vec::new());
        };
        let records = self.world.tables[back.table].records.iter();
        let points = |record: &&Record| record.values[&back.field].text() == Some(target.id());
        Ok(records
            .filter(points)
            .filter(|record| {
                let is_told = self.read(back.table, Some(record), &back.field).is_ok();
                !record.deleted && is_told && self.is_seen(back.table, record)
            })
            .collect())
    }

    fn on_list(&self, back: &Back) -> Result<Vec<&'a Record>, Unknown> {
        let Value::Choices(ids) = self.field(&back.of, &back.field)? else {
            return Ok(Vec::new());
        };
        let records = self.world.tables[back.table].records.iter();
        let is_on_it = |record: &&Record| ids.iter().any(|id| id == record.id());
        let records = records.filter(is_on_it);
        Ok(records
            .filter(|record| !record.deleted && self.is_seen(back.table, record))
            .collect())
    }
}

fn all(mut answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    answers
        .try_fold(Some(true), |sofar, answer| match (sofar, answer) {
            (_, Some(false)) => Err(Some(false)),
            (Some(true), Some(true)) => Ok(Some(true)),
            _ => Ok(None),
        })
        .unwrap_or_else(|no| no)
}

fn any(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(answers.map(|answer| answer.map(|value| !value))).map(|value| !value)
}

fn is_match(name: &str, of: &str, part: &str) -> bool {
    match name {
        "contains" => of.contains(part),
        "startsWith" => of.starts_with(part),
        _ => of.ends_with(part),
    }
}

fn holds(sign: &str, a: &Value, b: &Value) -> bool {
    let order = compare(a, b);
    match sign {
        "==" => is_equal(a, b),
        "!=" => !is_equal(a, b),
        "<" => order == Some(Ordering::Less),
        "<=" => order.is_some_and(Ordering::is_le),
        ">" => order == Some(Ordering::Greater),
        _ => order.is_some_and(Ordering::is_ge),
    }
}

fn keyed(value: Value, keys: &[String]) -> Value {
    let Value::Json(json) = value else {
        return value;
    };
    let found = keys
        .iter()
        .try_fold(&json, |json, key| json.as_object()?.get(key));
    found.map_or(Value::Null, |json| Value::Json(json.clone()))
}

fn count(number: usize) -> Value {
    Value::Exact(i128::try_from(number).unwrap(), 0)
}

fn part(name: &str, millis: i64) -> Value {
    let at = time::UtcDateTime::from_unix_timestamp(millis.div_euclid(1000)).unwrap();
    let number = match name {
        "getFullYear" => at.year(),
        "getMonth" => i32::from(u8::from(at.month())) - 1,
        "getDate" => i32::from(at.day()),
        "getDayOfMonth" => i32::from(at.day()) - 1,
        "getDayOfWeek" => i32::from(at.weekday().number_days_from_sunday()),
        "getDayOfYear" => i32::from(at.ordinal()) - 1,
        "getHours" => i32::from(at.hour()),
        "getMinutes" => i32::from(at.minute()),
        _ => i32::from(at.second()),
    };
    Value::Exact(i128::from(number), 0)
}
