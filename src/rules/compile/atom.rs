//! Atoms: what compares values.

use super::order::Search;
use super::{Compiler, List, Operand, Path, Root, Sql, Test, Verdict, is_not_true, otherwise};
use crate::{
    db::Value,
    rules::{
        condition::{Column, JsonType},
        syntax::Comparator,
    },
};

impl Compiler<'_> {
    /// For which records an atom is what is `wanted`.
    pub(super) fn atom(&mut self, atom: &Test, wanted: bool) -> Verdict {
        if self.asker.user.is_none() && asks_user(atom) {
            return Verdict::Never;
        }
        let verdict = match atom {
            Test::IsNull(of) => self.null(of, wanted),
            Test::IsTrue(of) => {
                let mut sql = self.searched(of, Search::Equal);
                sql.push(if wanted { " = 1" } else { " IS NOT 1" });
                Verdict::When(sql)
            }
            Test::Compare(by, a, b) if by.is_equality() => {
                self.equality(a, b, (*by == Comparator::Equal) == wanted)
            }
            Test::Compare(by, a, b) => {
                let mut sql = self.searched(a, Search::Range);
                sql.push(collation(&[a, b]));
                sql.push(sign(*by)).append(self.searched(b, Search::Range));
                decided(Verdict::When(sql), wanted)
            }
            Test::In(of, list) => decided(self.within(of, list), wanted),
            Test::Match(how, of, part) => decided(self.matching(*how, of, part), wanted),
            // Those are no atoms.
            _ => Verdict::Never,
        };
        self.readable(&guarded_paths(atom), verdict)
    }

    /// Joins what must hold for the fields on these paths to be read.
    pub(super) fn readable(&mut self, paths: &[&Path], verdict: Verdict) -> Verdict {
        if paths.iter().all(|path| path.guards.is_empty()) || verdict == Verdict::Never {
            return verdict;
        }
        let mut sql = Sql::default();
        sql.push("(").append(verdict.into_sql());
        for path in paths {
            self.push_guards(path, &mut sql);
        }
        sql.push(")");
        Verdict::When(sql)
    }

    fn null(&mut self, of: &Operand, wanted: bool) -> Verdict {
        let mut sql = self.searched(of, Search::Equal);
        sql.push(if wanted { " IS NULL" } else { " IS NOT NULL" });
        Verdict::When(sql)
    }

    /// Null is a value here. Beside one that is never null, `=` means the same as `IS`.
    fn equality(&mut self, a: &Operand, b: &Operand, wanted: bool) -> Verdict {
        if self.are_known_equal(a, b) {
            return Verdict::constant(wanted);
        }
        let never_null =
            |of: &Operand| matches!(of, Operand::Value(_) | Operand::UserId | Operand::Now);
        let is_plain = never_null(a) || never_null(b);
        let mut sql = if is_plain {
            self.searched(a, Search::Equal)
        } else {
            self.told_from_null(a)
        };
        sql.push(collation(&[a, b]));
        sql.push(match wanted {
            true if is_plain => " = ",
            true => " IS ",
            false => " IS NOT ",
        });
        sql.append(if is_plain {
            self.searched(b, Search::Equal)
        } else {
            self.told_from_null(b)
        });
        Verdict::When(sql)
    }

    /// True for the same values. What is not the same may be equal still, as 1 and 1.0 are.
    fn are_known_equal(&self, a: &Operand, b: &Operand) -> bool {
        match (self.known(a), self.known(b)) {
            (Some(a), Some(b)) => a == b,
            _ => false,
        }
    }

    fn within(&mut self, of: &Operand, list: &List) -> Verdict {
        let values: &[Value] = match list {
            List::Json(path, keys, kind) => return self.within_json(of, path, keys, *kind),
            List::Ids(path) => return self.within_ids(of, path),
            List::Values(values) => values,
            List::Roles => {
                if let Operand::Value(Value::Text(role)) = of {
                    return Verdict::constant(self.asker.roles.contains(role));
                }
                let mut sql = self.searched(of, Search::Range);
                sql.push(collation(&[of])).within(self.asker.roles);
                return Verdict::When(sql);
            }
        };
        if values.is_empty() {
            return Verdict::Never;
        }
        let mut sql = self.searched(of, Search::Range);
        sql.push(collation(&[of])).push(" IN (");
        sql.join(values, ", ", |sql, value| {
            sql.bind(value.clone());
        });
        sql.push(")");
        Verdict::When(sql)
    }

    /// A record of its table is found by the join table, which has an index of what is on lists; of
    /// what a change would make, and of what is reached by a path, the list itself is asked.
    fn within_ids(&mut self, of: &Operand, path: &Path) -> Verdict {
        let record = self.names.record.clone();
        let is_table = path.root == Root::Record && !record.starts_with('_');
        let (Column::Stored(column), true, true) = (&path.column, is_table, path.hops.is_empty())
        else {
            return self.within_json(of, path, &[], JsonType::Text);
        };
        let mut sql = Sql::default();
        sql.ident(&record).push(".id IN (SELECT owner_id FROM ");
        sql.ident(&format!("{record}_{column}"));
        sql.push(" WHERE target_id = ")
            .append(self.operand(of))
            .push(")");
        Verdict::When(sql)
    }

    /// An array alone has items: `json_each` would take objects apart, too.
    fn within_json(
        &mut self,
        of: &Operand,
        path: &Path,
        keys: &[String],
        kind: JsonType,
    ) -> Verdict {
        let (is_array, items) = (self.json("json_type(", path, keys), self.path(path));
        let item = self.operand(of);
        let alias = self.alias();
        let mut sql = Sql::default();
        sql.push("(")
            .append(is_array)
            .push(" = 'array' AND EXISTS (SELECT 1 FROM json_each(");
        sql.append(items)
            .push(", ")
            .bind(super::path::json_path(keys));
        sql.push(") AS ")
            .ident(&alias)
            .push(" WHERE ")
            .ident(&alias);
        sql.push(match kind {
            JsonType::Text | JsonType::Any => ".type = 'text' AND ",
            JsonType::Number => ".type IN ('integer', 'real') AND ",
            JsonType::Boolean => ".type IN ('true', 'false') AND ",
        });
        sql.ident(&alias).push(".value").push(collation(&[of]));
        sql.push(" = ").append(item).push("))");
        Verdict::When(sql)
    }
}

