//! From a condition to SQL, for one who asks.
//!
//! What hangs on who asks alone is decided here, so that much of what rules say never reaches the
//! database. The rest is a condition on which SQL's NULL has no say: it is brought to negation
//! normal form, every atom that a negation reaches asks whether it `IS NOT TRUE`, and for a guest,
//! of whom every `auth.<field>` is unknown, whatever hangs on one is not true, negated or not.

mod atom;
mod matching;
mod order;
mod path;

use super::condition::{Condition, Each, List, Operand, Path, Pointing, Records, Root, Test};
use crate::db::{Sql, Value};

pub use order::Walk;

/// Who asks, and when.
#[derive(Clone, Copy)]
pub struct Asker<'a> {
    /// The id of the user; none for a guest.
    pub user: Option<&'a str>,
    /// Names of the user's roles.
    pub roles: &'a [String],
    /// Whether the user has a permission.
    pub can: &'a dyn Fn(&str) -> bool,
    /// What `now()` is.
    pub now: &'a Value,
}

/// What the records are called in the statement that a condition stands in.
#[derive(Clone, Debug)]
pub struct Names {
    /// The record that is asked about: a table by its own name, or an alias.
    pub record: String,
    /// The same before a change.
    pub previous: Option<String>,
    /// The order in which the statement walks the records, where it does.
    pub walk: Option<Walk>,
    /// Whether many records are looked for, so that it pays to ask an index of their texts.
    pub searches: bool,
    /// What columns of the record are known to be, so that the database need not be asked.
    pub known: Vec<(String, Value)>,
}

impl Names {
    /// For a statement that reads the table of this name.
    pub fn table(name: &str) -> Self {
        Self {
            record: name.to_owned(),
            previous: None,
            walk: None,
            searches: false,
            known: Vec::new(),
        }
    }
}

/// For which records a condition holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// For all of them.
    Always,
    /// For none.
    Never,
    /// For those for which this is true.
    When(Sql),
}

impl Verdict {
    /// As SQL, whatever it is.
    pub fn into_sql(self) -> Sql {
        match self {
            Self::Always => Sql::new("TRUE"),
            Self::Never => Sql::new("FALSE"),
            Self::When(sql) => sql,
        }
    }

    fn constant(holds: bool) -> Self {
        if holds { Self::Always } else { Self::Never }
    }
}

/// Says for which records a condition is true.
pub fn holds(condition: &Condition, asker: &Asker<'_>, names: &Names) -> Verdict {
    Compiler::new(asker, names).verdict(condition, true)
}

/// Says for which records a condition is false: neither true nor unknown.
pub fn fails(condition: &Condition, asker: &Asker<'_>, names: &Names) -> Verdict {
    Compiler::new(asker, names).verdict(condition, false)
}

struct Compiler<'a> {
    asker: &'a Asker<'a>,
    names: Names,
    /// Aliases of the items of `exists` and `all` around.
    items: Vec<String>,
    /// How many aliases were given.
    aliases: usize,
    /// How many ORs with more than one branch are around.
    alternatives: usize,
}

impl<'a> Compiler<'a> {
    fn new(asker: &'a Asker<'a>, names: &Names) -> Self {
        Self {
            asker,
            names: names.clone(),
            items: Vec::new(),
            aliases: 0,
            alternatives: 0,
        }
    }

