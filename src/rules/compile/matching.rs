//! Texts that are searched for others: `.contains`, `.startsWith`, `.endsWith`.

use super::{
    Compiler, Operand, Sql, Verdict,
    atom::{collation, ignores_case},
    order::Search,
};
use crate::{db::Value, rules::condition::Match};

impl Compiler<'_> {
    pub(super) fn matching(&mut self, how: Match, of: &Operand, part: &Operand) -> Verdict {
        let Operand::Value(Value::Text(text)) = part else {
            return Verdict::When(self.matching_value(how, of, part));
        };
        if text.is_empty() {
            let mut sql = self.searched(of, Search::Range);
            sql.push(" IS NOT NULL");
            return Verdict::When(sql);
        }
        Verdict::When(match how {
            Match::Contains => self.containing(of, part),
            Match::StartsWith => self.beginning(of, text),
            Match::EndsWith => {
                let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
                let mut end = Sql::new("substr(");
                end.append(self.operand(of)).push(", ").bind(-length);
                end.push(")").push(collation(&[of]));
                end.push(" = ").bind(text.as_str());
                end
            }
        })
    }

    fn containing(&mut self, of: &Operand, part: &Operand) -> Sql {
        let mut sql = Sql::new("instr(");
        if ignores_case(of) || ignores_case(part) {
            sql.push("lower(")
                .append(self.operand(of))
                .push("), lower(");
            sql.append(self.operand(part)).push(")) > 0");
        } else {
            sql.append(self.operand(of)).push(", ");
            sql.append(self.operand(part)).push(") > 0");
        }
        sql
    }

    /// A range, so that an index finds it.
    fn beginning(&mut self, of: &Operand, text: &str) -> Sql {
        let (ignores_case, collation) = (ignores_case(of), collation(&[of]));
        let least = match ignores_case {
            true => text.to_ascii_lowercase(),
            false => text.to_owned(),
        };
        let above = above(&least, ignores_case);
        let mut range = Sql::new("(");
        range.append(self.searched(of, Search::Range));
        range.push(collation).push(" >= ").bind(least);
        if let Some(above) = above {
            range.push(" AND ").append(self.searched(of, Search::Range));
            range.push(collation).push(" < ").bind(above);
        }
        range.push(")");
        range
    }

    fn matching_value(&mut self, how: Match, of: &Operand, part: &Operand) -> Sql {
        let collation = collation(&[of, part]);
        let mut sql = Sql::default();
        match how {
            Match::Contains => return self.containing(of, part),
            Match::StartsWith => {
                sql.push("substr(")
                    .append(self.operand(of))
                    .push(", 1, length(");
                sql.append(self.operand(part))
                    .push("))")
                    .push(collation)
                    .push(" = ")
                    .append(self.operand(part));
            }
            Match::EndsWith => {
                // What begins behind the last character is empty, as it must be for an empty part.
                sql.push("(substr(")
                    .append(self.operand(of))
                    .push(", length(");
                sql.append(self.operand(of)).push(") + 1 - length(");
                sql.append(self.operand(part))
                    .push("))")
                    .push(collation)
                    .push(" = ")
                    .append(self.operand(part));
                sql.push(" AND length(")
                    .append(self.operand(of))
                    .push(") >= length(");
                sql.append(self.operand(part)).push("))");
            }
        }
        sql
    }
}

/// The first text behind all that begin so, in the order of code points; none if there is none.
/// Where case is ignored, a prefix in small letters, and no capital letter stands in that order.
fn above(prefix: &str, ignores_case: bool) -> Option<String> {
    let mut text = prefix.to_owned();
    while let Some(last) = text.pop() {
        let next = match last {
            '\u{d7ff}' => Some('\u{e000}'),
            '@' if ignores_case => Some('['),
            last => char::from_u32(u32::from(last) + 1),
        };
        if let Some(next) = next {
            text.push(next);
            return Some(text);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::above;

    #[test]
    fn a_prefix_ends_where_the_next_text_begins() {
        let pairs = [
            ("a", Some("b")),
            ("az", Some("a{")),
            ("@", Some("A")),
            ("\u{d7ff}", Some("\u{e000}")),
            ("a\u{10ffff}", Some("b")),
            ("\u{10ffff}\u{10ffff}", None),
        ];
        for (prefix, expected) in pairs {
            assert_eq!(above(prefix, false).as_deref(), expected, "{prefix}");
        }
        for (prefix, expected) in [("@", "["), ("z", "{"), ("`", "a")] {
            assert_eq!(above(prefix, true).as_deref(), Some(expected), "{prefix}");
        }
    }
}