/// An atom that was compiled as true, or its negation.
fn decided(verdict: Verdict, wanted: bool) -> Verdict {
    match verdict {
        verdict if wanted => verdict,
        Verdict::When(sql) => Verdict::When(is_not_true(sql)),
        constant => otherwise(constant),
    }
}

const fn sign(by: Comparator) -> &'static str {
    match by {
        Comparator::Equal => " = ",
        Comparator::Unequal => " <> ",
        Comparator::Less => " < ",
        Comparator::AtMost => " <= ",
        Comparator::More => " > ",
        Comparator::AtLeast => " >= ",
    }
}

/// How two values are compared where one of them takes A to Z for a to z. It has to be said: what
/// comes out of a subquery, as a change and whatever is behind a relation does, has no collation of
/// its column.
pub(super) fn collation(sides: &[&Operand]) -> &'static str {
    if sides.iter().any(|side| ignores_case(side)) {
        " COLLATE NOCASE"
    } else {
        ""
    }
}

/// True of a field whose values are compared so.
pub(super) fn ignores_case(operand: &Operand) -> bool {
    matches!(operand, Operand::Path(path) if path.ignores_case)
}

/// True if an atom hangs on who asks.
pub(super) fn asks_user(atom: &Test) -> bool {
    let mut asks = matches!(atom, Test::In(_, List::Roles));
    atom.each_operand(&mut |operand| {
        asks |= matches!(operand, Operand::UserId);
    });
    atom.each_path(&mut |path| asks |= path.root == Root::User);
    asks
}

/// Those paths of an atom on which a field may not be for everybody to read.
pub(super) fn guarded_paths(atom: &Test) -> Vec<&Path> {
    let mut paths = Vec::new();
    atom.each_path(&mut |path| {
        if !path.guards.is_empty() {
            paths.push(path);
        }
    });
    paths
}