    /// A name that no table has, because names of tables begin with a letter.
    fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("_{}", self.aliases)
    }

    /// For which records `condition` is what is `wanted`.
    fn verdict(&mut self, condition: &Condition, wanted: bool) -> Verdict {
        match &condition.test {
            Test::Constant(holds) => Verdict::constant(*holds == wanted),
            Test::And(parts) => self.joined(parts, wanted, wanted),
            Test::Or(parts) => self.joined(parts, wanted, !wanted),
            Test::Not(of) => self.verdict(of, !wanted),
            Test::SignedIn => Verdict::constant(self.asker.user.is_some() == wanted),
            Test::Can(permission) => match self.asker.user {
                Some(_) => Verdict::constant((self.asker.can)(permission) == wanted),
                None => Verdict::Never,
            },
            Test::Exists(each) if !self.is_known(&each.records.of) => Verdict::Never,
            Test::All(each) if !self.is_known(&each.records.of) => Verdict::Never,
            Test::Exists(each) if wanted => self.any(each, true),
            Test::Exists(each) => self.every(each, false),
            Test::All(each) if wanted => self.every(each, true),
            Test::All(each) => self.any(each, false),
            atom => self.atom(atom, wanted),
        }
    }

    /// Parts of which all must be as wanted, or one.
    fn joined(&mut self, parts: &[Condition], wanted: bool, all: bool) -> Verdict {
        let branches = usize::from(!all && self.are_alternatives(parts, wanted));
        self.alternatives += branches;
        let pieces = self.pieces(parts, wanted, all);
        self.alternatives -= branches;
        let mut pieces = match pieces {
            Ok(pieces) => pieces,
            Err(decided) => return decided,
        };
        match pieces.len() {
            0 => Verdict::constant(all),
            1 => pieces.pop().map_or(Verdict::Never, Verdict::When),
            _ => Verdict::When(balanced(pieces, if all { " AND " } else { " OR " })),
        }
    }

    /// What is left to ask of parts; an error is what one of them has decided.
    fn pieces(
        &mut self,
        parts: &[Condition],
        wanted: bool,
        all: bool,
    ) -> Result<Vec<Sql>, Verdict> {
        let mut pieces = Vec::new();
        for part in parts {
            match self.verdict(part, wanted) {
                Verdict::Always if all => {}
                Verdict::Never if !all => {}
                Verdict::When(sql) => pieces.push(sql),
                decided => return Err(decided),
            }
        }
        Ok(pieces)
    }

    /// False where a path begins at the account of a guest.
    fn is_known(&self, path: &Path) -> bool {
        self.asker.user.is_some() || path.root != Root::User
    }

    /// Whether there is a record for which the body is what is `wanted`.
    fn any(&mut self, each: &Each, wanted: bool) -> Verdict {
        self.some(each, false, |body| body.verdict(&each.body, wanted))
    }

    /// Whether the body is what is `wanted` for every record: none may be left for which it is
    /// not, or for which nobody can say.
    fn every(&mut self, each: &Each, wanted: bool) -> Verdict {
        let verdict = self.some(each, true, |body| {
            if body.is_decided(&each.body) {
                body.verdict(&each.body, !wanted)
            } else {
                otherwise(body.verdict(&each.body, wanted))
            }
        });
        self.readable(&[&each.records.of], verdict)
    }

    /// True if a condition is true or false for every record, and never unknown.
    fn is_decided(&self, condition: &Condition) -> bool {
        let is_guest = self.asker.user.is_none();
        match &condition.test {
            Test::And(parts) | Test::Or(parts) => parts.iter().all(|part| self.is_decided(part)),
            Test::Not(of) => self.is_decided(of),
            Test::Can(_) => !is_guest,
            Test::Exists(each) | Test::All(each) => {
                let of = &each.records.of;
                self.is_known(of) && of.guards.is_empty() && self.is_decided(&each.body)
            }
            atom => !(is_guest && atom::asks_user(atom)) && atom::guarded_paths(atom).is_empty(),
        }
    }

    /// Whether there are records for which `body` holds; with `none`, whether there are not.
    fn some(
        &mut self,
        each: &Each,
        none: bool,
        body: impl FnOnce(&mut Self) -> Verdict,
    ) -> Verdict {
        let alias = self.alias();
        self.items.push(alias.clone());
        let body = body(self);
        self.items.pop();
        if body == Verdict::Never {
            return Verdict::constant(none);
        }
        let mut sql = Sql::new(if none { "NOT EXISTS (" } else { "EXISTS (" });
        sql.push("SELECT 1");
        self.push_records(&each.records, &alias, &mut sql);
        if let Verdict::When(body) = body {
            sql.push(" AND ").append(body);
        }
        sql.push(")");
        Verdict::When(sql)
    }

    /// ` FROM ... WHERE ...` of records that point at another.
    fn push_records(&mut self, records: &Records, alias: &str, sql: &mut Sql) {
        let table = records.collection.name.as_str();
        match &records.by {
            Pointing::Here(column) => {
                self.push_pointing(&records.of, column, (table, alias), sql);
            }
            Pointing::There => {
                let of = self.path(&records.of);
                sql.push(" FROM ").ident(table).push(" AS ").ident(alias);
                sql.push(" WHERE ").ident(alias);
                sql.push(".id IN (SELECT value FROM json_each(").append(of);
                sql.push("))");
            }
        }
        push_live(sql, &records.collection, alias);
        for sight in &records.sight {
            self.push_of(sight, alias, sql);
        }
        self.push_guards(&records.of, sql);
    }

    /// ` AND ...` what must hold of the record called `alias` by itself.
    fn push_of(&mut self, condition: &Condition, alias: &str, sql: &mut Sql) {
        match self.of(condition, alias) {
            Verdict::Always => {}
            verdict => {
                sql.push(" AND ").append(verdict.into_sql());
            }
        }
    }

    /// What a condition says of the record called `alias`, as if nothing stood around it.
    fn of(&mut self, condition: &Condition, alias: &str) -> Verdict {
        let names = std::mem::replace(&mut self.names, Names::table(alias));
        let items = std::mem::take(&mut self.items);
        let verdict = self.verdict(condition, true);
        self.names = names;
        self.items = items;
        verdict
    }
}

fn push_live(sql: &mut Sql, collection: &crate::schema::Collection, alias: &str) {
    if collection.is_soft() {
        sql.push(" AND ").ident(alias).push(".deleted_at IS NULL");
    }
}

/// Pieces with an operator between them. SQLite bounds how deep a condition is, and `a OR b OR c`
/// is one deeper for each piece, so that many are joined in groups.
fn balanced(mut pieces: Vec<Sql>, operator: &'static str) -> Sql {
    const GROUP: usize = 16;
    while pieces.len() > GROUP {
        let mut groups = Vec::new();
        let mut rest = pieces.into_iter().peekable();
        while rest.peek().is_some() {
            groups.push(balanced(rest.by_ref().take(GROUP).collect(), operator));
        }
        pieces = groups;
    }
    let mut sql = Sql::default();
    sql.push("(");
    sql.join(pieces, operator, |sql, piece| {
        sql.append(piece);
    });
    sql.push(")");
    sql
}

/// For which records something is not true.
fn otherwise(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Always => Verdict::Never,
        Verdict::Never => Verdict::Always,
        Verdict::When(sql) => Verdict::When(is_not_true(sql)),
    }
}

fn is_not_true(condition: Sql) -> Sql {
    let mut sql = Sql::default();
    sql.push("((").append(condition).push(") IS NOT TRUE)");
    sql
}
